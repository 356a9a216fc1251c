// SPDX-License-Identifier: EUPL-1.2
import { isOfficeRole, type Role } from "#kernel/actor.ts";
import { type Day, isBefore } from "#kernel/dates.ts";
import { tidyText } from "#kernel/name-fault.ts";

/** Who speaks in a piece of news (PE-08, BO-21). */
export type NewsAuthor = "municipality" | "caterer";

export interface NewsWords {
  readonly title: string;
  readonly body: string;
  /** the last day it is shown; `null`: until somebody takes it back */
  readonly shownUntil: Day | null;
}

export type NewsField = keyof NewsWords;
export type NewsFault = "missing" | "too-short" | "too-long" | "in-past";

export const LONGEST_TITLE = 120;
export const LONGEST_NEWS = 4000;
export const LONGEST_WITHDRAWAL_REASON = 300;
const SHORTEST = 3;

/** For whom a role writes; `null`: for nobody. */
export function newsAuthor(role: Role | "system"): NewsAuthor | null {
  if (role === "caterer") return "caterer";
  return isOfficeRole(role) ? "municipality" : null;
}

/** As it is kept: line breaks stay, at most one empty line between two others. */
export const tidyNews = (text: string): string =>
  tidyText(text)
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n");

export const tidyLine = (text: string): string => tidyNews(text).replace(/\s+/g, " ");

export type JudgedNews =
  | { outcome: "fit"; words: NewsWords }
  | { outcome: "invalid"; faults: Partial<Record<NewsField, NewsFault>> };

/** The words as they are kept, or what is wrong with each of them. */
export function judgeNews(given: NewsWords, today: Day): JudgedNews {
  const words = {
    title: tidyLine(given.title),
    body: tidyNews(given.body),
    shownUntil: given.shownUntil,
  };
  const faults: Partial<Record<NewsField, NewsFault>> = {};
  const title = lengthFault(words.title, LONGEST_TITLE);
  if (title) faults.title = title;
  const body = lengthFault(words.body, LONGEST_NEWS);
  if (body) faults.body = body;
  if (words.shownUntil && isBefore(words.shownUntil, today)) faults.shownUntil = "in-past";
  return Object.keys(faults).length > 0
    ? { outcome: "invalid", faults }
    : { outcome: "fit", words };
}

export const isSameNews = (a: NewsWords, b: NewsWords): boolean =>
  a.title === b.title && a.body === b.body && String(a.shownUntil) === String(b.shownUntil);

function lengthFault(text: string, longest: number): NewsFault | null {
  // In characters, as the database counts them: an emoji is one.
  const { length } = [...text];
  if (length === 0) return "missing";
  if (length < SHORTEST) return "too-short";
  return length > longest ? "too-long" : null;
}

export type NewsState = "shown" | "over" | "withdrawn";

export function newsState(
  of: { readonly withdrawnAt: Temporal.Instant | null; readonly shownUntil: Day | null },
  today: Day,
): NewsState {
  if (of.withdrawnAt) return "withdrawn";
  return of.shownUntil && isBefore(of.shownUntil, today) ? "over" : "shown";
}
