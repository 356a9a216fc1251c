// SPDX-License-Identifier: EUPL-1.2
/**
 * A school year travelled in each of the five towns, exactly as their profiles say: the same code, only data differs.
 * One family with two children per town; every service day is served, closed and charged.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { submitRollCall } from "#attendance";
import { billsOf, chargesOf, closeDay, drawMonth, feePeriodsDue, postFees } from "#billing";
import { changeMeals, childDays } from "#booking";
import { dayOfClass, type SchoolClass, townCalendar } from "#calendar";
import { putEnrolments, putMemberships } from "#enrolment";
import { createFamily } from "#families";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { type Day, day, daysBetween, momentAt } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balances, checkLedger, registerCredit } from "#ledger";
import { recordIsee } from "#tariffs";
import { datedSettings } from "#tenancy";
import { applyTown, readProfile } from "../../src/cli/apply-profile.ts";
import { testDatabase, type TestDatabase, testTown } from "../support/db.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

const YEAR = 2026;
const AT = momentAt(day("2026-08-20"), "09:00");

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

interface Travelled {
  town: TenantDb;
  mensa: { id: string; code: string };
  children: [string, string];
  holderId: string;
  schoolClass: SchoolClass;
  parent: Actor;
  teacher: Actor;
  serviceDays: Day[];
}

/** The town of a profile, with one family in one class of the first school of that level. */
async function settle(
  file: string,
  level: string,
  canteen: string,
  iseeCents: bigint | null,
): Promise<Travelled> {
  const { town } = await testTown(base.db, file);
  const document = await readFile(new URL(`../../profiles/${file}.yaml`, import.meta.url), "utf8");
  const read = readProfile(document, `${file}.yaml`);
  assert.ok("profile" in read);
  const { profile } = read;
  const applied = await applyTown(town, {
    profile,
    document,
    year: YEAR,
    appliedBy: "test",
    now: AT,
  });
  assert.equal(applied.outcome, "applied");
  const mother = newId();
  const children: [string, string] = [newId(), newId()];
  const nobody = { siteIds: null, classIds: null, desk: null };
  const settled = await town.write(async (tx) => {
    const calendar = await townCalendar(tx);
    const site = [...calendar.sites.values()].find((one) => one.level === level)!;
    const schoolClass = [...calendar.classes.values()].find(({ siteId }) => siteId === site.id)!;
    const { holderId } = await createFamily(
      tx,
      {
        holder: { id: mother, kind: "adult", surname: "Rossi", givenName: "Anna" },
        children: children.map((id, index) => ({
          id,
          kind: "child" as const,
          surname: "Rossi",
          givenName: ["Marta", "Elia"][index]!,
          birthDate: day(["2017-03-01", "2018-05-01"][index]!),
        })),
        from: day("2026-09-01"),
      },
      AT,
    );
    const dates = { from: day("2026-09-01"), to: null };
    await putMemberships(
      tx,
      children.map((childId) => ({ id: newId(), childId, classId: schoolClass.id, ...dates })),
    );
    await putEnrolments(
      tx,
      calendar.services.flatMap((service) =>
        children.map((childId) => ({
          id: newId(),
          childId,
          serviceId: service.id,
          year: YEAR,
          ...dates,
          weekdays: null,
        })),
      ),
      AT,
    );
    if (iseeCents !== null)
      for (const childId of children)
        await recordIsee(tx, {
          actor: systemActor,
          at: AT,
          isee: {
            id: newId(),
            childId,
            kind: "minorenni",
            valueCents: iseeCents,
            presentedOn: day("2026-08-20"),
            validFrom: day("2026-08-20"),
            validTo: day("2027-07-31"),
            appliesFrom: day("2026-09-01"),
            overriddenBy: null,
            reason: null,
          },
        });
    const mensa = calendar.services.find(({ code }) => code === canteen)!;
    const serviceDays = [...daysBetween(day("2026-09-01"), day("2027-07-31"))].filter((date) => {
      const on = dayOfClass(calendar, mensa.id, schoolClass, date);
      return on.running && on.session && on.closure === null;
    });
    return { holderId, schoolClass, mensa, serviceDays };
  });
  return {
    town,
    children,
    ...settled,
    parent: { role: "guardian", id: newId(), name: "Anna Rossi", personId: mother, ...nobody },
    teacher: { role: "school", id: newId(), name: "Maestra", personId: null, ...nobody },
  };
}

const close = (place: Travelled, date: Day) =>
  closeDay(place.town, {
    serviceId: place.mensa.id,
    siteId: place.schoolClass.siteId,
    date,
    by: "ufficio",
    now: momentAt(date, "16:00"),
  });

const cancel = (place: Travelled, date: Day, time: string, childId = place.children[0]) =>
  place.town.write(async (tx) => {
    const result = await changeMeals(tx, {
      actor: place.parent,
      channel: "portal",
      act: "cancel",
      serviceId: place.mensa.id,
      items: [{ childId, date }],
      receivedAt: momentAt(date, time),
      now: momentAt(date, time),
      idempotencyKey: randomUUID(),
      receiptKey: RECEIPT_KEY,
    });
    return result.outcome === "answered" ? result.answers[0]!.decision : result.outcome;
  });

const rollCall = (place: Travelled, date: Day, absentIds: string[], time = "08:45") =>
  place.town.write((tx) =>
    submitRollCall(tx, {
      actor: place.teacher,
      serviceId: place.mensa.id,
      classId: place.schoolClass.id,
      date,
      phase: "morning",
      absentIds,
      walkInIds: [],
      unknownWalkIns: [],
      receivedAt: momentAt(date, time),
      now: momentAt(date, time),
      idempotencyKey: randomUUID(),
    }),
  );

const accounts = (place: Travelled) =>
  place.town.read((tx) => balances(tx, { holderId: place.holderId }));

const charges = (place: Travelled, from = "2026-09-01", to = "2027-07-31") =>
  place.town.read((tx) =>
    chargesOf(tx, { holderId: place.holderId, from: day(from), to: day(to) }),
  );

async function booksBalance(place: Travelled): Promise<void> {
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
}

describe("a school year in five towns", () => {
  it("BO-02 BO-09 BO-10 BO-14 Borghetto: rientri, cancelled by nine, one bill per pupil and month", async () => {
    const place = await settle("borghetto", "primaria", "mensa", 1_200_000n);
    assert.ok(place.serviceDays.every(({ dayOfWeek }) => [1, 2, 4].includes(dayOfWeek)));
    assert.equal(place.serviceDays[0]!.toString(), "2026-10-01");
    assert.ok(!place.serviceDays.some((date) => date.toString() === "2026-12-08"));
    let cancelled = 0;
    for (const [index, date] of place.serviceDays.entries()) {
      if (index % 10 === 0) {
        const late = index % 20 === 0;
        const decision = await cancel(place, date, late ? "09:00:01" : "09:00:00");
        assert.equal(decision, late ? "cutoff-passed" : "done");
        if (!late) cancelled += 1;
      }
      assert.equal((await close(place, date)).outcome, "closed");
    }
    const all = await charges(place);
    assert.equal(all.length, place.serviceDays.length * 2 - cancelled);
    assert.ok(all.every(({ amountCents }) => amountCents === 350n));
    let month = day("2026-10-01");
    while (month.toString() < "2027-06-01") {
      const today = month.add({ months: 1, days: 1 });
      const now = momentAt(today, "09:00");
      const of = { serviceId: place.mensa.id, month, today, now, by: "ufficio" };
      const drawn = await place.town.write((tx) => drawMonth(tx, of));
      assert.equal(
        drawn.outcome,
        "drawn",
        JSON.stringify(drawn, (_k, v) => String(v)),
      );
      month = month.add({ months: 1 });
    }
    const bills = await place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
    assert.equal(bills.length, 16);
    assert.ok(bills.every(({ childId }) => childId !== null));
    const billed = bills.reduce((sum, { totalCents }) => sum + totalCents, 0n);
    assert.equal(billed, BigInt(all.length) * 350n);
    const owed = (await accounts(place)).reduce((sum, row) => sum + row.balanceCents, 0n);
    assert.equal(owed, -billed);
    await booksBalance(place);
  });

  it("PE-02 PE-03 PE-06 Pesaro: roll call, a balance per child and service, linear price with a sibling's reduction", async () => {
    const place = await settle("pesaro", "primaria", "refezione", 1_500_000n);
    const bus = (await place.town.read((tx) => townCalendar(tx))).services.find(
      ({ kind }) => kind === "transport",
    )!;
    for (const date of place.serviceDays.slice(0, 60)) {
      const answer = await rollCall(place, date, date.dayOfWeek === 5 ? [place.children[0]] : []);
      assert.equal(answer.outcome, "recorded");
      assert.equal((await close(place, date)).outcome, "closed");
    }
    assert.equal(await cancel(place, place.serviceDays[60]!, "08:00"), "school-reports");
    const today = place.serviceDays[60]!;
    for (const period of await place.town.read((tx) =>
      feePeriodsDue(tx, { serviceId: bus.id, today }),
    ))
      await place.town.write((tx) =>
        postFees(tx, { serviceId: bus.id, period, today, now: momentAt(today, "09:00") }),
      );
    const rows = await accounts(place);
    assert.equal(rows.length, 4);
    assert.ok(rows.every(({ childId, serviceId }) => childId !== null && serviceId !== null));
    const fridays = place.serviceDays
      .slice(0, 60)
      .filter(({ dayOfWeek }) => dayOfWeek === 5).length;
    // 2,00 + (15.000 − 5.000) / (25.000 − 5.000) × 3,60 = 3,80; the second child 10 % less: 3,42
    const of = (childId: string) =>
      rows.find((row) => row.childId === childId && row.serviceId === place.mensa.id)!.balanceCents;
    assert.equal(of(place.children[0]), -380n * BigInt(60 - fridays));
    assert.equal(of(place.children[1]), -342n * 60n);
    await booksBalance(place);
  });

  it("OS-01 OS-08 OS-11 OS-12 Ostra: one account for the family's meals, transport is a fixed fee beside it", async () => {
    const place = await settle("ostra", "primaria", "mensa", 900_000n);
    const bus = (await place.town.read((tx) => townCalendar(tx))).services.find(
      ({ kind }) => kind === "transport",
    )!;
    for (const date of place.serviceDays.slice(0, 40))
      assert.equal((await close(place, date)).outcome, "closed");
    const today = place.serviceDays[40]!;
    for (const period of await place.town.read((tx) =>
      feePeriodsDue(tx, { serviceId: bus.id, today }),
    ))
      await place.town.write((tx) =>
        postFees(tx, { serviceId: bus.id, period, today, now: momentAt(today, "09:00") }),
      );
    const credit = await place.town.write((tx) =>
      registerCredit(tx, {
        actor: { ...place.teacher, role: "office", name: "Ufficio" },
        account: { kind: "family", holderId: place.holderId },
        method: "cash-desk",
        amountCents: 30_000n,
        happenedOn: today,
        reason: "ricarica allo sportello",
        key: randomUUID(),
        recordedAt: momentAt(today, "10:00"),
      }),
    );
    assert.equal(credit.outcome, "registered");
    const rows = await accounts(place);
    const wallet = rows.filter(({ childId, serviceId }) => childId === null && serviceId === null);
    assert.equal(wallet.length, 1);
    assert.equal(wallet[0]!.balanceCents, 30_000n - 40n * (300n + 240n));
    const fees = (await charges(place)).filter(({ kind }) => kind === "fixed-fee");
    assert.deepEqual(
      fees.map(({ amountCents, dueOn }) => [amountCents, dueOn!.toString()]).sort(),
      [
        [5600n, "2026-10-31"],
        [5600n, "2027-02-28"],
        [8000n, "2026-10-31"],
        [8000n, "2027-02-28"],
      ].sort(),
    );
    await booksBalance(place);
  });

  it("MC-02 MC-04 MC-05 MC-13 Monte Cremasco: schools take the roll, meals are served below zero, the first top-up settles", async () => {
    const place = await settle("monte-cremasco", "infanzia", "mensa", null);
    const rule = await place.town.read(async (tx) =>
      (await datedSettings(tx)).service(place.mensa.code, "negativeBalance", day("2026-09-20")),
    );
    assert.deepEqual(rule, { rule: "allowed-until", until: "2026-10-05" });
    const september = place.serviceDays.filter(({ month }) => month === 9);
    for (const date of september) {
      await rollCall(place, date, []);
      assert.equal((await close(place, date)).outcome, "closed");
    }
    const [before] = await accounts(place);
    assert.equal(before!.balanceCents, -420n * 2n * BigInt(september.length));
    await place.town.write((tx) =>
      registerCredit(tx, {
        actor: { ...place.teacher, role: "office", name: "Ufficio" },
        account: { kind: "family", holderId: place.holderId },
        method: "vouchers",
        amountCents: 20_000n,
        happenedOn: day("2026-10-05"),
        reason: "buoni cartacei riconsegnati",
        key: randomUUID(),
        recordedAt: momentAt(day("2026-10-05"), "10:00"),
      }),
    );
    const [settled] = await accounts(place);
    assert.equal(settled!.balanceCents, before!.balanceCents + 20_000n);
    await booksBalance(place);
  });

  it("BI-02 BI-03 BI-05 Bitritto: presumed present, first the schools report, then the parents; price by bracket", async () => {
    const place = await settle("bitritto", "primaria", "mensa", 550_000n);
    assert.equal(place.serviceDays[0]!.toString(), "2026-11-16");
    assert.ok(place.serviceDays.every(({ dayOfWeek }) => dayOfWeek <= 5));
    const november = place.serviceDays.filter(({ year, month }) => year === 2026 && month === 11);
    assert.equal(await cancel(place, november[0]!, "08:00"), "school-reports");
    await rollCall(place, november[0]!, [place.children[0]]);
    for (const date of november) assert.equal((await close(place, date)).outcome, "closed");
    const [first] = place.serviceDays.filter(({ month }) => month === 12);
    assert.equal(await cancel(place, first!, "08:00"), "done");
    const days = await place.town.read((tx) =>
      childDays(tx, {
        childIds: [place.children[0]],
        serviceId: place.mensa.id,
        from: first!,
        to: first!,
        channel: "portal",
        receivedAt: momentAt(first!, "08:01"),
      }),
    );
    assert.equal(days.get(place.children[0])![0]!.state, "cancelled");
    const all = await charges(place);
    assert.equal(all.length, november.length * 2 - 1);
    assert.ok(all.every(({ amountCents }) => amountCents === 160n));
    await booksBalance(place);
  });
});
