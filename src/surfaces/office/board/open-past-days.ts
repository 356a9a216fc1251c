// SPDX-License-Identifier: EUPL-1.2
import { type ServiceDayRow, serviceDays } from "#attendance";
import { openDays } from "#billing";
import type { ExpectedMeal } from "#booking";
import { dayOfClass, type TownCalendar } from "#calendar";
import { type Day, daysBetween, hasWeekday } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

const LOOK_BACK_DAYS = 14;

/**
 * Site days of the last two weeks that nobody closed. Candidates come from the calendar and today's lists, without a
 * query per day; only when there are some, `openDays` looks at those days.
 */
export async function openPastDays(
  tx: ReadTx,
  of: { serviceId: string; today: Day; meals: readonly ExpectedMeal[]; calendar: TownCalendar },
): Promise<{ siteId: string; date: Day }[]> {
  const { serviceId, today } = of;
  const from = today.subtract({ days: LOOK_BACK_DAYS });
  const to = today.subtract({ days: 1 });
  const known = await serviceDays(tx, { serviceId, from, to });
  const candidates = candidateDays(of, from, to, known);
  const [first] = candidates;
  const last = candidates.at(-1);
  return first && last ? openDays(tx, { serviceId, from: first, to: last }) : [];
}

function candidateDays(
  of: { serviceId: string; meals: readonly ExpectedMeal[]; calendar: TownCalendar },
  from: Day,
  to: Day,
  known: readonly ServiceDayRow[],
): Day[] {
  const closed = new Set(
    known
      .filter(({ state }) => state === "closed")
      .map(({ siteId, date }) => `${siteId}/${date.toString()}`),
  );
  // Children of one class with the same weekdays are one pattern.
  const patterns = new Map(of.meals.map((row) => [`${row.classId}/${row.weekdays}`, row]));
  return [...daysBetween(from, to)].filter((date) =>
    [...patterns.values()].some(({ classId, siteId, weekdays }) => {
      const schoolClass = of.calendar.classes.get(classId);
      if (!schoolClass || closed.has(`${siteId}/${date.toString()}`)) return false;
      const day = dayOfClass(of.calendar, of.serviceId, schoolClass, date);
      if (!day.running || day.closure) return false;
      return weekdays === null ? day.session : hasWeekday(weekdays, date);
    }),
  );
}
