// SPDX-License-Identifier: EUPL-1.2
/** Receipts, flows, revisions and bank movements come in any order and more than once: the books end the same. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { systemActor } from "#kernel/actor.ts";
import { type Moment, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { balanceOf, checkLedger } from "#ledger";
import { checkPayments, openCases, reconcile, type ReceivedReceipt, undoRevoked } from "#payments";
import {
  apply,
  collecting,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase, testEngine } from "../support/db.ts";
import {
  bankSays,
  causaleOf,
  foreignLine,
  journalOf,
  lineOf,
  movementOf,
  reportOf,
  store,
} from "../support/settling.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const RUNS = testEngine() === "postgres" ? 20 : 8;
const START = moment("2026-11-24T08:00:00Z");

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

type Bank = "exact" | "other-amount" | "cut" | "nothing" | "taken-back" | "twice";

/** What the world did; the order in which we hear of it is another matter. */
interface World {
  cents: number[];
  /** per flow: which receipts, how many revisions, what the bank got for the last one */
  flows: { receipts: number[]; revisions: number; foreign: number; revoked: boolean; bank: Bank }[];
}

const RECEIPTS = 4;
const world: fc.Arbitrary<World> = fc.record({
  cents: fc.array(fc.integer({ min: 1, max: 9999 }), { minLength: RECEIPTS, maxLength: RECEIPTS }),
  flows: fc.array(
    fc.record({
      receipts: fc.uniqueArray(fc.nat({ max: RECEIPTS - 1 }), { minLength: 1, maxLength: 3 }),
      revisions: fc.integer({ min: 1, max: 3 }),
      foreign: fc.constantFrom(0, 0, 5000),
      revoked: fc.constantFrom(false, false, false, true),
      bank: fc.constantFrom<Bank>(
        "exact",
        "exact",
        "other-amount",
        "cut",
        "nothing",
        "taken-back",
        "twice",
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

const codeOf = (flow: number): string => `2026-11-23ABC_01-S00000${flow}1`;

interface Play {
  place: SmallTown;
  events: (() => Promise<unknown>)[];
  ownBanked: bigint;
  paid: bigint;
}

let towns = 0;

/** The events of a world in a town of its own, in their natural order. */
async function stage({ cents, flows }: World): Promise<Play> {
  const place = await smallTown(base.db);
  // Each town its own creditor: segregation codes are few.
  const creditor = String(70_000_000_000 + towns++);
  await collecting(place, { creditor });
  const receipts: ReceivedReceipt[] = [];
  for (const [index, one] of cents.entries()) {
    const line = topUpLine(place, index % 2 ? place.giulia : place.tommaso, BigInt(one));
    receipts.push(receiptFor(await issueOne(place, topUp(place, `n${index}`, [line]))));
  }
  const events: Play["events"] = receipts.map((receipt) => () => land(base.db, receipt, START));
  let ownBanked = 0n;
  for (const [index, flow] of flows.entries()) {
    const flowCode = codeOf(index);
    let last = { total: 0n, own: 0n };
    for (let revision = 1; revision <= flow.revisions; revision += 1) {
      // Each revision drops the first payment of the one before, or keeps the last alone.
      const kept = flow.receipts.slice(Math.min(revision - 1, flow.receipts.length - 1));
      const lines = kept.map((at) => lineOf(receipts[at]!));
      if (flow.revoked) lines.push({ ...lines[0]!, outcome: "REVOKED" });
      const foreign = flow.foreign ? [foreignLine(BigInt(flow.foreign + index))] : [];
      const report = reportOf(creditor, [...lines, ...foreign], { flowCode, revision });
      const own = lines.reduce(
        (sum, one) => sum + (one.outcome === "REVOKED" ? -one.amountCents : one.amountCents),
        0n,
      );
      last = { total: report.totalCents, own };
      events.push(() => store(place, report, START));
    }
    const causale = flow.bank === "cut" ? causaleOf(flowCode.slice(0, -1)) : causaleOf(flowCode);
    const amounts: Record<Bank, bigint[]> = {
      exact: [last.total],
      cut: [last.total],
      "other-amount": [last.total + 1n],
      nothing: [],
      "taken-back": [last.total, -last.total],
      twice: [last.total, last.total],
    };
    const moves = amounts[flow.bank].filter((amount) => amount !== 0n);
    for (const [nth, amount] of moves.entries()) {
      const movement = movementOf(amount, { causale, key: `${flowCode} ${nth} ${amount}` });
      const journal = journalOf(creditor, [movement], `GDC-${index}-${nth}`);
      events.push(() => bankSays(place, journal, START));
    }
    if (["exact", "cut", "twice"].includes(flow.bank) && last.total !== 0n) ownBanked += last.own;
  }
  const paid = receipts.reduce((sum, one) => sum + one.paymentAmountCents, 0n);
  return { place, events, ownBanked, paid };
}

async function booksOf({ place }: Play): Promise<Record<string, bigint>> {
  return place.town.read(async (tx) => {
    assert.deepEqual(await checkLedger(tx), []);
    assert.deepEqual(await openCases(tx), []);
    assert.deepEqual(await checkPayments(tx), []);
    const family = (childId: string) =>
      balanceOf(tx, { kind: "family", holderId: place.holderId, childId });
    return {
      bank: await balanceOf(tx, { kind: "bank" }),
      clearing: await balanceOf(tx, { kind: "pagopa-clearing" }),
      suspense: await balanceOf(tx, { kind: "suspense" }),
      giulia: await family(place.giulia),
      tommaso: await family(place.tommaso),
    };
  });
}

/** The office undoes whatever a flow says was revoked; gives how much. */
async function undoAll({ place }: Play, now: Moment): Promise<bigint> {
  const lines = await place.town.read((tx) =>
    tx.rows<{ flowId: string; line: number; cents: bigint }>(sql`
      select p.flow_id as "flowId", p.line, -p.amount_cents as cents from settlement_payment p
      join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
      where p.tenant_id = ${tx.tenantId} and p.standing = 'revoked'`),
  );
  let undone = 0n;
  for (const { cents, ...at } of lines) {
    const actor = { ...systemActor, role: "office-manager" } as const;
    const { outcome } = await place.town.write((tx) =>
      undoRevoked(tx, { actor, ...at, reason: "revocato", now }),
    );
    assert.ok(outcome === "undone" || outcome === "already-undone", outcome);
    if (outcome === "undone") undone += cents;
  }
  return undone;
}

describe("settlement in any order", () => {
  it("X-05 receipts, flows, revisions and movements, repeated and shuffled, end in the same books", async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.infiniteStream(fc.nat({ max: 1000 })), async (what, chance) => {
        const next = (): number => chance.next().value as number;
        const play = await stage(what);
        // Shuffled, each once at least, some again; now and then everything known is worked out.
        const order = play.events
          .flatMap((event) => (next() % 3 === 0 ? [event, event] : [event]))
          .map((event) => ({ event, place: next() }))
          .sort((a, b) => a.place - b.place);
        let now = START;
        for (const { event } of order) {
          await event();
          now = now.add({ minutes: 1 });
          if (next() % 4 === 0) await apply(base.db, now);
          if (next() % 4 === 0) await play.place.town.write((tx) => reconcile(tx, now));
        }
        assert.equal((await apply(base.db, now)).failed, 0);
        await play.place.town.write((tx) => reconcile(tx, now));
        const books = await booksOf(play);
        const sum = Object.values(books).reduce((all, one) => all + one, 0n);
        assert.equal(sum, 0n, "all accounts sum to zero");
        assert.equal(
          books["giulia"]! + books["tommaso"]!,
          play.paid,
          "families have what they paid",
        );
        assert.equal(-books["bank"]!, play.ownBanked, "the bank has our part of what came");
        assert.equal(-books["clearing"]!, play.paid - play.ownBanked, "pagoPA owes the rest");
        assert.deepEqual(await play.place.town.write((tx) => reconcile(tx, now)), {
          banked: 0,
          posted: 0,
          reversed: 0,
        });
        const undone = await undoAll(play, now);
        const after = await booksOf(play);
        const left = after["giulia"]! + after["tommaso"]!;
        assert.equal(left, play.paid - undone, "what was taken back is no credit any more");
        assert.equal(await undoAll(play, now), 0n, "once");
        await play.place.town.write((tx) => reconcile(tx, now));
        assert.deepEqual(await booksOf(play), after);
      }),
      { numRuns: RUNS },
    );
  });
});
