// SPDX-License-Identifier: EUPL-1.2
import { type Day, daysBetween } from "#kernel/dates.ts";

const FIRST_AFTER_SERVICE_DAYS = 5;
const THEN_EVERY_DAYS = 7;

/**
 * Is a family to be reminded today of an absence without an end? First after five service days away, then
 * weekly, and never outside the school year.
 */
export function isReminderDue(of: {
  absence: { from: Day; to: Day | null; lastReminderOn: Day | null };
  today: Day;
  yearEndsOn: Day | null;
  /** would the child have had lunch on that day? */
  isServed: (date: Day) => boolean;
}): boolean {
  const { absence, today, yearEndsOn, isServed } = of;
  if (absence.to !== null || yearEndsOn === null) return false;
  if (Temporal.PlainDate.compare(today, yearEndsOn) > 0) return false;
  if (absence.lastReminderOn !== null) {
    const since = absence.lastReminderOn.until(today, { largestUnit: "days" }).days;
    return since >= THEN_EVERY_DAYS;
  }
  let away = 0;
  // Today does not count: it is not over yet.
  for (const date of daysBetween(absence.from, today.subtract({ days: 1 }))) {
    if (isServed(date)) away += 1;
    if (away >= FIRST_AFTER_SERVICE_DAYS) return true;
  }
  return false;
}
