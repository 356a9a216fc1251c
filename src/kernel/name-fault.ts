// SPDX-License-Identifier: EUPL-1.2
/** Longest surname or given name; no registry office writes longer ones. */
export const LONGEST_NAME = 100;

export type NameFault = "too-long" | "unprintable" | "formula" | "no-letter";

/**
 * Why a text cannot be a person's name; `null` = it can. Look at it before it is tidied: tidying removes what is
 * looked for. A name that begins with `=`, `+`, `-` or `@` runs in the first spreadsheet it is exported to.
 */
export function nameFault(text: string, longest: number = LONGEST_NAME): NameFault | null {
  if (isDash(text)) return "no-letter";
  if (isFormula(text)) return "formula";
  if (isUnprintable(text)) return "unprintable";
  if (text.trim().length > longest) return "too-long";
  return text.trim() === "" || /\p{L}/u.test(text) ? null : "no-letter";
}

/** `-`, `--`: how many write "nothing". */
export const isDash = (text: string): boolean => /^\s*[-–—]+\s*$/.test(text);

/** Also with the apostrophe that keeps a spreadsheet from running it, and in full-width characters. */
export const isFormula = (text: string): boolean => /^[\s'’]*[=+\-@]/.test(text.normalize("NFKC"));

/** Control characters, line breaks, marks that turn the direction of writing. */
export const isUnprintable = (text: string): boolean => /\p{C}/u.test(text);

/** Somebody's own words as they are kept: line breaks stay, what cannot be printed goes, also half a character. */
export function tidyText(text: string): string {
  const lines = text.normalize("NFC").split(/\r\n|\r|\n/);
  const tidy = lines.map((line) => (isUnprintable(line) ? line.replace(/\p{C}+/gu, " ") : line));
  return tidy.join("\n").trim();
}
