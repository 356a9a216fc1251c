// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import {
  type Sibling,
  type SiblingRank,
  siblingRanker,
  type SiblingRule,
} from "./rank-siblings.ts";

const TODAY = day("2026-11-20");

/** Rank by child. */
function rankSiblings(household: readonly Sibling[], rule: SiblingRule): Map<string, SiblingRank> {
  const ranks = siblingRanker(rule, TODAY)(household);
  return new Map(ranks.map((rank, index) => [household[index]?.childId ?? "", rank]));
}

const household = fc
  .array(
    fc.record({
      born: fc.option(fc.integer({ min: 0, max: 7000 }), { nil: null }),
      enrolled: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((list): Sibling[] =>
    list.map(({ born, enrolled }, index) => ({
      childId: `child-${index}`,
      birthDate: born === null ? null : day("2005-01-01").add({ days: born }).toString(),
      enrolled,
    })),
  );

describe("rank among siblings, for any household", () => {
  it("those who count hold the places 1 to n, once each, whatever the order of the rows", () => {
    const order = fc.constantFrom("oldest-first", "youngest-first");
    fc.assert(
      fc.property(household, order, (siblings, order) => {
        const rule = { count: "same-service", order, asOf: "day" } as const;
        const ranks = rankSiblings(siblings, rule);
        const counting = siblings.filter(({ enrolled }) => enrolled);
        const places = counting.map(({ childId }) => ranks.get(childId)?.rank).toSorted();
        assert.deepEqual(
          places,
          counting.map((_, index) => index + 1),
        );
        assert.deepEqual(
          [...rankSiblings(siblings.toReversed(), rule)].toSorted(),
          [...ranks].toSorted(),
        );
        for (const { rank, minors } of ranks.values()) {
          assert.ok(rank >= 1 && rank <= counting.length + 1);
          assert.ok(minors <= siblings.length);
        }
      }),
    );
  });

  it("the household rule counts everyone; youngest first is oldest first read backwards", () => {
    fc.assert(
      fc.property(household, (siblings) => {
        const dated = siblings.filter(
          ({ birthDate }, index) =>
            birthDate !== null &&
            siblings.findIndex((other) => other.birthDate === birthDate) === index,
        );
        const rule = { count: "household", asOf: "day" } as const;
        const up = rankSiblings(dated, { ...rule, order: "oldest-first" });
        const down = rankSiblings(dated, { ...rule, order: "youngest-first" });
        for (const { childId } of dated) {
          const sum = (up.get(childId)?.rank ?? 0) + (down.get(childId)?.rank ?? 0);
          assert.equal(sum, dated.length + 1);
        }
      }),
    );
  });
});
