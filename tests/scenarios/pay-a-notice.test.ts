// SPDX-License-Identifier: EUPL-1.2
/** One notice from its making to the family's account: nothing is paid twice, nothing is lost. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, moment, momentAt } from "#kernel/dates.ts";
import { balanceOf, balances, checkLedger } from "#ledger";
import { messagesOf } from "#messaging";
import {
  checkPayments,
  cancelNotice,
  cartProgress,
  evenInstalments,
  beginPayment,
  noteCartAnswer,
  noteCartReturn,
  noticeDetail,
  noticesOf,
  openCases,
  payableNotice,
  resolveCase,
  startCart,
} from "#payments";
import {
  apply,
  collecting,
  issue,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:16:00Z");

async function payingTown(): Promise<SmallTown> {
  const place = await smallTown(base.db);
  await collecting(place);
  return place;
}

const creditOf = (place: SmallTown, childId: string): Promise<bigint> =>
  place.town.read((tx) => balanceOf(tx, { kind: "family", holderId: place.holderId, childId }));

async function assertSound(place: SmallTown): Promise<void> {
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  assert.deepEqual(await place.town.read((tx) => checkPayments(tx)), []);
}

const ask = (place: SmallTown, notice: { noticeNumber: string; creditorFiscalCode: string }) =>
  place.town.read((tx) => payableNotice(tx, { ...notice, now: NOW }));

describe("a notice is issued", () => {
  it("X-04 two children's top-ups are one notice with two lines and one transfer", async () => {
    const place = await payingTown();
    const lines = [topUpLine(place, place.giulia, 9200n), topUpLine(place, place.tommaso, 4600n)];
    const notice = await issueOne(place, topUp(place, "one cart", lines));
    assert.equal(notice.amountCents, 13_800n);
    assert.match(notice.noticeNumber, /^3\d{17}$/);
    const answer = await ask(place, notice);
    assert.ok(answer.outcome === "payable");
    assert.deepEqual(
      answer.transfers.map(({ amountCents, category }) => [amountCents, category]),
      [[13_800n, "9/0107101TS/"]],
    );
    assert.match(answer.transfers[0]!.remittance, /^\/RFB\/\d{17}\/138\.00\/TXT\/Ricarica/);
  });

  it("X-04 the same form sent twice issues once; with other content it is refused", async () => {
    const place = await payingTown();
    const draft = topUp(place, "twice", [topUpLine(place, place.giulia, 5000n)]);
    const [first, again] = [await issue(place, [draft]), await issue(place, [draft])];
    assert.deepEqual(again, first);
    const other = topUp(place, "twice", [topUpLine(place, place.giulia, 6000n)]);
    assert.deepEqual(await issue(place, [other]), { outcome: "key-reused", keys: ["twice"] });
  });

  it("BO-06 numbers are never given twice, also by towns that share the creditor", async () => {
    const places = await Promise.all([smallTown(base.db), smallTown(base.db)]);
    for (const place of places) await collecting(place, { creditor: "88888888888" });
    const numbers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const place = places[index % 2]!;
        const draft = topUp(place, `n${index}`, [topUpLine(place, place.giulia, 100n)]);
        return (await issueOne(place, draft)).noticeNumber;
      }),
    );
    assert.equal(new Set(numbers).size, 20);
  });

  it("BO-08 instalments have numbers of their own and pay the lines in their order", async () => {
    const place = await payingTown();
    const lines = [topUpLine(place, place.giulia, 5000n), topUpLine(place, place.tommaso, 5001n)];
    const due = [day("2026-12-15"), day("2027-01-15"), day("2027-02-15")];
    const draft = { ...topUp(place, "plan", lines), instalments: evenInstalments(10_001n, due) };
    const issued = await issue(place, [draft]);
    assert.ok(issued.outcome === "issued");
    const [whole, ...parts] = issued.positions[0]!.notices;
    assert.equal(whole!.amountCents, 10_001n);
    assert.deepEqual(
      parts.map(({ amountCents }) => amountCents),
      [3334n, 3334n, 3333n],
    );
    await land(base.db, receiptFor(parts[0]!), NOW);
    await apply(base.db, NOW);
    assert.equal(await creditOf(place, place.giulia), 3334n);
    assert.deepEqual(await ask(place, whole!), { outcome: "unknown" });
    assert.equal((await ask(place, parts[1]!)).outcome, "payable");
    await assertSound(place);
  });

  it("OS-14 a town without station or account says what is missing", async () => {
    const place = await smallTown(base.db);
    const draft = topUp(place, "k", [topUpLine(place, place.giulia, 100n)]);
    assert.deepEqual(await issue(place, [draft]), {
      outcome: "not-configured",
      missing: "station",
    });
  });
});

describe("a receipt lands", () => {
  it("OS-11 X-06 it credits each child's account, once, and tells the family once", async () => {
    const place = await payingTown();
    const lines = [topUpLine(place, place.giulia, 9200n), topUpLine(place, place.tommaso, 4600n)];
    const notice = await issueOne(place, topUp(place, "paid", lines));
    const receipt = receiptFor(notice);
    assert.equal((await land(base.db, receipt, NOW)).outcome, "stored");
    for (let retry = 0; retry < 48; retry += 1)
      assert.equal((await land(base.db, receipt, NOW)).outcome, "already-there");
    assert.equal((await apply(base.db, NOW)).applied, 1);
    assert.equal((await apply(base.db, NOW)).applied, 0);
    assert.equal(await creditOf(place, place.giulia), 9200n);
    assert.equal(await creditOf(place, place.tommaso), 4600n);
    assert.equal(
      await place.town.read((tx) => balanceOf(tx, { kind: "pagopa-clearing" })),
      -13_800n,
    );
    assert.deepEqual(await ask(place, notice), { outcome: "already-paid" });
    const told = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 10 }),
    );
    assert.deepEqual(
      told.map(({ subject }) => subject),
      ["Pagamento ricevuto"],
    );
    assert.match(told[0]!.body, /, Giulia e Tommaso\. Avviso /, "whom it was paid for");
    await assertSound(place);
  });

  it("X-05 two workers apply one receipt at once: one posting", async () => {
    const place = await payingTown();
    const notice = await issueOne(
      place,
      topUp(place, "race", [topUpLine(place, place.giulia, 700n)]),
    );
    await land(base.db, receiptFor(notice), NOW);
    const done = await Promise.all([apply(base.db, NOW), apply(base.db, NOW), apply(base.db, NOW)]);
    assert.deepEqual(
      done.flatMap(({ errors }) => errors),
      [],
    );
    assert.equal(await creditOf(place, place.giulia), 700n);
    await assertSound(place);
  });

  const suspicious = [
    ["a second receipt", {}, "duplicate"],
    ["another amount", { paymentAmountCents: 801n }, "other-amount"],
  ] as const;
  for (const [what, changes, kind] of suspicious) {
    it(`X-05 ${what} lies in suspense with a case, and the office places it`, async () => {
      const place = await payingTown();
      const notice = await issueOne(
        place,
        topUp(place, "k", [topUpLine(place, place.giulia, 800n)]),
      );
      if (kind === "duplicate") await land(base.db, receiptFor(notice), NOW);
      await apply(base.db, NOW);
      const before = await creditOf(place, place.giulia);
      await land(base.db, receiptFor(notice, changes), NOW);
      assert.deepEqual(await apply(base.db, NOW), { applied: 1, failed: 0, errors: [] });
      assert.equal(await creditOf(place, place.giulia), before);
      const [found] = await place.town.read((tx) => openCases(tx));
      assert.equal(found?.kind, kind);
      assert.equal(
        await place.town.read((tx) => balanceOf(tx, { kind: "suspense" })),
        found.amountCents,
      );
      const actor = { ...place.sara, role: "office-manager" as const, personId: null };
      const account = { kind: "family" as const, holderId: place.holderId, childId: place.giulia };
      const decide = () =>
        place.town.write((tx) =>
          resolveCase(tx, {
            actor,
            caseId: found.id,
            account,
            reason: "verificato con la famiglia",
            now: NOW,
          }),
        );
      assert.deepEqual(await decide(), { outcome: "resolved" });
      assert.deepEqual(await decide(), { outcome: "already-resolved" });
      assert.equal(await creditOf(place, place.giulia), before + found.amountCents);
      assert.equal(await place.town.read((tx) => balanceOf(tx, { kind: "suspense" })), 0n);
      assert.deepEqual(await place.town.read((tx) => openCases(tx)), []);
      await assertSound(place);
    });
  }

  it("X-05 an unknown notice of our numbers is kept as a case; of other numbers it is left alone", async () => {
    const place = await smallTown(base.db);
    const { creditor, segregationCode } = await collecting(place, { creditor: "99999999990" });
    const unknown = { creditorFiscalCode: creditor, amountCents: 500n };
    const ours = { ...unknown, noticeNumber: `3${segregationCode}000000000009999` };
    const theirs = { ...unknown, noticeNumber: "345000000000000199" };
    assert.equal((await land(base.db, receiptFor(ours), NOW)).outcome, "stored");
    const stored = await land(base.db, receiptFor(theirs), NOW);
    assert.ok(stored.outcome === "stored");
    assert.equal(stored.tenantId, null);
    await apply(base.db, NOW);
    const cases = await place.town.read((tx) => openCases(tx));
    assert.deepEqual(
      cases.map(({ kind, amountCents }) => [kind, amountCents]),
      [["unknown-notice", 500n]],
    );
    const stranger = receiptFor({ ...ours, creditorFiscalCode: "11111111111" });
    assert.equal((await land(base.db, stranger, NOW)).outcome, "not-our-creditor");
    await assertSound(place);
  });

  it("BO-06 a deleted top-up that is paid all the same credits its wallet", async () => {
    const place = await payingTown();
    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 1500n)]),
    );
    const remove = () =>
      place.town.write((tx) =>
        cancelNotice(tx, { actor: place.sara, noticeId: notice.id, reason: "", now: NOW }),
      );
    assert.deepEqual(await remove(), { outcome: "cancelled" });
    assert.deepEqual(await remove(), { outcome: "already-cancelled" });
    assert.deepEqual(await ask(place, notice), { outcome: "cancelled" });
    await land(base.db, receiptFor(notice), NOW);
    await apply(base.db, NOW);
    assert.equal(await creditOf(place, place.giulia), 1500n);
    const detail = await place.town.read((tx) =>
      noticeDetail(tx, {
        noticeNumber: notice.noticeNumber,
        holderIds: [place.holderId],
        now: NOW,
      }),
    );
    assert.equal(detail?.standing, "paid");
    assert.equal(detail.receipts[0]?.verdict, "cancelled-top-up");
    await assertSound(place);
  });

  it("X-05 a receipt that cannot be read waits and stops no other", async () => {
    const place = await payingTown();
    const lines = [topUpLine(place, place.giulia, 100n)];
    const [bad, good] = [
      await issueOne(place, topUp(place, "bad", lines)),
      await issueOne(place, topUp(place, "good", lines)),
    ];
    const unreadable = receiptFor(bad, { paymentAmountCents: 0n, transfers: [] });
    await land(base.db, unreadable, NOW);
    await land(base.db, receiptFor(good), NOW);
    const done = await apply(base.db, NOW);
    assert.deepEqual([done.applied, done.failed], [1, 1]);
    assert.equal(await creditOf(place, place.giulia), 100n);
    assert.equal((await apply(base.db, NOW)).failed, 0, "not again before its time");
    assert.equal((await apply(base.db, NOW.add({ minutes: 2 }))).failed, 1);
  });
});

describe("a payment on line", () => {
  it("X-05 X-06 a cart is pending until its receipt, whatever the browser does", async () => {
    const place = await payingTown();
    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 2000n)]),
    );
    const start = (key: string, anyway = false) =>
      place.town.write((tx) =>
        startCart(tx, { actor: place.sara, noticeIds: [notice.id], key, anyway, now: NOW }),
      );
    const started = await start("press");
    assert.ok(started.outcome === "started");
    const { id: cartId } = started.cart;
    await place.town.write((tx) =>
      noteCartAnswer(tx, { cartId, location: "https://checkout.example/c/1" }),
    );
    assert.equal((await start("press")).outcome, "already-started");
    assert.equal((await start("another tab")).outcome, "payment-pending");
    const standing = async (now = NOW) =>
      (await place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now })))[0]
        ?.standing;
    assert.equal(await standing(), "pending");
    assert.equal(await standing(NOW.add({ minutes: 31 })), "to-pay");
    const progress = () =>
      place.town.read((tx) => cartProgress(tx, { actor: place.sara, cartId, now: NOW }));
    await place.town.write((tx) =>
      noteCartReturn(tx, { actor: place.sara, cartId, as: "ok", now: NOW }),
    );
    assert.equal((await progress())?.received, false, "a return is no proof");
    assert.equal((await progress())?.pending, true);
    await land(base.db, receiptFor(notice), NOW);
    await apply(base.db, NOW);
    assert.equal((await progress())?.received, true);
    assert.equal(await standing(), "paid");
    const paid = await start("late press");
    assert.ok(paid.outcome === "not-payable" && paid.why === "already-paid");
  });

  it("X-05 begun at a counter it shows as pending and is not deleted meanwhile", async () => {
    const place = await payingTown();
    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 2000n)]),
    );
    await place.town.write((tx) =>
      beginPayment(tx, { ...notice, station: "77777777777_01", now: NOW }),
    );
    const remove = (now = NOW) =>
      place.town.write((tx) =>
        cancelNotice(tx, { actor: place.sara, noticeId: notice.id, reason: "", now }),
      );
    assert.deepEqual(await remove(), { outcome: "payment-pending" });
    assert.deepEqual(await remove(NOW.add({ minutes: 31 })), { outcome: "cancelled" });
  });

  it("X-12 nobody pays or sees with another family's account", async () => {
    const place = await payingTown();
    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 2000n)]),
    );
    const stranger = { ...place.sara, personId: place.tommaso };
    const start = await place.town.write((tx) =>
      startCart(tx, {
        actor: stranger,
        noticeIds: [notice.id],
        key: "s",
        anyway: false,
        now: NOW,
      }),
    );
    assert.equal(start.outcome, "forbidden");
    const remove = await place.town.write((tx) =>
      cancelNotice(tx, { actor: stranger, noticeId: notice.id, reason: "", now: NOW }),
    );
    assert.deepEqual(remove, { outcome: "forbidden" });
    const other = await payingTown();
    assert.deepEqual(await ask(other, notice), { outcome: "unknown" });
  });

  it("OS-11 a notice with a last day is refused after it, unless it stays payable", async () => {
    const place = await payingTown();
    const lines = [topUpLine(place, place.giulia, 2000n)];
    const dueOn = day("2026-11-19");
    const strict = { ...topUp(place, "a", lines), dueOn, payableAfterDue: false };
    const mild = { ...topUp(place, "b", lines), dueOn };
    assert.deepEqual(await ask(place, await issueOne(place, strict)), { outcome: "expired" });
    assert.equal((await ask(place, await issueOne(place, mild))).outcome, "payable");
    const lastMinute = momentAt(dueOn, "23:59");
    const onTime = await place.town.read(async (tx) => {
      const [notice] = await noticesOf(tx, { holderIds: [place.holderId], now: lastMinute });
      return notice?.standing;
    });
    assert.equal(onTime, "to-pay");
    assert.deepEqual(await place.town.read((tx) => balances(tx, { holderId: place.holderId })), []);
  });
});
