// SPDX-License-Identifier: EUPL-1.2
/** What the pages that ask families for money share: their tabs, and the e-mails that carry them. */
import { html, type Html } from "#kernel/html.ts";
import { alert, tabs } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

export type AskingTab = "bills" | "first" | "reminders" | "mail" | "prints";

const TABS: readonly { id: AskingTab; label: string; href: string }[] = [
  { id: "bills", label: "Avvisi del mese", href: "/ufficio/avvisi" },
  { id: "first", label: "Primi avvisi", href: "/ufficio/primi-avvisi" },
  { id: "reminders", label: "Solleciti", href: "/ufficio/solleciti" },
  { id: "prints", label: "Stampa", href: "/ufficio/pagamenti/stampe" },
  { id: "mail", label: "E-mail", href: "/ufficio/e-mail" },
];

export const askingTabs = (tab: AskingTab): Html =>
  tabs(
    "Avvisi",
    TABS.map(({ id, label, href }) => ({ label, href, current: id === tab })),
  );

export function askingPage(
  visit: Visit,
  tab: AskingTab,
  options: Parameters<typeof officePage>[2],
): Html {
  return officePage(
    visit,
    { current: "bills" },
    { ...options, body: html`${askingTabs(tab)}${options.body}` },
  );
}

/** Says it where nobody would get an e-mail; nothing where they leave. */
export function noMailNotice({ app }: Visit): Html | null {
  if (app.mail === "smtp") return null;
  return app.mail === "folder"
    ? alert({
        tone: "info",
        title: "Dimostrazione: le e-mail non partono.",
        body: html`<p>Restano come file nella cartella dei dati, una per messaggio.</p>`,
      })
    : alert({
        tone: "warning",
        title: "Le e-mail non partono: nessun server di posta è configurato.",
        body: html`<p>
          Le famiglie leggono i messaggi nel portale. Le e-mail preparate aspettano: le configura
          chi gestisce l'installazione.
        </p>`,
      });
}
