// SPDX-License-Identifier: EUPL-1.2
/** The office's money desk: payments by hand, instalment plans. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { messagesOf } from "#messaging";
import {
  beginPayment,
  deskFile,
  noticeDetail,
  openCases,
  planInstalments,
  type PositionDraft,
  registerDeskPayment,
} from "#payments";
import { apply, issueOne, land, receiptFor, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import {
  assertSound,
  balance,
  type Desk,
  move,
  openDesk,
  townBalance,
} from "../support/money-desk.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:16:00Z");
const LATER = moment("2026-11-20T11:00:00Z");

const draft = {
  method: "other-portal" as const,
  amountCents: 4600n,
  paidOn: day("2026-11-18"),
  payerName: "Sara Ferrando",
  payerFiscalCode: "",
  receiptRef: "IUR-77",
  place: "",
  note: "",
  vouchers: null,
};

const register = (
  of: Desk,
  changes: Partial<Parameters<typeof registerDeskPayment>[1]>,
): ReturnType<typeof registerDeskPayment> =>
  of.place.town.write((tx) =>
    registerDeskPayment(tx, {
      actor: of.clerk,
      draft,
      target: {
        kind: "account",
        account: of.account,
        childId: of.place.giulia,
        serviceId: of.place.serviceId,
      },
      file: null,
      key: newId(),
      now: NOW,
      ...changes,
    }),
  );

describe("payments registered at the desk", () => {
  it("BI-09 another portal's receipt credits the family once, keeps the file, and tells the family", async () => {
    const desk = await openDesk(base.db);
    const key = newId();
    const file = {
      name: "ricevuta.pdf",
      type: "application/pdf" as const,
      bytes: new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x2d, 0, 255, 10]),
    };
    const first = await register(desk, { key, file });
    assert.ok(first.outcome === "registered");
    assert.equal(first.payment.traceable, true);
    const again = await register(desk, { key, file });
    assert.ok(again.outcome === "already-registered" && again.payment.id === first.payment.id);
    assert.equal(await balance(desk, desk.account), 4600n);
    const kept = await desk.place.town.read((tx) => deskFile(tx, first.payment.id));
    assert.deepEqual([...kept!.bytes], [...file.bytes]);
    const other = await register(desk, {});
    assert.ok(other.outcome === "known-receipt" && other.payment?.number === first.payment.number);
    const told = await desk.place.town.read((tx) =>
      messagesOf(tx, { holderIds: [desk.place.holderId], limit: 9 }),
    );
    assert.deepEqual(
      told.map(({ subject }) => subject),
      ["Pagamento registrato"],
    );
    await assertSound(desk);
  });

  it("BI-09 a receipt that pagoPA brought by itself is not registered again", async () => {
    const desk = await openDesk(base.db);
    const lines = [topUpLine(desk.place, desk.place.giulia, 4600n)];
    const notice = await issueOne(desk.place, topUp(desk.place, "k", lines));
    const receipt = receiptFor(notice);
    await land(base.db, receipt, NOW);
    await apply(base.db, NOW);
    const done = await register(desk, { draft: { ...draft, receiptRef: receipt.receiptId } });
    assert.ok(done.outcome === "known-receipt");
    assert.equal(done.noticeNumber, notice.noticeNumber);
    assert.equal(await balance(desk, desk.account), 4600n);
  });

  it("BI-09 it pays a notice of ours: paid elsewhere, each line its account; not while somebody is paying", async () => {
    const desk = await openDesk(base.db);
    const lines = [
      topUpLine(desk.place, desk.place.giulia, 4000n),
      topUpLine(desk.place, desk.place.tommaso, 600n),
    ];
    const notice = await issueOne(desk.place, topUp(desk.place, "k", lines));
    const target = { kind: "notice" as const, noticeId: notice.id };
    const wrong = await register(desk, { target, draft: { ...draft, amountCents: 4500n } });
    assert.deepEqual(wrong, { outcome: "other-amount", noticeCents: 4600n });
    await desk.place.town.write((tx) =>
      beginPayment(tx, { ...notice, station: "77777777777_01", now: NOW }),
    );
    assert.deepEqual(await register(desk, { target }), { outcome: "payment-pending" });
    const done = await register(desk, { target, now: LATER });
    assert.equal(done.outcome, "registered");
    assert.equal(await balance(desk, desk.account), 4000n);
    assert.equal(await balance(desk, desk.sibling), 600n);
    const detail = await desk.place.town.read((tx) =>
      noticeDetail(tx, { noticeNumber: notice.noticeNumber, holderIds: "any", now: LATER }),
    );
    assert.equal(detail?.standing, "paid-elsewhere");
    // The same money at pagoPA too is a case, never lost.
    await land(base.db, receiptFor(notice), LATER);
    await apply(base.db, LATER);
    const cases = await desk.place.town.read((tx) => openCases(tx));
    assert.deepEqual(
      cases.map(({ kind }) => kind),
      ["duplicate"],
    );
    await assertSound(desk);
  });

  it("BO-08 cash and card only for debts from before this school year, marked as what they are", async () => {
    const desk = await openDesk(base.db);
    await move(desk, -5000n, "2026-05-20");
    await move(desk, -3000n, "2026-10-20");
    const cash = { ...draft, method: "cash" as const, receiptRef: "", place: "Edicola Sole" };
    const tooMuch = await register(desk, { draft: { ...cash, amountCents: 5001n } });
    assert.deepEqual(tooMuch, { outcome: "no-old-debt", oldDebtCents: 5000n });
    const done = await register(desk, { draft: { ...cash, amountCents: 2000n } });
    assert.ok(done.outcome === "registered");
    assert.equal(done.payment.traceable, false);
    const card = await register(desk, { draft: { ...cash, method: "pos", amountCents: 3000n } });
    assert.ok(card.outcome === "registered");
    assert.equal(card.payment.traceable, true);
    const over = await register(desk, { draft: { ...cash, amountCents: 1n } });
    assert.deepEqual(over, { outcome: "no-old-debt", oldDebtCents: 0n });
    assert.equal(await townBalance(desk, "cash-desk"), -5000n);
    const nowhere = await register(desk, { draft: { ...cash, place: "" } });
    assert.ok(nowhere.outcome === "refused" && nowhere.faults.includes("place-missing"));
    await assertSound(desk);
  });

  it("MC-05 vouchers handed back become credit: number, value, who brought them", async () => {
    const desk = await openDesk(base.db);
    const vouchers = { ...draft, method: "vouchers" as const, receiptRef: "" };
    const wrong = await register(desk, {
      draft: { ...vouchers, vouchers: { count: 9, cents: 460n } },
    });
    assert.ok(wrong.outcome === "refused" && wrong.faults.includes("vouchers"));
    const right = { ...vouchers, amountCents: 4600n, vouchers: { count: 10, cents: 460n } };
    const done = await register(desk, { draft: right });
    assert.ok(done.outcome === "registered");
    assert.equal(done.payment.traceable, false);
    assert.equal(await townBalance(desk, "vouchers"), -4600n);
    assert.equal(await balance(desk, desk.account), 4600n);
    const teacher = { ...desk.clerk, role: "school" as const };
    assert.deepEqual(await register(desk, { actor: teacher, draft: right }), {
      outcome: "forbidden",
    });
  });
});

const debt = (of: Desk, key: string): PositionDraft => ({
  ...topUp(of.place, key, [
    topUpLine(of.place, of.place.giulia, 5000n),
    topUpLine(of.place, of.place.tommaso, 5001n),
  ]),
  kind: "old-debt",
  subject: "Refezione scolastica, anno 2025/2026",
});
const DATES = [day("2026-12-15"), day("2027-01-15"), day("2027-02-15")];

const plan = (
  of: Desk,
  changes: Partial<Parameters<typeof planInstalments>[1]> & {
    source: Parameters<typeof planInstalments>[1]["source"];
  },
): ReturnType<typeof planInstalments> =>
  of.place.town.write((tx) =>
    planInstalments(tx, {
      actor: of.manager,
      dueOn: DATES,
      reason: "chiesto dalla famiglia",
      key: newId(),
      now: NOW,
      ...changes,
    }),
  );

describe("an instalment plan", () => {
  it("BO-08 replaces the unpaid notice: new numbers, same lines, same sum; twice is once", async () => {
    const desk = await openDesk(base.db);
    const notice = await issueOne(desk.place, debt(desk, "k"));
    const source = { kind: "notice" as const, noticeId: notice.id };
    const key = newId();
    const made = await plan(desk, { source, key });
    assert.ok(made.outcome === "planned");
    assert.deepEqual(
      made.notices.map(({ amountCents, dueOn }) => [amountCents, dueOn?.toString()]),
      [
        [3334n, "2026-12-15"],
        [3334n, "2027-01-15"],
        [3333n, "2027-02-15"],
      ],
    );
    assert.deepEqual(await plan(desk, { source, key }), made);
    assert.equal((await plan(desk, { source })).outcome, "nothing-to-pay");
    const old = await desk.place.town.read((tx) =>
      noticeDetail(tx, { noticeNumber: notice.noticeNumber, holderIds: "any", now: NOW }),
    );
    assert.equal(old?.standing, "replaced");
    assert.equal(old.replacedById, made.notices[0]?.id);
    // What is paid on the old number all the same is a case; the instalments pay the accounts.
    await land(base.db, receiptFor(notice), NOW);
    for (const part of made.notices) await land(base.db, receiptFor(part), NOW);
    await apply(base.db, NOW);
    assert.equal(await balance(desk, desk.account), 5000n);
    assert.equal(await balance(desk, desk.sibling), 5001n);
    assert.equal(await townBalance(desk, "suspense"), 10_001n);
    await assertSound(desk);
  });

  it("BO-08 X-05 not while somebody is paying; afterwards what is left is planned anew", async () => {
    const desk = await openDesk(base.db);
    const notice = await issueOne(desk.place, debt(desk, "k"));
    await desk.place.town.write((tx) =>
      beginPayment(tx, { ...notice, station: "77777777777_01", now: NOW }),
    );
    const source = { kind: "notice" as const, noticeId: notice.id };
    assert.deepEqual(await plan(desk, { source }), { outcome: "payment-pending" });
    const made = await plan(desk, { source, now: LATER });
    assert.ok(made.outcome === "planned");
    await land(base.db, receiptFor(made.notices[0]!), LATER);
    await apply(base.db, LATER);
    const again = await plan(desk, {
      source: { kind: "notice", noticeId: made.notices[1]!.id },
      dueOn: [day("2027-03-15"), day("2027-04-15")],
      now: LATER,
    });
    assert.ok(again.outcome === "planned");
    assert.deepEqual(
      again.notices.map(({ amountCents }) => amountCents),
      [3334n, 3333n],
    );
  });

  it("BO-08 an old debt without a notice: never more than is owed, less what notices ask for", async () => {
    const desk = await openDesk(base.db);
    await move(desk, -9000n, "2026-05-20");
    const source = {
      kind: "debt" as const,
      account: desk.account,
      childId: desk.place.giulia,
      serviceId: desk.place.serviceId,
      amountCents: 9001n,
      subject: "Refezione scolastica, debiti precedenti",
    };
    assert.deepEqual(await plan(desk, { source }), { outcome: "more-than-owed", owedCents: 9000n });
    const part = { ...source, amountCents: 6000n };
    assert.equal((await plan(desk, { source: part })).outcome, "planned");
    assert.deepEqual(await plan(desk, { source: part }), {
      outcome: "more-than-owed",
      owedCents: 3000n,
    });
    const wrongDays = await plan(desk, {
      source: { ...source, amountCents: 3000n },
      dueOn: [day("2026-12-15"), day("2026-12-15")],
    });
    assert.deepEqual(wrongDays, { outcome: "refused", fault: "not-in-order" });
    const clerk = await plan(desk, { source: part, actor: desk.clerk });
    assert.deepEqual(clerk, { outcome: "forbidden" });
    const topped = await issueOne(
      desk.place,
      topUp(desk.place, "t", [topUpLine(desk.place, desk.place.giulia, 100n)]),
    );
    const ofTopUp = await plan(desk, { source: { kind: "notice", noticeId: topped.id } });
    assert.deepEqual(ofTopUp, { outcome: "not-a-debt" });
  });
});
