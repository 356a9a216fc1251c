// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, isBefore } from "#kernel/dates.ts";
import { type CoverableFee, openOfFees } from "./open-fees.ts";
import { repricePart, type StandingPart } from "./reprice-fee.ts";

const TODAY = day("2026-11-20");
const SOONEST = day("2026-12-05");
const DAYS = ["2026-10-31", "2026-11-25", "2027-01-31", "2027-03-31"].map(day);
const rule = { periodName: "2026/27", instalments: [], days: { today: TODAY, soonest: SOONEST } };

const part = (dueOn: string, amountCents: bigint, openCents = amountCents): StandingPart => ({
  dueOn: day(dueOn),
  amountCents,
  openCents,
  reason: `2026/27, rata ${dueOn}`,
});
const shown = (standing: readonly StandingPart[], totalCents: bigint) =>
  repricePart(standing, totalCents, rule).map(
    ({ former, amountCents, dueOn }) =>
      `${former ? former.dueOn!.toString() : "new"} ${amountCents} ${dueOn!.toString()}`,
  );

describe("X-11 one payer's part of a fee that costs something else", () => {
  it("less: evenly from what is unpaid; a day that is near moves, one that is past stays", () => {
    const standing = [
      part("2026-10-31", 6000n),
      part("2026-11-25", 6000n),
      part("2027-01-31", 6000n),
    ];
    assert.deepEqual(shown(standing, 12_000n), [
      "2026-10-31 4000 2026-10-31",
      "2026-11-25 4000 2026-12-05",
      "2027-01-31 4000 2027-01-31",
    ]);
  });

  it("less than is unpaid of a part that is paid by half", () => {
    const standing = [part("2026-10-31", 6000n, 2000n), part("2027-01-31", 6000n)];
    assert.deepEqual(shown(standing, 8000n), [
      "2026-10-31 5000 2026-10-31",
      "2027-01-31 3000 2027-01-31",
    ]);
  });

  it("more: never on a late one; none left: a supplement, then another", () => {
    const late = [part("2026-10-31", 6000n), part("2027-01-31", 6000n, 0n)];
    assert.deepEqual(shown(late, 15_000n), ["new 3000 2026-12-05"]);
    const twice = [...late, { ...part("2026-11-01", 3000n, 0n), reason: "2026/27, conguaglio" }];
    assert.deepEqual(
      repricePart(twice, 16_000n, rule).map(({ reason }) => reason),
      ["2026/27, conguaglio 2"],
    );
  });

  it("adds up to the price whatever stands; nothing below zero, nothing late made higher, nothing touched in vain", () => {
    const cents = fc.bigInt({ min: 0n, max: 30_000n });
    const parts = fc.array(fc.tuple(fc.nat(DAYS.length - 1), cents, cents), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(parts, cents, (drawn, totalCents) => {
        const standing = drawn.map(([at, amountCents, open]): StandingPart => {
          const openCents = open < amountCents ? open : amountCents;
          return { dueOn: DAYS[at]!, amountCents, openCents, reason: `r${at}` };
        });
        const changes = repricePart(standing, totalCents, rule);
        const formers = new Set(changes.map(({ former }) => former));
        const kept = standing.filter((one) => !formers.has(one));
        const sum = [...kept, ...changes].reduce((all, one) => all + one.amountCents, 0n);
        assert.equal(sum, totalCents);
        const openBefore = standing.reduce((all, { openCents }) => all + openCents, 0n);
        const before = standing.reduce((all, { amountCents }) => all + amountCents, 0n);
        for (const { former, amountCents, dueOn } of changes) {
          assert.ok(amountCents >= 0n);
          if (!former) continue;
          assert.notEqual(amountCents, former.amountCents);
          const isLate = isBefore(former.dueOn!, TODAY);
          if (isLate) assert.ok(amountCents < former.amountCents && dueOn!.equals(former.dueOn!));
          else assert.ok(!isBefore(dueOn!, SOONEST));
          // What is paid is touched only once all that is unpaid is gone.
          const paid = former.amountCents - former.openCents;
          assert.ok(amountCents >= paid || before - totalCents > openBefore);
        }
      }),
    );
  });
});

describe("what of an account's fees is open", () => {
  const fee = (id: string, dueOn: string, isPaidByNotice = false): CoverableFee => ({
    id,
    amountCents: 6000n,
    date: day("2026-09-14"),
    dueOn: day(dueOn),
    isPaidByNotice,
  });

  it("BO-03 covers first what a notice of its own has paid, then the oldest", () => {
    const fees = [fee("a", "2026-10-31"), fee("b", "2027-01-31", true), fee("c", "2027-03-31")];
    assert.deepEqual([...openOfFees(fees, 9000n)].toSorted(), [
      ["a", 3000n],
      ["b", 0n],
      ["c", 6000n],
    ]);
    assert.deepEqual([...openOfFees(fees, -100n).values()], [0n, 0n, 0n]);
  });
});
