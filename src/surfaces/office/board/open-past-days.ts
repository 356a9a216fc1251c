// SPDX-License-Identifier: EUPL-1.2
import { serviceDays } from "#attendance";
import type { ExpectedMeal } from "#booking";
import { dayOfClass, type TownCalendar } from "#calendar";
import { type Day, daysBetween, hasWeekday } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

const LOOK_BACK_DAYS = 14;

/**
 * Site days of the last two weeks that nobody closed, by the calendar and today's lists: one query, whatever the size
 * of the town. A school whose first child enrolled since may be named once too often; closing then says so.
 */
export async function openPastDays(
  tx: ReadTx,
  of: { serviceId: string; today: Day; meals: readonly ExpectedMeal[]; calendar: TownCalendar },
): Promise<{ siteId: string; date: Day }[]> {
  const { serviceId, today, calendar } = of;
  const from = today.subtract({ days: LOOK_BACK_DAYS });
  const to = today.subtract({ days: 1 });
  const closed = new Set(
    (await serviceDays(tx, { serviceId, from, to }))
      .filter(({ state }) => state === "closed")
      .map(({ siteId, date }) => `${siteId}/${date.toString()}`),
  );
  // Children of one class with the same weekdays are one pattern.
  const patterns = new Map(of.meals.map((row) => [`${row.classId}/${row.weekdays}`, row]));
  return [...daysBetween(from, to)].flatMap((date) => {
    const open = new Set<string>();
    for (const { classId, siteId, weekdays } of patterns.values()) {
      const schoolClass = calendar.classes.get(classId);
      if (!schoolClass || open.has(siteId) || closed.has(`${siteId}/${date.toString()}`)) continue;
      const day = dayOfClass(calendar, serviceId, schoolClass, date);
      if (!day.running || day.closure) continue;
      if (weekdays === null ? day.session : hasWeekday(weekdays, date)) open.add(siteId);
    }
    return [...open].map((siteId) => ({ siteId, date }));
  });
}
