// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { allocatePayments, type Movement } from "./allocate-payments.ts";

const plain = (transferId: string, amountCents: bigint): Movement => ({
  transferId,
  amountCents,
  reversesId: null,
  reversedById: null,
});
const sum = (values: Iterable<bigint>): bigint => [...values].reduce((all, one) => all + one, 0n);

describe("payments are allocated to charges", () => {
  it("BO-08 the oldest charge is paid by the oldest money; what is left is credit", () => {
    const done = allocatePayments([
      plain("october", -4000n),
      plain("cash", 5000n),
      plain("november", -3000n),
      plain("card", 2500n),
    ]);
    assert.deepEqual(done.coveredBy.get("october"), [{ paymentId: "cash", cents: 4000n }]);
    assert.deepEqual(done.coveredBy.get("november"), [
      { paymentId: "cash", cents: 1000n },
      { paymentId: "card", cents: 2000n },
    ]);
    assert.deepEqual(
      [...done.leftCents],
      [
        ["cash", 0n],
        ["card", 500n],
      ],
    );
  });

  it("a charge that was taken back asks for nothing, and its reversal pays for nothing", () => {
    const done = allocatePayments([
      { ...plain("wrong", -460n), reversedById: "undo" },
      { ...plain("undo", 460n), reversesId: "wrong" },
      plain("right", -230n),
    ]);
    assert.equal(done.openCents.get("right"), 230n);
    assert.equal(done.openCents.has("wrong"), false);
    assert.equal(done.leftCents.size, 0);
  });

  it("every cent is somewhere, once: sums agree, nothing is negative", () => {
    const cents = fc.bigInt(-9000n, 9000n).filter((value) => value !== 0n);
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 40 }), (amounts) => {
        const rows = amounts.map((amount, index) => plain(String(index), amount));
        const { coveredBy, openCents, leftCents } = allocatePayments(rows);
        const parts = [...coveredBy.values()].flat();
        for (const { cents: part } of parts) assert.ok(part > 0n);
        for (const value of [...openCents.values(), ...leftCents.values()]) assert.ok(value >= 0n);
        for (const { transferId, amountCents } of rows) {
          if (amountCents < 0n) {
            const covered = sum(coveredBy.get(transferId)!.map((part) => part.cents));
            assert.equal(covered + openCents.get(transferId)!, -amountCents);
          } else {
            const used = sum(
              parts.filter((one) => one.paymentId === transferId).map((part) => part.cents),
            );
            assert.equal(used + leftCents.get(transferId)!, amountCents);
          }
        }
        assert.equal(sum(leftCents.values()) - sum(openCents.values()), sum(amounts));
        // Credit and open charges never stand beside each other.
        assert.ok(sum(leftCents.values()) === 0n || sum(openCents.values()) === 0n);
      }),
    );
  });

  it("a charge is covered only when all charges before it are", () => {
    const cents = fc.bigInt(-5000n, 5000n).filter((value) => value !== 0n);
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 40 }), (amounts) => {
        const { coveredBy, openCents } = allocatePayments(
          amounts.map((amount, index) => plain(String(index), amount)),
        );
        let someOpen = false;
        for (const [id, covered] of coveredBy) {
          if (someOpen) assert.deepEqual(covered, []);
          if (openCents.get(id)! > 0n) someOpen = true;
        }
      }),
    );
  });
});
