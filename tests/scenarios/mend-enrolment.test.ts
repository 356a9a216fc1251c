// SPDX-License-Identifier: EUPL-1.2
/** One child, one service, one day: never two meals, whatever the school years and the files before. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { closeDay } from "#billing";
import { mealsBetween } from "#booking";
import { putSchoolYear, putServicePeriods } from "#calendar";
import {
  checkEnrolments,
  enrol,
  overlappingSeats,
  planPupilImport,
  putEnrolments,
  putMemberships,
  readPupilFiles,
  roster,
  rosterBetween,
  schedulesOf,
  seats,
} from "#enrolment";
import { type Day, day, daysBetween, isWithin, momentAt } from "#kernel/dates.ts";
import { jsonRows, sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { kitchenOrder } from "#kitchen";
import { bumpConfiguration } from "#tenancy";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { apply, AT, csv, office, OSTRA, ROWS, school } from "../support/pupil-import.ts";
import { type SmallTown, smallTown, USUAL_SETTINGS } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const D = day("2026-11-24");
const NEXT_YEAR = ROWS.map((row) =>
  row.replace(";3;A;", ";4;A;").replace("3^ A", "4^ A").replace("III;B", "IV;B"),
);

/** The school of the imports, with a canteen that runs in two school years. */
async function twoYears() {
  const place = await school(base.db);
  const { serviceId } = place;
  const settings = Object.entries(USUAL_SETTINGS).map(([key, value]) => ({ key, value }));
  await place.town.write(async (tx) => {
    await tx.run(sql`
      insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at, recorded_by)
      select ${tx.tenantId}, 'mensa', r.key, date '2026-08-01', r.value, 'profile', ${AT}::timestamptz, 'test'
      from ${jsonRows(settings)} as r(key text, value jsonb)`);
    await putSchoolYear(tx, { year: 2027, startsOn: day("2027-09-13"), endsOn: day("2028-06-30") });
    for (const year of [2026, 2027]) {
      const startsOn = day(`${year}-10-01`);
      const span = { startsOn, endsOn: day(`${year + 1}-06-04`), weekdays: 31 };
      const everywhere = { id: newId(), serviceId, year, level: null, siteId: null };
      await putServicePeriods(tx, { serviceId, year }, [{ ...everywhere, ...span }]);
    }
    await bumpConfiguration(tx);
  });
  return place;
}

async function importYear(
  place: { town: TenantDb; siteId: string; serviceId: string },
  of: { rows: readonly string[]; effectiveOn: string; year: number },
) {
  const bytes = Buffer.from(csv(...of.rows));
  const effectiveOn = day(of.effectiveOn);
  const options = { townCode: OSTRA, reference: effectiveOn };
  const read = await readPupilFiles([{ name: "alunni.csv", bytes }], options);
  assert.ok(read.outcome === "read");
  const { siteId, serviceId } = place;
  const scope = { siteId, effectiveOn, year: of.year, enrolIn: [serviceId], decisions: {} };
  const planned = await place.town.write((tx) =>
    planPupilImport(tx, { read, actor: office, at: AT, scope }),
  );
  assert.ok(planned.outcome === "planned");
  assert.equal((await apply(place.town, planned.importRunId)).outcome, "applied");
  return planned.plan;
}

const enrolmentSpells = (town: TenantDb) =>
  town.read((tx) =>
    tx.rows<{ year: number; from: Day; to: Day; children: number }>(sql`
      select year, from_date as "from", to_date as "to", count(*)::int as children from enrolment
      where tenant_id = ${tx.tenantId} group by year, from_date, to_date order by year`),
  );
const written = (rows: { year: number; from: Day; to: Day; children: number }[]) =>
  rows.map(({ year, from, to, children }) => `${year}: ${from} ${to} ${children}`);

async function mealsOrdered(of: { town: TenantDb; serviceId: string }, date: Day) {
  const order = await of.town.read((tx) => kitchenOrder(tx, { serviceId: of.serviceId, date }));
  return order.sites.flatMap(({ lines }) => lines).reduce((sum, { meals }) => sum + meals, 0);
}

describe("enrolments end with their school year", () => {
  it("OS-12 BO-09 next year's import gives each child one enrolment, one meal, one charge", async () => {
    const place = await twoYears();
    await importYear(place, { rows: ROWS, effectiveOn: "2026-09-14", year: 2026 });
    const next = { rows: NEXT_YEAR, effectiveOn: "2027-09-13", year: 2027 };
    const plan = await importYear(place, next);
    assert.deepEqual([plan.moved.length, plan.newEnrolments], [3, 3]);
    assert.deepEqual(written(await enrolmentSpells(place.town)), [
      "2026: 2026-09-14 2027-06-30 3",
      "2027: 2027-09-13 2028-06-30 3",
    ]);
    assert.equal((await importYear(place, next)).newEnrolments, 0);
    const date = day("2027-10-12");
    assert.equal(await mealsOrdered(place, date), 3);
    const { serviceId, siteId } = place;
    const key = { serviceId, siteId, date, by: "ufficio", now: momentAt(date, "15:00") };
    const closed = await closeDay(place.town, key);
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.attended, 3);
    assert.deepEqual(await place.town.read((tx) => checkEnrolments(tx)), []);
  });

  it("an enrolment without end, of a version before, ends where next year's begins", async () => {
    const place = await twoYears();
    await importYear(place, { rows: ROWS, effectiveOn: "2026-09-14", year: 2026 });
    await place.town.write((tx) =>
      tx.run(sql`update enrolment set to_date = null where tenant_id = ${tx.tenantId}`),
    );
    await importYear(place, { rows: NEXT_YEAR, effectiveOn: "2027-09-13", year: 2027 });
    assert.deepEqual(written(await enrolmentSpells(place.town)), [
      "2026: 2026-09-14 2027-09-12 3",
      "2027: 2027-09-13 2028-06-30 3",
    ]);
  });

  it("a file that comes after the year's last day enrols nobody", async () => {
    const place = await twoYears();
    const late = { rows: ROWS, effectiveOn: "2027-07-05", year: 2026 };
    assert.equal((await importYear(place, late)).newEnrolments, 0);
    assert.deepEqual(await enrolmentSpells(place.town), []);
  });

  it("the office's enrolment ends with the year too and overlaps no other year's", async () => {
    const place = await smallTown(base.db);
    const childId = place.giulia;
    const join = (year: number, from: string) =>
      place.town.write((tx) =>
        enrol(tx, {
          actor: office,
          childId,
          serviceId: place.serviceId,
          year,
          from: day(from),
          at: AT,
        }),
      );
    assert.equal((await join(2029, "2029-09-14")).outcome, "unknown-school-year");
    await place.town.write((tx) =>
      putSchoolYear(tx, { year: 2027, startsOn: day("2027-09-13"), endsOn: day("2028-06-08") }),
    );
    // Giulia's enrolment of 2026 has no end.
    assert.equal((await join(2027, "2027-09-13")).outcome, "overlaps");
    await place.town.write((tx) =>
      tx.run(sql`delete from enrolment where tenant_id = ${tx.tenantId} and child_id = ${childId}`),
    );
    const both = await Promise.all([join(2026, "2026-10-01"), join(2026, "2026-10-05")]);
    assert.deepEqual(both.map(({ outcome }) => outcome).sort(), ["enrolled", "overlaps"]);
    assert.equal((await join(2027, "2027-09-13")).outcome, "enrolled");
    assert.deepEqual(await place.town.read((tx) => checkEnrolments(tx)), []);
  });
});

/** Giulia a second time: enrolled by a year before, and in another class since 2 November. */
async function doubled(place: SmallTown): Promise<string> {
  const classId = newId();
  const from = day("2026-11-02");
  await place.town.write(async (tx) => {
    await tx.run(sql`
      insert into school_class (tenant_id, id, site_id, year, grade, section)
      values (${tx.tenantId}, ${classId}, ${place.siteId}, 2026, 3, 'B')`);
    await bumpConfiguration(tx);
    const child = { childId: place.giulia, to: null };
    await putMemberships(tx, [{ ...child, id: newId(), classId, from }]);
    const other = { serviceId: place.serviceId, year: 2025, from: day("2025-09-14") };
    await putEnrolments(tx, [{ ...child, ...other, id: newId(), weekdays: null }], AT);
  });
  return classId;
}

describe("one child with two enrolments and two classes", () => {
  it("BO-09 is on each roster once, in the newest class, and `check` names both overlaps", async () => {
    const place = await smallTown(base.db, { from: "2026-10-05" });
    const classId = await doubled(place);
    const { serviceId, giulia } = place;
    await place.town.read(async (tx) => {
      const rules = (await checkEnrolments(tx)).map(({ rule, subject }) => [rule, subject]);
      assert.deepEqual(rules, [
        ["memberships-overlap", giulia],
        ["enrolments-overlap", giulia],
      ]);
      const rows = await roster(tx, { serviceId, date: D });
      assert.deepEqual(
        rows.filter(({ childId }) => childId === giulia).map((row) => row.classId),
        [classId],
      );
      const inOldClass = { serviceId, date: D, classId: place.classId };
      assert.deepEqual(
        (await roster(tx, inOldClass)).map(({ childId }) => childId),
        [place.tommaso],
      );
      // A closing reads some classes at a time: the old one must not count the child that another has.
      const overlapping = await overlappingSeats(tx, D);
      assert.deepEqual([...overlapping], [[giulia, classId]]);
      const batch = { serviceId, date: D, classIds: [place.classId], overlapping };
      assert.deepEqual(
        (await seats(tx, batch)).map(({ childId }) => childId),
        [place.tommaso],
      );
      const span = { serviceIds: [serviceId], from: day("2026-10-01"), to: day("2026-12-31") };
      const spans = await rosterBetween(tx, span);
      for (const date of daysBetween(span.from, span.to)) {
        const onDay = spans.filter(({ from, to }) => isWithin(date, from, to));
        const known = await roster(tx, { serviceId, date });
        assert.deepEqual(
          onDay.map((row) => `${row.childId} ${row.classId}`).sort(),
          known.map((row) => `${row.childId} ${row.classId}`).sort(),
        );
      }
      const ofOldClass = await rosterBetween(tx, { ...span, classId: place.classId });
      assert.deepEqual(
        ofOldClass.filter(({ childId }) => childId === giulia).map(({ to }) => to.toString()),
        ["2026-11-01"],
      );
      const [schedule] = await schedulesOf(tx, { childIds: [giulia], serviceId });
      assert.deepEqual(
        schedule?.enrolments.map(({ from, to }) => `${from} ${to}`),
        ["2025-09-14 2026-09-13", "2026-09-14 null"],
      );
      const meals = await mealsBetween(tx, span);
      assert.equal(meals.on(D).filter(({ childId }) => childId === giulia).length, 1);
    });
    assert.equal(await mealsOrdered(place, D), 2);
    const key = { serviceId, siteId: place.siteId, date: D, by: "ufficio" };
    const closed = await closeDay(place.town, { ...key, now: momentAt(D, "15:00") });
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.attended, 2);
  });
});
