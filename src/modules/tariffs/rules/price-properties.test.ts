// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { definitionOf, facts, isee } from "./fixtures/facts.ts";
import * as towns from "./fixtures/meal-tariffs.ts";
import { mealPricer } from "./price-meal.ts";
import { fromText, multiply, ratio, roundToStep, toText, whole } from "./rational.ts";

/** Brackets with rising limits and prices that never fall. */
const monotoneBrackets = fc
  .uniqueArray(fc.integer({ min: 0, max: 4_000_000 }), { minLength: 0, maxLength: 8 })
  .chain((limits) =>
    fc
      .array(fc.integer({ min: 0, max: 1000 }), {
        minLength: limits.length + 1,
        maxLength: limits.length + 1,
      })
      .map((prices) => {
        const sorted = prices.toSorted((a, b) => a - b);
        const rising = limits.toSorted((a, b) => a - b);
        const rows = sorted.map((priceCents, index) => ({
          upToCents: rising[index] ?? null,
          priceCents,
        }));
        return { kind: "brackets", brackets: rows };
      }),
  );

const line = fc
  .record({
    iseeMinCents: fc.integer({ min: 0, max: 1_000_000 }),
    span: fc.integer({ min: 1, max: 4_000_000 }),
    minCents: fc.integer({ min: 0, max: 500 }),
    rise: fc.integer({ min: 0, max: 900 }),
    mode: fc.constantFrom("half-up", "down", "up"),
  })
  .map(({ iseeMinCents, span, minCents, rise, mode }) => ({
    kind: "linear",
    iseeMinCents,
    iseeMaxCents: iseeMinCents + span,
    minCents,
    maxCents: minCents + rise,
    rounding: { mode },
  }));

const valueCents = fc.bigInt({ min: 0n, max: 6_000_000n });

function priceAt(tariff: unknown, value: bigint | null): bigint {
  const found = value === null ? null : isee(0, { valueCents: value });
  const priced = mealPricer(definitionOf(tariff))(facts({ isee: found }));
  assert.equal(priced.outcome, "priced");
  return priced.amountCents;
}

describe("prices, for any tariff of the kind", () => {
  it("never fall as the ISEE rises; no ISEE is never cheaper", () => {
    fc.assert(
      fc.property(fc.oneof(monotoneBrackets, line), valueCents, valueCents, (tariff, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        assert.ok(priceAt(tariff, low) <= priceAt(tariff, high));
        assert.ok(priceAt(tariff, high) <= priceAt(tariff, null));
      }),
    );
  });

  it("linear: always within min and max, exact at both ends", () => {
    fc.assert(
      fc.property(line, valueCents, (tariff, value) => {
        const price = priceAt(tariff, value);
        assert.ok(price >= BigInt(tariff.minCents) && price <= BigInt(tariff.maxCents));
        assert.equal(priceAt(tariff, BigInt(tariff.iseeMinCents)), BigInt(tariff.minCents));
        assert.equal(priceAt(tariff, BigInt(tariff.iseeMaxCents)), BigInt(tariff.maxCents));
      }),
    );
  });

  it("brackets cover every ISEE once: the limit belongs to its bracket, the next cent to the next", () => {
    fc.assert(
      fc.property(monotoneBrackets, valueCents, (tariff, value) => {
        const holding = tariff.brackets.filter(({ upToCents }, index) => {
          const over = tariff.brackets[index - 1]?.upToCents ?? -1;
          return value > BigInt(over) && (upToCents === null || value <= BigInt(upToCents));
        });
        assert.equal(holding.length, 1);
        assert.equal(priceAt(tariff, value), BigInt(holding[0]?.priceCents ?? -1));
        for (const [index, { upToCents, priceCents }] of tariff.brackets.entries()) {
          if (upToCents === null) continue;
          assert.equal(priceAt(tariff, BigInt(upToCents)), BigInt(priceCents));
          const next = tariff.brackets[index + 1]?.priceCents ?? -1;
          assert.equal(priceAt(tariff, BigInt(upToCents) + 1n), BigInt(next));
        }
      }),
    );
  });

  it("percentages commute with each other; rounding happens once", () => {
    const points = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2000 }),
        fc.array(points, { maxLength: 5 }),
        (cents, list) => {
          const tariff = (order: number[]): unknown => ({
            kind: "fixed",
            priceCents: cents,
            modifiers: order.map((reduceBasisPoints) => ({ name: "r", reduceBasisPoints })),
          });
          const exact = list.reduce(
            (value, reduced) => multiply(value, ratio(BigInt(10_000 - reduced), 10_000n)),
            whole(cents),
          );
          assert.equal(priceAt(tariff(list), null), roundToStep(exact, "half-up", 1));
          assert.equal(priceAt(tariff(list.toReversed()), null), roundToStep(exact, "half-up", 1));
        },
      ),
    );
  });

  it("an addition and a percentage give what their order says", () => {
    const cents = fc.integer({ min: 100, max: 2000 });
    fc.assert(
      fc.property(
        cents,
        fc.integer({ min: -100, max: 100 }),
        fc.integer({ min: 0, max: 10_000 }),
        (price, addCents, reduced) => {
          const add = { name: "a", addCents };
          const reduce = { name: "r", reduceBasisPoints: reduced };
          const at = (...modifiers: object[]): bigint =>
            priceAt({ kind: "fixed", priceCents: price, modifiers }, null);
          const kept = ratio(BigInt(10_000 - reduced), 10_000n);
          const addFirst = multiply(whole(price + addCents), kept);
          const part = multiply(whole(price), kept);
          const exact = ratio(part.n + BigInt(addCents) * part.d, part.d);
          assert.equal(at(add, reduce), roundToStep(addFirst, "half-up", 1));
          assert.equal(at(reduce, add), exact.n < 0n ? 0n : roundToStep(exact, "half-up", 1));
        },
      ),
    );
  });

  it("the same facts always give the same price and the same stored reasons", () => {
    const anyTown = fc.constantFrom(...Object.values(towns));
    const anyFacts = fc.record({
      value: fc.option(valueCents, { nil: null }),
      resident: fc.boolean(),
      siblingRank: fc.integer({ min: 1, max: 6 }),
      minors: fc.integer({ min: 1, max: 7 }),
      level: fc.constantFrom("infanzia", "primaria", "secondaria1" as const),
    });
    fc.assert(
      fc.property(anyTown, anyFacts, ({ tariff }, { value, level, ...rest }) => {
        const given = () =>
          facts({
            ...rest,
            level: level as "primaria",
            isee: value === null ? null : isee(0, { valueCents: value }),
          });
        const [first, second] = [1, 2].map(() => mealPricer(definitionOf(tariff))(given()));
        assert.deepEqual(first, second);
        assert.equal(first?.outcome, "priced");
        const { steps } = first.explanation;
        const last = steps.at(-1);
        assert.ok(last);
        const told = last.step === "base" ? last.exactCents : last.afterCents;
        assert.equal(told, first.amountCents.toString(), "the last reason states the price");
        for (const [index, step] of steps.entries()) {
          const previous = steps[index - 1];
          if (step.step === "base" || !previous) continue;
          assert.equal(
            step.beforeCents,
            previous.step === "base" ? previous.exactCents : previous.afterCents,
          );
        }
      }),
    );
  });

  it("rounding: never further than a step, in the direction the rule says", () => {
    const any = fc.tuple(
      fc.bigInt({ min: 0n, max: 10n ** 9n }),
      fc.bigInt({ min: 1n, max: 10n ** 6n }),
    );
    fc.assert(
      fc.property(any, fc.constantFrom(1, 5, 10), ([n, d], step) => {
        const value = ratio(n, d);
        const [down, near, up] = (["down", "half-up", "up"] as const).map((mode) =>
          roundToStep(value, mode, step),
        );
        assert.ok(down !== undefined && near !== undefined && up !== undefined);
        assert.ok(down * value.d <= value.n && value.n <= up * value.d);
        assert.ok(up - down === 0n || up - down === BigInt(step));
        assert.ok(near === down || near === up);
        assert.deepEqual(fromText(toText(value)), value);
      }),
    );
  });
});
