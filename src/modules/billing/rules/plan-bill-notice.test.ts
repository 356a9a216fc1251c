// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import { planBillNotice, shareOpen } from "./plan-bill-notice.ts";

const bill = {
  id: "b",
  holderId: "h",
  childId: null,
  serviceId: "s",
  month: day("2026-10-01"),
  dueOn: day("2026-11-18"),
};
const of = {
  bill,
  openCents: 1000n,
  parts: [
    { childId: "giulia", amountCents: 600n },
    { childId: "tommaso", amountCents: 400n },
  ],
  service: { kind: "canteen", name: "Refezione scolastica" } as const,
  monthName: "ottobre 2026",
  earlierNotices: 0,
};

const ofChild = (childId: string | null) => ({ kind: "family", holderId: "h", childId }) as const;
const ofFamily = () => ({ kind: "family", holderId: "h" }) as const;

describe("the notice of a bill", () => {
  it("BO-02 asks for what is open, on each child's account, payable also after its day", () => {
    const draft = planBillNotice({ ...of, accountOf: ofChild });
    assert.equal(draft?.subject, "Mensa di ottobre 2026");
    assert.equal(draft?.payableAfterDue, true);
    assert.deepEqual(
      draft?.lines.map((line) => [line.accountChildId, line.accountServiceId, line.amountCents]),
      [
        ["giulia", null, 600n],
        ["tommaso", null, 400n],
      ],
    );
    const family = planBillNotice({ ...of, accountOf: ofFamily, earlierNotices: 1 });
    assert.equal(family?.key, "bill:b/2");
    assert.deepEqual(
      family?.lines.map(({ accountChildId, childId }) => [accountChildId, childId]),
      [
        [null, "giulia"],
        [null, "tommaso"],
      ],
    );
  });

  it("BO-02 a bill that payments cover asks for nothing", () => {
    assert.equal(planBillNotice({ ...of, openCents: 0n, accountOf: ofChild }), null);
  });

  it("BO-02 whatever the parts, the lines are positive and sum to what is open", () => {
    const part = fc.record({
      childId: fc.constantFrom("a", "b", null),
      amountCents: fc.bigInt({ min: -5000n, max: 5000n }),
    });
    fc.assert(
      fc.property(fc.array(part), fc.bigInt({ min: 1n, max: 9999n }), (parts, open) => {
        const lines = shareOpen(parts, open);
        assert.ok(lines.every(({ amountCents }) => amountCents > 0n));
        assert.equal(
          lines.reduce((sum, { amountCents }) => sum + amountCents, 0n),
          open,
        );
      }),
    );
  });
});
