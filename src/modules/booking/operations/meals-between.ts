// SPDX-License-Identifier: EUPL-1.2
import { serviceDay, townCalendar } from "#calendar";
import { rosterBetween } from "#enrolment";
import { type Day, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { type AbsenceSpan, isOrdered, mealState } from "../rules/meal-state.ts";
import * as bookings from "../sql/bookings.ts";

export interface DayMeal {
  serviceId: string;
  childId: string;
  siteId: string;
  classId: string;
  /** is a meal ordered for the child? `false`: cancelled, or not booked */
  ordered: boolean;
}

/**
 * The children served between two days, read once for all of them; `on(date)` answers for one day from memory.
 * Only service days: whoever has none on that date is not in the answer.
 */
export async function mealsBetween(
  tx: ReadTx,
  of: {
    serviceIds: readonly string[];
    from: Day;
    to: Day;
    siteId?: string | undefined;
    classId?: string | undefined;
  },
): Promise<{ on(date: Day): DayMeal[] }> {
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const codes = new Map(calendar.services.map(({ id, code }) => [id, code]));
  const spans = await rosterBetween(tx, of);
  const key = (row: { serviceId: string; childId: string }): string =>
    `${row.serviceId}/${row.childId}`;
  const choices = new Map(
    (await bookings.choicesBetween(tx, of)).map((row) => [
      `${key(row)}/${row.date.toString()}`,
      row.choice,
    ]),
  );
  const absences = new Map<string, AbsenceSpan[]>();
  for (const row of await bookings.absencesBetween(tx, of))
    absences.set(key(row), [...(absences.get(key(row)) ?? []), row]);

  const on = (date: Day): DayMeal[] =>
    spans.flatMap((span) => {
      if (!isWithin(date, span.from, span.to)) return [];
      const { serviceId, childId, siteId, classId, weekdays } = span;
      const day = serviceDay(
        calendar,
        {
          serviceId,
          memberships: [{ classId, from: date, to: date }],
          enrolments: [{ from: date, to: date, weekdays }],
        },
        date,
      );
      if (day.kind !== "service") return [];
      const { mode } = settings.service(codes.get(serviceId)!, "attendance", date);
      const choice = choices.get(`${key(span)}/${date.toString()}`) ?? null;
      const state = mealState(mode, choice, absences.get(key(span)) ?? [], date);
      return [{ serviceId, childId, siteId, classId, ordered: isOrdered(state) }];
    });
  return { on };
}
