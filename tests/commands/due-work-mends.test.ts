// SPDX-License-Identifier: EUPL-1.2
/** What the tick leaves alone, what it isolates, how far it looks ahead, and what it forgets. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serviceDays } from "#attendance";
import { closeDay, reopenClosedDay } from "#billing";
import { putSites } from "#calendar";
import { applyPupils, importRun, putEnrolments, putMemberships } from "#enrolment";
import { type Day, day, momentAt } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { kitchenOrder } from "#kitchen";
import { bumpConfiguration } from "#tenancy";
import { routes } from "../../src/surfaces/kitchen/routes.ts";
import { DueWork } from "../../src/worker/due-work.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { csv, office, plan, ROWS, school } from "../support/pupil-import.ts";
import { testSite } from "../support/site.ts";
import { manyFamilies, type SmallTown, smallTown, USUAL_SETTINGS } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const D = day("2026-11-24");
const at = (date: Day | string, time: string) => momentAt(day(date.toString()), time);

/** One round; answers with what failed. */
async function round(work: DueWork, town: TenantDb, now: Temporal.Instant): Promise<string[]> {
  const failed: string[] = [];
  await work.doFor(
    town,
    now,
    () => false,
    (what, error) => failed.push(`${what}: ${String(error)}`),
  );
  return failed;
}

const stateOf = async ({ town, siteId }: SmallTown, date: Day) => {
  const days = await town.read((tx) => serviceDays(tx, { from: date, to: date }));
  return days.find((one) => one.siteId === siteId)?.state;
};

/** A second primary school with one child. Its id sorts before the first's: it has its turn first. */
async function secondSchool(place: SmallTown): Promise<{ siteId: string; childId: string }> {
  const siteId = `00000000${newId().slice(8)}`;
  const classId = newId();
  const [family] = await manyFamilies(place, 1);
  const { childId } = family!;
  await place.town.write(async (tx) => {
    const site = { id: siteId, ministryCode: "XXEE000002", name: "Primaria Rodari" };
    await putSites(tx, [{ ...site, level: "primaria", address: "", assumedReason: null }]);
    await tx.run(sql`
      insert into school_class (tenant_id, id, site_id, year, grade, section)
      values (${tx.tenantId}, ${classId}, ${siteId}, 2026, 3, 'B')`);
    await bumpConfiguration(tx);
    const from = day("2026-09-15");
    await putMemberships(tx, [{ id: newId(), childId, classId, from, to: null }]);
  });
  return { siteId, childId };
}

/** Nothing can be written for a school any more: what a fault in its data does. */
const breakSchool = (table: "service_day" | "frozen_order", siteId: string) =>
  base.db.owner((tx) =>
    tx.run(
      sql.raw(`alter table ${table} add constraint ill check (site_id <> '${siteId}') not valid`),
    ),
  );
const mend = (table: "service_day" | "frozen_order") =>
  base.db.owner((tx) => tx.run(sql.raw(`alter table ${table} drop constraint ill`)));

describe("the tick, school by school", () => {
  it("BO-02 a school that cannot be closed is told and stops no other; later it is tried again", async () => {
    const place = await smallTown(base.db, { from: "2026-11-24" });
    const { siteId } = await secondSchool(place);
    const work = new DueWork();
    await breakSchool("service_day", siteId);
    try {
      const failed = await round(work, place.town, at(D, "15:05"));
      assert.equal(failed.length, 1);
      assert.match(failed[0]!, new RegExp(`^close mensa of 2026-11-24, school ${siteId}: `));
      assert.equal(await stateOf(place, D), "closed");
    } finally {
      await mend("service_day");
    }
    assert.deepEqual(await round(work, place.town, at(D, "15:08")), []);
    assert.equal(await stateOf({ ...place, siteId }, D), "closed");
  });

  it("BO-09 a school whose order cannot be frozen stops no other; it is tried again", async () => {
    const place = await smallTown(base.db, { from: "2026-11-24" });
    const { siteId } = await secondSchool(place);
    const frozen = async () => {
      const of = { serviceId: place.serviceId, date: D };
      const { sites } = await place.town.read((tx) => kitchenOrder(tx, of));
      return sites.filter((one) => one.frozen).map(({ site }) => site.id);
    };
    const work = new DueWork();
    await breakSchool("frozen_order", siteId);
    try {
      const failed = await round(work, place.town, at(D, "09:01"));
      assert.equal(failed.length, 1);
      assert.match(failed[0]!, new RegExp(`^freeze mensa of 2026-11-24, school ${siteId}: `));
      assert.deepEqual(await frozen(), [place.siteId]);
      assert.deepEqual(await round(work, place.town, at(D, "09:01:05")), []);
    } finally {
      await mend("frozen_order");
    }
    assert.deepEqual(await round(work, place.town, at(D, "09:03")), []);
    assert.equal((await frozen()).length, 2);
  });

  it("BO-09 a child with two enrolments stops neither order nor closing", async () => {
    const place = await smallTown(base.db, { from: "2026-11-23" });
    const again = { childId: place.giulia, serviceId: place.serviceId, year: 2025 };
    const span = { from: day("2025-09-14"), to: null, weekdays: null };
    await place.town.write((tx) =>
      putEnrolments(tx, [{ ...again, ...span, id: newId() }], at(D, "08:00")),
    );
    assert.deepEqual(await round(new DueWork(), place.town, at("2026-11-25", "09:01")), []);
    assert.equal(await stateOf(place, D), "closed");
  });
});

describe("the tick and people", () => {
  it("BO-02 a day that the office opened again stays open until the office closes it", async () => {
    const place = await smallTown(base.db, { from: "2026-11-24" });
    const { serviceId, siteId } = place;
    const key = { serviceId, siteId, date: D };
    await closeDay(place.town, { ...key, by: "ufficio", now: at(D, "15:05") });
    const reason = "appello sbagliato";
    await place.town.write((tx) =>
      reopenClosedDay(tx, { ...key, actor: office, reason, now: at(D, "16:00") }),
    );
    const work = new DueWork();
    for (const time of ["16:01", "16:05"])
      assert.deepEqual(await round(work, place.town, at(D, time)), []);
    await round(new DueWork(), place.town, at("2026-11-25", "16:00"));
    assert.equal(await stateOf(place, D), "open");
    const closed = await closeDay(place.town, { ...key, by: "ufficio", now: at(D, "16:30") });
    assert.equal(closed.outcome, "closed");
  });
});

const evening = { time: "18:00", daysBefore: 1 };
const dayBefore = {
  ...USUAL_SETTINGS.cutoffs,
  portal: evening,
  app: evening,
  voice: evening,
  office: evening,
  school: evening,
};

describe("a cut-off on the day before", () => {
  const frozenOn = async ({ town, serviceId }: SmallTown, date: Day) => {
    const { sites } = await town.read((tx) => kitchenOrder(tx, { serviceId, date }));
    return sites.some(({ frozen }) => frozen !== null);
  };

  it("BO-09 freezes tomorrow's order in the evening, not before, and no later one", async () => {
    const place = await smallTown(base.db, {
      from: "2026-11-23",
      settings: { cutoffs: dayBefore },
    });
    const work = new DueWork();
    await round(work, place.town, at("2026-11-23", "18:00:10"));
    assert.equal(await frozenOn(place, D), false);
    await round(work, place.town, at("2026-11-23", "18:00:16"));
    assert.equal(await frozenOn(place, D), true);
    assert.equal(await frozenOn(place, day("2026-11-26")), false);
  });

  it("BO-09 the kitchen that opens tomorrow's page after the cut-off reads a frozen order", async () => {
    const site = await testSite(base.db, {
      routes,
      now: at("2026-11-23", "18:01"),
      town: { from: "2026-11-23", settings: { cutoffs: dayBefore } },
    });
    const cook = await site.signInAs("kitchen");
    assert.equal((await site.get("/cucina?giorno=2026-11-24", cook)).statusCode, 200);
    assert.equal(await frozenOn(site.place, D), true);
    await site.close();
  });
});

describe("the tick forgets", () => {
  it("a file that nobody applied in seven days keeps its counts, not its rows", async () => {
    const { town } = await school(base.db);
    const { importRunId } = await plan(town, Buffer.from(csv(...ROWS)), { siteId: null });
    const read = () => town.read((tx) => importRun<Record<string, unknown>>(tx, importRunId));
    const planned = await read();
    assert.equal(planned?.state, "planned");
    const { createdAt } = planned!;
    await round(new DueWork(), town, createdAt.add({ hours: 24 * 7 }));
    assert.equal((await read())?.state, "planned");
    await round(new DueWork(), town, createdAt.add({ hours: 24 * 8 }));
    const expired = await read();
    assert.equal(expired?.state, "expired");
    assert.equal(expired?.plan["rejected"], 3);
    assert.ok(!/ROSSI|RSSNNA/i.test(JSON.stringify(expired?.plan)));
    const applied = await town.write((tx) =>
      applyPupils(tx, { importRunId, confirmMissing: [], actor: office, at: createdAt }),
    );
    assert.equal(applied.outcome, "plan-outdated");
  });

  it("sessions and attempts of sign-in are gone after thirty days", async () => {
    const { town } = await smallTown(base.db);
    const accountId = newId();
    const now = at("2026-11-24", "12:00");
    const days = (count: number) => now.subtract({ hours: 24 * count });
    await town.write(async (tx) => {
      await tx.run(sql`insert into account (tenant_id, id, username, display_name, created_at)
        values (${tx.tenantId}, ${accountId}, 'prova', 'Prova', ${days(90)})`);
      const session = (token: string, expires: Temporal.Instant, ended: Temporal.Instant | null) =>
        tx.run(sql`insert into session (tenant_id, token_hash, id, account_id, created_at, last_seen_at, expires_at, ended_at)
          values (${tx.tenantId}, ${token}, ${newId()}, ${accountId}, ${days(90)}, ${days(90)}, ${expires}, ${ended})`);
      await session("expired long ago", days(31), null);
      await session("ended long ago", days(1), days(31));
      await session("expired lately", days(29), null);
      await session("alive", now.add({ hours: 1 }), null);
      for (const count of [31, 29])
        await tx.run(sql`insert into login_attempt (tenant_id, id, username_hash, origin_hash, at, succeeded)
          values (${tx.tenantId}, ${newId()}, 'a', 'b', ${days(count)}, false)`);
    });
    assert.deepEqual(await round(new DueWork(), town, now), []);
    await town.read(async (tx) => {
      const left = await tx.rows<{ token: string }>(sql`
        select token_hash as token from session where tenant_id = ${tx.tenantId} order by 1`);
      assert.deepEqual(
        left.map(({ token }) => token),
        ["alive", "expired lately"],
      );
      const attempts = await tx.rows(sql`
        select 1 from login_attempt where tenant_id = ${tx.tenantId}`);
      assert.equal(attempts.length, 1);
    });
  });
});
