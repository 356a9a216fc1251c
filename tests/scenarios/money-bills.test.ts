// SPDX-License-Identifier: EUPL-1.2
/** What the money desk does, as bills see it: an instalment plan pays its bill, money that went back pays none. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { billsOf, closeDay, drawMonth, issueBillNotices } from "#billing";
import { day, momentAt } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { paymentsInto } from "#ledger";
import { messagesOf } from "#messaging";
import {
  answerMoney,
  askMoney,
  giveBack,
  inFours,
  type Notice,
  noticesOf,
  openCases,
  planInstalments,
  refundCase,
  resolveCase,
} from "#payments";
import { apply, BANK_IBAN, land, receiptFor } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { assertSound, type Desk, move, openDesk } from "../support/money-desk.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = momentAt(day("2026-11-02"), "09:00");

/** October is over, its bills are drawn and their notices made. */
async function october(): Promise<Desk> {
  const desk = await openDesk(base.db);
  const { town, serviceId, siteId } = desk.place;
  for (let date = day("2026-10-01"); date.month === 10; date = date.add({ days: 1 }))
    await closeDay(town, { serviceId, siteId, date, by: "ufficio", now: momentAt(date, "15:00") });
  const month = { serviceId, month: day("2026-10-01"), now: NOW, today: day("2026-11-02") };
  await town.write((tx) => drawMonth(tx, { ...month, by: "ufficio" }));
  return desk;
}

const notices = ({ place }: Desk) =>
  place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now: NOW }));
const bills = ({ place }: Desk) =>
  place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));

describe("an unpaid bill in instalments", () => {
  it("BO-08 BO-02 its notice is replaced, no new one is made, and the last instalment pays the bill", async () => {
    const desk = await october();
    const { town } = desk.place;
    const [notice] = await notices(desk);
    const billId = notice!.lines[0]!.billId;
    const made = await town.write((tx) =>
      planInstalments(tx, {
        actor: desk.manager,
        source: { kind: "notice", noticeId: notice!.id },
        dueOn: [day("2026-12-01"), day("2027-01-01"), day("2027-02-01")],
        reason: "chiesto dalla famiglia",
        key: newId(),
        now: NOW,
      }),
    );
    assert.ok(made.outcome === "planned");
    const before = (await notices(desk)).length;
    const billIds = (await bills(desk)).map(({ id }) => id);
    await town.write((tx) => issueBillNotices(tx, { billIds, by: "test", now: NOW }));
    assert.equal((await notices(desk)).length, before, "the bill is asked for by its instalments");
    const stateOf = async () => (await bills(desk)).find(({ id }) => id === billId);
    for (const [index, part] of made.notices.entries()) {
      await land(base.db, receiptFor(part), NOW);
      await apply(base.db, NOW);
      const bill = await stateOf();
      assert.equal(bill?.state === "paid", index === made.notices.length - 1);
    }
    assert.equal((await stateOf())?.paidCents, notice!.amountCents);
  });

  it("X-05 BO-08 one that came short: what is missing is asked for under its number, by each decision anew", async () => {
    const desk = await october();
    const { town, holderId } = desk.place;
    const [notice] = await notices(desk);
    const { billId, accountChildId: childId } = notice!.lines[0]!;
    const made = await town.write((tx) =>
      planInstalments(tx, {
        actor: desk.manager,
        source: { kind: "notice", noticeId: notice!.id },
        dueOn: [day("2026-11-05"), day("2027-01-01"), day("2027-02-01")],
        reason: "chiesto dalla famiglia",
        key: newId(),
        now: NOW,
      }),
    );
    assert.ok(made.outcome === "planned");
    const known = new Set((await notices(desk)).map(({ id }) => id));
    const arrives = async (paid: Notice, cents = paid.amountCents): Promise<void> => {
      await land(base.db, receiptFor(paid, { paymentAmountCents: cents }), NOW);
      assert.deepEqual((await apply(base.db, NOW)).errors, []);
    };
    /** What was asked for since, once the office has decided the only open case. */
    const decided = async (to: "credit" | "refund") => {
      const done = await town.write(async (tx) => {
        const [open] = await openCases(tx);
        const of = { actor: desk.manager, caseId: open!.id, reason: "sentita", now: NOW };
        const account = { kind: "family", holderId, childId } as const;
        return to === "credit" ? resolveCase(tx, { ...of, account }) : refundCase(tx, of);
      });
      assert.ok(done.outcome === "resolved");
      const fresh = (await notices(desk)).filter(({ id }) => !known.has(id));
      for (const { id } of fresh) known.add(id);
      assert.equal(done.rest?.id, fresh[0]?.id, "the office's page names it");
      return fresh;
    };
    const [first, second, third] = made.notices;
    await arrives(first!, first!.amountCents - 500n);
    const rests = await decided("credit");
    assert.deepEqual(
      rests.map((one) => [one.instalment, one.amountCents, one.kind, one.dueOn?.toString()]),
      [[1, 500n, "bill", "2026-11-17"]],
    );
    assert.equal(rests[0]!.lines[0]!.billId, billId);
    const messages = await town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 1 }));
    assert.match(
      messages[0]!.body.replaceAll("\u00a0", " "),
      new RegExp(
        `Restano da pagare 5,00 € entro martedì 17 novembre 2026: avviso ${inFours(rests[0]!.noticeNumber)}\\.$`,
      ),
    );
    await arrives(second!, 100n);
    const [again] = await decided("refund");
    assert.deepEqual(
      [again!.instalment, again!.amountCents, again!.dueOn?.toString()],
      [2, second!.amountCents, "2027-01-01"],
    );
    await arrives(rests[0]!, 400n);
    const [last] = await decided("credit");
    assert.equal(last!.amountCents, 100n, "the rest of a rest, too");
    await arrives(third!, third!.amountCents + 1n);
    assert.deepEqual(await decided("credit"), [], "of one that was more nothing is missing");
    await arrives(again!);
    const billIds = [billId!];
    await town.write((tx) => issueBillNotices(tx, { billIds, by: "test", now: NOW }));
    assert.ok((await notices(desk)).every(({ id }) => known.has(id)));
    await arrives(last!);
    assert.equal((await bills(desk)).find(({ id }) => id === billId)?.state, "paid");
    await assertSound(desk);
  });
});

describe("money that went back", () => {
  it("MC-12 X-10 a refund, and what went to a sibling, pays no bill of the account it left", async () => {
    const desk = await openDesk(base.db);
    const { place } = desk;
    await move(desk, 5000n, "2026-10-01");
    const paid = async (childId: string): Promise<bigint> => {
      const rows = await place.town.read((tx) => paymentsInto(tx, [place.holderId]));
      return rows.find((row) => row.childId === childId)?.amountCents ?? 0n;
    };
    const approve = async (kind: "refund" | "transfer", amountCents: bigint): Promise<string> => {
      const asked = await place.town.write((tx) =>
        askMoney(tx, {
          actor: place.sara,
          holderId: place.holderId,
          draft: {
            kind,
            amountCents,
            reason: "prova",
            beneficiary: "Sara Ferrando",
            iban: BANK_IBAN,
            from: { childId: place.giulia, serviceId: null },
            to: { childId: place.tommaso, serviceId: null },
          },
          key: newId(),
          now: NOW,
        }),
      );
      assert.ok(asked.outcome === "asked");
      const { id } = asked.request;
      const of = { actor: desk.manager, id, decision: "approve" as const, answer: "", now: NOW };
      await place.town.write((tx) => answerMoney(tx, of));
      return id;
    };
    const refund = await approve("refund", 3000n);
    assert.equal(await paid(place.giulia), 2000n);
    await approve("transfer", 500n);
    assert.equal(await paid(place.giulia), 1500n);
    assert.equal(await paid(place.tommaso), 500n);
    await place.town.write((tx) =>
      giveBack(tx, { actor: desk.manager, id: refund, reason: "resta", now: NOW }),
    );
    assert.equal(await paid(place.giulia), 4500n);
  });
});
