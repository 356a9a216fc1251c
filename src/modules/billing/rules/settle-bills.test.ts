// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { settleBills } from "./settle-bills.ts";

it("BO-03 payments settle the oldest bill first, never more than there is, never more than a bill asks", () => {
  const bill = fc.record({ totalCents: fc.bigInt(1n, 9000n), pool: fc.constantFrom("a", "b") });
  fc.assert(
    fc.property(fc.array(bill), fc.bigInt(0n, 30_000n), fc.bigInt(0n, 30_000n), (rows, a, b) => {
      const bills = rows.map((row, index) => ({ ...row, id: String(index) }));
      const paid = settleBills(
        bills,
        new Map([
          ["a", a],
          ["b", b],
        ]),
      );
      for (const [pool, there] of [
        ["a", a],
        ["b", b],
      ] as const) {
        const own = bills.filter((one) => one.pool === pool);
        const sum = own.reduce((total, { id }) => total + paid.get(id)!, 0n);
        const asked = own.reduce((total, { totalCents }) => total + totalCents, 0n);
        assert.equal(sum, there < asked ? there : asked);
        const firstOpen = own.findIndex(({ id, totalCents }) => paid.get(id)! < totalCents);
        if (firstOpen >= 0)
          assert.ok(own.slice(firstOpen + 1).every(({ id }) => paid.get(id) === 0n));
      }
    }),
  );
});
