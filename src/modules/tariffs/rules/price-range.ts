// SPDX-License-Identifier: EUPL-1.2
import type { Price } from "./price-table.ts";
import type { Base, Definition } from "./tariff-definition.ts";

export interface PriceRange {
  readonly minCents: number;
  readonly maxCents: number;
  /** a meal, or the period of a fee */
  readonly per: "meal" | "month" | "term" | "year";
  /** does the ISEE decide? */
  readonly byIsee: boolean;
  /** some families pay less, or nothing, by a rule of the town */
  readonly reductions: boolean;
}

/**
 * The lowest and the highest price a tariff names, before percentages and exemptions: what a town publishes beside
 * the name of a service.
 */
export function priceRange(definition: Definition): PriceRange {
  const base = definition.kind === "fixed-fee" ? definition.base : definition;
  const prices = [
    ...pricesOf(base),
    ...definition.modifiers.flatMap(({ setCents }) =>
      setCents === undefined ? [] : leaves(setCents),
    ),
  ];
  return {
    minCents: Math.min(...prices),
    maxCents: Math.max(...prices),
    per: definition.kind === "fixed-fee" ? definition.per : "meal",
    byIsee: base.kind !== "fixed",
    reductions: definition.modifiers.some(
      ({ reduceBasisPoints, free, addCents }) =>
        reduceBasisPoints !== undefined || free === true || (addCents ?? 0) < 0,
    ),
  };
}

function pricesOf(base: Base): number[] {
  switch (base.kind) {
    case "fixed":
      return leaves(base.priceCents);
    case "brackets":
      return base.brackets.flatMap(({ priceCents }) => leaves(priceCents));
    case "linear":
      return [base.minCents, base.maxCents, base.belowCents, base.aboveCents].flatMap((price) =>
        price === undefined ? [] : leaves(price),
      );
  }
}

function leaves(price: Price): number[] {
  if (typeof price === "number") return [price];
  return Object.values(price).flatMap((table) =>
    Object.values(table as Record<string, Price>).flatMap(leaves),
  );
}
