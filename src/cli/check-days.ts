// SPDX-License-Identifier: EUPL-1.2
import { attendanceOn, type AttendanceRow, serviceDays } from "#attendance";
import { type Charge, chargesOf, openUnpriced, paymentOn } from "#billing";
import { mealsBetween } from "#booking";
import type { Service } from "#calendar";
import { type Day, daysBetween } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

export interface DayViolation {
  readonly rule:
    | "charge-without-attendance"
    | "attendance-without-charge"
    | "cancelled-meal-charged";
  /** service, day and child */
  readonly subject: string;
}

const ALL_UNPRICED = 1_000_000;

/**
 * Attended = charged + exempt + unpriced on every closed day, child by child, and nothing else is charged (domain.md,
 * "A meal's life"). Reads a month at a time.
 */
export async function checkDays(
  tx: ReadTx,
  of: { service: Service; from: Day; to: Day },
): Promise<DayViolation[]> {
  const { service } = of;
  const unpriced = new Set(
    (await openUnpriced(tx, ALL_UNPRICED))
      .filter(({ serviceId }) => serviceId === service.id)
      .map(({ date, childId }) => `${date}/${childId}`),
  );
  const found: DayViolation[] = [];
  for (let from = of.from; Temporal.PlainDate.compare(from, of.to) <= 0;) {
    const month = from.with({ day: 1 }).add({ months: 1 }).subtract({ days: 1 });
    const to = Temporal.PlainDate.compare(month, of.to) < 0 ? month : of.to;
    found.push(...(await checkSpan(tx, { service, from, to, unpriced })));
    from = to.add({ days: 1 });
  }
  return found;
}

async function checkSpan(
  tx: ReadTx,
  of: { service: Service; from: Day; to: Day; unpriced: ReadonlySet<string> },
): Promise<DayViolation[]> {
  const { service, from, to } = of;
  const serviceId = service.id;
  const days = await serviceDays(tx, { serviceId, from, to });
  const closed = new Set(
    days.filter(({ state }) => state === "closed").map((day) => `${day.siteId}/${day.date}`),
  );
  const charges = (await chargesOf(tx, { from, to })).filter(
    (charge) => charge.serviceId === serviceId && charge.kind === "meal" && !charge.reversed,
  );
  const chargesByDay = Map.groupBy(charges, ({ date }) => date.toString());
  const meals = await mealsBetween(tx, { serviceIds: [serviceId], from, to });
  const found: DayViolation[] = [];
  for (const date of daysBetween(from, to)) {
    const attendance = await attendanceOn(tx, { serviceId, date });
    const ofDay = chargesByDay.get(date.toString()) ?? [];
    if (attendance.length === 0 && ofDay.length === 0) continue;
    const { model } = await paymentOn(tx, { serviceId, date });
    const ordered = new Map(meals.on(date).map((meal) => [meal.childId, meal.ordered]));
    found.push(
      ...checkDay(
        { service, date, attendance, charges: ofDay, ordered, closed, model },
        of.unpriced,
      ),
    );
  }
  return found;
}

interface DayFacts {
  readonly service: Service;
  readonly date: Day;
  readonly attendance: readonly AttendanceRow[];
  readonly charges: readonly Charge[];
  readonly ordered: ReadonlyMap<string, boolean>;
  readonly closed: ReadonlySet<string>;
  readonly model: string;
}

function checkDay(facts: DayFacts, unpriced: ReadonlySet<string>): DayViolation[] {
  const { service, date, attendance, ordered } = facts;
  const subject = (childId: string | null): string => `${service.code} ${date} ${childId ?? "-"}`;
  const charged = new Set(facts.charges.map(({ childId }) => childId));
  const billable = new Map(
    attendance.filter((row) => row.billable).map((row) => [row.childId, row]),
  );
  const found: DayViolation[] = [];
  for (const childId of charged)
    if (childId === null || !billable.has(childId))
      found.push({ rule: "charge-without-attendance", subject: subject(childId) });
  for (const row of billable.values()) {
    const { childId, siteId, source } = row;
    if (source === "presumed" && ordered.get(childId) === false && charged.has(childId))
      found.push({ rule: "cancelled-meal-charged", subject: subject(childId) });
    if (facts.model === "fixed-fee" || !facts.closed.has(`${siteId}/${date}`)) continue;
    if (!charged.has(childId) && !unpriced.has(`${date}/${childId}`))
      found.push({ rule: "attendance-without-charge", subject: subject(childId) });
  }
  return found;
}
