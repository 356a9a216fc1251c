// SPDX-License-Identifier: EUPL-1.2
/** What the pages of the money desk share: their tabs, who may decide, words. */
import { html, type Html } from "#kernel/html.ts";
import { alert, tabs } from "#ui/components.ts";
import { MANAGER_ROLES } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

export type MoneyTab =
  | "cases"
  | "reconciliation"
  | "requests"
  | "transfers"
  | "write-offs"
  | "residual";

const TABS: readonly { id: MoneyTab; label: string; href: string }[] = [
  { id: "cases", label: "Da sistemare", href: "/ufficio/pagamenti/da-sistemare" },
  { id: "reconciliation", label: "Riconciliazione", href: "/ufficio/riconciliazione" },
  { id: "requests", label: "Richieste", href: "/ufficio/richieste" },
  { id: "transfers", label: "Bonifici di rimborso", href: "/ufficio/richieste/bonifici" },
  { id: "residual", label: "Crediti rimasti", href: "/ufficio/pagamenti/crediti-rimasti" },
  { id: "write-offs", label: "Debiti da annullare", href: "/ufficio/pagamenti/annullamenti" },
];

type Given = Parameters<typeof officePage>[2];

/** A list of the money desk under its tabs; a detail page has `back` instead. */
export function moneyPage(visit: Visit, tab: MoneyTab, options: Given): Html {
  const nav = options.back
    ? null
    : tabs(
        "Pagamenti",
        TABS.map(({ id, label, href }) => ({ label, href, current: id === tab })),
      );
  return officePage(
    visit,
    { current: "payments" },
    { ...options, body: html`${nav}${options.body}` },
  );
}

/** Money is given away by a manager; the others see what there is. */
export const mayDecide = (visit: Visit): boolean =>
  MANAGER_ROLES.some((role) => role === visit.actor?.role);

export const onlyManagers = (who = "Decide"): Html =>
  alert({ tone: "info", title: `${who} chi è responsabile dell'ufficio.`, body: null });

export const FORBIDDEN_WORDS = "Può deciderlo solo chi è responsabile dell'ufficio.";
