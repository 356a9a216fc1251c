// SPDX-License-Identifier: EUPL-1.2
/** However often a fee is priced again, and whatever is paid meanwhile: paid is the price, what is beyond it is credit. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Moment } from "#kernel/dates.ts";
import { checkLedger } from "#ledger";
import { checkPayments } from "#payments";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import {
  ask,
  balanceOf,
  feeTown,
  NOW,
  openFees,
  pay,
  post,
  record,
  reprice,
} from "../support/fee-town.ts";
import type { SmallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

/** Price by ISEE; thirds that do not come out even. */
const PRICES = [
  { isee: 100_000n, cents: 0n },
  { isee: 400_000n, cents: 7001n },
  { isee: 900_000n, cents: 12_000n },
  { isee: 2_000_000n, cents: 21_001n },
] as const;

const TARIFF = {
  base: {
    kind: "brackets",
    brackets: [
      { upToCents: 300_000, priceCents: 0 },
      { upToCents: 500_000, priceCents: 7001 },
      { upToCents: 1_000_000, priceCents: 12_000 },
      { priceCents: 21_001 },
    ],
  },
};

type Act = { do: "price"; of: number } | { do: "ask" | "pay"; which: number };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("price" as const), of: fc.nat(PRICES.length - 1) }),
    fc.record({ do: fc.constantFrom("ask" as const, "pay" as const), which: fc.nat(3) }),
  ),
  { minLength: 2, maxLength: 8 },
);

interface State {
  place: SmallTown;
  now: Moment;
  priceCents: bigint;
  paidCents: bigint;
  isees: bigint;
}

async function perform(state: State, act: Act): Promise<void> {
  const { place } = state;
  state.now = state.now.add({ minutes: 45 });
  const { now } = state;
  if (act.do === "price") {
    const { isee, cents } = PRICES[act.of]!;
    // The same ISEE twice is one: each is a euro more than the one before.
    state.isees += 100n;
    await record(place, place.giulia, isee + state.isees, now);
    await reprice(place, { now });
    state.priceCents = cents;
    return;
  }
  const fees = await openFees(place, place.giulia, now);
  if (act.do === "ask") {
    const open = fees.filter(({ openCents, notice }) => openCents > 0n && notice === null);
    const fee = open[act.which % (open.length || 1)];
    if (fee) await ask(place, [fee], now);
    return;
  }
  const asked = fees.flatMap(({ notice }) => notice ?? []);
  const notice = asked[act.which % (asked.length || 1)];
  if (!notice) return;
  await pay(base.db, notice, now);
  state.paidCents += notice.amountCents;
}

async function assertRight(state: State): Promise<void> {
  const { place, now, priceCents, paidCents } = state;
  const fees = await openFees(place, place.giulia, now);
  assert.equal(
    fees.reduce((sum, { amountCents }) => sum + amountCents, 0n),
    priceCents,
  );
  assert.ok(fees.every(({ amountCents }) => amountCents >= 0n));
  assert.equal(await balanceOf(place), paidCents - priceCents);
  const asking = fees.reduce((sum, { notice }) => sum + (notice?.amountCents ?? 0n), 0n);
  const owed = priceCents > paidCents ? priceCents - paidCents : 0n;
  assert.ok(asking <= owed, `notices ask for ${asking}, ${owed} are owed`);
}

describe("X-11 a fee that is priced again and again while it is paid", () => {
  it("ends with the price paid, credit beyond it, no notice that asks for more", async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (list) => {
        const place = await feeTown(base.db, { tariff: TARIFF });
        const state: State = { place, now: NOW, priceCents: 21_001n, paidCents: 0n, isees: 0n };
        for (const act of list) {
          await perform(state, act);
          await assertRight(state);
        }
        const before = state.paidCents;
        for (let round = 0; round < 2; round += 1) {
          const fees = await openFees(place, place.giulia, state.now);
          await ask(
            place,
            fees.filter(({ openCents, notice }) => openCents > 0n && notice === null),
            state.now,
          );
          for (const { notice } of await openFees(place, place.giulia, state.now))
            if (notice) {
              await pay(base.db, notice, state.now);
              state.paidCents += notice.amountCents;
            }
        }
        const { priceCents } = state;
        assert.equal(state.paidCents, before > priceCents ? before : priceCents);
        await assertRight(state);
        assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
        assert.deepEqual(await place.town.read((tx) => checkPayments(tx)), []);
        assert.equal(await post(place, state.now), 0);
      }),
      { numRuns: 12 },
    );
  });
});
