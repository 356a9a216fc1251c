// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BillableCharge, drawBills } from "./draw-bills.ts";

let count = 0;
const charge = (amountCents: bigint, meals: number, childId = "giulia"): BillableCharge => ({
  id: `c${(count += 1)}`,
  childId,
  holderId: "sara",
  amountCents,
  meals,
});
const CHILD = { grouping: "child", minimumCents: 0 } as const;

describe("BO-02 bills of a month", () => {
  it("count a meal taken back once, also one that had cost nothing", () => {
    const charges = [
      charge(460n, 1),
      charge(0n, 1),
      charge(0n, -1),
      charge(460n, 1),
      charge(-460n, -1),
    ];
    const { bills } = drawBills(charges, CHILD);
    assert.deepEqual(
      bills.map(({ totalCents, meals }) => [totalCents, meals]),
      [[460n, 1]],
    );
  });

  it("are one per child or one per holder; what comes to nothing or too little waits", () => {
    const charges = [charge(460n, 1), charge(100n, 1, "tommaso"), charge(0n, 1, "pia")];
    const drawn = (grouping: "child" | "holder", minimumCents: number) =>
      drawBills(charges, { grouping, minimumCents });
    const children = drawn("child", 150);
    assert.deepEqual(
      children.bills.map(({ childId }) => childId),
      ["giulia"],
    );
    assert.deepEqual(
      children.carriedForward.map(({ childId }) => childId),
      ["tommaso", "pia"],
    );
    const [whole] = drawn("holder", 150).bills;
    assert.deepEqual([whole?.childId, whole?.totalCents, whole?.meals], [null, 560n, 3]);
  });
});
