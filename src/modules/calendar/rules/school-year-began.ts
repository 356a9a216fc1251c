// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";

/**
 * The first day of the school year in course. By law it runs from 1 September to 31 August (d.lgs. 297/1994,
 * art. 74); a town whose calendar opens it earlier has that day.
 */
export function schoolYearBegan(
  today: Day,
  years: readonly { readonly year: number; readonly startsOn: Day }[],
): Day {
  const began = years
    .filter(({ startsOn }) => !isBefore(today, startsOn))
    .toSorted((a, b) => b.year - a.year)[0];
  const year = today.month >= 9 ? today.year : today.year - 1;
  const byLaw = Temporal.PlainDate.from({ year, month: 9, day: 1 });
  // An earlier year of the calendar is over by law; one that is already open counts before 1 September.
  if (!began || began.year < year) return byLaw;
  return began.year > year || isBefore(began.startsOn, byLaw) ? began.startsOn : byLaw;
}
