// SPDX-License-Identifier: EUPL-1.2
export { LEVELS, type Level } from "./rules/author-form.ts";
export { type IseeFault, type IseeStart, type NewIsee } from "./rules/check-isee.ts";
export type { Explanation, IseeSource, PriceOutcome, PriceStep } from "./rules/decide-price.ts";
export { explainPrice, explainUnpriced } from "./rules/explain-price.ts";
export {
  ISEE_KINDS,
  type IseeFact,
  type IseeKind,
  type PriceFacts,
  type UnpricedReason,
} from "./rules/price-facts.ts";
export { feePeriods, type FeePeriod, type Instalment, priceFee } from "./rules/price-fee.ts";
export { priceMeal } from "./rules/price-meal.ts";
export { type PriceRange, priceRange } from "./rules/price-range.ts";
export {
  type Definition,
  type FeeDefinition,
  readTariff,
  type TariffProblem,
} from "./rules/tariff-definition.ts";
export { type Exemption, putExemptions } from "./sql/exemptions.ts";
export {
  type AppliedIsee,
  type EndingIsee,
  endingIsees,
  type Isee,
  iseesOf,
  iseesOn,
} from "./sql/isees.ts";
export { priceChangeDays } from "./sql/price-changes.ts";
export { type Decision, decisionById, decisionsOf, saveDecisions } from "./sql/price-decisions.ts";
export { tariffOn, tariffsOf, type TariffVersion, tariffVersion } from "./sql/tariff-versions.ts";
export {
  type FeeChild,
  type FeeSubject,
  type PricedFee,
  priceFees,
} from "./operations/price-fees.ts";
export {
  type MealToPrice,
  type Priced,
  priceForChild,
  priceMeals,
} from "./operations/price-meals.ts";
export { putTariffVersion, type PutTariffOutcome } from "./operations/put-tariff-version.ts";
export { recordIsee, recordIsees, type RecordIseesOutcome } from "./operations/record-isees.ts";
