// SPDX-License-Identifier: EUPL-1.2
import { type PriceOutcome, pricerOf } from "./decide-price.ts";
import type { PriceFacts } from "./price-facts.ts";
import type { Definition } from "./tariff-definition.ts";

/** Prices meals of one tariff version; made once, called for each distinct set of facts. */
export function mealPricer(definition: Definition): (facts: PriceFacts) => PriceOutcome {
  return definition.kind === "fixed-fee"
    ? () => ({ outcome: "unpriced", reason: "not-a-meal-tariff" })
    : pricerOf(definition);
}

/** What one meal costs and why, or the fact that is lacking. Whole cents, never negative. */
export function priceMeal(definition: Definition, facts: PriceFacts): PriceOutcome {
  return mealPricer(definition)(facts);
}
