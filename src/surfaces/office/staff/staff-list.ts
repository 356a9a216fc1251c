// SPDX-License-Identifier: EUPL-1.2
import { staffAccounts } from "#identity";
import { html } from "#kernel/html.ts";
import { dataTable, linkButton } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import {
  factorText,
  grantText,
  loadPlaces,
  STAFF_ACCESS,
  STAFF_PAGE,
  stateText,
} from "./staff-words.ts";

/** `/ufficio/impostazioni/personale`: who works for the town, with which roles and which factor. */
export async function staffListPage(visit: Visit): Promise<Answer> {
  const { accounts, places } = await visit.town.read(async (tx) => ({
    accounts: await staffAccounts(tx, { date: visit.today }),
    places: await loadPlaces(tx, visit),
  }));
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Personale",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      lead: "Chi lavora con Campanella per il Comune. Tablet e schermi hanno una pagina loro.",
      headActions: html`${linkButton({
        href: `${STAFF_PAGE}/nuovo`,
        label: "Nuova persona",
        kind: "primary",
      })}
      ${linkButton({ href: STAFF_ACCESS, label: "Come entra", kind: "secondary" })}`,
      body: dataTable({
        caption: "Persone",
        captionHidden: true,
        columns: [
          { label: "Persona", header: true },
          { label: "Codice utente" },
          { label: "Ruoli" },
          { label: "Secondo fattore" },
          { label: "Stato" },
        ],
        rows: accounts.map((account) => [
          html`<a href="${STAFF_PAGE}/${account.id}">${account.displayName}</a>`,
          account.username,
          account.grants.length === 0
            ? "nessuno"
            : account.grants.map((grant) => html`${grantText(places, grant)}<br />`),
          factorText(account),
          stateText(account),
        ]),
      }),
    },
  );
}
