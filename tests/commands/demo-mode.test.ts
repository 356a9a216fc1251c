// SPDX-License-Identifier: EUPL-1.2
/** When an installation is a demo: the first start says so, and nothing turns a real one into one. */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { moment } from "#kernel/dates.ts";
import { type Database } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { createTenant } from "#tenancy";
import { demoMode, isDemoInstallation } from "../../src/demo/installation.ts";
import { testDatabase } from "../support/db.ts";

const now = moment("2026-11-20T10:00:00+01:00");

async function fresh(t: TestContext): Promise<Database> {
  const base = await testDatabase();
  t.after(() => base.close());
  return base.db;
}
const mode = async (db: Database, wanted: boolean | null) =>
  (await demoMode(db, { wanted, now })).outcome;
const town = (db: Database, slug: string, demo: boolean) =>
  createTenant((work) => db.platform(work), {
    ...{ id: newId(), slug, name: slug, demo },
    hosts: [],
    now,
  });

describe("demo mode", () => {
  it("begins in an empty embedded database, and stays while all of its towns are invented", async (t) => {
    const db = await fresh(t);
    const isEmbedded = db.engine === "pglite";
    assert.equal(await mode(db, null), isEmbedded ? "demo" : "real");
    if (!isEmbedded) assert.equal(await mode(db, true), "demo");
    await town(db, "ostra", true);
    assert.equal(await mode(db, null), isEmbedded ? "demo" : "real");
    assert.equal(await isDemoInstallation(db), true);
    assert.equal(await mode(db, false), "real");
    assert.equal(
      await isDemoInstallation(db),
      true,
      "switched off once, it is a demo's folder all the same",
    );
  });

  it("never begins by itself where CAMPANELLA_DEMO=0 was said first, even before there are towns", async (t) => {
    const db = await fresh(t);
    assert.equal(await mode(db, false), "real");
    assert.equal(await mode(db, null), "real");
    await town(db, "prova", true);
    assert.equal(await mode(db, null), "real", "an invented town beside real ones makes no demo");
    assert.equal(await isDemoInstallation(db), false);
    assert.equal(await mode(db, true), "demo", "unless somebody asks for it");
  });

  it("is refused where real towns are, and does not begin where the first town is real", async (t) => {
    const db = await fresh(t);
    await town(db, "vera", false);
    assert.equal(await mode(db, null), "real");
    const asked = await demoMode(db, { wanted: true, now });
    assert.deepEqual(asked.outcome === "refused" && asked.towns.map(({ slug }) => slug), ["vera"]);
    assert.equal(await mode(db, null), "real");
  });
});
