// SPDX-License-Identifier: EUPL-1.2
/** A PSP takes a payment back (FdR outcome REVOKED): the office undoes what it credited, once, and the family is told. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { balanceOf, checkLedger } from "#ledger";
import {
  accountingOf,
  checkPayments,
  deletedKeys,
  noticeDetail,
  openCases,
  reconcile,
  type ReceivedReceipt,
  refundCase,
  resolveCase,
  undoRevoked,
  unexplainedMoney,
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
import { bankSays, journalOf, lineOf, movementOf, reportOf, store } from "../support/settling.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-24T08:00:00Z");
const TODAY = NOW.toZonedDateTimeISO("Europe/Rome").toPlainDate();
const manager: Actor = { ...systemActor, role: "office-manager", name: "L. Neri" };
const clerk: Actor = { ...systemActor, role: "office", name: "M. Conti" };

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

/** Paid, in a flow, at the bank; `times`: how often. */
async function banked(times = 1): Promise<{ place: SmallTown; receipts: ReceivedReceipt[] }> {
  const place = await smallTown(base.db);
  await collecting(place);
  const notice = await issueOne(place, topUp(place, "k", [topUpLine(place, place.giulia, 6410n)]));
  const receipts = Array.from({ length: times }, () => receiptFor(notice));
  for (const receipt of receipts) {
    await land(base.db, receipt, NOW);
    assert.deepEqual((await apply(base.db, NOW)).errors, []);
  }
  const lines = receipts.map((receipt) => lineOf(receipt));
  await store(place, reportOf(CREDITOR, lines), NOW);
  await bankSays(place, journalOf(CREDITOR, [movementOf(6410n * BigInt(times))]), NOW);
  return { place, receipts };
}

/** A later flow takes one back; gives the flow. */
async function takenBack(
  place: SmallTown,
  receipt: ReceivedReceipt,
  cents = 6410n,
): Promise<string> {
  const line = lineOf(receipt, { outcome: "REVOKED", amountCents: cents });
  const stored = await store(place, reportOf(CREDITOR, [line], { flowCode: "REVOCA-1" }), NOW);
  assert.ok(stored.outcome === "stored");
  const causale = "/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/REVOCA-1";
  await bankSays(place, journalOf(CREDITOR, [movementOf(-cents, { causale })]), NOW);
  return stored.flowId;
}

const undo = (place: SmallTown, flowId: string, of: { actor?: Actor; reason?: string } = {}) =>
  place.town.write((tx) =>
    undoRevoked(tx, {
      actor: of.actor ?? manager,
      flowId,
      line: 1,
      reason: of.reason ?? "revocato dalla banca",
      now: NOW,
    }),
  );

const byName = ([a]: unknown[], [b]: unknown[]): number => String(a).localeCompare(String(b));

/** The accounts office's file, a line per service: payments and their sum. */
const exported = (place: SmallTown, by: "paid" | "banked") =>
  place.town.read(async (tx) => {
    const rows = await accountingOf(tx, { from: TODAY.subtract({ days: 30 }), to: TODAY, by });
    return rows
      .map(({ serviceName, payments, grossCents }) => [serviceName, payments, grossCents])
      .toSorted(byName);
  });

const books = (place: SmallTown) =>
  place.town.read(async (tx) => {
    assert.deepEqual(await checkLedger(tx), []);
    assert.deepEqual(await checkPayments(tx), []);
    const family = { kind: "family" as const, holderId: place.holderId, childId: place.giulia };
    return [
      await balanceOf(tx, family),
      await balanceOf(tx, { kind: "pagopa-clearing" }),
      await balanceOf(tx, { kind: "bank" }),
      await balanceOf(tx, { kind: "suspense" }),
    ];
  });

describe("X-05 a revoked payment", () => {
  it("X-05 is taken off in the accounts office's file, on the day on which the bank took it", async () => {
    const { place, receipts } = await banked(2);
    // The second payment of one notice waits in suspense: it has no service yet.
    const suspense = ["", 1, 6410n];
    const paid = [["Mensa", 1, 6410n], suspense];
    for (const by of ["paid", "banked"] as const)
      assert.deepEqual(await exported(place, by), paid.toSorted(byName), by);
    const flowId = await takenBack(place, receipts[0]!);
    assert.deepEqual(await undo(place, flowId), { outcome: "undone" });
    for (const by of ["paid", "banked"] as const)
      assert.deepEqual(
        await exported(place, by),
        [["Mensa", 1, 0n], suspense].toSorted(byName),
        by,
      );
    const [, , bank] = await books(place);
    assert.equal(bank, -6410n, "what the file says is what the bank has");
  });

  it("X-05 is undone with a reason, once, by a manager; the family is told; it may be asked for again", async () => {
    const { place, receipts } = await banked();
    const flowId = await takenBack(place, receipts[0]!);
    assert.deepEqual(await books(place), [6410n, -6410n, 0n, 0n], "credited, and not here");
    assert.equal((await place.town.read((tx) => unexplainedMoney(tx, TODAY))).count, 1);
    assert.deepEqual(await undo(place, flowId, { actor: clerk }), { outcome: "forbidden" });
    assert.deepEqual(await undo(place, flowId, { reason: " " }), { outcome: "reason-missing" });
    const done = await Promise.all([1, 2, 3].map(() => undo(place, flowId)));
    assert.deepEqual(done.map(({ outcome }) => outcome).toSorted(), [
      "already-undone",
      "already-undone",
      "undone",
    ]);
    assert.deepEqual(await books(place), [0n, 0n, 0n, 0n]);
    await place.town.write((tx) => reconcile(tx, NOW));
    await land(base.db, receipts[0]!, NOW);
    assert.deepEqual((await apply(base.db, NOW)).errors, []);
    assert.deepEqual(await books(place), [0n, 0n, 0n, 0n], "the receipt again changes nothing");
    await place.town.read(async (tx) => {
      assert.equal((await unexplainedMoney(tx, TODAY)).count, 0);
      const { noticeNumber } = receipts[0]!;
      const notice = await noticeDetail(tx, { noticeNumber, holderIds: "any", now: NOW });
      assert.deepEqual([notice?.state, notice?.standing], ["settled", "revoked"]);
      assert.equal(notice?.events.filter(({ kind }) => kind === "revoked").length, 1);
      assert.deepEqual([...(await deletedKeys(tx, ["k"]))], ["k"]);
      const told = await tx.rows<{ subject: string }>(sql`
        select m.subject from message m where m.tenant_id = ${tx.tenantId} and m.dedupe_key like 'revoked:%'`);
      assert.deepEqual(told, [{ subject: "Pagamento revocato" }]);
      const audited = await tx.rows(sql`
        select 1 from audit_entry where tenant_id = ${tx.tenantId} and action = 'payments.undo-revoked'`);
      assert.equal(audited.length, 1);
    });
  });

  it("X-05 in suspense: the case is over; credited by the office: that is undone too", async () => {
    for (const decided of [false, true]) {
      const { place, receipts } = await banked(2);
      const [found] = await place.town.read((tx) => openCases(tx));
      const account = { kind: "family" as const, holderId: place.holderId, childId: place.giulia };
      const caseId = found!.id;
      if (decided)
        await place.town.write((tx) =>
          resolveCase(tx, {
            actor: manager,
            caseId,
            account,
            reason: "sentita la famiglia",
            now: NOW,
          }),
        );
      if (decided)
        for (const by of ["paid", "banked"] as const)
          assert.deepEqual(await exported(place, by), [["Mensa", 2, 12820n]], "a service's by now");
      const flowId = await takenBack(place, receipts[1]!);
      assert.deepEqual(await undo(place, flowId), { outcome: "undone" });
      for (const by of ["paid", "banked"] as const)
        assert.deepEqual(
          await exported(place, by),
          decided
            ? [["Mensa", 2, 6410n]]
            : [
                ["", 1, 0n],
                ["Mensa", 1, 6410n],
              ],
        );
      assert.deepEqual(await books(place), [6410n, 0n, -6410n, 0n]);
      assert.deepEqual(await place.town.read((tx) => openCases(tx)), []);
      assert.deepEqual(await undo(place, flowId), { outcome: "already-undone" });
      const number = receipts[0]!.noticeNumber;
      const notice = await place.town.read((tx) =>
        noticeDetail(tx, { noticeNumber: number, holderIds: "any", now: NOW }),
      );
      assert.equal(notice?.standing, "paid", "the first payment stands");
    }
  });

  it("X-05 what is on its way back to the payer, of another sum or without receipt is not undone by itself", async () => {
    const { place, receipts } = await banked(2);
    const [found] = await place.town.read((tx) => openCases(tx));
    await place.town.write((tx) =>
      refundCase(tx, { actor: manager, caseId: found!.id, reason: "non dovuto", now: NOW }),
    );
    const before = await books(place);
    const flow = async (code: string, receipt: ReceivedReceipt, cents = 6410n): Promise<string> => {
      const line = lineOf(receipt, { outcome: "REVOKED", amountCents: cents });
      const stored = await store(place, reportOf(CREDITOR, [line], { flowCode: code }), NOW);
      assert.ok(stored.outcome === "stored");
      return stored.flowId;
    };
    const [first, second] = receipts;
    const lost = { ...first!, receiptId: "lost" };
    for (const [flowId, outcome] of [
      [await flow("R1", second!), "refund-ordered"],
      [await flow("R2", first!, 300n), "amount-differs"],
      [await flow("R3", lost), "never-credited"],
    ] as const)
      assert.deepEqual(await undo(place, flowId), { outcome });
    const { flow_id: settled } = await place.town.read((tx) =>
      tx.one<{ flow_id: string }>(sql`
        select flow_id from settlement_payment where tenant_id = ${tx.tenantId} and standing = 'matched' limit 1`),
    );
    assert.deepEqual(await undo(place, settled), { outcome: "not-revoked" });
    assert.deepEqual(await books(place), before);
  });
});
