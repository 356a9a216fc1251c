// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { after, describe, it } from "node:test";
import { classes, putSchoolYear, type SchoolLevel, sites } from "#calendar";
import { applySchools, planSchoolImport, readSchoolFiles, type SchoolPlan } from "#enrolment";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { testDatabase, testTown } from "../support/db.ts";

const AT = moment("2026-11-20T08:00:00Z");
const office: Actor = { ...systemActor, role: "office", id: "office-1", name: "M. Conti" };
const LISTS = new URL("../../../shared/data/scuole/", import.meta.url);
const noLists = existsSync(LISTS)
  ? false
  : "the ministry's lists are not on this machine (../shared)";

const scopeOf = (cadastralCode: string, municipality: string) => ({
  cadastralCode,
  municipality,
  year: 2026,
  levels: ["infanzia", "primaria", "secondaria1"] as SchoolLevel[],
});

async function listed(names: readonly string[]) {
  const uploads = await Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(new URL(name, LISTS)) })),
  );
  const read = await readSchoolFiles(uploads);
  assert.ok(read.outcome === "read", JSON.stringify(read).slice(0, 300));
  return read;
}

async function importAll(
  town: TenantDb,
  read: Awaited<ReturnType<typeof listed>>,
  scope: ReturnType<typeof scopeOf>,
): Promise<SchoolPlan> {
  const planned = await town.write((tx) =>
    planSchoolImport(tx, { read, scope, actor: office, at: AT }),
  );
  assert.ok(planned.outcome === "planned");
  const { importRunId } = planned;
  const apply = () => town.write((tx) => applySchools(tx, { importRunId, actor: office, at: AT }));
  assert.equal((await apply()).outcome, "applied");
  assert.equal((await apply()).outcome, "already-applied");
  return planned.plan;
}

describe("import of schools", async () => {
  const { db, close } = await testDatabase();
  after(close);

  it("needs the office, and the school year before its classes", async () => {
    const { town } = await testTown(db);
    const bytes = Buffer.from(
      "CODICESCUOLA;DENOMINAZIONESCUOLA;DESCRIZIONECOMUNE\nANEE80302Q;DON MORGANTI;OSTRA\n",
    );
    const classRows = Buffer.from("CODICESCUOLA;ANNOCORSO;SEZIONEANNO\nANEE80302Q;1;A\n");
    const read = await readSchoolFiles([
      { name: "a.csv", bytes },
      { name: "b.csv", bytes: classRows },
    ]);
    assert.ok(read.outcome === "read");
    const plan = (actor: Actor) =>
      town.write((tx) =>
        planSchoolImport(tx, { read, scope: scopeOf("F401", "Ostra"), actor, at: AT }),
      );
    assert.equal((await plan({ ...office, role: "school" })).outcome, "not-allowed");
    const planned = await plan(office);
    assert.ok(planned.outcome === "planned");
    const apply = () =>
      town.write((tx) =>
        applySchools(tx, { importRunId: planned.importRunId, actor: office, at: AT }),
      );
    assert.equal((await apply()).outcome, "unknown-school-year");
    await town.write((tx) =>
      putSchoolYear(tx, { year: 2026, startsOn: day("2026-09-14"), endsOn: day("2027-06-30") }),
    );
    assert.deepEqual(await apply(), {
      outcome: "applied",
      newSites: 1,
      changedSites: 0,
      newClasses: 1,
    });
    assert.equal(
      (await readSchoolFiles([{ name: "x", bytes: Buffer.from("a;b\n1;2") }])).outcome,
      "columns-not-found",
    );
    assert.equal(
      (await readSchoolFiles([{ name: "x", bytes: Buffer.alloc(0) }])).outcome,
      "unreadable",
    );
  });

  it("reads every list of the ministry, of any year and language", { skip: noLists }, async () => {
    const kinds: Record<string, string> = {};
    for (const name of (await readdir(LISTS)).sort()) {
      const read = await readSchoolFiles([{ name, bytes: await readFile(new URL(name, LISTS)) }]);
      const file = read.outcome === "read" ? read.files[0] : undefined;
      kinds[name] = file ? file.kind : read.outcome;
      if (!file || file.kind === "unknown") continue;
      assert.ok(file.records.length > 60, name);
      assert.ok(
        file.rejected.length < file.records.length / 100,
        `${name}: ${file.rejected.length} rejected`,
      );
      if (file.kind === "schools") {
        assert.ok(
          file.records.every((record) => record.year !== null && record.cadastralCode !== ""),
          name,
        );
      }
    }
    assert.equal(
      Object.values(kinds).filter((kind) => kind === "schools").length,
      4,
      JSON.stringify(kinds),
    );
    assert.equal(
      Object.values(kinds).filter((kind) => kind === "classes").length,
      2,
      JSON.stringify(kinds),
    );
  });

  it(
    "imports one municipality from lists of several years; again changes nothing",
    { skip: noLists },
    async () => {
      const { town } = await testTown(db);
      const read = await listed([
        "SCUANAGRAFEPAR20232420230901.csv",
        "scuole_statali_primarie_medie_superiori_CampaniaPugliaMoliseBasilicata_202223.csv",
      ]);
      const scope = scopeOf("A894", "Bitritto");
      const plan = await importAll(town, read, scope);
      assert.equal(plan.newSites.length, 6);
      const found = await town.read((tx) => sites(tx));
      const primary = found.find((site) => site.ministryCode === "BAEE83601L");
      assert.match(primary?.name ?? "", /^Scuola primaria, Via Papa Giovanni Paolo/);
      assert.ok(primary?.assumedReason);
      const again = await importAll(town, read, scope);
      assert.deepEqual([again.newSites, again.changedSites, again.newClasses], [[], [], []]);
      assert.equal(again.unchangedSites, 6);
    },
  );

  it("imports the classes of known schools", { skip: noLists }, async () => {
    const { town } = await testTown(db);
    await town.write((tx) =>
      putSchoolYear(tx, { year: 2026, startsOn: day("2026-09-14"), endsOn: day("2027-06-30") }),
    );
    const code =
      "CODICESCUOLA;DENOMINAZIONESCUOLA;CODICECOMUNESCUOLA\nANEE80302Q;DON MORGANTI;F401\n";
    const own = await readSchoolFiles([{ name: "ostra.csv", bytes: Buffer.from(code) }]);
    assert.ok(own.outcome === "read");
    const lists = await listed(["classi_sezioni_MARCHE_2023-24.csv"]);
    const read = { ...lists, files: [...lists.files, ...own.files] };
    const plan = await importAll(town, read, scopeOf("F401", "Ostra"));
    assert.equal(plan.newClasses.length, 17);
    assert.equal((await town.read((tx) => classes(tx, 2026))).length, 17);
    const again = await importAll(town, read, scopeOf("F401", "Ostra"));
    assert.equal(again.newClasses.length, 0);
    assert.equal(again.unchangedClasses, 17);
  });
});
