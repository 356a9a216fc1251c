// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { dayOf } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import { KEEP_PRINT_FILES_DAYS, type PrintRun, printRuns } from "#payments";
import { dataTable, emptyState, linkButton } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { askingPage } from "../asking/asking-page.ts";
import { doneOf, printPath, PRINTS, runState } from "./print-words.ts";

const MOST_RUNS = 50;
const f = formats("it");

/** `/ufficio/pagamenti/stampe`: the print files of the last weeks, and the way to a new one. */
export async function printListPage(visit: Visit): Promise<Answer> {
  const runs = await visit.town.read((tx) => printRuns(tx, MOST_RUNS));
  return askingPage(visit, "prints", {
    h1: "Stampa degli avvisi",
    lead: "Gli avvisi non pagati in un solo PDF, per la stampante o per la tipografia.",
    headActions: linkButton({
      href: `${PRINTS}/nuova`,
      label: "Nuova stampa",
      kind: "primary",
      icon: "it-print",
    }),
    body: html`${
        runs.length === 0 ? emptyState({ text: "Nessuna stampa finora." }) : runTable(runs)
      }
      <p class="quiet">
        I file si eliminano da soli dopo ${KEEP_PRINT_FILES_DAYS} giorni; l'elenco degli avvisi
        resta.
      </p>`,
  });
}

const runTable = (runs: readonly PrintRun[]): Html =>
  dataTable({
    caption: "Stampe",
    captionHidden: true,
    columns: [
      { label: "Stampa", header: true },
      { label: "Preparata" },
      { label: "Da" },
      { label: "Avvisi", align: "end" },
      { label: "Pagine", align: "end" },
      { label: "Stato" },
    ],
    rows: runs.map((run) => [
      html`<a href="${printPath(run.id)}">${run.title}</a>`,
      `${f.shortDay(dayOf(run.madeAt))}, ${f.time(run.madeAt)}`,
      run.madeBy,
      f.number(run.state === "ready" ? run.printed : run.papers),
      run.state === "ready" ? f.number(run.pages) : "",
      run.state === "preparing"
        ? `${runState(run)}: ${f.number(doneOf(run))} di ${f.number(run.papers)}`
        : runState(run),
    ]),
  });
