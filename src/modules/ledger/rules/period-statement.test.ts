// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import { periodStatement } from "./period-statement.ts";
import type { LedgerMovement } from "./year-payments.ts";

const FIRST = day("2026-09-01");
const movements = fc
  .array(fc.record({ after: fc.nat(300), cents: fc.bigInt({ min: -5000n, max: 5000n }) }))
  .map((rows) =>
    rows
      .toSorted((a, b) => a.after - b.after)
      .map(({ after, cents }, nth): LedgerMovement => ({
        transferId: `${nth}`,
        key: `${nth}`,
        kind: "meal",
        childId: null,
        serviceId: null,
        amountCents: cents,
        happenedOn: FIRST.add({ days: after }),
        reference: {},
        reversesId: null,
        reversedById: null,
      })),
  );

describe("an account between two days", () => {
  it("X-12 PE-07 begins where the one before ended, loses no cent, and each line's balance follows", () => {
    fc.assert(
      fc.property(movements, fc.nat(300), fc.nat(300), (rows, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)].map((days) =>
          FIRST.add({ days }),
        ) as [Temporal.PlainDate, Temporal.PlainDate];
        const before = periodStatement(rows, { from: FIRST, to: from.subtract({ days: 1 }) });
        const book = periodStatement(rows, { from, to });
        assert.equal(book.openingCents, before.closingCents);
        assert.equal(book.openingCents + book.chargedCents + book.paidCents, book.closingCents);
        let balance = book.openingCents;
        for (const line of book.lines) {
          balance += line.amountCents;
          assert.equal(line.balanceCents, balance);
        }
        const whole = periodStatement(rows, { from: FIRST, to: FIRST.add({ days: 300 }) });
        assert.equal(whole.openingCents, 0n);
        assert.equal(whole.lines.length, rows.length);
      }),
    );
  });
});
