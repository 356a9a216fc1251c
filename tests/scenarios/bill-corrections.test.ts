// SPDX-License-Identifier: EUPL-1.2
/** Corrections of issued bills, sentence by sentence as domain.md has them ("Payments"). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { correctAttendance } from "#attendance";
import {
  billLines,
  billsOf,
  cancellationOf,
  closeDay,
  drawMonth,
  previewReissue,
  rechargeMeal,
  reissueBill,
} from "#billing";
import { day, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { balanceOf, checkLedger } from "#ledger";
import { messagesOf } from "#messaging";
import { beginPayment, inFours, noticesOf, openCases, planInstalments, startCart } from "#payments";
import { whileOpen } from "../support/at-once.ts";
import { apply, collecting, land, receiptFor } from "../support/collecting.ts";
import { owed, staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = momentAt(day("2026-11-02"), "09:00");
const LATER = momentAt(day("2026-11-10"), "09:00");
const REASON = "il 6 ottobre Giulia era assente";

/** October is closed and billed, each bill with its notice. */
async function billed(
  options: Parameters<typeof smallTown>[1] = {},
  today = "2026-11-02",
): Promise<SmallTown> {
  const place = await smallTown(base.db, options);
  await collecting(place);
  for (let date = day("2026-10-01"); date.month === 10; date = date.add({ days: 1 }))
    await closeDay(place.town, {
      serviceId: place.serviceId,
      siteId: place.siteId,
      date,
      by: "ufficio",
      now: momentAt(date, "15:00"),
    });
  assert.equal((await draw(place, "2026-10-01", today)).outcome, "drawn");
  return place;
}

const draw = (place: SmallTown, month: string, today: string) =>
  place.town.write((tx) =>
    drawMonth(tx, {
      serviceId: place.serviceId,
      month: day(month),
      now: momentAt(day(today), "09:00"),
      today: day(today),
      by: "ufficio",
    }),
  );

/** She was not there after all. */
const absent = (place: SmallTown, date: string, childId = place.giulia, now = LATER) =>
  place.town.write(async (tx) => {
    const of = { serviceId: place.serviceId, date: day(date) };
    const corrected = await correctAttendance(tx, {
      ...of,
      actor: staff(place, "office-manager"),
      classId: place.classId,
      childId,
      status: "absent",
      reason: REASON,
      receivedAt: now,
      now,
      onClosedDay: true,
    });
    assert.ok(corrected.outcome === "corrected", corrected.outcome);
    await rechargeMeal(tx, {
      ...of,
      siteId: place.siteId,
      corrected: corrected.after,
      reason: REASON,
      now,
    });
  });

const bills = (place: SmallTown) =>
  place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
const billOf = async (place: SmallTown, childId = place.giulia) =>
  (await bills(place)).find((bill) => bill.childId === childId && bill.state !== "cancelled")!;
const notices = (place: SmallTown) =>
  place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now: LATER }));

/** What the notices that can still be paid for Giulia ask for. */
const askedForGiulia = async (place: SmallTown) =>
  (await notices(place))
    .filter(({ state, lines }) => state === "issued" && lines[0]?.childId === place.giulia)
    .map(({ amountCents }) => amountCents);
const noticeOf = async (place: SmallTown, billId: string) =>
  (await notices(place)).find(({ lines }) => lines.some((line) => line.billId === billId));
const preview = (place: SmallTown, number: string) =>
  place.town.read((tx) => previewReissue(tx, { number, now: LATER }));
const reissue = (place: SmallTown, number: string, shownCents: bigint, reason = REASON) =>
  place.town.write((tx) =>
    reissueBill(tx, {
      actor: staff(place, "office-manager"),
      number,
      shownCents,
      reason,
      now: LATER,
    }),
  );

describe("BO-02 a bill that is drawn after the day on which the month's were due", () => {
  it("leaves the family fifteen days: it is not overdue before anybody read it", async () => {
    const place = await billed({}, "2026-11-25");
    assert.deepEqual((await bills(place)).map(({ dueOn }) => dueOn.toString()).toSorted(), [
      "2026-12-10",
      "2026-12-10",
    ]);
  });
});

describe("BO-02 an unpaid bill that was wrong is cancelled and drawn anew", () => {
  it("with its correction and a notice of its own; the former number asks no more", async () => {
    const place = await billed();
    const bill = await billOf(place);
    const former = (await noticeOf(place, bill.id))!;
    assert.equal((await preview(place, bill.number))?.whyNot, "nothing-to-correct");
    await absent(place, "2026-10-06");
    const shown = (await preview(place, bill.number))!;
    assert.deepEqual(
      [shown.afterCents, shown.afterMeals, shown.dueOn?.toString(), shown.whyNot],
      // Fifteen days to pay, though the town's day is nearer.
      [bill.totalCents - 460n, bill.meals - 1, "2026-11-25", null],
    );
    const owedBefore = await owed(place);
    assert.deepEqual(await reissue(place, bill.number, bill.totalCents), { outcome: "changed" });
    const done = await reissue(place, bill.number, shown.afterCents);
    assert.ok(done.outcome === "reissued" && done.number !== null);
    assert.deepEqual(await reissue(place, bill.number, shown.afterCents), {
      outcome: "refused",
      why: "cancelled",
    });
    const fresh = await billOf(place);
    assert.deepEqual([fresh.number, fresh.totalCents], [done.number, shown.afterCents]);
    const [before, now, why] = await place.town.read(async (tx) => [
      await billLines(tx, bill.id),
      await billLines(tx, fresh.id),
      await cancellationOf(tx, bill.id),
    ]);
    assert.deepEqual([before.length, now.length], [12, 13], "the cancelled one can still be read");
    assert.deepEqual([why?.reason, why?.replacedBy], [REASON, fresh.number]);
    assert.equal(await owed(place), owedBefore, "the books knew the correction before");
    const after = (await notices(place)).find(({ id }) => id === former.id)!;
    const asking = (await noticeOf(place, fresh.id))!;
    assert.deepEqual([after.state, asking.state], ["replaced", "issued"]);
    assert.equal(asking.amountCents, shown.afterCents);
    const [told] = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 1 }),
    );
    assert.match(told!.body, new RegExp(`sostituisce l'avviso ${inFours(former.noticeNumber)}`));
    assert.match(told!.body, new RegExp(`Motivo: ${REASON}`));
    assert.match(told!.body, new RegExp(inFours(asking.noticeNumber)));
    const next = await draw(place, "2026-10-01", "2026-11-12");
    assert.ok(next.outcome === "drawn" && next.bills === 0, "no charge is on two bills");
  });

  it("X-05 a receipt for the replaced one lies in suspense, with a case for the office", async () => {
    const place = await billed();
    const bill = await billOf(place);
    const former = (await noticeOf(place, bill.id))!;
    await absent(place, "2026-10-06");
    await reissue(place, bill.number, bill.totalCents - 460n);
    await land(base.db, receiptFor(former), LATER);
    await apply(base.db, LATER);
    assert.equal(
      await place.town.read((tx) => balanceOf(tx, { kind: "suspense" })),
      former.amountCents,
    );
    const [found] = await place.town.read((tx) => openCases(tx));
    assert.equal(found?.kind, "replaced");
    assert.equal((await billOf(place)).paidCents, 0n);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("X-05 not while somebody pays it: a counter has asked within the last half hour", async () => {
    const place = await billed();
    const bill = await billOf(place);
    const former = (await noticeOf(place, bill.id))!;
    await absent(place, "2026-10-06");
    await place.town.write((tx) =>
      beginPayment(tx, { ...former, station: "stazione", now: LATER.subtract({ minutes: 29 }) }),
    );
    assert.deepEqual(await reissue(place, bill.number, bill.totalCents - 460n), {
      outcome: "refused",
      why: "payment-pending",
    });
  });

  it("X-05 nor while a parent begins to pay it at this very moment", async () => {
    const place = await billed();
    const bill = await billOf(place);
    const former = (await noticeOf(place, bill.id))!;
    await absent(place, "2026-10-06");
    const { sara: actor, town } = place;
    const cart = { actor, noticeIds: [former.id], key: "k", anyway: false, now: LATER };
    const done = await whileOpen(
      town,
      async (tx) => assert.equal((await startCart(tx, cart)).outcome, "started"),
      () => reissue(place, bill.number, bill.totalCents - 460n),
    );
    assert.deepEqual(done, { outcome: "refused", why: "payment-pending" });
  });

  it("paid: it stays, and the difference goes to the next one", async () => {
    const place = await billed();
    const bill = await billOf(place);
    await land(base.db, receiptFor((await noticeOf(place, bill.id))!), LATER);
    await apply(base.db, LATER);
    await absent(place, "2026-10-06");
    assert.equal((await preview(place, bill.number))?.whyNot, "paid");
    assert.deepEqual(await reissue(place, bill.number, bill.totalCents - 460n), {
      outcome: "refused",
      why: "paid",
    });
    for (let date = day("2026-11-01"); date.month === 11; date = date.add({ days: 1 }))
      await closeDay(place.town, {
        serviceId: place.serviceId,
        siteId: place.siteId,
        date,
        by: "ufficio",
        now: momentAt(date, "15:00"),
      });
    assert.equal((await draw(place, "2026-11-01", "2026-12-01")).outcome, "drawn");
    const [next, issued] = [await billOf(place), await billOf(place, place.tommaso)];
    assert.equal(next.totalCents, issued.totalCents - 460n);
    const lines = await place.town.read((tx) => billLines(tx, next.id));
    assert.deepEqual(
      lines.filter(({ kind }) => kind === "reversal").map(({ date }) => date.toString()),
      ["2026-10-06"],
    );
    assert.equal((await bills(place)).find(({ id }) => id === bill.id)?.state, "paid");
  });

  it("nothing left, or less than the town's minimum: cancelled, carried forward, and told", async () => {
    const place = await billed({
      settings: { bill: { grouping: "child", dueDay: 18, minimumCents: 5500 } },
    });
    const bill = await billOf(place);
    const former = (await noticeOf(place, bill.id))!;
    await place.town.write((tx) =>
      tx.run(sql`update person set email = 'sara@famiglia.example.it'
        where tenant_id = ${tx.tenantId} and id = ${place.sara.personId}`),
    );
    await absent(place, "2026-10-06");
    const shown = (await preview(place, bill.number))!;
    assert.deepEqual([shown.afterCents, shown.dueOn], [5060n, null]);
    assert.deepEqual(await reissue(place, bill.number, 5060n), {
      outcome: "reissued",
      number: null,
    });
    assert.equal(await billOf(place), undefined);
    const [told] = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 1 }),
    );
    assert.match(told!.body, /non va pagato.*restano 50,60\s€: vanno nel prossimo avviso/);
    const [mailed, ...more] = await place.town.read((tx) =>
      tx.rows<{ body: string }>(sql`select body from email where tenant_id = ${tx.tenantId}`),
    );
    assert.match(mailed!.body, /non va pagato\. Dopo la correzione restano 50,60\s€/);
    assert.doesNotMatch(mailed!.body, /Giulia/);
    assert.deepEqual(more, []);
    assert.equal((await notices(place)).find(({ id }) => id === former.id)?.state, "cancelled");
  });

  it("BO-08 a bill in instalments: all of them are replaced, unless one is paid", async () => {
    const place = await billed();
    const bill = await billOf(place);
    const former = (await noticeOf(place, bill.id))!;
    const plan = await place.town.write((tx) =>
      planInstalments(tx, {
        actor: staff(place, "office-manager"),
        source: { kind: "notice", noticeId: former.id },
        dueOn: [day("2026-12-10"), day("2027-01-10")],
        reason: "chiesto dalla famiglia",
        key: "k",
        now: NOW,
      }),
    );
    assert.equal(plan.outcome, "planned");
    await absent(place, "2026-10-06");
    const done = await reissue(place, bill.number, bill.totalCents - 460n);
    assert.ok(done.outcome === "reissued");
    assert.deepEqual(await askedForGiulia(place), [bill.totalCents - 460n]);
  });

  it("BO-08 instalments planned at this very moment are replaced as well", async () => {
    const place = await billed();
    const bill = await billOf(place);
    const former = (await noticeOf(place, bill.id))!;
    await absent(place, "2026-10-06");
    const plan = {
      actor: staff(place, "office-manager"),
      source: { kind: "notice", noticeId: former.id },
      dueOn: [day("2026-12-10"), day("2027-01-10")],
      reason: "chiesto dalla famiglia",
      key: "k",
      now: LATER,
    } as const;
    const done = await whileOpen(
      place.town,
      async (tx) => assert.equal((await planInstalments(tx, plan)).outcome, "planned"),
      () => reissue(place, bill.number, bill.totalCents - 460n),
    );
    assert.equal(done.outcome, "reissued");
    assert.deepEqual(await askedForGiulia(place), [bill.totalCents - 460n]);
  });

  it("a reason, a manager, all days closed: without them nothing happens", async () => {
    const place = await billed();
    const bill = await billOf(place);
    await absent(place, "2026-10-06");
    assert.deepEqual(await reissue(place, bill.number, bill.totalCents - 460n, " "), {
      outcome: "reason-missing",
    });
    const asked = { number: bill.number, shownCents: 0n, reason: REASON, now: LATER };
    const clerk = staff(place, "office");
    assert.deepEqual(await place.town.write((tx) => reissueBill(tx, { ...asked, actor: clerk })), {
      outcome: "forbidden",
    });
    assert.deepEqual(await reissue(place, "2026/99999", 0n), { outcome: "unknown" });
    assert.equal((await billOf(place)).id, bill.id);
  });
});
