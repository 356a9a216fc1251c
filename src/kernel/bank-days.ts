// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "./dates.ts";
import { easterSunday } from "./easter.ts";

/**
 * Does money move between banks on that day? The calendar of TARGET (ECB, T2): not on Saturdays and Sundays, 1 January,
 * Good Friday, Easter Monday, 1 May, 25 and 26 December.
 */
export function isBankDay(date: Day): boolean {
  if (date.dayOfWeek > 5) return false;
  const { month, day: ofMonth } = date;
  if (ofMonth === 1 && (month === 1 || month === 5)) return false;
  if (month === 12 && (ofMonth === 25 || ofMonth === 26)) return false;
  const afterEaster = easterSunday(date.year).until(date, { largestUnit: "day" }).days;
  return afterEaster !== -2 && afterEaster !== 1;
}

/** The day that lies so many bank days before this one: 2 before a Monday is the Thursday. */
export function bankDaysBefore(date: Day, count: number): Day {
  let found = date;
  for (let left = count; left > 0;) {
    found = found.subtract({ days: 1 });
    if (isBankDay(found)) left -= 1;
  }
  return found;
}
