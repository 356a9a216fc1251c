// SPDX-License-Identifier: EUPL-1.2
import { html, type Content, type Html } from "#kernel/html.ts";
import { moment } from "#kernel/dates.ts";
import * as ui from "#ui/components.ts";
import { page, type PageOptions } from "#ui/layout.ts";
import { calendar, formPage, home, receipt, refused } from "./gallery-portal.ts";
import { protection, town, w } from "./sample.ts";

/** Every component in every state, on one page per surface: what the page tests look at. */
const officeNav = (current: string): NonNullable<PageOptions["nav"]> => ({
  current,
  items: [
    { id: "today", label: "Oggi", href: "/ufficio", icon: "it-check-circle" },
    { id: "families", label: "Famiglie", href: "/ufficio/famiglie", icon: "it-user" },
    { id: "calendar", label: "Calendario", href: "/ufficio/calendario", icon: "it-calendar" },
    { id: "tariffs", label: "Tariffe", href: "/ufficio/tariffe", icon: "it-card" },
    {
      id: "imports",
      label: "Importazioni",
      href: "/ufficio/importazioni",
      icon: "it-upload",
      count: 1,
    },
  ],
});

const sites: readonly (readonly Content[])[] = [
  ["Primaria Milano", 118, 11, 4, 9],
  ["Infanzia Pineta", 74, 6, 2, 5],
  [
    "Secondaria Mameli",
    ui.stateBadge("closed", { word: "Chiuso: sciopero", size: "small" }),
    "",
    "",
    "",
  ],
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
    headActions: [
      ui.linkButton({ href: "/ufficio/chiusure/nuova", label: "Chiudi scuole…", icon: "it-ban" }),
      ui.printButton(),
    ],
    headerTools: ui.searchBox({
      action: "/ufficio/cerca",
      label: "Cerca bambino, famiglia, telefono, ricevuta",
      resultsId: "risultati",
    }),
    strips: [
      {
        kind: "desk",
        text: w.desk("Ferrando", "telefonata"),
        action: ui.actionForm({
          ...protection,
          action: "/ufficio/sportello/chiudi",
          label: w.closeDesk,
          kind: "secondary",
        }),
      },
    ],
    flash: {
      tone: "success",
      text: "Chiusura registrata.",
      action: html`<a href="/ufficio/chiusure/1">Vedi la chiusura</a>`,
    },
    body: html`<div id="risultati"></div>
      ${ui.figures([
        {
          label: "Pasti attesi",
          value: 192,
          tone: "strong",
          note: "Ordine bloccato fra 18 minuti",
        },
        { label: "Disdetti", value: 17 },
        { label: "In bianco", value: 6 },
        { label: "Diete", value: 14, tone: "warning", note: "4 certificati in scadenza" },
      ])}
      <div class="columns">
        <section aria-labelledby="scuole">
          <h2 id="scuole">Pasti di oggi</h2>
          ${ui.dataTable({
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
          })}
        </section>
        <section aria-labelledby="fare">
          <h2 id="fare">Da fare adesso</h2>
          ${ui.taskList([
            {
              urgent: true,
              text: "2 classi senza appello, limite 9:30",
              action: ui.linkButton({ href: "/ufficio/appelli", label: "Apri" }),
            },
            {
              text: "1 contestazione scade oggi",
              action: ui.linkButton({ href: "/ufficio/richieste", label: "Rispondi" }),
            },
          ])}${ui.emptyState({ text: "Tutto in ordine alle 8:47." })}
        </section>
      </div>
      ${ui.tabs("Importazione", [
        { label: "Nuovi", href: "?t=nuovi", current: true, count: 12 },
        { label: "Cambiati", href: "?t=cambiati", count: 30 },
        { label: "Errori", href: "?t=errori", count: 4 },
      ])}${ui.progress("Righe lette: 1.284 di 20.000", 1284, 20_000)}${ui.linkList([
        {
          href: "/ufficio/famiglie/1",
          label: "Ferrando, famiglia",
          note: "Giulia, Tommaso · 333 *** 567",
        },
        { href: "/ufficio/famiglie/2", label: "Bassi, famiglia" },
      ])}${ui.card({
        title: "Intestatario",
        body: ui.definitionList([
          {
            label: "Nome",
            value: "Sara Ferrando",
            action: html`<a href="/ufficio/famiglie/1/dati">Modifica</a>`,
          },
          { label: "Credito", value: "-12,40 €" },
        ]),
        actions: ui.actionForm({
          ...protection,
          action: "/ufficio/elimina",
          label: "Elimina",
          kind: "danger",
        }),
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
    lead: html`Presenti <strong data-count="present">4</strong> · Assenti
      <strong data-count="absent">1</strong> · Disdetti <strong>1</strong>`,
    back: { href: "/scuola", label: "Tutte le classi" },
    body: ui.form({
      ...protection,
      action: "/scuola/3a",
      submit: {
        label: html`Invia l'appello: <span data-count="present">4</span> pasti`,
        wide: true,
      },
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
    body: html`${ui.liveRegion({
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
        actions: ui.actionForm({
          ...protection,
          action: "/cucina/presa-visione",
          label: "Presa visione",
        }),
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
          [
            "Primaria Milano",
            105,
            4,
            [ui.tag("D-02 ×6"), " ", ui.tag("D-07 ×3")],
            html`<strong>118</strong>`,
            "11:20",
          ],
          ["Infanzia Pineta", 67, 2, ui.tag("D-02 ×5"), html`<strong>74</strong>`, "11:45"],
          [
            "Secondaria Mameli",
            "",
            "",
            ui.stateBadge("closed", { word: "Chiuso: sciopero" }),
            0,
            "",
          ],
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
    body: html`${ui.alert({ tone: "warning", title: "Secondaria Mameli: mensa chiusa oggi per sciopero" })}
      <div class="panels">
        ${ui.card({
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
            body: ui.textField({
              name: "codice",
              label: "Codice della ricevuta",
              hint: "12 caratteri, come K7M4-92QX-3HTB",
              width: "medium",
            }),
            submit: { label: "Verifica" },
          }),
        })}
      </div>`,
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
      ui.printHeader({
        town: w.townTitle(town.name),
        office: "Ufficio scuola",
        title: "3A, Primaria Milano, martedì 24 novembre",
      }),
      ui.dataTable({
        caption: "Bambini attesi",
        phone: "scroll",
        columns: [{ label: "Bambino", header: true }, { label: "Pasto" }, { label: "Assente" }],
        rows: ["Bassi Anna", "Bianchi Omar", "Costa Lia"].map((name) => [
          name,
          "Normale",
          html`<span class="tick"></span>`,
        ]),
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
