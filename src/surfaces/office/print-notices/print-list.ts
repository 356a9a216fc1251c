// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { KEEP_PRINT_FILES_DAYS, printRuns } from "#payments";
import { emptyState, linkButton } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { askingPage } from "../asking/asking-page.ts";
import { fileTable } from "../made-files/file-page.ts";
import { PRINT_FILES, PRINTS } from "./print-words.ts";

const MOST_RUNS = 50;

/** `/ufficio/pagamenti/stampe`: the print files of the last weeks, and the way to a new one. */
export async function printListPage(visit: Visit): Promise<Answer> {
  const runs = await visit.town.read((tx) => printRuns(tx, MOST_RUNS));
  const table = fileTable(PRINT_FILES, runs, {
    caption: "Stampe",
    count: "Avvisi",
    counted: ({ printed }) => printed,
  });
  return askingPage(visit, "prints", {
    h1: "Stampa degli avvisi",
    lead: "Gli avvisi non pagati in un solo PDF, per la stampante o per la tipografia.",
    headActions: linkButton({
      href: `${PRINTS}/nuova`,
      label: "Nuova stampa",
      kind: "primary",
      icon: "it-print",
    }),
    body: html`${runs.length === 0 ? emptyState({ text: "Nessuna stampa finora." }) : table}
      <p class="quiet">
        I file si eliminano da soli dopo ${KEEP_PRINT_FILES_DAYS} giorni; l'elenco degli avvisi
        resta.
      </p>`,
  });
}
