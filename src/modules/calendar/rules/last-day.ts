// SPDX-License-Identifier: EUPL-1.2
import { type Day, earlier, later } from "#kernel/dates.ts";
import type { TownCalendar } from "./service-day.ts";

/**
 * The last day of a service in a school year: the year's own, or the end of a period that lasts longer (a crèche in
 * July). An enrolment holds no longer than that. `null` = no such school year.
 */
export function lastDayOf(
  calendar: Pick<TownCalendar, "years" | "periods">,
  of: { serviceId: string; year: number },
): Day | null {
  const schoolYear = calendar.years.find(({ year }) => year === of.year);
  if (!schoolYear) return null;
  return calendar.periods
    .filter(({ serviceId, year }) => serviceId === of.serviceId && year === of.year)
    .reduce((last, { endsOn }) => later(last, endsOn), schoolYear.endsOn);
}

/** The first day of a service in a school year: its earliest period's; the year's own where there is none. */
export function firstDayOf(
  calendar: Pick<TownCalendar, "years" | "periods">,
  of: { serviceId: string; year: number },
): Day | null {
  const schoolYear = calendar.years.find(({ year }) => year === of.year);
  if (!schoolYear) return null;
  const [first = schoolYear.startsOn, ...others] = calendar.periods
    .filter(({ serviceId, year }) => serviceId === of.serviceId && year === of.year)
    .map(({ startsOn }) => startsOn);
  return others.reduce(earlier, first);
}
