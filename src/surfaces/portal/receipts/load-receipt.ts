// SPDX-License-Identifier: EUPL-1.2
import { type Charge, chargesOf } from "#billing";
import { type DayFacts, laterReceipt, movedTo, type Receipt, verifyReceipt } from "#booking";
import type { Service } from "#calendar";
import { type ActedByDelegation, actsByDelegation } from "#families";
import { type Day, day, isBefore, isWithin, later, sameDay } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Visit } from "../../web/visit.ts";
import { priceDays } from "../absences/price-days.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { familyDays } from "../meals/family-days.ts";
import { creditOf, type MealMoney, mealMoney, moneyKey } from "../meals/meal-money.ts";

/** A receipt of this family with all that its page says about it. */
export interface ShownReceipt {
  receipt: Receipt;
  child: ScopedChild;
  service: Service;
  on: DayFacts;
  useful: DayFacts | null;
  /** the day that a late cancellation took away instead */
  moved: DayFacts | null;
  money: MealMoney | undefined;
  creditCents: bigint | null;
  /** what the meals of an absence would have cost; `null` when no exact amount can be told */
  absenceCents: bigint | null;
  charges: readonly Charge[];
  /** who among those that acted did so by delegation */
  isDelegated: ActedByDelegation;
  /** as holder or guardian */
  isOwn: boolean;
  mayChange: boolean;
  seesMoney: boolean;
  /** a later act on the same day: this receipt is no longer the last word */
  later: Receipt | null;
}

const LOOK_AHEAD_DAYS = 28;

/** `null`: no such receipt, or another family's. */
export async function loadReceipt(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  code: string,
): Promise<ShownReceipt | null> {
  const found = await verifyReceipt(tx, { code, receiptKey: visit.app.receiptKey });
  if (found.outcome === "unknown") return null;
  const { receipt } = found;
  const child = scope.children.find(({ id }) => id === receipt.childId);
  const service = scope.calendar.services.find(({ id }) => id === receipt.serviceId);
  if (!child || !service) return null;
  const date = receipt.from;
  const movedDate = movedTo(receipt);
  const from = isBefore(date, visit.today) ? date : visit.today;
  const days = await familyDays(tx, scope, visit, {
    childIds: [child.id],
    serviceId: service.id,
    from,
    to: [receipt.to, movedDate].reduce<Day>(
      (last, other) => (other ? later(last, other) : last),
      later(date, visit.today).add({ days: LOOK_AHEAD_DAYS }),
    ),
  });
  const facts = days.get(child.id) ?? [];
  const on = facts.find((one) => sameDay(one.date, date))!;
  const useful = facts.find(
    (one) =>
      isBefore(date, one.date) &&
      one.day.kind === "service" &&
      one.inTime &&
      one.state !== "cancelled",
  );
  const money = await mealMoney(tx, scope, service, [{ child, date }], visit.lang);
  const charges = (await chargesOf(tx, { childIds: [child.id], from: date, to: date })).filter(
    (charge) => charge.serviceId === service.id && scope.holderIds.includes(charge.holderId),
  );
  return {
    receipt,
    child,
    service,
    on,
    useful: useful ?? null,
    moved: facts.find((one) => movedDate && sameDay(one.date, movedDate)) ?? null,
    money: money.get(moneyKey(child.id, date)),
    later: await laterReceipt(tx, receipt),
    creditCents: await creditOf(tx, scope, { service, child, date }),
    absenceCents: await absenceCost(tx, scope, visit, { receipt, child, service, facts }),
    charges,
    isDelegated: await actsByDelegation(tx, child.holderId ? [child.holderId] : []),
    isOwn: scope.isOwn(child),
    mayChange: scope.mayChange(child),
    seesMoney: scope.seesMoney(child),
  };
}

/** Which days were given up is not stored: exact when all cost the same, or when all of them still are. */
async function absenceCost(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  of: { receipt: Receipt; child: ScopedChild; service: Service; facts: readonly DayFacts[] },
): Promise<bigint | null> {
  const { receipt, child, service } = of;
  const { mealDays, effectiveFrom } = receipt.effect;
  if (receipt.act !== "absence" || !receipt.to || !mealDays) return null;
  const from = effectiveFrom ? day(effectiveFrom) : receipt.from;
  const inside = of.facts.filter(
    (on) => on.day.kind === "service" && isWithin(on.date, from, receipt.to),
  );
  const dates = inside.map(({ date }) => date);
  const cost = (await priceDays(tx, scope, service, [{ child, dates }], visit.lang)).get(child.id);
  if (!cost) return null;
  if (cost.eachCents !== null) return cost.eachCents * BigInt(mealDays);
  const still = inside.every(({ state }) => state === "cancelled");
  return still && inside.length === mealDays ? cost.cents : null;
}
