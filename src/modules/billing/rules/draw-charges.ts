// SPDX-License-Identifier: EUPL-1.2
import type { AttendanceRow } from "#attendance";
import type { Payer } from "#enrolment";
import type { Day } from "#kernel/dates.ts";
import { idFromContent } from "#kernel/ids.ts";
import { type Cents, splitByShares } from "#kernel/money.ts";
import type { Priced, UnpricedReason } from "#tariffs";

export interface NewCharge {
  chargeKey: string;
  childId: string;
  holderId: string;
  siteId: string;
  amountCents: Cents;
  decisionId: string;
  attendanceSource: string;
  attendanceBy: string;
  attendanceAt: Temporal.Instant;
}

export interface UnpricedMeal {
  childId: string;
  siteId: string;
  reason: UnpricedReason | "no-holder";
}

interface Closing {
  serviceId: string;
  date: Day;
  closingNumber: number;
}

type MealOf = Pick<AttendanceRow, "childId" | "siteId">;

/**
 * How the keys of one child's meal begin, charged by one closing of one site. Service, day, site and closing number are
 * in it as one id: a key is written twice per meal, and the row says them anyway.
 */
export function closingKeys(of: Closing): (meal: MealOf) => string {
  const ids = new Map<string, string>();
  return ({ childId, siteId }) => {
    const known = ids.get(siteId);
    const id =
      known ?? idFromContent(`${of.serviceId}:${of.date.toString()}:${siteId}:${of.closingNumber}`);
    if (!known) ids.set(siteId, id);
    return `meal:${id}:${childId}:`;
  };
}

/** The same up to 0.1.0: such charges stand, and a closing that was stopped then may go on now. */
export const formerKey = (of: Closing, { childId, siteId }: MealOf): string =>
  `meal:${of.serviceId}:${of.date.toString()}:${childId}:${siteId}:${of.closingNumber}:`;

/**
 * Turns the meals of one site and day into charges: each at its child's price, split among the payers by their
 * shares. What has no price or no payer becomes a worklist entry and stops nothing.
 */
export function drawCharges(of: {
  serviceId: string;
  date: Day;
  closingNumber: number;
  meals: readonly AttendanceRow[];
  prices: ReadonlyMap<string, Priced>;
  payers: ReadonlyMap<string, readonly Payer[]>;
}): { charges: NewCharge[]; unpriced: UnpricedMeal[] } {
  const keyOf = closingKeys(of);
  const charges: NewCharge[] = [];
  const unpriced: UnpricedMeal[] = [];
  for (const meal of of.meals) {
    const { childId, siteId } = meal;
    const price = of.prices.get(childId);
    const payers = of.payers.get(childId) ?? [];
    if (!price || price.outcome === "unpriced") {
      unpriced.push({ childId, siteId, reason: price?.reason ?? "no-tariff" });
    } else if (payers.length === 0) {
      unpriced.push({ childId, siteId, reason: "no-holder" });
    } else {
      const shares = payers.map(({ basisPoints }) => basisPoints);
      const parts = splitByShares(price.amountCents, shares);
      for (const [index, { holderId }] of payers.entries()) {
        charges.push({
          chargeKey: keyOf(meal) + holderId,
          childId,
          holderId,
          siteId,
          amountCents: parts[index]!,
          decisionId: price.id,
          attendanceSource: meal.source,
          attendanceBy: meal.recordedBy,
          attendanceAt: meal.recordedAt,
        });
      }
    }
  }
  return { charges, unpriced };
}
