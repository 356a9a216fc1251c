// SPDX-License-Identifier: EUPL-1.2
/** What a family cannot change by itself and asks the office to correct (PE-05, BO-25). */
export const CORRECTION_TOPICS = ["name", "codice-fiscale", "birth", "school", "other"] as const;
export type CorrectionTopic = (typeof CORRECTION_TOPICS)[number];

export const LONGEST_REQUEST = 500;
/** Of one adult, still without an answer: enough for a family, too few to bury the office. */
export const MOST_OPEN_REQUESTS = 5;

export type RequestFault = "text-missing" | "too-long";

export function requestFault(text: string): RequestFault | null {
  if (text === "") return "text-missing";
  return text.length > LONGEST_REQUEST ? "too-long" : null;
}
