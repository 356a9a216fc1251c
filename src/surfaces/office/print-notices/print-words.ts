// SPDX-License-Identifier: EUPL-1.2
import { type PrintPaper, printRun, type PrintRun } from "#payments";
import type { FileKind } from "../made-files/file-page.ts";

export const PRINTS = "/ufficio/pagamenti/stampe";
export const printPath = (id: string): string => `${PRINTS}/${id}`;

export function runState(run: PrintRun): string {
  if (run.state === "discarded") return "Interrotta";
  if (run.removedAt !== null) return "File eliminato";
  if (run.state === "ready") return run.pages === 0 ? "Niente da stampare" : "Pronta";
  return run.problem === "" ? "In preparazione" : "Si riprova";
}

/** Papers that were dealt with, printed or not. */
const doneOf = ({ printed, leftOut, faulty }: PrintRun): number => printed + leftOut + faulty;

export const PRINT_FILES: FileKind<PrintRun> = {
  current: "bills",
  title: "Stampa degli avvisi",
  path: PRINTS,
  items: ["avviso", "avvisi"],
  one: printRun,
  progress: (run) => ({ done: doneOf(run), of: run.papers }),
  stateWord: runState,
  isKept: ({ removedAt }) => removedAt === null,
  version: (run) =>
    [run.state, doneOf(run), run.attempts, run.removedAt === null ? "" : "removed"].join(":"),
};

export const PAPER_WORDS: Readonly<Record<PrintPaper["outcome"], string>> = {
  waiting: "in attesa",
  printed: "nel file",
  "left-out": "lasciato fuori: pagato, annullato o con un pagamento in corso",
  faulty: "dati non stampabili",
};
