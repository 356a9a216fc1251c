// SPDX-License-Identifier: EUPL-1.2
import { type AttendanceRow, attendanceOfChildren } from "#attendance";
import { type Charge, chargesOf } from "#billing";
import { type DayFacts } from "#booking";
import type { Service } from "#calendar";
import { type Day, sameDay } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { familyDays } from "../meals/family-days.ts";
import { type DayView, dayView } from "../meals/day-view.ts";
import { type MealMoney, mealMoney, moneyKey } from "../meals/meal-money.ts";

export type Month = Temporal.PlainYearMonth;

export interface MonthDay {
  on: DayFacts;
  view: DayView;
}

export interface ChildMonth {
  days: MonthDay[];
  /** meals charged and not taken back, and what they cost in all */
  charged: { meals: number; cents: bigint };
  /** meals still expected, at today's price */
  expected: { meals: number; cents: bigint | null };
  money: MealMoney | undefined;
}

/** `2026-11` → the month; anything else is not one. */
export function parseMonth(text: string | undefined): Month | null {
  return text && /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? Temporal.PlainYearMonth.from(text) : null;
}

/** Months of the school years that the town has set up. */
export function isKnownMonth(scope: FamilyScope, month: Month): boolean {
  return scope.calendar.years.some(
    ({ startsOn, endsOn }) =>
      Temporal.PlainYearMonth.compare(startsOn.toPlainYearMonth(), month) <= 0 &&
      Temporal.PlainYearMonth.compare(month, endsOn.toPlainYearMonth()) <= 0,
  );
}

/** One child's month in one service: states, charges, what is still expected. Seven queries or so. */
export async function childMonth(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  of: { child: ScopedChild; service: Service; month: Month },
): Promise<ChildMonth> {
  const { child, service, month } = of;
  const to = month.toPlainDate({ day: month.daysInMonth });
  const from = firstDailyDay(scope, service, month.toPlainDate({ day: 1 }), to);
  const none = { meals: 0, cents: 0n };
  if (!from) return { days: [], charged: none, expected: none, money: undefined };
  const facts = await familyDays(tx, scope, visit, {
    childIds: [child.id],
    serviceId: service.id,
    from,
    to,
  });
  const span = { childIds: [child.id], from, to };
  const attended = (await attendanceOfChildren(tx, span)).filter(
    ({ serviceId }) => serviceId === service.id,
  );
  const charges = (await chargesOf(tx, span)).filter(
    (charge) => charge.serviceId === service.id && scope.holderIds.includes(charge.holderId),
  );
  const days = (facts.get(child.id) ?? []).map((on) => ({
    on,
    view: dayView(on, { today: visit.today, attendance: attendanceOn(attended, on.date) }),
  }));
  const last = days.findLast(({ on }) => on.day.kind === "service")?.on.date ?? to;
  const money = (await mealMoney(tx, scope, service, [{ child, date: last }], visit.lang)).get(
    moneyKey(child.id, last),
  );
  const standing = standingMeals(charges);
  const open = days.filter(
    ({ on, view }) =>
      on.day.kind === "service" &&
      view.ordered &&
      !charges.some(({ date }) => sameDay(date, on.date)),
  ).length;
  const price = money?.priceCents ?? null;
  return {
    days,
    charged: standing,
    expected: { meals: open, cents: price === null ? null : price * BigInt(open) },
    money,
  };
}

const attendanceOn = (
  rows: readonly (AttendanceRow & { date: Day })[],
  date: Day,
): AttendanceRow | undefined => rows.find((row) => sameDay(row.date, date));

/** Reversed meals count neither as meals nor as money. */
export function standingMeals(charges: readonly Charge[]): { meals: number; cents: bigint } {
  const cents = charges.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const meals = new Set(
    charges
      .filter(({ kind, reversed }) => kind === "meal" && !reversed)
      .map(({ date }) => date.toString()),
  );
  return { meals: meals.size, cents };
}

/** Before its first settings a service has no days. */
function firstDailyDay(scope: FamilyScope, service: Service, from: Day, to: Day): Day | null {
  for (let date = from; Temporal.PlainDate.compare(date, to) <= 0; date = date.add({ days: 1 }))
    if (scope.isDaily(service, date)) return date;
  return null;
}
