// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { priceRange } from "./price-range.ts";
import { type Definition, readTariff } from "./tariff-definition.ts";

function tariff(input: unknown): Definition {
  const read = readTariff(input);
  assert.equal(read.outcome, "valid");
  return (read as { definition: Definition }).definition;
}

describe("the prices a town publishes", () => {
  it("BI-05 spans the ISEE brackets and the price of those who live elsewhere", () => {
    const range = priceRange(
      tariff({
        kind: "brackets",
        brackets: [{ upTo: "6.000,00", price: "2,30" }, { price: "5,20" }],
        modifiers: [
          { name: "Non residenti", when: { resident: false }, set: "5,60" },
          { name: "Dal terzo figlio", when: { rankFrom: 3 }, reduce: "50%" },
        ],
      }),
    );
    assert.deepEqual(range, {
      minCents: 230,
      maxCents: 560,
      per: "meal",
      byIsee: true,
      reductions: true,
    });
  });

  it("OS-01 has one price where the price is fixed, and says what a fee covers", () => {
    const meal = priceRange(tariff({ kind: "fixed", price: "4,50" }));
    assert.deepEqual(
      [meal.minCents, meal.maxCents, meal.per, meal.byIsee],
      [450, 450, "meal", false],
    );
    const fee = priceRange(
      tariff({ kind: "fixed-fee", per: "month", base: { kind: "fixed", price: "45,00" } }),
    );
    assert.deepEqual([fee.minCents, fee.maxCents, fee.per], [4500, 4500, "month"]);
  });
});
