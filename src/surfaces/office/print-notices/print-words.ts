// SPDX-License-Identifier: EUPL-1.2
import type { PrintPaper, PrintRun } from "#payments";

export const PRINTS = "/ufficio/pagamenti/stampe";
export const printPath = (id: string): string => `${PRINTS}/${id}`;

export function runState(run: PrintRun): string {
  if (run.state === "discarded") return "Interrotta";
  if (run.removedAt !== null) return "File eliminato";
  if (run.state === "ready") return run.pages === 0 ? "Niente da stampare" : "Pronta";
  return run.problem === "" ? "In preparazione" : "Si riprova";
}

export const PAPER_WORDS: Readonly<Record<PrintPaper["outcome"], string>> = {
  waiting: "in attesa",
  printed: "nel file",
  "left-out": "lasciato fuori: pagato, annullato o con un pagamento in corso",
  faulty: "dati non stampabili",
};

/** Papers that were dealt with, printed or not. */
export const doneOf = ({ printed, leftOut, faulty }: PrintRun): number =>
  printed + leftOut + faulty;
