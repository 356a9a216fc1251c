// SPDX-License-Identifier: EUPL-1.2
import { isUnprintable } from "#kernel/name-fault.ts";

/** What a family cannot change by itself and asks the office to correct (PE-05, BO-25). */
export const CORRECTION_TOPICS = ["name", "codice-fiscale", "birth", "school", "other"] as const;
export type CorrectionTopic = (typeof CORRECTION_TOPICS)[number];

export const LONGEST_REQUEST = 500;
/** Of one adult, still without an answer: enough for a family, too few to bury the office. */
export const MOST_OPEN_REQUESTS = 5;

export type RequestFault = "text-missing" | "too-long";

/** The words as they are kept: line breaks stay, what cannot be printed goes. */
export function tidyRequest(text: string): string {
  const lines = text.normalize("NFC").split(/\r\n|\r|\n/);
  const tidy = lines.map((line) => (isUnprintable(line) ? line.replace(/\p{C}+/gu, " ") : line));
  return tidy.join("\n").trim();
}

export function requestFault(text: string): RequestFault | null {
  if (text === "") return "text-missing";
  return text.length > LONGEST_REQUEST ? "too-long" : null;
}
