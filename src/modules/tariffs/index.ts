// SPDX-License-Identifier: EUPL-1.2
export { LEVELS, type Level } from "./rules/author-form.ts";
export type { Explanation, IseeSource, PriceOutcome, PriceStep } from "./rules/decide-price.ts";
export { explainPrice, explainUnpriced } from "./rules/explain-price.ts";
export {
  ISEE_KINDS,
  type IseeFact,
  type IseeKind,
  type PriceFacts,
  type UnpricedReason,
} from "./rules/price-facts.ts";
export { priceMeal } from "./rules/price-meal.ts";
export {
  feePeriods,
  priceFee,
  type FeeOutcome,
  type FeePeriod,
  type Instalment,
} from "./rules/price-fee.ts";
export {
  readTariff,
  tariffDefinition,
  type Definition,
  type FeeDefinition,
  type MealDefinition,
  type TariffProblem,
} from "./rules/tariff-definition.ts";
