// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { putClasses, putSchoolYear, putServices, putSites } from "#calendar";
import {
  classesOn,
  dietsOn,
  enrol,
  enrolmentsOf,
  payersOn,
  putMemberships,
  setDiet,
  setPayerShares,
  withdraw,
} from "#enrolment";
import { createFamily } from "#families";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, testTown } from "../support/db.ts";

const AT = moment("2026-11-20T08:00:00Z");
const YEAR_START = day("2026-09-14");
const office: Actor = { ...systemActor, role: "office", id: "office-1", name: "M. Conti" };

async function oneChild(town: TenantDb) {
  const ids = { childId: newId(), serviceId: newId(), siteId: newId(), classId: newId() };
  const { holderId } = await town.write(async (tx) => {
    await putSchoolYear(tx, { year: 2026, startsOn: YEAR_START, endsOn: day("2027-06-30") });
    await putServices(tx, [
      { id: ids.serviceId, code: "mensa", kind: "canteen", name: "Mensa", position: 0 },
    ]);
    await putSites(tx, [
      {
        id: ids.siteId,
        ministryCode: null,
        name: "Rodari",
        level: "primaria",
        address: "",
        assumedReason: null,
      },
    ]);
    await putClasses(tx, [
      { id: ids.classId, siteId: ids.siteId, year: 2026, grade: 3, section: "A" },
    ]);
    const family = await createFamily(
      tx,
      {
        holder: { id: newId(), kind: "adult", surname: "Rossi", givenName: "Maria" },
        children: [{ id: ids.childId, kind: "child", surname: "Rossi", givenName: "Anna" }],
        from: YEAR_START,
      },
      AT,
    );
    await putMemberships(tx, [
      { id: newId(), childId: ids.childId, classId: ids.classId, from: YEAR_START, to: null },
    ]);
    return family;
  });
  return { ...ids, holderId };
}

describe("enrolment", async () => {
  const { db, close } = await testDatabase();
  after(close);

  it("enrols, refuses to overlap, withdraws from a day on and enrols again", async () => {
    const { town } = await testTown(db);
    const { childId, serviceId, classId } = await oneChild(town);
    const join = (from: string, to: string | null = null, actor = office) =>
      town.write((tx) =>
        enrol(tx, {
          actor,
          childId,
          serviceId,
          year: 2026,
          from: day(from),
          to: to ? day(to) : null,
          at: AT,
        }),
      );
    const leave = (from: string) =>
      town.write((tx) =>
        withdraw(tx, { actor: office, childId, serviceId, year: 2026, from: day(from), at: AT }),
      );
    assert.equal(
      (await join("2026-10-01", null, { ...office, role: "guardian" })).outcome,
      "not-allowed",
    );
    assert.equal((await join("2026-10-01", "2026-09-30")).outcome, "dates-reversed");
    assert.equal((await join("2026-10-01")).outcome, "enrolled");
    assert.equal((await join("2026-09-14", "2026-10-01")).outcome, "overlaps");
    assert.equal((await leave("2026-11-23")).outcome, "withdrawn");
    assert.equal((await leave("2026-11-23")).outcome, "not-enrolled");
    assert.equal((await join("2026-11-22")).outcome, "overlaps");
    assert.equal((await join("2026-11-23")).outcome, "enrolled");
    assert.equal((await leave("2026-11-23")).outcome, "withdrawn");
    await town.read(async (tx) => {
      const spells = (await enrolmentsOf(tx, [childId], 2026)).map(
        ({ from, to }) => `${from} ${to}`,
      );
      assert.deepEqual(spells, ["2026-10-01 2026-11-22"]);
      assert.equal((await classesOn(tx, [childId], day("2026-09-14"))).get(childId), classId);
      assert.equal((await classesOn(tx, [childId], day("2026-09-13"))).size, 0);
      const audit = await tx.rows(sql`select 1 from audit_entry where tenant_id = ${tx.tenantId}`);
      assert.equal(audit.length, 4);
    });
  });

  it("X-14 a dated diet code replaces the one before, and the log does not name it", async () => {
    const { town } = await testTown(db);
    const { childId } = await oneChild(town);
    const set = (
      code: string | null,
      from: string,
      actor: Actor = { ...office, role: "office-diet" },
    ) => town.write((tx) => setDiet(tx, { actor, childId, code, from: day(from), at: AT }));
    assert.equal((await set("celiachia", "2026-10-01")).outcome, "not-a-code");
    for (const role of ["school", "office", "office-manager", "administrator"] as const)
      assert.equal(
        (await set("D-07", "2026-10-01", { ...office, role })).outcome,
        "not-allowed",
        role,
      );
    assert.equal((await set("D-07", "2026-10-01")).outcome, "set");
    assert.equal((await set("D-09", "2026-11-01")).outcome, "set");
    assert.equal((await set(null, "2026-12-01")).outcome, "ended");
    await town.read(async (tx) => {
      const on = async (date: string) => (await dietsOn(tx, [childId], day(date))).get(childId);
      assert.deepEqual(
        [
          await on("2026-09-30"),
          await on("2026-10-31"),
          await on("2026-11-01"),
          await on("2026-12-01"),
        ],
        [undefined, "D-07", "D-09", undefined],
      );
      const log = await tx.rows<{ details: unknown }>(
        sql`select details from audit_entry where tenant_id = ${tx.tenantId}`,
      );
      assert.ok(!JSON.stringify(log).includes("D-0"));
    });
  });

  it("X-12 the holder pays alone until shares that make a whole say otherwise", async () => {
    const { town } = await testTown(db);
    const { childId, serviceId, holderId } = await oneChild(town);
    const { holderId: father } = await town.write((tx) =>
      createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", surname: "Verdi", givenName: "Ugo" },
          children: [],
          from: YEAR_START,
        },
        AT,
      ),
    );
    const share = (parts: [string, number][]) =>
      town.write((tx) =>
        setPayerShares(tx, {
          actor: office,
          childId,
          serviceId,
          at: AT,
          reason: "Sentenza di separazione",
          shares: parts.map(([id, basisPoints]) => ({
            holderId: id,
            basisPoints,
            from: day("2026-11-01"),
            to: null,
          })),
        }),
      );
    const ask = async (date: string) =>
      (
        await town.read((tx) => payersOn(tx, { childIds: [childId], serviceId, date: day(date) }))
      ).get(childId);
    assert.equal(
      (
        await share([
          [holderId, 6000],
          [father, 3000],
        ])
      ).outcome,
      "not-whole",
    );
    assert.equal(
      (
        await share([
          [holderId, 6000],
          [father, 4000],
        ])
      ).outcome,
      "saved",
    );
    assert.deepEqual(await ask("2026-10-31"), [{ holderId, basisPoints: 10_000 }]);
    assert.deepEqual(
      (await ask("2026-11-01"))?.toSorted((a, b) => b.basisPoints - a.basisPoints),
      [
        { holderId, basisPoints: 6000 },
        { holderId: father, basisPoints: 4000 },
      ],
    );
    assert.equal((await share([])).outcome, "saved");
    assert.deepEqual(await ask("2026-11-01"), [{ holderId, basisPoints: 10_000 }]);
  });
});
