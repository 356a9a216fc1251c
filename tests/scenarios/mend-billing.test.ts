// SPDX-License-Identifier: EUPL-1.2
/** Charging, fees, bills and closures when something comes in the wrong order. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { correctAttendance } from "#attendance";
import {
  billsOf,
  type Charge,
  chargesOf,
  closeDay,
  closeService,
  disputeCharge,
  disputesOf,
  drawMonth,
  openUnpriced,
  rechargeMeal,
  reopenClosedDay,
  reopenService,
} from "#billing";
import { closures, putClasses, putSites } from "#calendar";
import { putEnrolments, putMemberships, putPayerShares } from "#enrolment";
import { createFamily } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balances, checkLedger } from "#ledger";
import { messagesOf } from "#messaging";
import { bumpConfiguration } from "#tenancy";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { addSnack } from "../support/second-service.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const D = "2026-11-24";
const at = (date: string, time: string) => momentAt(day(date), time);
const office = (place: SmallTown): Actor => ({
  ...place.sara,
  role: "office",
  name: "ufficio",
  personId: null,
});

const close = (place: SmallTown, date: string, siteId = place.siteId) =>
  closeDay(place.town, {
    serviceId: place.serviceId,
    siteId,
    date: day(date),
    by: "ufficio",
    now: at(date, "15:00"),
  });

const reopen = (place: SmallTown, siteId = place.siteId) =>
  place.town.write((tx) =>
    reopenClosedDay(tx, {
      serviceId: place.serviceId,
      siteId,
      date: day(D),
      actor: office(place),
      reason: "appello sbagliato",
      now: at(D, "16:00"),
    }),
  );

const correct = (
  place: SmallTown,
  of: { classId?: string; childId?: string; status: "present" | "absent"; time?: string },
) => {
  const now = at(D, of.time ?? "16:30");
  return place.town.write(async (tx) => {
    const corrected = await correctAttendance(tx, {
      actor: office(place),
      serviceId: place.serviceId,
      classId: of.classId ?? place.classId,
      date: day(D),
      childId: of.childId ?? place.giulia,
      status: of.status,
      reason: "ospite",
      receivedAt: now,
      now,
      onClosedDay: true,
    });
    assert.ok(corrected.outcome === "corrected");
    const { after: row } = corrected;
    return rechargeMeal(tx, {
      serviceId: place.serviceId,
      siteId: row.siteId,
      date: day(D),
      corrected: row,
      reason: "correzione",
      now,
    });
  });
};

const standing = async (place: SmallTown, childId = place.giulia): Promise<Charge[]> =>
  (
    await place.town.read((tx) => chargesOf(tx, { childIds: [childId], from: day(D), to: day(D) }))
  ).filter(({ kind, reversed }) => kind === "meal" && !reversed);

const owed = async (place: SmallTown, holderId = place.holderId) =>
  (await place.town.read((tx) => balances(tx, { holderId }))).reduce(
    (sum, { balanceCents }) => sum + balanceCents,
    0n,
  );

/** A second school, with a class and a child of its own. */
async function secondSite(place: SmallTown): Promise<{ siteB: string; classB: string }> {
  const [siteB, classB, childId] = [newId(), newId(), newId()];
  const site = { ministryCode: "XXEE000002", level: "primaria", address: "", assumedReason: null };
  await place.town.write(async (tx) => {
    await putSites(tx, [{ ...site, id: siteB, name: "Primaria Pineta", level: "primaria" }]);
    await putClasses(tx, [{ id: classB, siteId: siteB, year: 2026, grade: 1, section: "B" }]);
    await createFamily(
      tx,
      {
        holder: { id: newId(), kind: "adult", surname: "Altri", givenName: "Ugo" },
        children: [{ id: childId, kind: "child", surname: "Altri", givenName: "Zeno" }],
        from: day("2026-09-01"),
      },
      at("2026-09-01", "08:00"),
    );
    const { serviceId } = place;
    const dates = { from: day("2026-09-14"), to: null };
    await putMemberships(tx, [{ id: newId(), childId, classId: classB, ...dates }]);
    await putEnrolments(
      tx,
      [{ id: newId(), childId, serviceId, year: 2026, ...dates, weekdays: null }],
      at("2026-09-01", "08:00"),
    );
  });
  return { siteB, classB };
}

async function assertOneAt(place: SmallTown, siteId: string): Promise<void> {
  const charges = await standing(place);
  assert.deepEqual(
    charges.map((charge) => [charge.siteId, charge.amountCents]),
    [[siteId, 460n]],
  );
  assert.equal(await owed(place), -920n);
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
}

describe("BO-02 a meal is charged exactly once, at whichever school it was eaten", () => {
  it("charged at A; B is reopened, the child was a guest there: one charge, at B", async () => {
    const place = await smallTown(base.db);
    const { siteB, classB } = await secondSite(place);
    await close(place, D);
    await close(place, D, siteB);
    await reopen(place, siteB);
    await correct(place, { classId: classB, status: "present" });
    await close(place, D, siteB);
    await assertOneAt(place, siteB);
  });

  it("A is reopened, the child ate at B, B closes for the first time: charged, at B", async () => {
    const place = await smallTown(base.db);
    const { siteB, classB } = await secondSite(place);
    await close(place, D);
    await reopen(place);
    await correct(place, { classId: classB, status: "present" });
    await close(place, D, siteB);
    await close(place, D);
    await assertOneAt(place, siteB);
  });

  it("both closed: a guest found at B afterwards moves the charge, an absence there takes it away", async () => {
    const place = await smallTown(base.db);
    const { siteB, classB } = await secondSite(place);
    await close(place, D);
    await close(place, D, siteB);
    const moved = await correct(place, { classId: classB, status: "present" });
    assert.deepEqual(moved, { reversed: 1, charged: 1 });
    await assertOneAt(place, siteB);
    await correct(place, { classId: classB, status: "absent", time: "16:40" });
    assert.deepEqual(await standing(place), []);
    assert.equal(await owed(place), -460n);
  });

  it("a closing stopped half-way and gone on with after a change of payer charges one payer only", async () => {
    const place = await smallTown(base.db);
    await close(place, D);
    await place.town.write(async (tx) => {
      await tx.run(sql`update service_day set state = 'closing' where tenant_id = ${tx.tenantId}`);
    });
    const other = await otherFamily(place);
    await halves(place, other);
    await close(place, D);
    assert.equal((await standing(place)).length, 1);
    assert.equal(await owed(place), -920n);
  });

  it("a meal without a price, corrected to absent on a closed day, leaves the worklist", async () => {
    const place = await smallTown(base.db, { tariff: null });
    await close(place, D);
    const unpriced = async () =>
      (await place.town.read((tx) => openUnpriced(tx, 10))).map(({ childId }) => childId);
    assert.deepEqual(new Set(await unpriced()), new Set([place.giulia, place.tommaso]));
    await correct(place, { status: "absent" });
    assert.deepEqual(await unpriced(), [place.tommaso]);
    await correct(place, { status: "present", time: "16:40" });
    assert.equal((await unpriced()).length, 2);
  });
});

async function otherFamily(place: SmallTown): Promise<string> {
  const { holderId } = await place.town.write((tx) =>
    createFamily(
      tx,
      {
        holder: { id: newId(), kind: "adult", surname: "Bianchi", givenName: "Marco" },
        children: [],
        from: day("2026-09-01"),
      },
      at("2026-09-01", "10:00"),
    ),
  );
  return holderId;
}

/** Giulia's charges are shared with another holder, from the year's start. */
const halves = (place: SmallTown, other: string) =>
  place.town.write((tx) => {
    const share = { childId: place.giulia, serviceId: null, from: day("2026-09-01"), to: null };
    return putPayerShares(tx, [
      { ...share, id: newId(), holderId: place.holderId, basisPoints: 5000 },
      { ...share, id: newId(), holderId: other, basisPoints: 5000 },
    ]);
  });

describe("BO-02 the first bill after a change of payment model", () => {
  it("asks for what was eaten since, not for the prepaid past", async () => {
    const payment = { model: "prepaid", accountScope: "child", directDebit: false } as const;
    const place = await smallTown(base.db, { settings: { payment } });
    for (let date = day("2026-10-26"); date.month === 10; date = date.add({ days: 1 }))
      await close(place, date.toString());
    await place.town.write(async (tx) => {
      const value = JSON.stringify({ ...payment, model: "postpaid" });
      await tx.run(sql`insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at,
          recorded_by)
        values (${tx.tenantId}, 'mensa', 'payment', date '2026-11-01', ${value}::text::jsonb, 'profile',
          ${at(D, "08:00")}, 'test')`);
      await bumpConfiguration(tx);
    });
    for (let date = day("2026-11-01"); date.month === 11; date = date.add({ days: 1 }))
      await close(place, date.toString());
    const drawn = await place.town.write((tx) =>
      drawMonth(tx, {
        serviceId: place.serviceId,
        month: day("2026-11-01"),
        today: day("2026-12-02"),
        now: at("2026-12-02", "09:00"),
        by: "ufficio",
      }),
    );
    assert.equal(drawn.outcome, "drawn");
    const bills = await place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
    assert.deepEqual(
      bills.map(({ meals, totalCents }) => [meals, totalCents]),
      [
        [13, 13n * 460n],
        [13, 13n * 460n],
      ],
    );
  });
});

describe("X-07 BO-19 a closure taken back", () => {
  const shut = (place: SmallTown, to = D, serviceIds = [place.serviceId]) =>
    place.town.write((tx) =>
      closeService(tx, {
        serviceIds,
        siteId: null,
        classId: null,
        from: day(D),
        to: day(to),
        actor: office(place),
        reason: "weather",
        note: "",
        now: at("2026-11-23", "18:00"),
      }),
    );
  const takeBack = (place: SmallTown, closureId: string, time: string, date = D) =>
    place.town.write((tx) =>
      reopenService(tx, { actor: office(place), closureId, now: at(date, time) }),
    );

  it("after the cut-off: families had no way to cancel, so the day stays closed and nobody pays", async () => {
    const place = await smallTown(base.db);
    const closed = await shut(place);
    assert.ok(closed.outcome === "closed");
    const [id] = closed.closureIds;
    assert.deepEqual(await takeBack(place, id!, "13:30"), { outcome: "past" });
    assert.equal((await close(place, D)).outcome, "no-service");
    assert.equal(await owed(place), 0n);
  });

  it("after the cut-off of its first day: that day stays closed, the later ones are served again", async () => {
    const place = await smallTown(base.db);
    const closed = await shut(place, "2026-11-26");
    assert.ok(closed.outcome === "closed");
    const [id] = closed.closureIds;
    const answer = await takeBack(place, id!, "13:30");
    assert.deepEqual(answer, { outcome: "cancelled", families: 1, from: day("2026-11-25") });
    const left = await place.town.read((tx) => closures(tx));
    assert.deepEqual(
      left.map((one) => [one.from.toString(), one.to.toString()]),
      [[D, D]],
    );
    assert.equal((await close(place, D)).outcome, "no-service");
    const served = await close(place, "2026-11-26");
    assert.ok(served.outcome === "closed" && served.charged === 2);
  });

  it("before the cut-off: served as usual; twice: it is gone", async () => {
    const place = await smallTown(base.db);
    const closed = await shut(place);
    assert.ok(closed.outcome === "closed");
    const [id] = closed.closureIds;
    assert.equal((await takeBack(place, id!, "08:59")).outcome, "cancelled");
    assert.equal((await takeBack(place, id!, "08:59")).outcome, "not-found");
    const served = await close(place, D);
    assert.ok(served.outcome === "closed" && served.charged === 2);
  });

  it("two services closed by one act: each family gets one correction", async () => {
    const place = await smallTown(base.db);
    const snack = await addSnack(place);
    const closed = await shut(place, D, [place.serviceId, snack]);
    assert.ok(closed.outcome === "closed");
    const now = at(D, "07:00");
    await place.town.write(async (tx) => {
      for (const closureId of closed.closureIds) {
        const answer = await reopenService(tx, { actor: office(place), closureId, now });
        assert.ok(answer.outcome === "cancelled" && answer.families === 1);
      }
    });
    const messages = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 10 }),
    );
    assert.deepEqual(messages.map(({ kind }) => kind).toSorted(), ["closure", "closure-cancelled"]);
  });
});

describe("X-09 a dispute", () => {
  it("two taps at once open one", async () => {
    const place = await smallTown(base.db);
    await close(place, D);
    const [charge] = await standing(place);
    const tap = () =>
      place.town.write((tx) =>
        disputeCharge(tx, {
          actor: place.sara,
          holderIds: [place.holderId],
          chargeId: charge!.id,
          text: "Giulia era a casa",
          now: at("2026-11-25", "10:00"),
        }),
      );
    const answers = await Promise.all([tap(), tap(), tap()]);
    assert.deepEqual(answers.map(({ outcome }) => outcome).toSorted(), [
      "already-open",
      "already-open",
      "opened",
    ]);
    const open = await place.town.read((tx) => disputesOf(tx, { holderId: place.holderId }));
    assert.equal(open.length, 1);
  });
});
