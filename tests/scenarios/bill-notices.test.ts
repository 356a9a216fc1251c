// SPDX-License-Identifier: EUPL-1.2
/** Bills ask for their money by a pagoPA notice; its receipt settles the bill. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { billsOf, closeDay, drawMonth, issueBillNotices } from "#billing";
import { day, momentAt } from "#kernel/dates.ts";
import { registerCredit } from "#ledger";
import { messagesOf } from "#messaging";
import { inFours, noticesOf, undoRevoked } from "#payments";
import { apply, collecting, CREDITOR, land, receiptFor } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { lineOf, reportOf, store } from "../support/settling.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = momentAt(day("2026-11-02"), "09:00");

async function october(options: Parameters<typeof smallTown>[1] = {}): Promise<SmallTown> {
  const place = await smallTown(base.db, options);
  for (let date = day("2026-10-01"); date.month === 10; date = date.add({ days: 1 }))
    await closeDay(place.town, {
      serviceId: place.serviceId,
      siteId: place.siteId,
      date,
      by: "ufficio",
      now: momentAt(date, "15:00"),
    });
  return place;
}

const draw = (place: SmallTown) =>
  place.town.write((tx) =>
    drawMonth(tx, {
      serviceId: place.serviceId,
      month: day("2026-10-01"),
      now: NOW,
      today: day("2026-11-02"),
      by: "ufficio",
    }),
  );
const bills = (place: SmallTown) =>
  place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
const notices = (place: SmallTown) =>
  place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now: NOW }));
const ask = async (place: SmallTown) => {
  const billIds = (await bills(place)).map(({ id }) => id);
  return place.town.write((tx) => issueBillNotices(tx, { billIds, by: "Sara", now: NOW }));
};

describe("BO-02 a bill and its notice", () => {
  it("are made together where the town is configured; the receipt pays the bill", async () => {
    const place = await october();
    await collecting(place);
    assert.equal((await draw(place)).outcome, "drawn");
    const asked = await notices(place);
    assert.deepEqual(
      asked.map((notice) => [
        notice.kind,
        notice.subject,
        notice.amountCents,
        notice.dueOn?.toString(),
      ]),
      (await bills(place)).map(({ totalCents }) => [
        "bill",
        "Mensa di ottobre 2026",
        totalCents,
        "2026-11-18",
      ]),
    );
    const [told] = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 1 }),
    );
    for (const { noticeNumber } of asked)
      assert.match(told?.body ?? "", new RegExp(inFours(noticeNumber)));
    const [first] = asked;
    await land(base.db, receiptFor(first!), NOW);
    await apply(base.db, NOW);
    const paid = await bills(place);
    const billId = first!.lines[0]?.billId;
    assert.equal(paid.find(({ id }) => id === billId)?.state, "paid");
    assert.equal(paid.filter(({ state }) => state === "paid").length, 1);
  });

  it("X-05 a bill whose payment the bank took back is open again, and a new notice asks for it", async () => {
    const place = await october();
    await collecting(place);
    await draw(place);
    const [first] = await notices(place);
    const receipt = receiptFor(first!);
    await land(base.db, receipt, NOW);
    await apply(base.db, NOW);
    const line = lineOf(receipt, { outcome: "REVOKED" });
    const stored = await store(place, reportOf(CREDITOR, [line]), NOW);
    assert.ok(stored.outcome === "stored");
    const actor = { ...place.sara, role: "office-manager" } as const;
    const of = { actor, flowId: stored.flowId, line: 1, reason: "revocato", now: NOW };
    assert.deepEqual(await place.town.write((tx) => undoRevoked(tx, of)), { outcome: "undone" });
    assert.equal((await bills(place)).filter(({ state }) => state === "paid").length, 0);
    const again = await ask(place);
    assert.ok(again.outcome === "issued");
    assert.deepEqual(await ask(place), again, "once");
    const all = await notices(place);
    assert.deepEqual(all.map(({ standing }) => standing).toSorted(), [
      "revoked",
      "to-pay",
      "to-pay",
    ]);
    const billId = first!.lines[0]!.billId;
    const fresh = all.find((one) => one.id !== first!.id && one.lines[0]!.billId === billId);
    assert.equal(fresh?.amountCents, first!.amountCents);
    assert.notEqual(fresh?.noticeNumber, first!.noticeNumber);
  });

  it("are made later where the town was not ready: nothing fails meanwhile, and once is enough", async () => {
    const place = await october();
    assert.equal((await draw(place)).outcome, "drawn");
    assert.deepEqual(await notices(place), []);
    assert.deepEqual(await ask(place), { outcome: "not-configured", missing: "station" });
    await collecting(place);
    const first = await ask(place);
    assert.ok(first.outcome === "issued");
    assert.equal(first.notices.length, 2);
    assert.deepEqual(await ask(place), first);
    assert.equal((await notices(place)).length, 2);
  });

  it("ask for what payments left open, on the accounts that owe it", async () => {
    const settings = { bill: { grouping: "holder", dueDay: 18, minimumCents: 0 } } as const;
    const place = await october({ settings });
    await draw(place);
    const paid = await place.town.write((tx) =>
      registerCredit(tx, {
        actor: { ...place.sara, role: "office-manager", personId: null },
        account: { kind: "family", holderId: place.holderId, childId: place.giulia },
        amountCents: 1000n,
        method: "bank-transfer",
        happenedOn: day("2026-11-02"),
        reason: "bonifico",
        key: "k",
        recordedAt: NOW,
      }),
    );
    assert.equal(paid.outcome, "registered");
    await collecting(place);
    await ask(place);
    const [bill] = await bills(place);
    const [notice, ...others] = await notices(place);
    assert.equal(others.length, 0);
    assert.equal(notice?.amountCents, bill!.totalCents - 1000n);
    assert.deepEqual(
      new Set(notice?.lines.map(({ accountChildId }) => accountChildId)),
      new Set([place.giulia, place.tommaso]),
    );
  });
});
