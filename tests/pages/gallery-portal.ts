// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { day, moment } from "#kernel/dates.ts";
import * as ui from "#ui/components.ts";
import { page, portalNav, type PageOptions } from "#ui/layout.ts";
import { f, guardian, protection, today, town, w } from "./sample.ts";

const cancelToday = (child: string): Html =>
  ui.actionForm({
    ...protection,
    action: `/figli/${child.toLowerCase()}/disdici`,
    fields: { giorno: today.toString() },
    label: "Disdici il pasto di oggi",
    ariaLabel: `Disdici il pasto di oggi per ${child}`,
    wide: true,
  });

function portalPage(
  options: Partial<PageOptions> & Pick<PageOptions, "h1" | "body">,
  current: string | null,
): Html {
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
      strips: [
        { kind: "demo", text: w.demo, action: html`<a href="/demo">${w.changePersona}</a>` },
      ],
      body: html`<div class="panels">
          ${ui.card({
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
              lines: [
                "Nessun addebito.",
                html`Ricevuta <a href="/ricevute/K7M4-92QX-3HTB">K7M4-92QX-3HTB</a>`,
              ],
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
            body: ui.serviceRow({
              badge: ui.stateBadge("closed", { size: "large" }),
              lines: [w.closedDay("sciopero")],
            }),
          })}
        </div>
        ${ui.alert({ tone: "info", title: "Da pagare 41,40 € entro lunedì 30 novembre", body: html`<a href="/pagamenti">Vai ai pagamenti</a>` })}`,
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
        (date.dayOfWeek === 3
          ? "no-rientro"
          : Temporal.PlainDate.compare(date, today) < 0
            ? "served"
            : "present");
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
        })}
        <div class="button-row">
          ${ui.linkButton({ href: "/figli/giulia/assenze/nuova", label: "Assenza per più giorni", kind: "primary" })}${ui.linkButton({ href: "?vista=elenco", label: "Vista elenco" })}
        </div>
        ${ui.stateLegend(ui.STATES)}`,
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
            {
              label: "Arrivata",
              value: `oggi alle ${f.timeWithSeconds(moment("2026-11-24T07:41:07Z"))}`,
            },
            { label: "Da", value: "portale, Sara Ferrando" },
            { label: "Limite", value: "oggi alle 9:00:00" },
          ],
          primary: ui.actionForm({
            ...protection,
            action: "/annulla",
            label: "Annulla la disdetta",
            kind: "secondary",
            note: "fino alle 9:00",
          }),
          note: "La cucina lo sa. E-mail inviata.",
          links: [html`<a href="/verifica">Verifica</a>`, html`<a href="/oggi">Torna a Oggi</a>`],
        })}
        <h2 class="section-title">Chi e quando</h2>
        ${ui.history([
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
      strips: [{ kind: "delegate", text: w.delegate("Ferrando", 1, "vedere") }],
      body: html`${ui.receiptCard({
          outcome: "refused",
          title: "Arrivata alle 9:00:03, limite 9:00:00",
          subject: ["Giulia, mensa", f.day(today)],
          money: w.afterCancelling.late("4,60 €"),
          code: "P3W8-4DFR-66KN",
          rows: [{ label: "Da", value: "portale, Sara Ferrando" }],
          primary: ui.actionForm({
            ...protection,
            action: "/disdici",
            label: "Disdici giovedì 26 novembre",
          }),
          links: [html`<a href="/contesta">Contesta</a>`, html`<a href="/oggi">Torna a Oggi</a>`],
        })}${ui.emptyState({ text: "Nessuna assenza programmata.", icon: "it-calendar", action: ui.linkButton({ href: "/figli/giulia/assenze/nuova", label: "Assenza per più giorni" }) })}
        <h2 class="section-title">Movimenti</h2>
        ${ui.dataTable({
          caption: "Movimenti di novembre",
          captionHidden: true,
          columns: [
            { label: "Giorno", header: true },
            { label: "Motivo" },
            { label: "Importo", align: "end" },
            { label: "Dettaglio" },
          ],
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
          ui.dateField({
            name: "fine",
            label: "Ultimo giorno",
            optional: true,
            value: day("2026-11-20"),
            hint: "Può restare aperto.",
            error: error("fine"),
          }),
          ui.checkbox({
            name: "aperta",
            label: "Non si sa ancora",
            hint: "Arriva un promemoria dopo 5 giorni di mensa.",
          }),
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
          ui.textField({
            name: "importo",
            label: "Altro importo",
            width: "short",
            inputmode: "decimal",
            suffix: "€",
            optional: true,
          }),
          ui.textField({
            name: "motivo",
            label: "Motivo",
            value: `<b>"febbre"</b>`,
            error: error("motivo"),
          }),
          ui.selectField({
            name: "scuola",
            label: "Scuola",
            empty: "Scegliere la scuola",
            choices: [{ value: "1", label: "Primaria Milano" }],
          }),
          ui.textArea({ name: "note", label: "Che cosa non torna?", optional: true }),
          ui.fileField({ name: "file", label: "Certificato", optional: true, accept: ".pdf" }),
        ],
      })}`,
    },
    "calendar",
  );
}
