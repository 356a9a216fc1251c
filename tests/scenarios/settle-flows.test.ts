// SPDX-License-Identifier: EUPL-1.2
/** From a paid notice to the bank: flows, revisions, lost receipts, and what the treasury says. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Moment, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { balanceOf, checkLedger } from "#ledger";
import {
  checkReconciliation,
  fetchReports,
  type FlowSource,
  type Notice,
  reconcile,
  type ReceivedReport,
  type ReceivedReceipt,
  recoverReceipts,
} from "#payments";
import {
  apply,
  collecting,
  CREDITOR,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import {
  bankSays,
  causaleOf,
  FLOW_CODE,
  foreignLine,
  journalOf,
  lineOf,
  movementOf,
  reportOf,
  stateOf,
  store,
} from "../support/settling.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-24T08:00:00Z");

/** A town in which one notice was paid; its receipt has not come yet. */
async function paidTown(cents = 6410n): Promise<{
  place: SmallTown;
  notice: Notice;
  receipt: ReceivedReceipt;
}> {
  const place = await smallTown(base.db);
  await collecting(place);
  const notice = await issueOne(place, topUp(place, "k", [topUpLine(place, place.giulia, cents)]));
  return { place, notice, receipt: receiptFor(notice) };
}

const balance = (place: SmallTown, kind: "bank" | "pagopa-clearing" | "suspense") =>
  place.town.read((tx) => balanceOf(tx, { kind }));
const settle = (place: SmallTown, now: Moment = NOW) =>
  place.town.write((tx) => reconcile(tx, now));
const land1 = async (receipt: ReceivedReceipt): Promise<void> => {
  await land(base.db, receipt, NOW);
  assert.deepEqual((await apply(base.db, NOW)).errors, []);
};

describe("a flow and the bank settle what was paid", () => {
  it("X-05 paid, reported, settled: clearing is empty and the bank has our part of the transfer", async () => {
    const { place, notice, receipt } = await paidTown();
    await land1(receipt);
    assert.equal(await stateOf(place, notice), "paid");
    const report = reportOf(CREDITOR, [lineOf(receipt), foreignLine(10_000n)]);
    assert.equal((await store(place, report, NOW)).outcome, "stored");
    assert.equal((await store(place, report, NOW)).outcome, "already-there");
    await settle(place);
    assert.equal(await stateOf(place, notice), "reported");
    assert.equal(await balance(place, "pagopa-clearing"), -6410n, "the bank has not said yet");
    assert.equal(await bankSays(place, journalOf(CREDITOR, [movementOf(16_410n)]), NOW), 1);
    assert.equal(await stateOf(place, notice), "settled");
    assert.equal(await balance(place, "pagopa-clearing"), 0n);
    assert.equal(await balance(place, "bank"), -6410n);
    const again = journalOf(CREDITOR, [movementOf(16_410n)], "GDC-20261125ALTRO0000001#001#001");
    assert.equal(await bankSays(place, again, NOW), 0, "the same movement in another journal");
    assert.deepEqual(await settle(place), { banked: 0, posted: 0, reversed: 0 });
    assert.equal(await balance(place, "bank"), -6410n);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("X-05 a higher revision replaces what was posted; a lower one that comes late changes nothing", async () => {
    const { place, receipt } = await paidTown();
    await land1(receipt);
    const other = lineOf({ ...receipt, receiptId: "another" }, { amountCents: 100n });
    const first = reportOf(CREDITOR, [lineOf(receipt), other]);
    const second = reportOf(CREDITOR, [lineOf(receipt)], { revision: 2 });
    await store(place, first, NOW);
    await bankSays(place, journalOf(CREDITOR, [movementOf(6510n)]), NOW);
    assert.equal(await balance(place, "bank"), -6510n);
    await store(place, second, NOW);
    assert.deepEqual(await settle(place), { banked: 1, posted: 0, reversed: 1 });
    assert.equal(await balance(place, "bank"), 0n, "the bank's amount is not the new total");
    await bankSays(place, journalOf(CREDITOR, [movementOf(-6510n), movementOf(6410n)]), NOW);
    assert.equal(await balance(place, "bank"), -6410n);
    await store(place, reportOf(CREDITOR, [other], { revision: 1 }), NOW);
    await settle(place);
    assert.equal(await balance(place, "bank"), -6410n);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("X-05 two creditors of a town, one code, one sum, one day: each flow by its own treasury", async () => {
    const { place, receipt } = await paidTown();
    await land1(receipt);
    const other = await collecting(place, { creditor: "88888888888" });
    const iuv = `${other.segregationCode}260000001234523`;
    const theirs = lineOf(receipt, { iuv, iur: "theirs" });
    await store(place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    await store(place, reportOf(other.creditor, [theirs]), NOW);
    assert.equal(await bankSays(place, journalOf(CREDITOR, [movementOf(6410n)]), NOW), 1);
    assert.equal(await balance(place, "bank"), -6410n, "the other treasury has not said yet");
    // The treasurers number alike: the same movement, to the letter, in another treasury.
    const same = journalOf(other.creditor, [movementOf(6410n)], "GDC-20261124ALTRA0000001#001#001");
    assert.equal(await bankSays(place, same, NOW), 1);
    assert.equal(await balance(place, "bank"), -12_820n);
    assert.deepEqual(await settle(place), { banked: 0, posted: 0, reversed: 0 });
    assert.deepEqual(await place.town.read((tx) => checkReconciliation(tx)), []);
  });

  it("X-05 what stands under a key of before is undone under it, and posted anew with the creditor", async () => {
    const { place, receipt } = await paidTown();
    await land1(receipt);
    await store(place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    await bankSays(place, journalOf(CREDITOR, [movementOf(6410n)]), NOW);
    const old = `settlement:ABC_01:${FLOW_CODE}`;
    await base.db.owner(async (tx) => {
      await tx.run(sql`update ledger_transfer set idempotency_key = ${old}
        where tenant_id = ${place.tenantId} and kind = 'settlement'`);
      await tx.run(
        sql`update settlement_flow set posting_key = ${old} where tenant_id = ${place.tenantId}`,
      );
    });
    assert.deepEqual(await settle(place), { banked: 0, posted: 0, reversed: 0 });
    const other = lineOf({ ...receipt, receiptId: "another" }, { amountCents: 100n });
    await store(place, reportOf(CREDITOR, [lineOf(receipt), other], { revision: 2 }), NOW);
    await bankSays(place, journalOf(CREDITOR, [movementOf(100n)]), NOW);
    assert.equal(await balance(place, "bank"), -6510n);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("X-05 a revision with the same total leaves what the bank paid as it is", async () => {
    const { place, receipt } = await paidTown();
    await land1(receipt);
    await store(place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    await bankSays(place, journalOf(CREDITOR, [movementOf(6410n)]), NOW);
    await store(place, reportOf(CREDITOR, [lineOf(receipt)], { revision: 2 }), NOW);
    assert.deepEqual(await settle(place), { banked: 1, posted: 0, reversed: 0 });
    assert.deepEqual(await settle(place), { banked: 0, posted: 0, reversed: 0 });
    assert.deepEqual(await place.town.read((tx) => checkReconciliation(tx)), []);
    assert.equal(await balance(place, "bank"), -6410n);
  });

  it("X-05 several workers settle at once, with a journal and a revision beside: posted once", async () => {
    const { place, receipt } = await paidTown();
    await land1(receipt);
    const report = reportOf(CREDITOR, [lineOf(receipt)]);
    await store(place, report, NOW);
    const journal = journalOf(CREDITOR, [movementOf(6410n)]);
    await Promise.all([
      settle(place),
      bankSays(place, journal, NOW),
      settle(place),
      bankSays(place, { ...journal, code: "GDC-20261125ALTRO0000001#001#001" }, NOW),
      store(place, { ...report, revision: 2 }, NOW),
      settle(place),
    ]);
    await settle(place);
    assert.equal(await balance(place, "bank"), -6410n);
    assert.deepEqual(await place.town.read((tx) => checkReconciliation(tx)), []);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("X-05 a revoked payment is money taken back: it lowers what the bank brings and stays a question", async () => {
    const { place, receipt } = await paidTown(1000n);
    await land1(receipt);
    const revoked = lineOf(receipt, { outcome: "REVOKED", amountCents: 300n });
    await store(place, reportOf(CREDITOR, [lineOf(receipt), revoked]), NOW);
    await bankSays(place, journalOf(CREDITOR, [movementOf(700n)]), NOW);
    assert.equal(await balance(place, "bank"), -700n);
    assert.equal(await balance(place, "pagopa-clearing"), -300n);
  });

  it("X-05 split, cut and bare causali find their flow; another amount does not", async () => {
    const { place, receipt } = await paidTown();
    await land1(receipt);
    await store(place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    const tries: [string, bigint, boolean][] = [
      [causaleOf(FLOW_CODE), 6400n, false],
      ["ACCREDITO SEPA", 6410n, false],
      [`/PUR/LGPE-RIVERSAMENTO/URI/${FLOW_CODE.slice(0, 20)}`, 6400n, false],
      [`/PUR/LGPE-RIVERSAMENTO/URI/${FLOW_CODE.slice(0, 20)}`, 6410n, true],
    ];
    for (const [index, [causale, cents, found]] of tries.entries()) {
      const movement = movementOf(cents, { causale, key: `try ${index}` });
      await bankSays(place, journalOf(CREDITOR, [movement]), NOW);
      assert.equal(await balance(place, "bank"), found ? -6410n : 0n, causale);
    }
  });
});

describe("a receipt that never came", () => {
  it("X-05 a lost receipt is recovered from the settlement flow, and credits the family like any other", async () => {
    const { place, notice, receipt } = await paidTown();
    await store(place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    await bankSays(place, journalOf(CREDITOR, [movementOf(6410n)]), NOW);
    assert.equal(
      await balance(place, "pagopa-clearing"),
      6410n,
      "the money is here, the reason is not",
    );
    assert.equal(await stateOf(place, notice), "issued");
    const asked: string[] = [];
    const recover = (now: Moment) =>
      recoverReceipts(base.db, place.town, {
        now,
        onError: (_, error) => assert.fail(String(error)),
        ask: async ({ iur }) => {
          asked.push(iur);
          if (asked.length === 1) return { outcome: "not-found" };
          // What the worker would keep as it came; here the parsed one lands.
          await land(base.db, receipt, now);
          return { outcome: "found", receipt, raw: "{}" };
        },
      });
    assert.deepEqual(await recover(NOW), { asked: 1, found: 0 });
    assert.deepEqual(await recover(NOW.add({ minutes: 10 })), { asked: 0, found: 0 });
    const later = NOW.add({ hours: 2 });
    assert.equal((await recover(later)).asked, 1);
    await apply(base.db, later);
    await settle(place, later);
    assert.equal(await stateOf(place, notice), "settled");
    assert.equal(await balance(place, "pagopa-clearing"), 0n);
    assert.equal((await recover(later.add({ hours: 30 }))).asked, 0);
    const credit = await place.town.read((tx) =>
      balanceOf(tx, { kind: "family", holderId: place.holderId, childId: place.giulia }),
    );
    assert.equal(credit, 6410n);
  });

  it("X-05 at most ten receipts an hour are asked for, whichever worker asks", async () => {
    const { place, receipt } = await paidTown();
    const lines = Array.from({ length: 25 }, (_, index) =>
      lineOf({ ...receipt, receiptId: `lost-${index}` }, { amountCents: 1n }),
    );
    await store(place, reportOf(CREDITOR, lines), NOW);
    await settle(place);
    const recover = async (now: Moment) =>
      (
        await recoverReceipts(base.db, place.town, {
          now,
          onError: () => undefined,
          ask: async () => ({ outcome: "not-found" }),
        })
      ).asked;
    const together = await Promise.all([recover(NOW), recover(NOW), recover(NOW)]);
    assert.equal(
      together.reduce((sum, one) => sum + one, 0),
      10,
    );
    assert.equal(await recover(NOW.add({ minutes: 59 })), 0);
    assert.equal(await recover(NOW.add({ minutes: 61 })), 10);
  });
});

describe("flows are fetched", () => {
  it("X-05 new ones only, the rest again tomorrow: one that fails holds back no other", async () => {
    const { place, receipt } = await paidTown();
    const published = moment("2026-11-23T17:05:00Z");
    const reports = ["A", "B", "C"].map((code, index) =>
      reportOf(CREDITOR, [lineOf(receipt)], {
        flowCode: code,
        publishedAt: published.add({ hours: index }),
      }),
    );
    const after: (string | null)[] = [];
    const read: string[] = [];
    let isBroken = true;
    const source: FlowSource = {
      list: async ({ publishedAfter }) => {
        after.push(publishedAfter?.toString() ?? null);
        return reports.map(({ flowCode, pspId, revision, publishedAt }) => ({
          flowCode,
          pspId,
          revision,
          publishedAt: publishedAt!,
        }));
      },
      read: async ({ flowCode }): Promise<ReceivedReport> => {
        read.push(flowCode);
        if (isBroken && flowCode === "B") throw new Error("500");
        return reports.find((one) => one.flowCode === flowCode)!;
      },
    };
    const problems: string[] = [];
    const fetch = () =>
      fetchReports(place.town, { source, now: NOW, onError: (what) => problems.push(what) });
    const first = await fetch();
    assert.deepEqual([first.stored, first.failed, problems], [2, 1, ["flow B"]]);
    isBroken = false;
    assert.equal((await fetch()).stored, 1);
    assert.equal((await fetch()).stored, 0);
    assert.deepEqual(read, ["A", "B", "C", "B"]);
    assert.deepEqual(after, [null, "2026-11-23T16:05:00Z", "2026-11-23T18:05:00Z"]);
  });

  it("X-05 a flow of another creditor, a journal of another treasury are refused", async () => {
    const { place, receipt } = await paidTown();
    const report = reportOf("11111111111", [lineOf(receipt)]);
    assert.equal((await store(place, report, NOW)).outcome, "not-our-creditor");
    await assert.rejects(
      bankSays(place, journalOf("11111111111", [movementOf(1n)]), NOW),
      /not-our-creditor/,
    );
  });
});
