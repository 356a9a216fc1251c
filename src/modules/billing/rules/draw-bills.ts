// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

export interface BillableCharge {
  id: string;
  childId: string | null;
  holderId: string;
  amountCents: Cents;
  /** 1, or -1 where a meal is taken back (also one that cost nothing), or 0: no meal */
  meals: number;
}

export interface DrawnBill {
  holderId: string;
  /** null: the bill of a holder, with all the children's lines */
  childId: string | null;
  chargeIds: string[];
  totalCents: Cents;
  /** meals charged less meals reversed */
  meals: number;
}

/**
 * Groups charges into bills, per child or per holder (BO-02). A zero or credit total, or one below the town's
 * minimum, is not drawn: its charges wait for the next bill.
 */
export function drawBills(
  charges: readonly BillableCharge[],
  rule: { grouping: "child" | "holder"; minimumCents: number },
): { bills: DrawnBill[]; carriedForward: DrawnBill[] } {
  const groups = new Map<string, DrawnBill>();
  for (const charge of charges) {
    const childId = rule.grouping === "child" ? charge.childId : null;
    const key = `${charge.holderId}/${childId ?? ""}`;
    const group = groups.get(key) ?? {
      holderId: charge.holderId,
      childId,
      chargeIds: [],
      totalCents: 0n,
      meals: 0,
    };
    group.chargeIds.push(charge.id);
    group.totalCents += charge.amountCents;
    group.meals += charge.meals;
    groups.set(key, group);
  }
  const minimum = leastTotal(rule);
  const all = [...groups.values()];
  return {
    bills: all.filter(({ totalCents }) => totalCents >= minimum),
    carriedForward: all.filter(({ totalCents }) => totalCents < minimum),
  };
}

/** What a bill has to come to: less is carried forward, also where the town names no minimum. */
export const leastTotal = (rule: { minimumCents: number }): Cents =>
  BigInt(Math.max(rule.minimumCents, 1));

/** A bill that is drawn late, or anew, leaves so many days to pay. */
export const LEAST_DAYS_TO_PAY = 15;

/** The bill of a month is due on that day of the next one. */
export function dueOn(month: Day, dueDay: number): Day {
  return month.with({ day: 1 }).add({ months: 1 }).with({ day: dueDay });
}
