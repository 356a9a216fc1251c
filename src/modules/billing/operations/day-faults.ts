// SPDX-License-Identifier: EUPL-1.2
import { attendanceOn, serviceDays } from "#attendance";
import { mealsBetween } from "#booking";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { checkDay, type DayFault } from "../rules/check-day.ts";
import { standingMealCharges } from "../sql/charges.ts";
import { openUnpriced } from "../sql/unpriced.ts";
import { paymentOn } from "./charge-meals.ts";

const ALL = 1_000_000;

/** What does not agree in one school's closed day: the same that `campanella check` looks for. */
export async function dayFaults(
  tx: ReadTx,
  of: { serviceId: string; siteId: string; date: Day },
): Promise<DayFault[]> {
  const { serviceId, siteId, date } = of;
  const span = { serviceIds: [serviceId], from: date, to: date };
  const days = await serviceDays(tx, { serviceId, from: date, to: date });
  const closed = new Set(days.filter(({ state }) => state === "closed").map((day) => day.siteId));
  const unpriced = new Set(
    (await openUnpriced(tx, ALL))
      .filter((one) => one.serviceId === serviceId && one.date.equals(date))
      .map(({ childId }) => childId),
  );
  const meals = (await mealsBetween(tx, span)).on(date);
  const faults = checkDay({
    attendance: await attendanceOn(tx, { serviceId, date }),
    charges: await standingMealCharges(tx, span),
    ordered: new Map(meals.map(({ childId, ordered }) => [childId, ordered])),
    isClosed: (site) => closed.has(site),
    perMeal: (await paymentOn(tx, { serviceId, date })).model !== "fixed-fee",
    isUnpriced: (childId) => unpriced.has(childId),
  });
  return faults.filter((fault) => fault.siteId === siteId);
}
