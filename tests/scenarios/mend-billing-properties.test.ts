// SPDX-License-Identifier: EUPL-1.2
/** Whatever the office does, in whatever order: the books are the sum of what stands, and a meal is charged once. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { type AttendanceRow, attendanceOn, correctAttendance, serviceDays } from "#attendance";
import {
  type Charge,
  chargesOf,
  closeDay,
  closeService,
  feePeriodsDue,
  postFees,
  rechargeMeal,
  reopenClosedDay,
  reopenService,
} from "#billing";
import { closures, putClasses, putServices, putSites } from "#calendar";
import { putEnrolments, putPayerShares } from "#enrolment";
import { createFamily } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balances, checkLedger, registerCredit } from "#ledger";
import { putTariffVersion } from "#tariffs";
import { bumpConfiguration } from "#tenancy";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const FROM = day("2026-08-01");
const TO = day("2027-07-31");
const DAYS = ["2026-11-24", "2026-11-26", "2026-11-30"].map(day);
const START = momentAt(day("2026-11-24"), "08:00");
const MEAL = 460n;
const FEE = 9001n;

interface Town extends SmallTown {
  siteB: string;
  classB: string;
  fees: string;
  father: string;
  office: Actor;
}

/** Two schools, a canteen by the meal, a bus by the year, and a father who may come to pay a part. */
async function town(base: TestDatabase): Promise<Town> {
  const place = await smallTown(base.db);
  const [siteB, classB, fees] = [newId(), newId(), newId()];
  const at = momentAt(day("2026-09-01"), "10:00");
  const { holderId: father } = await place.town.write(async (tx) => {
    await putSites(tx, [
      {
        id: siteB,
        ministryCode: "XXEE000002",
        name: "Primaria Pineta",
        level: "primaria",
        address: "",
        assumedReason: null,
      },
    ]);
    await putClasses(tx, [{ id: classB, siteId: siteB, year: 2026, grade: 1, section: "B" }]);
    await tx.run(sql`insert into class_session (tenant_id, id, service_id, class_id, weekdays, from_date)
      select tenant_id, ${newId()}::uuid, service_id, ${classB}::uuid, weekdays, from_date from class_session
      where tenant_id = ${tx.tenantId}`);
    await putServices(tx, [
      { id: fees, code: "scuolabus", kind: "transport", name: "Scuolabus", position: 2 },
    ]);
    const payment = { model: "fixed-fee", accountScope: "family", directDebit: false };
    await tx.run(sql`insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at,
        recorded_by)
      values (${tx.tenantId}, 'scuolabus', 'payment', date '2026-08-01', ${JSON.stringify(payment)}::text::jsonb,
        'profile', ${at}, 'test')`);
    await bumpConfiguration(tx);
    await putTariffVersion(tx, {
      id: newId(),
      serviceId: fees,
      validFrom: day("2026-09-01"),
      act: "DGC 2/2026",
      definition: {
        kind: "fixed-fee",
        per: "year",
        payer: "child",
        base: { kind: "fixed", priceCents: Number(FEE) },
        instalments: [{ due: "09-30" }, { due: "03-31" }],
      },
      assumedReason: null,
      recordedBy: "test",
      recordedAt: at,
    });
    await putEnrolments(
      tx,
      [place.giulia, place.tommaso].map((childId) => ({
        id: newId(),
        childId,
        serviceId: fees,
        year: 2026,
        from: day("2026-09-14"),
        to: null,
        weekdays: null,
      })),
      at,
    );
    return createFamily(
      tx,
      {
        holder: { id: newId(), kind: "adult", surname: "Bianchi", givenName: "Marco" },
        children: [],
        from: day("2026-09-01"),
      },
      at,
    );
  });
  const office: Actor = { ...place.sara, role: "office", name: "ufficio", personId: null };
  return { ...place, siteB, classB, fees, father, office };
}

const dateAt = fc.integer({ min: 0, max: DAYS.length - 1 });
const command = fc.record({
  verb: fc.constantFrom(
    "close",
    "close",
    "reopen",
    "correct",
    "correct",
    "shut",
    "take-back",
    "fees",
    "payers",
    "credit",
  ),
  date: dateAt,
  atB: fc.boolean(),
  first: fc.boolean(),
  yes: fc.boolean(),
  minutes: fc.constantFrom(0, 1, 40, 300, 1200),
});
type Command = typeof command extends fc.Arbitrary<infer One> ? One : never;

async function perform(place: Town, of: Command, now: Moment, position: number): Promise<bigint> {
  const { serviceId, office } = place;
  const date = DAYS[of.date]!;
  const siteId = of.atB ? place.siteB : place.siteId;
  switch (of.verb) {
    case "close":
      await closeDay(place.town, { serviceId, siteId, date, by: "ufficio", now, batchMeals: 1 });
      return 0n;
    case "reopen":
      await place.town.write((tx) =>
        reopenClosedDay(tx, { serviceId, siteId, date, actor: office, reason: "prova", now }),
      );
      return 0n;
    case "correct":
      await correct(place, of, now);
      return 0n;
    case "shut":
      await place.town.write((tx) =>
        closeService(tx, {
          serviceIds: [serviceId],
          siteId: of.first ? null : siteId,
          classId: null,
          from: date,
          to: of.yes ? DAYS.at(-1)! : date,
          actor: office,
          reason: "weather",
          note: "",
          now,
        }),
      );
      return 0n;
    case "take-back":
      await place.town.write(async (tx) => {
        const [closure] = await closures(tx);
        if (closure) await reopenService(tx, { actor: office, closureId: closure.id, now });
      });
      return 0n;
    case "fees":
      await fees(place, now);
      return 0n;
    case "payers":
      await payers(place, of.yes ? 5000 : of.first ? 3000 : null);
      return 0n;
    case "credit":
      await place.town.write((tx) =>
        registerCredit(tx, {
          actor: office,
          account: { kind: "family", holderId: place.holderId },
          method: "cash-desk",
          amountCents: 1000n,
          happenedOn: day("2026-11-24"),
          reason: "versamento",
          key: `credit-${position}`,
          recordedAt: now,
        }),
      );
      return 1000n;
  }
}

/** One child is marked present or absent at one of the schools, as the office does it. */
const correct = (place: Town, of: Command, now: Moment) =>
  place.town.write(async (tx) => {
    const day = { serviceId: place.serviceId, date: DAYS[of.date]! };
    const corrected = await correctAttendance(tx, {
      ...day,
      actor: place.office,
      classId: of.atB ? place.classB : place.classId,
      childId: of.first ? place.giulia : place.tommaso,
      status: of.yes ? "present" : "absent",
      reason: "prova",
      receivedAt: now,
      now,
      onClosedDay: true,
    });
    if (corrected.outcome !== "corrected") return;
    const { after: row } = corrected;
    await rechargeMeal(tx, { ...day, siteId: row.siteId, corrected: row, reason: "prova", now });
  });

async function fees(place: Town, now: Moment): Promise<void> {
  const of = { serviceId: place.fees, today: now.toZonedDateTimeISO("Europe/Rome").toPlainDate() };
  for (const period of await place.town.read((tx) => feePeriodsDue(tx, of)))
    await place.town.write((tx) => postFees(tx, { ...of, period, now }));
}

/** From the year's start, the father pays this part of Giulia's charges; `null`: the mother pays all again. */
const payers = (place: Town, basisPoints: number | null) =>
  place.town.write(async (tx) => {
    await tx.run(sql`delete from payer_share where tenant_id = ${tx.tenantId}`);
    if (basisPoints === null) return;
    const share = { childId: place.giulia, serviceId: null, from: day("2026-09-01"), to: null };
    await putPayerShares(tx, [
      { ...share, id: newId(), holderId: place.holderId, basisPoints: 10_000 - basisPoints },
      { ...share, id: newId(), holderId: place.father, basisPoints },
    ]);
  });

const sum = (cents: readonly bigint[]): bigint => cents.reduce((total, one) => total + one, 0n);

async function standing(place: Town): Promise<Charge[]> {
  const all = await place.town.read((tx) => chargesOf(tx, { from: FROM, to: TO }));
  return all.filter(({ kind, reversed }) => kind !== "reversal" && !reversed);
}

async function assertBooks(place: Town, credits: bigint): Promise<void> {
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  const charges = await standing(place);
  for (const [holderId, paid] of [
    [place.holderId, credits],
    [place.father, 0n],
  ] as const) {
    const own = charges.filter((charge) => charge.holderId === holderId);
    const accounts = await place.town.read((tx) => balances(tx, { holderId }));
    assert.equal(
      sum(accounts.map(({ balanceCents }) => balanceCents)),
      paid - sum(own.map(({ amountCents }) => amountCents)),
    );
  }
}

/** What was eaten and is to be paid on closed days has one set of charges, of its school; nothing else has any. */
async function assertMealsOnce(place: Town): Promise<void> {
  const { serviceId } = place;
  const charges = (await standing(place)).filter(({ kind }) => kind === "meal");
  for (const date of DAYS) {
    const closed = (
      await place.town.read((tx) => serviceDays(tx, { serviceId, from: date, to: date }))
    ).flatMap(({ siteId, state }) => (state === "closed" ? [siteId] : []));
    const rows: AttendanceRow[] = await place.town.read((tx) =>
      attendanceOn(tx, { serviceId, date }),
    );
    for (const childId of [place.giulia, place.tommaso]) {
      const row = rows.find((one) => one.childId === childId);
      const isDue = row?.billable === true && closed.includes(row.siteId);
      const own = charges.filter((one) => one.childId === childId && one.date.equals(date));
      assert.equal(sum(own.map(({ amountCents }) => amountCents)), isDue ? MEAL : 0n);
      if (!isDue) assert.deepEqual(own, []);
      assert.ok(own.every(({ siteId }) => siteId === row?.siteId));
      assert.equal(new Set(own.map(({ holderId }) => holderId)).size, own.length);
    }
  }
}

describe("BO-02 OS-01 for any sequence of closings, corrections, closures, fees and changes of payer", () => {
  let base: TestDatabase;
  before(async () => {
    base = await testDatabase();
  });
  after(() => base.close());

  it("the balance is credits less what stands; each meal and each fee is charged exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 4, maxLength: 14 }),
        fc.boolean(),
        async (commands, isShared) => {
          const place = await town(base);
          let now = START;
          let credits = 0n;
          for (const [position, one] of commands.entries()) {
            now = now.add({ minutes: one.minutes });
            credits += await perform(place, one, now, position);
            await assertBooks(place, credits);
            await assertMealsOnce(place);
          }
          now = momentAt(day("2026-12-05"), "10:00");
          await payers(place, isShared ? 5000 : null);
          for (const date of DAYS.keys())
            for (const atB of [true, false])
              await perform(place, { ...commands[0]!, verb: "close", date, atB }, now, -1);
          await fees(place, now);
          await fees(place, now);
          await assertBooks(place, credits);
          await assertMealsOnce(place);
          const posted = (await standing(place)).filter(({ kind }) => kind === "fixed-fee");
          assert.equal(sum(posted.map(({ amountCents }) => amountCents)), 2n * FEE);
          assert.equal(posted.length, isShared ? 6 : 4);
        },
      ),
      { numRuns: 20 },
    );
  });
});
