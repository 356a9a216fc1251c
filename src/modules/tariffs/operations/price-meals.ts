// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import type { Level } from "../rules/author-form.ts";
import type { PriceOutcome } from "../rules/decide-price.ts";
import type { UnpricedReason } from "../rules/price-facts.ts";
import { mealPricer } from "../rules/price-meal.ts";
import type { Decision } from "../sql/price-decisions.ts";
import { tariffOn } from "../sql/tariff-versions.ts";
import { factsKey, loadFacts, toPriceFacts } from "./load-facts.ts";

export type Priced =
  | ({ outcome: "priced" } & Decision)
  | { outcome: "unpriced"; reason: UnpricedReason };

/** The level is the child's school's on that day; null = not known. */
export interface MealToPrice {
  childId: string;
  level: Level | null;
}

/** The decision's id is its content's: the same tariff and reasons, the same row. */
export function toDecision(
  tenantId: string,
  tariffVersionId: string,
  priced: PriceOutcome,
): Priced {
  if (priced.outcome === "unpriced") return priced;
  const { amountCents, explanation } = priced;
  const id = idFromContent(`${tenantId}\n${tariffVersionId}\n${JSON.stringify(explanation)}`);
  return { outcome: "priced", id, tariffVersionId, amountCents, explanation };
}

/**
 * Prices the meals of one service and day, by child. At most seven queries whatever their number; equal facts
 * are priced once and share one decision object. What cannot be priced says why and stops nothing.
 */
export async function priceMeals(
  tx: ReadTx,
  of: { serviceId: string; date: Day; meals: readonly MealToPrice[] },
): Promise<Map<string, Priced>> {
  const { serviceId, date, meals } = of;
  const prices = new Map<string, Priced>();
  if (meals.length === 0) return prices;
  const version = await tariffOn(tx, { serviceId, date });
  if (!version) {
    const none: Priced = { outcome: "unpriced", reason: "no-tariff" };
    for (const { childId } of meals) prices.set(childId, none);
    return prices;
  }
  const factsOf = await loadFacts(
    tx,
    version,
    date,
    meals.map(({ childId }) => childId),
  );
  const price = mealPricer(version.definition);
  const known = new Map<string, Priced>();
  for (const { childId, level } of meals) {
    const facts = factsOf(childId);
    const key = factsKey(level, facts);
    let decision = known.get(key);
    if (!decision) {
      decision = toDecision(tx.tenantId, version.id, price(toPriceFacts(date, level, facts)));
      known.set(key, decision);
    }
    prices.set(childId, decision);
  }
  return prices;
}

/** What a meal of one child costs on a day, and why: for pages. */
export async function priceForChild(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day; level: Level | null },
): Promise<Priced> {
  const { childId, level, serviceId, date } = of;
  const prices = await priceMeals(tx, { serviceId, date, meals: [{ childId, level }] });
  return prices.get(childId) ?? { outcome: "unpriced", reason: "no-tariff" };
}
