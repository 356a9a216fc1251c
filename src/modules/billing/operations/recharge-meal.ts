// SPDX-License-Identifier: EUPL-1.2
import { type AttendanceRow, type DayKey, serviceDays } from "#attendance";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { standingMealCharges } from "../sql/charges.ts";
import { resolveUnpriced } from "../sql/unpriced.ts";
import { chargeMeals } from "./charge-meals.ts";
import { reverseCharges } from "./reverse-charges.ts";
import { sumByHolder, tellCorrections } from "./tell-money.ts";

/**
 * After a day has closed, one child's attendance was wrong (BI-10): what stands wrongly, here or at another site, is
 * reversed, and a meal that was eaten after all is charged. `corrected` is the attendance as it now stands. On an open
 * day nothing is charged: closing will do it. Who pays is told of what changed.
 */
export async function rechargeMeal(
  tx: WriteTx,
  of: DayKey & { corrected: AttendanceRow; reason: string; now: Moment },
): Promise<{ reversed: number; charged: number }> {
  const { serviceId, date, corrected, reason, now } = of;
  const { childId } = corrected;
  const childIds = [childId];
  const ofMeal = { serviceIds: [serviceId], from: date, to: date, childIds };
  const before = sumByHolder(await standingMealCharges(tx, ofMeal));
  const result = await chargeAnew(tx, of);
  if (result.reversed + result.charged === 0) return result;
  const after = sumByHolder(await standingMealCharges(tx, ofMeal));
  const differences = [...new Set([...before.keys(), ...after.keys()])].map((holderId) => ({
    childId,
    holderId,
    before: before.get(holderId) ?? 0n,
    now: after.get(holderId) ?? 0n,
  }));
  const event = `at-${now.epochMilliseconds}`;
  await tellCorrections(tx, { serviceId, date, differences, reason, event, now });
  return result;
}

async function chargeAnew(
  tx: WriteTx,
  of: DayKey & { corrected: AttendanceRow; reason: string; now: Moment },
): Promise<{ reversed: number; charged: number }> {
  const { serviceId, siteId, date, corrected, now } = of;
  const { childId, billable } = corrected;
  const childIds = [childId];
  await resolveUnpriced(tx, { kind: "meal", serviceId, date, childIds, at: now });
  const standing = await standingMealCharges(tx, {
    serviceIds: [serviceId],
    from: date,
    to: date,
    childIds,
  });
  const wrong = standing.filter((charge) => !billable || charge.siteId !== siteId);
  await reverseCharges(tx, wrong, of);
  const days = await serviceDays(tx, { serviceId, from: date, to: date });
  const isClosed = days.find((day) => day.siteId === siteId)?.state === "closed";
  if (!isClosed || !billable || wrong.length < standing.length)
    return { reversed: wrong.length, charged: 0 };
  const { charged } = await chargeMeals(tx, {
    ...of,
    // The moment is part of the key: a meal taken back and charged again gets a new one each time.
    closingNumber: Number(now.epochMilliseconds),
    meals: [corrected],
  });
  return { reversed: wrong.length, charged };
}
