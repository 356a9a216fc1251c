// SPDX-License-Identifier: EUPL-1.2
import { writeCsv } from "#kernel/tabular/index.ts";
import type { RejectedPupil, RejectReason, WarningReason } from "./pupil-record.ts";

/** Why a row was not imported, as the school's secretary reads it in the error file. */
export const REJECT_WORDS: Record<RejectReason, string> = {
  "name-too-long": "Il nome o il cognome ha più di 100 caratteri",
  "name-unprintable": "Il nome o il cognome contiene un a capo o caratteri che non si stampano",
  "name-formula": "Un nome non comincia con = + - @: sembra la formula di un foglio di calcolo",
  "name-no-letter": "Il nome o il cognome non contiene lettere",
  "guardian-name-too-long": "Il nome o il cognome del tutore ha più di 100 caratteri",
  "guardian-name-unprintable":
    "Il nome o il cognome del tutore contiene un a capo o caratteri che non si stampano",
  "guardian-name-formula":
    "Il nome di un tutore non comincia con = + - @: sembra la formula di un foglio di calcolo",
  "guardian-name-no-letter": "Il nome o il cognome del tutore non contiene lettere",
  "name-missing": "Manca il cognome o il nome",
  "full-name-unclear": "Cognome e nome nella stessa cella: separarli in due colonne",
  "no-code-and-no-birth-date": "Mancano sia il codice fiscale sia una data di nascita leggibile",
  "codice-fiscale-length": "Codice fiscale errato: deve avere 16 caratteri",
  "codice-fiscale-format": "Codice fiscale errato: lettere e cifre non sono al loro posto",
  "codice-fiscale-name-part": "Codice fiscale errato: le lettere del nome non sono possibili",
  "codice-fiscale-date": "Codice fiscale errato: la data di nascita non esiste",
  "codice-fiscale-control-character": "Codice fiscale errato: l'ultimo carattere non torna",
  "repeated-row": "Lo stesso alunno è già in un'altra riga",
  "code-of-an-adult": "Il codice fiscale è di un adulto già registrato",
  "site-unknown": "Scuola non riconosciuta",
  "site-out-of-scope": "La riga è di un'altra scuola",
  "class-missing": "Manca la classe",
  "class-unreadable": "Classe non riconosciuta",
  "later-class-change": "Un cambio di classe è già previsto in una data successiva",
  "diet-unknown": "Codice dieta che il Comune non usa",
  "guardian-without-name": "Manca il cognome o il nome del tutore",
  "guardian-of-nobody": "Nessun alunno con questo codice fiscale",
};

/** What was imported all the same, and should be looked at. */
export const WARNING_WORDS: Record<WarningReason, string> = {
  "codice-fiscale-mismatch": "Il codice fiscale non corrisponde ai dati anagrafici",
  "birth-date-unreadable": "Data di nascita non leggibile: presa dal codice fiscale",
  "birth-place-unknown": "Luogo di nascita non riconosciuto",
  "postal-code-unreadable": "CAP non leggibile",
  "phone-digits-lost": "Telefono con cifre perse dal foglio di calcolo",
  "phone-unreadable": "Telefono non leggibile",
  "email-unreadable": "Indirizzo e-mail non leggibile",
  "guardian-code-invalid": "Codice fiscale del tutore errato: non importato",
  "guardian-code-is-the-pupils": "Il codice fiscale del tutore è quello dell'alunno: non importato",
  "text-too-long": "Testo troppo lungo: accorciato",
  "text-not-plain": "Testo che sembra una formula o non si stampa: non importato",
  "diet-is-not-a-code": "La dieta va indicata con un codice: non importata",
};

const SHEET_WORDS = { pupils: "Alunni", guardians: "Tutori" } as const;

/** The error file: line, reason, then the row as it was, to correct and import again. */
export function errorFile(rejected: readonly RejectedPupil[], headings: readonly string[]): string {
  const rows = rejected.map(({ sheet, line, reason, detail, cells }) => {
    const words = REJECT_WORDS[reason];
    const shown = reason === "repeated-row" ? `riga ${detail}` : detail;
    return [SHEET_WORDS[sheet], line, shown ? `${words} (${shown})` : words, ...cells];
  });
  return writeCsv([["Foglio", "Riga", "Motivo", ...headings], ...rows]);
}
