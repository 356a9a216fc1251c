// SPDX-License-Identifier: EUPL-1.2
import { attendanceOn, serviceDays } from "#attendance";
import { chargesOf, checkDay, FAULT_WORDS, openUnpriced, paymentOn } from "#billing";
import { mealsBetween } from "#booking";
import type { Service } from "#calendar";
import { type Day, daysBetween } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

export interface DayViolation {
  /** the code, and in brackets what the office's page of the day calls it */
  readonly rule: string;
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
    const faults = checkDay({
      attendance,
      charges: ofDay,
      ordered,
      isClosed: (siteId) => closed.has(`${siteId}/${date}`),
      perMeal: model !== "fixed-fee",
      isUnpriced: (childId) => of.unpriced.has(`${date}/${childId}`),
    });
    found.push(
      ...faults.map(({ rule, childId }) => ({
        rule: `${rule} (${FAULT_WORDS[rule][1]})`,
        subject: `${service.code} ${date} ${childId ?? "-"}`,
      })),
    );
  }
  return found;
}
