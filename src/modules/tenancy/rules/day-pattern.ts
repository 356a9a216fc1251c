// SPDX-License-Identifier: EUPL-1.2
import { day, type Day } from "#kernel/dates.ts";
import { easterSunday } from "#kernel/easter.ts";

/**
 * A day as a profile writes it: `10-05` (every school year), `easter-3` (days from Easter Sunday)
 * or `2026-10-05` (once).
 */
export const DAY_PATTERN =
  /^(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$|^easter(?:[+-]\d{1,3})?$/;

const FIRST_MONTH = 8;

/** Does the text name a day that exists? 29 February passes: it becomes 28 in the other years. */
export function isDayPattern(text: string): boolean {
  if (!DAY_PATTERN.test(text)) return false;
  if (text.startsWith("easter")) return true;
  try {
    Temporal.PlainDate.from(text.length === 5 ? `2024-${text}` : text, { overflow: "reject" });
    return true;
  } catch {
    return false;
  }
}

/** A full date happens once; the other forms come back every school year. */
export const isOneOff = (pattern: string): boolean => /^\d{4}-/.test(pattern);

/** The day in the school year that starts in `year`: months from August on are `year`, the others `year + 1`. */
export function resolveDay(pattern: string, year: number): Day {
  if (pattern.startsWith("easter")) {
    return easterSunday(year + 1).add({ days: Number(pattern.slice("easter".length) || "0") });
  }
  if (isOneOff(pattern)) return day(pattern);
  const [month = 0, dayOfMonth = 0] = pattern.split("-").map(Number);
  const calendarYear = month >= FIRST_MONTH ? year : year + 1;
  return Temporal.PlainDate.from({ year: calendarYear, month, day: dayOfMonth });
}

/** First day on which settings of a school year count. */
export const settingsStart = (year: number): Day => day(`${year}-08-01`);
