// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { shuffled } from "./buttons.ts";

describe("the order of providers", () => {
  it("OS-03 nobody is lost, nobody is added, whatever chance says", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.infiniteStream(fc.nat()), (items, chance) => {
        const order = shuffled(items, (n) => (chance.next().value as number) % n);
        assert.deepEqual(order.toSorted(), items.toSorted());
      }),
    );
  });

  it("OS-03 each may come first", () => {
    const firsts = [0, 1, 2].map((wanted) => {
      const draws = [wanted, wanted === 2 ? 1 : 0];
      return shuffled(["a", "b", "c"], (n) => Math.min(draws.shift() ?? 0, n - 1))[0];
    });
    assert.ok(new Set(firsts).size > 1);
  });
});
