// SPDX-License-Identifier: EUPL-1.2
import { html, type Content, type Html } from "#kernel/html.ts";
import { day, moment } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import { words } from "#ui/words/index.ts";
import { page, portalNav, type PageOptions, type Town } from "#ui/layout.ts";
import * as ui from "#ui/components.ts";

/** Every component in every state, on one page per surface: what the page tests look at. Sample data, invented. */
const w = words("it");
const f = formats("it");
const today = day("2026-11-24");
const town: Town = { name: "Borghetto Santo Spirito", phone: "0182 940 900", officeName: "Ufficio scuola" };
const protection = { csrf: "c5rf", key: "0193-key" };
const guardian: NonNullable<PageOptions["actor"]> = {
  name: "Sara Ferrando",
  role: "genitore",
  signOut: { action: "/esci", csrf: "c5rf" },
};
const cancelToday = (child: string): Html =>
  ui.actionForm({
    ...protection,
    action: `/figli/${child.toLowerCase()}/disdici`,
    fields: { giorno: today.toString() },
    label: "Disdici il pasto di oggi",
    ariaLabel: `Disdici il pasto di oggi per ${child}`,
    wide: true,
  });

function portalPage(options: Partial<PageOptions> & Pick<PageOptions, "h1" | "body">, current: string | null): Html {
  return page({
    surface: "portal",
    town,
    nav: portalNav(current, { unread: 2, calendarHref: "/figli/giulia/calendario" }),
    actor: guardian,
    nonce: "n0nce",
    languages: [
      { lang: "it", href: "/lingua/it" },
      { lang: "en", href: "/lingua/en" },
    ],
    ...options,
  });
}

export const home = (): Html =>
  portalPage(
    {
      h1: "Oggi, martedì 24 novembre",
      lead: html`Sono le 8:40. Si può disdire fino alle 9:00: <strong>fra 20 minuti</strong>.`,
      strips: [{ kind: "demo", text: w.demo, action: html`<a href="/demo">${w.changePersona}</a>` }],
      body: html`<div class="panels">${ui.card({
        title: "Giulia",
        subtitle: "3A primaria",
        href: "/figli/giulia",
        body: ui.serviceRow({
          badge: ui.stateBadge("present", { size: "large" }),
          lines: [w.ifEaten.postpaid("4,60 €", "novembre")],
          primary: cancelToday("Giulia"),
          links: [
            html`<a href="/figli/giulia/giorni/2026-11-24">Pasto in bianco</a>`,
            html`<a href="/figli/giulia/assenze/nuova">Più giorni</a>`,
          ],
        }),
      })}${ui.card({
        title: "Tommaso",
        subtitle: "infanzia",
        href: "/figli/tommaso",
        body: ui.serviceRow({
          badge: ui.stateBadge("cancelled", { size: "large", word: "Disdetto alle 7:52" }),
          lines: ["Nessun addebito.", html`Ricevuta <a href="/ricevute/K7M4-92QX-3HTB">K7M4-92QX-3HTB</a>`],
          primary: ui.actionForm({
            ...protection,
            action: "/figli/tommaso/annulla",
            label: "Annulla la disdetta",
            kind: "secondary",
            wide: true,
            note: "fino alle 9:00",
          }),
        }),
      })}${ui.card({
        title: "Leo",
        subtitle: "1B secondaria",
        body: ui.serviceRow({ badge: ui.stateBadge("closed", { size: "large" }), lines: [w.closedDay("sciopero")] }),
      })}</div>${ui.alert({ tone: "info", title: "Da pagare 41,40 € entro lunedì 30 novembre", body: html`<a href="/pagamenti">Vai ai pagamenti</a>` })}`,
    },
    "today",
  );

function novemberDays(saturday: boolean): ui.CalendarDay[] {
  const special: Record<number, Partial<ui.CalendarDay> & { state: ui.State }> = {
    2: { state: "not-enrolled" },
    3: { state: "not-enrolled" },
    12: { state: "cancelled" },
    17: { state: "plain" },
    19: { state: "closed", detail: "sciopero" },
    23: { state: "absent" },
    27: { state: "pending" },
    30: { state: "not-booked" },
  };
  return Array.from({ length: 30 }, (_, i) => day("2026-11-01").add({ days: i }))
    .filter((date) => date.dayOfWeek <= (saturday ? 6 : 5))
    .map((date) => {
      const given = special[date.day];
      const state: ui.State =
        given?.state ??
        (date.dayOfWeek === 3 ? "no-rientro" : Temporal.PlainDate.compare(date, today) < 0 ? "served" : "present");
      const detail = given?.detail ?? (state === "present" ? w.changeableUntil("9:00") : undefined);
      return {
        date,
        state,
        today: date.equals(today),
        href: `/figli/giulia/giorni/${date}`,
        ...(detail === undefined ? {} : { detail }),
      };
    });
}

export const calendar = (saturday = false, view: "grid" | "list" = "grid"): Html =>
  portalPage(
    {
      h1: "Calendario di Giulia",
      back: { href: "/oggi", label: "Torna a Oggi" },
      body: html`${ui.chips("Figli", [
        { label: "Giulia", href: "/figli/giulia/calendario", current: true },
        { label: "Tommaso", href: "/figli/tommaso/calendario" },
      ])}${ui.monthCalendar({
        month: Temporal.PlainYearMonth.from("2026-11"),
        days: novemberDays(saturday),
        saturday,
        view,
        previous: { href: "?mese=2026-10" },
        next: { href: "?mese=2026-12" },
        sum: "Novembre: 8 pasti, 36,80 €",
      })}<div class="button-row">${ui.linkButton({ href: "/figli/giulia/assenze/nuova", label: "Assenza per più giorni", kind: "primary" })}${ui.linkButton({ href: "?vista=elenco", label: "Vista elenco" })}</div>${ui.stateLegend(ui.STATES)}`,
    },
    "calendar",
  );

export const receipt = (): Html =>
  portalPage(
    {
      h1: "Ricevuta",
      title: "Pasto disdetto",
      focusHeading: true,
      body: html`${ui.receiptCard({
        outcome: "accepted",
        title: "Pasto disdetto",
        subject: ["Giulia, mensa", f.day(today)],
        money: w.afterCancelling.postpaid("novembre"),
        code: "K7M4-92QX-3HTB",
        rows: [
          { label: "Arrivata", value: `oggi alle ${f.timeWithSeconds(moment("2026-11-24T07:41:07Z"))}` },
          { label: "Da", value: "portale, Sara Ferrando" },
          { label: "Limite", value: "oggi alle 9:00:00" },
        ],
        primary: ui.actionForm({ ...protection, action: "/annulla", label: "Annulla la disdetta", kind: "secondary", note: "fino alle 9:00" }),
        note: "La cucina lo sa. E-mail inviata.",
        links: [html`<a href="/verifica">Verifica</a>`, html`<a href="/oggi">Torna a Oggi</a>`],
      })}<h2 class="section-title">Chi e quando</h2>${ui.history([
        { when: "oggi alle 8:41:07", who: "Sara Ferrando, portale", what: "Pasto disdetto" },
        { when: "2 settembre", who: "Ufficio scuola", what: "Iscrizione registrata" },
      ])}`,
    },
    "today",
  );

export const refused = (): Html =>
  portalPage(
    {
      h1: "Disdetta non accolta",
      focusHeading: true,
      flash: { tone: "warning", text: "La richiesta è arrivata dopo il limite." },
      strips: [{ kind: "delegate", text: w.delegate("Sara Ferrando", "presenze") }],
      body: html`${ui.receiptCard({
        outcome: "refused",
        title: "Arrivata alle 9:00:03, limite 9:00:00",
        subject: ["Giulia, mensa", f.day(today)],
        money: w.afterCancelling.late("4,60 €"),
        code: "P3W8-4DFR-66KN",
        rows: [{ label: "Da", value: "portale, Sara Ferrando" }],
        primary: ui.actionForm({ ...protection, action: "/disdici", label: "Disdici giovedì 26 novembre" }),
        links: [html`<a href="/contesta">Contesta</a>`, html`<a href="/oggi">Torna a Oggi</a>`],
      })}${ui.emptyState({ text: "Nessuna assenza programmata.", icon: "it-calendar", action: ui.linkButton({ href: "/figli/giulia/assenze/nuova", label: "Assenza per più giorni" }) })}
<h2 class="section-title">Movimenti</h2>${ui.dataTable({
        caption: "Movimenti di novembre",
        captionHidden: true,
        columns: [{ label: "Giorno", header: true }, { label: "Motivo" }, { label: "Importo", align: "end" }, { label: "Dettaglio" }],
        rows: [
          ["10/11/2026", "Pasto, mensa", "-4,60 €", html`<a href="/addebiti/1">Perché?</a>`],
          ["09/11/2026", "Ricarica", "46,00 €", ""],
        ],
        foot: ["Totale", "", "41,40 €", ""],
      })}${ui.pagination({ page: 2, pages: 5, href: (n) => `?pagina=${n}` })}`,
    },
    "today",
  );

export function formPage(wrong: boolean): Html {
  const errors: ui.FieldError[] = wrong
    ? [
        { field: "fine", message: "L'ultimo giorno viene prima del primo." },
        { field: "motivo", message: "Manca il motivo." },
      ]
    : [];
  const error = (field: string): string | undefined => ui.errorFor(errors, field);
  return portalPage(
    {
      h1: "Da quando a quando?",
      title: "Assenza per più giorni",
      back: { href: "/oggi", label: "Torna a Oggi" },
      errors,
      body: html`${ui.stepper(["Per chi?", "Da quando a quando?", "Riepilogo"], 2)}${ui.form({
        ...protection,
        action: "/figli/giulia/assenze/nuova",
        submit: { label: "Continua" },
        cancel: { href: "/oggi" },
        body: [
          ui.checkboxes({
            name: "figli",
            label: "Per chi?",
            values: ["giulia"],
            choices: [
              { value: "giulia", label: "Giulia", hint: "3A primaria" },
              { value: "tommaso", label: "Tommaso" },
            ],
          }),
          ui.dateField({ name: "inizio", label: "Primo giorno", value: day("2026-11-25") }),
          ui.dateField({ name: "fine", label: "Ultimo giorno", optional: true, value: day("2026-11-20"), hint: "Può restare aperto.", error: error("fine") }),
          ui.checkbox({ name: "aperta", label: "Non si sa ancora", hint: "Arriva un promemoria dopo 5 giorni di mensa." }),
          ui.radios({
            name: "tipo",
            label: "Quanto credito?",
            value: "10",
            choices: [
              { value: "10", label: "10 pasti, 46,00 €" },
              { value: "20", label: "20 pasti, 92,00 €" },
              { value: "0", label: "Niente per ora" },
            ],
          }),
          ui.textField({ name: "importo", label: "Altro importo", width: "short", inputmode: "decimal", suffix: "€", optional: true }),
          ui.textField({ name: "motivo", label: "Motivo", value: `<b>"febbre"</b>`, error: error("motivo") }),
          ui.selectField({ name: "scuola", label: "Scuola", empty: "Scegliere la scuola", choices: [{ value: "1", label: "Primaria Milano" }] }),
          ui.textArea({ name: "note", label: "Che cosa non torna?", optional: true }),
          ui.fileField({ name: "file", label: "Certificato", optional: true, accept: ".pdf" }),
        ],
      })}`,
    },
    "calendar",
  );
}

const officeNav = (current: string): NonNullable<PageOptions["nav"]> => ({
  current,
  items: [
    { id: "today", label: "Oggi", href: "/ufficio", icon: "it-check-circle" },
    { id: "families", label: "Famiglie", href: "/ufficio/famiglie", icon: "it-user" },
    { id: "calendar", label: "Calendario", href: "/ufficio/calendario", icon: "it-calendar" },
    { id: "tariffs", label: "Tariffe", href: "/ufficio/tariffe", icon: "it-card" },
    { id: "imports", label: "Importazioni", href: "/ufficio/importazioni", icon: "it-upload", count: 1 },
  ],
});

const sites: readonly (readonly Content[])[] = [
  ["Primaria Milano", 118, 11, 4, 9],
  ["Infanzia Pineta", 74, 6, 2, 5],
  ["Secondaria Mameli", ui.stateBadge("closed", { word: "Chiuso: sciopero", size: "small" }), "", "", ""],
];

export const office = (): Html =>
  page({
    surface: "office",
    town,
    nav: officeNav("today"),
    actor: { name: "M. Conti", role: "ufficio scuola", signOut: { action: "/esci", csrf: "c5rf" } },
    nonce: "n0nce",
    wide: true,
    h1: "Oggi, martedì 24 novembre",
    lead: w.updatedAt("8:47"),
    headActions: [ui.linkButton({ href: "/ufficio/chiusure/nuova", label: "Chiudi scuole…", icon: "it-ban" }), ui.printButton()],
    headerTools: ui.searchBox({ action: "/ufficio/cerca", label: "Cerca bambino, famiglia, telefono, ricevuta", resultsId: "risultati" }),
    strips: [
      {
        kind: "desk",
        text: w.desk("Ferrando", "telefonata"),
        action: ui.actionForm({ ...protection, action: "/ufficio/sportello/chiudi", label: w.closeDesk, kind: "secondary" }),
      },
    ],
    flash: { tone: "success", text: "Chiusura registrata.", action: html`<a href="/ufficio/chiusure/1">Vedi la chiusura</a>` },
    body: html`<div id="risultati"></div>${ui.figures([
      { label: "Pasti attesi", value: 192, tone: "strong", note: "Ordine bloccato fra 18 minuti" },
      { label: "Disdetti", value: 17 },
      { label: "In bianco", value: 6 },
      { label: "Diete", value: 14, tone: "warning", note: "4 certificati in scadenza" },
    ])}<div class="columns"><section aria-labelledby="scuole"><h2 id="scuole">Pasti di oggi</h2>${ui.dataTable({
      caption: "Pasti di oggi per scuola",
      captionHidden: true,
      columns: [
        { label: "Scuola", header: true },
        { label: "Attesi", align: "end" },
        { label: "Disdetti", align: "end" },
        { label: "In bianco", align: "end" },
        { label: "Diete", align: "end" },
      ],
      rows: sites,
      foot: ["Totale", 192, 17, 6, 14],
    })}</section><section aria-labelledby="fare"><h2 id="fare">Da fare adesso</h2>${ui.taskList([
      { urgent: true, text: "2 classi senza appello, limite 9:30", action: ui.linkButton({ href: "/ufficio/appelli", label: "Apri" }) },
      { text: "1 contestazione scade oggi", action: ui.linkButton({ href: "/ufficio/richieste", label: "Rispondi" }) },
    ])}${ui.emptyState({ text: "Tutto in ordine alle 8:47." })}</section></div>${ui.tabs("Importazione", [
      { label: "Nuovi", href: "?t=nuovi", current: true, count: 12 },
      { label: "Cambiati", href: "?t=cambiati", count: 30 },
      { label: "Errori", href: "?t=errori", count: 4 },
    ])}${ui.progress("Righe lette: 1.284 di 20.000", 1284, 20_000)}${ui.linkList([
      { href: "/ufficio/famiglie/1", label: "Ferrando, famiglia", note: "Giulia, Tommaso · 333 *** 567" },
      { href: "/ufficio/famiglie/2", label: "Bassi, famiglia" },
    ])}${ui.card({
      title: "Intestatario",
      body: ui.definitionList([
        { label: "Nome", value: "Sara Ferrando", action: html`<a href="/ufficio/famiglie/1/dati">Modifica</a>` },
        { label: "Credito", value: "-12,40 €" },
      ]),
      actions: ui.actionForm({ ...protection, action: "/ufficio/elimina", label: "Elimina", kind: "danger" }),
    })}${(["info", "success", "warning", "danger"] as const).map((tone) => ui.alert({ tone, title: `Avviso ${tone}`, body: "Che cosa è successo e che cosa fare." }))}`,
  });

export const school = (): Html =>
  page({
    surface: "school",
    town,
    nav: { current: "classes", items: [{ id: "classes", label: "Classi", href: "/scuola" }] },
    actor: { name: "Anna B.", role: "Primaria Milano", signOut: { action: "/esci", csrf: "c5rf" } },
    nonce: "n0nce",
    wide: true,
    h1: "3A, Primaria Milano",
    lead: html`Presenti <strong data-count="present">4</strong> · Assenti <strong data-count="absent">1</strong> · Disdetti <strong>1</strong>`,
    back: { href: "/scuola", label: "Tutte le classi" },
    body: ui.form({
      ...protection,
      action: "/scuola/3a",
      submit: { label: html`Invia l'appello: <span data-count="present">4</span> pasti`, wide: true },
      body: ui.rollCall({
        name: "assenti",
        legend: "Assenti",
        rows: [
          { id: "1", name: "Bassi Anna" },
          { id: "2", name: "Bianchi Omar", absent: true },
          { id: "3", name: "Costa Lia", cancelled: { at: "8:41" } },
          { id: "4", name: "Ferrando Giulia" },
          { id: "5", name: "Gatti Leo", tags: ui.tag("Dieta D-07", "warning") },
          { id: "6", name: "Hu Mei Ling Elisabetta Maria", tags: ui.tag("In bianco", "info") },
        ],
      }),
    }),
  });

export const kitchen = (): Html =>
  page({
    surface: "kitchen",
    town,
    nav: {
      current: "order",
      items: [
        { id: "order", label: "Ordine", href: "/cucina" },
        { id: "changes", label: "Differenze", href: "/cucina/differenze", count: 2 },
        { id: "diets", label: "Diete", href: "/cucina/diete" },
      ],
    },
    actor: { name: "Cucina Pineta", signOut: { action: "/esci", csrf: "c5rf" } },
    nonce: "n0nce",
    wide: true,
    h1: "Ordine di oggi, martedì 24 novembre",
    lead: "Bloccato alle 9:05",
    headActions: [ui.printButton()],
    body: html`${ui.printHeader({ town: w.townTitle(town.name), office: "Ufficio scuola" })}${ui.liveRegion({
      id: "ordine",
      versionUrl: "/cucina/versione",
      version: "1",
      body: html`${ui.figures([
        { label: "Totale", value: 192, tone: "strong" },
        { label: "Normali", value: 172 },
        { label: "In bianco", value: 6 },
        { label: "Diete", value: 14 },
      ])}${ui.alert({
        tone: "warning",
        title: "2 differenze dopo le 9:05 (+1, -1)",
        actions: ui.actionForm({ ...protection, action: "/cucina/presa-visione", label: "Presa visione" }),
      })}${ui.dataTable({
        caption: "Per plesso",
        columns: [
          { label: "Plesso", header: true },
          { label: "Normali", align: "end" },
          { label: "In bianco", align: "end" },
          { label: "Diete" },
          { label: "Totale", align: "end" },
          { label: "Partenza", align: "end" },
        ],
        rows: [
          ["Primaria Milano", 105, 4, [ui.tag("D-02 ×6"), " ", ui.tag("D-07 ×3")], html`<strong>118</strong>`, "11:20"],
          ["Infanzia Pineta", 67, 2, ui.tag("D-02 ×5"), html`<strong>74</strong>`, "11:45"],
          ["Secondaria Mameli", "", "", ui.stateBadge("closed", { word: "Chiuso: sciopero" }), 0, ""],
        ],
        foot: ["Totale", 172, 6, 14, 192, ""],
      })}`,
    })}${ui.printFooter(moment("2026-11-24T08:12:00Z"))}`,
  });

export const publicPage = (): Html =>
  page({
    surface: "public",
    town,
    actor: null,
    languages: [{ lang: "en", href: "/lingua/en" }],
    nonce: "n0nce",
    h1: "Servizi scolastici",
    lead: "Mensa, presenze e pagamenti delle scuole di Borghetto Santo Spirito.",
    headActions: ui.linkButton({ href: "/accedi", label: "Entra", kind: "primary" }),
    body: html`${ui.alert({ tone: "warning", title: "Secondaria Mameli: mensa chiusa oggi per sciopero" })}<div class="panels">${ui.card({
      title: "Mensa",
      body: ui.definitionList([
        { label: "Prezzo", value: "da 1,50 € a 4,60 € a pasto" },
        { label: "Disdetta", value: "entro le 9:00 dello stesso giorno" },
      ]),
    })}${ui.card({
      title: "Verifica una ricevuta",
      body: ui.form({
        action: "/verifica",
        method: "get",
        body: ui.textField({ name: "codice", label: "Codice della ricevuta", hint: "12 caratteri, come K7M4-92QX-3HTB", width: "medium" }),
        submit: { label: "Verifica" },
      }),
    })}</div>`,
  });

export const notFound = (): Html =>
  page({
    surface: "public",
    town: null,
    nonce: "n0nce",
    h1: w.failure.notFound,
    body: ui.problem({
      text: "L'indirizzo non corrisponde a nessuna pagina. Nulla è stato registrato.",
      actions: ui.linkButton({ href: "/oggi", label: w.failure.backToToday, kind: "primary" }),
      supportCode: "7F3K",
      phone: town.phone ?? null,
    }),
  });

export const sheet = (): Html =>
  page({
    surface: "school",
    town,
    nonce: "n0nce",
    h1: "Foglio di classe",
    print: true,
    body: ui.printSheet([
      ui.printHeader({ town: w.townTitle(town.name), office: "Ufficio scuola", title: "3A, Primaria Milano, martedì 24 novembre" }),
      ui.dataTable({
        caption: "Bambini attesi",
        phone: "scroll",
        columns: [{ label: "Bambino", header: true }, { label: "Pasto" }, { label: "Assente" }],
        rows: ["Bassi Anna", "Bianchi Omar", "Costa Lia"].map((name) => [name, "Normale", html`<span class="tick"></span>`]),
      }),
      ui.printFooter(moment("2026-11-23T17:00:00Z")),
    ]),
  });

/** Name → page, in the order of a visit. */
export const gallery: Readonly<Record<string, () => Html>> = {
  home,
  calendar: () => calendar(),
  "calendar-saturday": () => calendar(true),
  "calendar-list": () => calendar(false, "list"),
  receipt,
  refused,
  form: () => formPage(false),
  "form-errors": () => formPage(true),
  office,
  school,
  kitchen,
  public: publicPage,
  "not-found": notFound,
  sheet,
};
