// SPDX-License-Identifier: EUPL-1.2
/** Money back to families, or from one child to another; debts that nobody will pay. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { putClosures } from "#calendar";
import type { Actor } from "#kernel/actor.ts";
import { day, moment, type Moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { formats } from "#kernel/i18n.ts";
import { messagesOf } from "#messaging";
import {
  answerMoney,
  askMoney,
  batchFile,
  checkPayments,
  confirmRefunds,
  correctPayee,
  decideWriteOff,
  discardBatch,
  giveBack,
  markBatchSent,
  type MoneyRequest,
  moneyRequests,
  noticesOf,
  openCases,
  orderRefunds,
  proposeWriteOff,
  refundableCents,
  refundCase,
  requestEvents,
  returnRefund,
  withdrawRequest,
  writeOffs,
} from "#payments";
import {
  apply,
  BANK_IBAN,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
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

const ask = (
  of: Desk,
  changes: {
    kind?: "refund" | "transfer";
    amountCents?: bigint;
    iban?: string;
    key?: string;
    actor?: Actor;
    now?: Moment;
  } = {},
): ReturnType<typeof askMoney> =>
  of.place.town.write((tx) =>
    askMoney(tx, {
      actor: changes.actor ?? of.place.sara,
      holderId: of.place.holderId,
      draft: {
        kind: changes.kind ?? "refund",
        amountCents: changes.amountCents ?? 4000n,
        reason: "Giulia cambia scuola",
        beneficiary: "Sara Ferrando",
        iban: changes.iban ?? "it60 x054 2811 1010 0000 0123 456",
        from: { childId: of.place.giulia, serviceId: null },
        to: { childId: of.place.tommaso, serviceId: null },
      },
      key: changes.key ?? newId(),
      now: changes.now ?? NOW,
    }),
  );

async function asked(of: Desk, changes: Parameters<typeof ask>[1] = {}): Promise<string> {
  const done = await ask(of, changes);
  assert.ok(done.outcome === "asked", done.outcome);
  return done.request.id;
}

const answer = (
  of: Desk,
  id: string,
  decision: "approve" | "refuse" = "approve",
  text = "",
): ReturnType<typeof answerMoney> =>
  of.place.town.write((tx) =>
    answerMoney(tx, { actor: of.manager, id, decision, answer: text, now: NOW }),
  );

const order = (of: Desk, ids: string[]): ReturnType<typeof orderRefunds> =>
  of.place.town.write((tx) =>
    orderRefunds(tx, { actor: of.manager, ids, executionOn: day("2026-11-24"), now: NOW }),
  );

describe("requests for money back", () => {
  it("X-10 has a number and a promised day; never more than the credit, requests that wait included", async () => {
    const desk = await openDesk(base.db);
    await move(desk, 5000n, "2026-10-01");
    const key = newId();
    const first = await ask(desk, { key });
    assert.ok(first.outcome === "asked");
    assert.equal(first.request.number, 1);
    // thirty days on is a Sunday
    assert.equal(first.request.dueOn.toString(), "2026-12-21");
    assert.equal(first.request.iban, BANK_IBAN);
    assert.equal((await ask(desk, { key })).outcome, "already-asked");
    assert.deepEqual(await ask(desk, { key, amountCents: 1n }), { outcome: "key-reused" });
    assert.deepEqual(await ask(desk, { amountCents: 1001n }), {
      outcome: "not-enough-credit",
      availableCents: 1000n,
    });
    const badIban = await ask(desk, { iban: "IT64Y0542811101000000123456" });
    assert.deepEqual(badIban, { outcome: "refused", faults: ["iban"] });
    const stranger = { ...desk.place.sara, personId: newId() };
    assert.deepEqual(await ask(desk, { actor: stranger }), { outcome: "forbidden" });
    assert.equal(await balance(desk, desk.account), 5000n, "asking moves nothing");
    const back = () =>
      desk.place.town.write((tx) =>
        withdrawRequest(tx, { actor: desk.place.sara, id: first.request.id, now: NOW }),
      );
    assert.deepEqual(await back(), { outcome: "withdrawn" });
    const free = await desk.place.town.read((tx) => refundableCents(tx, desk.account));
    assert.equal(free, 5000n);
  });

  it("X-10 the promised day is one on which the office works: neither Christmas nor the patron's day", async () => {
    const christmas = await openDesk(base.db);
    await move(christmas, 5000n, "2026-10-01");
    const promised = async (of: Desk, now: string): Promise<string> => {
      const done = await ask(of, { amountCents: 100n, now: moment(now) });
      assert.ok(done.outcome === "asked");
      return done.request.dueOn.toString();
    };
    assert.equal(await promised(christmas, "2026-11-25T09:00:00Z"), "2026-12-28");
    const patron = await openDesk(base.db);
    await move(patron, 5000n, "2026-10-01");
    await patron.place.town.write((tx) =>
      putClosures(
        tx,
        [
          {
            id: newId(),
            serviceId: null,
            siteId: null,
            classId: null,
            from: day("2026-12-21"),
            to: day("2026-12-21"),
            reason: "patron",
            note: "San Tommaso",
          },
        ],
        { name: "test", at: NOW },
      ),
    );
    assert.equal(await promised(patron, "2026-11-20T09:00:00Z"), "2026-12-22");
  });

  it("X-10 an account abroad, in the SEPA area, is paid like any other", async () => {
    const desk = await openDesk(base.db);
    await move(desk, 5000n, "2026-10-01");
    for (const iban of ["TR330006100519786457841326", "DE89370400440532013001"])
      assert.deepEqual(await ask(desk, { iban }), { outcome: "refused", faults: ["iban"] });
    const id = await asked(desk, { iban: "de89 3704 0044 0532 0130 00" });
    const correct = (iban: string) =>
      desk.place.town.write((tx) =>
        correctPayee(tx, { actor: desk.manager, id, iban, beneficiary: "Sara Ferrando", now: NOW }),
      );
    assert.deepEqual(await correct("CH9300762011623852958"), { outcome: "iban" });
    assert.deepEqual(await correct("CH93 0076 2011 6238 5295 7"), { outcome: "corrected" });
    assert.deepEqual(await answer(desk, id), { outcome: "approved" });
    const made = await order(desk, [id]);
    assert.ok(made.outcome === "ordered");
    const file = await desk.place.town.read((tx) => batchFile(tx, made.batchId));
    assert.equal(file?.refunds[0]?.iban, "CH9300762011623852957");
  });

  it("X-10 a file that never went to the bank is discarded: its refunds go into the next one, once", async () => {
    const desk = await openDesk(base.db);
    const { place, manager, clerk } = desk;
    await move(desk, 5000n, "2026-10-01");
    const id = await asked(desk);
    await answer(desk, id);
    const first = await order(desk, [id]);
    assert.ok(first.outcome === "ordered");
    const discard = (of: { actor?: typeof clerk; reason?: string; id?: string } = {}) =>
      place.town.write((tx) =>
        discardBatch(tx, {
          actor: manager,
          id: first.batchId,
          reason: "giorno sbagliato",
          now: NOW,
          ...of,
        }),
      );
    assert.deepEqual(await discard({ actor: clerk }), { outcome: "forbidden" });
    assert.deepEqual(await discard({ reason: " " }), { outcome: "reason-missing" });
    assert.deepEqual(await discard({ id: newId() }), { outcome: "unknown" });
    const both = await Promise.all([discard(), discard()]);
    assert.deepEqual(both.map(({ outcome }) => outcome).toSorted(), [
      "already-discarded",
      "discarded",
    ]);
    const send = (batchId: string) =>
      place.town.write((tx) => markBatchSent(tx, { actor: manager, id: batchId, now: NOW }));
    assert.deepEqual(await send(first.batchId), { outcome: "discarded" });
    const old = (await place.town.read((tx) => batchFile(tx, first.batchId)))!;
    assert.deepEqual(
      [old.batch.discardedBy, old.batch.discardReason, old.refunds.length],
      [manager.name, "giorno sbagliato", 1],
      "what it said stays",
    );
    assert.equal(await townBalance(desk, "refunds-payable"), 4000n);
    const second = await order(desk, [id]);
    assert.ok(second.outcome === "ordered");
    assert.deepEqual(await send(second.batchId), { outcome: "sent" });
    assert.deepEqual(await discard({ id: second.batchId }), { outcome: "already-sent" });
    const confirm = (batchId: string) =>
      place.town.write((tx) =>
        confirmRefunds(tx, {
          actor: manager,
          ids: [id],
          batchId,
          paidOn: day("2026-11-20"),
          now: NOW,
        }),
      );
    assert.deepEqual(await confirm(first.batchId), { outcome: "nothing-to-do" });
    assert.deepEqual(await confirm(second.batchId), { outcome: "done" });
    assert.equal(await townBalance(desk, "bank"), 4000n);
    assert.deepEqual(await place.town.read((tx) => checkPayments(tx)), []);
  });

  it("X-10 MC-12 received → approved → in the bank's file → paid: each once, the family sees each step", async () => {
    const desk = await openDesk(base.db);
    await move(desk, 5000n, "2026-10-01");
    const id = await asked(desk);
    assert.deepEqual(await order(desk, [id]), { outcome: "nothing-to-order" });
    assert.deepEqual(await answer(desk, id), { outcome: "approved" });
    assert.equal((await answer(desk, id)).outcome, "already-answered");
    assert.equal(await balance(desk, desk.account), 1000n);
    assert.equal(await townBalance(desk, "refunds-payable"), 4000n);
    const made = await order(desk, [id]);
    assert.ok(made.outcome === "ordered");
    assert.deepEqual(await order(desk, [id]), { outcome: "nothing-to-order" });
    const file = await desk.place.town.read((tx) => batchFile(tx, made.batchId));
    assert.equal(file?.batch.debtorIban, BANK_IBAN);
    assert.equal(file.refunds.length, 1);
    const confirm = () =>
      desk.place.town.write((tx) =>
        confirmRefunds(tx, { actor: desk.manager, ids: [id], paidOn: day("2026-11-20"), now: NOW }),
      );
    assert.deepEqual(await confirm(), { outcome: "not-sent" });
    const send = () =>
      desk.place.town.write((tx) =>
        markBatchSent(tx, { actor: desk.manager, id: made.batchId, now: NOW }),
      );
    assert.deepEqual(await send(), { outcome: "sent" });
    assert.deepEqual(await send(), { outcome: "already-sent" });
    assert.deepEqual(await confirm(), { outcome: "done" });
    assert.deepEqual(await confirm(), { outcome: "nothing-to-do" });
    assert.equal(await townBalance(desk, "refunds-payable"), 0n);
    assert.equal(await townBalance(desk, "bank"), 4000n);
    const steps = await desk.place.town.read((tx) => requestEvents(tx, [id]));
    assert.deepEqual(
      steps.map(({ state }) => state).sort(),
      ["received", "approved", "ordered", "paid"].sort(),
    );
    const told = await desk.place.town.read((tx) =>
      messagesOf(tx, { holderIds: [desk.place.holderId], limit: 9 }),
    );
    assert.deepEqual(told.map(({ subject }) => subject).sort(), [
      "Richiesta 1 approvata",
      "Richiesta 1: rimborso pagato",
    ]);
    const approved = told.find(({ subject }) => subject === "Richiesta 1 approvata");
    const [{ dueOn }] = (await desk.place.town.read((tx) => moneyRequests(tx, {}))) as [
      MoneyRequest,
    ];
    const promised = formats("it").dayWithYear(dueOn);
    assert.match(approved!.body, new RegExp(`bonifico del Comune entro ${promised}\\.$`));
    await assertSound(desk);
  });

  it("X-10 the bank sends it back: another IBAN and again, or back to the account", async () => {
    const desk = await openDesk(base.db);
    await move(desk, 5000n, "2026-10-01");
    const id = await asked(desk);
    await answer(desk, id);
    const write = desk.place.town.write;
    const pay = async (): Promise<void> => {
      const made = await order(desk, [id]);
      assert.ok(made.outcome === "ordered");
      await write((tx) => markBatchSent(tx, { actor: desk.manager, id: made.batchId, now: NOW }));
      const of = { actor: desk.manager, ids: [id], paidOn: day("2026-11-20"), now: NOW };
      assert.deepEqual(await write((tx) => confirmRefunds(tx, of)), { outcome: "done" });
    };
    const sendBack = () =>
      write((tx) =>
        returnRefund(tx, { actor: desk.manager, id, reason: "conto chiuso", now: NOW }),
      );
    await pay();
    assert.deepEqual(await sendBack(), { outcome: "done" });
    assert.deepEqual(await sendBack(), { outcome: "nothing-to-do" });
    assert.equal(await townBalance(desk, "bank"), 0n);
    assert.equal(await townBalance(desk, "refunds-payable"), 4000n);
    const payee = (iban: string) =>
      write((tx) =>
        correctPayee(tx, { actor: desk.manager, id, iban, beneficiary: "Sara Ferrando", now: NOW }),
      );
    assert.deepEqual(await payee("IT60X"), { outcome: "iban" });
    assert.deepEqual(await payee(BANK_IBAN), { outcome: "corrected" });
    await pay();
    await sendBack();
    const back = () =>
      write((tx) => giveBack(tx, { actor: desk.manager, id, reason: "resta credito", now: NOW }));
    assert.deepEqual(await back(), { outcome: "given-back" });
    assert.deepEqual(await back(), { outcome: "nothing-to-do" });
    assert.equal(await balance(desk, desk.account), 5000n);
    assert.equal(await townBalance(desk, "refunds-payable"), 0n);
    assert.equal(await townBalance(desk, "bank"), 0n);
    await assertSound(desk);
  });

  it("X-10 a transfer to a sibling is done with its approval; a refusal needs words", async () => {
    const desk = await openDesk(base.db);
    await move(desk, 5000n, "2026-10-01");
    const id = await asked(desk, { kind: "transfer" });
    assert.deepEqual(await answer(desk, id, "refuse"), { outcome: "answer-missing" });
    assert.deepEqual(await answer(desk, id), { outcome: "executed" });
    assert.equal(await balance(desk, desk.account), 1000n);
    assert.equal(await balance(desk, desk.sibling), 4000n);
    const second = await asked(desk, { kind: "transfer", amountCents: 1000n });
    assert.deepEqual(await answer(desk, second, "refuse", "Il credito serve a dicembre."), {
      outcome: "refused",
    });
    const third = await asked(desk, { amountCents: 1000n });
    await move(desk, -400n, "2026-11-20");
    assert.deepEqual(await answer(desk, third), {
      outcome: "not-enough-credit",
      balanceCents: 600n,
    });
    await assertSound(desk);
  });

  it("X-10 two people approve and order at once: one posting, one file", async () => {
    const desk = await openDesk(base.db);
    await move(desk, 5000n, "2026-10-01");
    const ids = [await asked(desk), await asked(desk, { amountCents: 1000n })];
    await Promise.all(ids.flatMap((id) => [answer(desk, id), answer(desk, id)]));
    assert.equal(await balance(desk, desk.account), 0n);
    const made = await Promise.all([order(desk, ids), order(desk, ids.toReversed())]);
    assert.deepEqual(made.map(({ outcome }) => outcome).sort(), ["nothing-to-order", "ordered"]);
    await assertSound(desk);
  });

  it("X-10 a payment that no rule could place goes back to who paid it", async () => {
    const desk = await openDesk(base.db);
    const notice = await issueOne(
      desk.place,
      topUp(desk.place, "k", [topUpLine(desk.place, desk.place.giulia, 800n)]),
    );
    const payer = { kind: "F" as const, code: "ANONIMO", fullName: "Nonna Pina" };
    await land(base.db, receiptFor(notice), NOW);
    await apply(base.db, NOW);
    await land(base.db, receiptFor(notice, { payer }), NOW);
    await apply(base.db, NOW);
    const [found] = await desk.place.town.read((tx) => openCases(tx));
    const back = () =>
      desk.place.town.write((tx) =>
        refundCase(tx, { actor: desk.manager, caseId: found!.id, reason: "doppio", now: NOW }),
      );
    assert.deepEqual(await back(), { outcome: "resolved" });
    assert.deepEqual(await back(), { outcome: "already-resolved" });
    const [request] = await desk.place.town.read((tx) => moneyRequests(tx, {}));
    assert.ok(request);
    assert.deepEqual([request.beneficiary, request.state], ["Nonna Pina", "approved"]);
    assert.deepEqual(await order(desk, [request.id]), { outcome: "nothing-to-order" });
    await desk.place.town.write((tx) =>
      correctPayee(tx, {
        actor: desk.manager,
        id: request.id,
        iban: BANK_IBAN,
        beneficiary: "Giuseppina Verdi",
        now: NOW,
      }),
    );
    assert.equal((await order(desk, [request.id])).outcome, "ordered");
    await assertSound(desk);
  });
});

describe("a debt that nobody will pay", () => {
  it("BO-08 is written off by two people, never beyond what is owed, once", async () => {
    const desk = await openDesk(base.db);
    await move(desk, -7000n, "2026-05-20");
    const key = newId();
    const propose = (amountCents: bigint, form = newId(), actor = desk.manager) =>
      desk.place.town.write((tx) =>
        proposeWriteOff(tx, {
          actor,
          account: desk.account,
          amountCents,
          reason: "irreperibili, delibera 12/2026",
          key: form,
          now: NOW,
        }),
      );
    assert.deepEqual(await propose(7001n), { outcome: "more-than-owed", owedCents: 7000n });
    assert.deepEqual(await propose(7000n, newId(), desk.clerk), { outcome: "forbidden" });
    assert.deepEqual(await propose(6000n, key), { outcome: "proposed" });
    assert.deepEqual(await propose(6000n, key), { outcome: "already-proposed" });
    assert.deepEqual(await propose(1001n), { outcome: "more-than-owed", owedCents: 1000n });
    const [row] = await desk.place.town.read((tx) => writeOffs(tx, { onlyOpen: true }));
    const decide = (actor: Actor, decision: "approved" | "refused" = "approved") =>
      desk.place.town.write((tx) =>
        decideWriteOff(tx, { actor, id: row!.id, decision, reason: "", now: NOW }),
      );
    assert.deepEqual(await decide(desk.manager), { outcome: "same-person" });
    assert.deepEqual(await decide(desk.other, "refused"), { outcome: "reason-missing" });
    assert.equal(await balance(desk, desk.account), -7000n);
    assert.deepEqual(await decide(desk.other), { outcome: "approved" });
    assert.deepEqual(await decide(desk.other), { outcome: "already-decided" });
    assert.equal(await balance(desk, desk.account), -1000n);
    assert.equal(await townBalance(desk, "write-offs"), -6000n);
    const told = await desk.place.town.read((tx) =>
      noticesOf(tx, { holderIds: [desk.place.holderId], now: NOW }),
    );
    assert.deepEqual(told, []);
    await assertSound(desk);
  });
});
