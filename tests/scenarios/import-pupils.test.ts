// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { classes, putSchoolYear } from "#calendar";
import {
  classesOn,
  enrolmentsOf,
  errorFile,
  importRun,
  membershipsOf,
  planPupilImport,
  readPupilFiles,
} from "#enrolment";
import { allPeople, changesOf, putPeople } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase } from "../support/db.ts";
import {
  ANNA,
  apply,
  AT,
  assertNothing,
  codeOf,
  csv,
  HEADER,
  MARIA,
  NICO,
  office,
  OSTRA,
  plan,
  planAndApply,
  ROWS,
  school,
  START,
  TODAY,
} from "../support/pupil-import.ts";
import { xlsxFile } from "../support/xlsx-file.ts";

describe("import of pupils", async () => {
  const { db, close } = await testDatabase();
  after(close);

  it("the same rows from every encoding and format give the same town; again, nothing", async () => {
    const text = csv(...ROWS);
    const cells = text
      .split("\r\n")
      .map((line) =>
        line.split(";").map((cell) => (/^[1-9]\d{4,8}$/.test(cell) ? Number(cell) : cell)),
      );
    const files = {
      utf8: Buffer.from(text),
      bom: Buffer.from(`\uFEFF${text}`),
      windows1252: Buffer.from(text, "latin1"),
      utf16: Buffer.from(`\uFEFF${text}`, "utf16le"),
      comma: Buffer.from(text.replaceAll(", 1", " 1").replaceAll(";", ",")),
      tab: Buffer.from(text.replaceAll(";", "\t")),
      xlsx: xlsxFile({ Note: [["Segreteria"]], Alunni: cells }),
    };
    const seen = new Set<string>();
    for (const [name, bytes] of Object.entries(files)) {
      const { town, siteId, serviceId } = await school(db);
      const scope = { siteId, enrolIn: [serviceId] };
      const first = await planAndApply(town, bytes, scope);
      assert.equal(first.newPupils.length, 3, name);
      assert.equal(first.newEnrolments, 3);
      assert.deepEqual(
        first.newClasses.map(({ grade, section }) => `${grade}${section}`),
        ["3A", "3B"],
      );
      const children = await town.read((tx) => allPeople(tx, "child"));
      seen.add(
        JSON.stringify(
          children
            .map(
              ({
                surname,
                givenName,
                sex,
                birthDate,
                birthPlaceCode,
                codiceFiscale,
                codiceFiscaleState,
                postalCode,
                city,
              }) => [
                surname,
                givenName,
                sex,
                birthDate,
                birthPlaceCode,
                codiceFiscale,
                codiceFiscaleState,
                postalCode,
                city,
              ],
            )
            .sort(),
        ),
      );
      assertNothing((await plan(town, bytes, scope)).plan, 3);
    }
    assert.equal(seen.size, 1, [...seen].join("\n"));
    assert.deepEqual(JSON.parse([...seen][0] ?? ""), [
      ["D'Angelo", "Nicolò", "M", "2017-11-30", OSTRA, NICO, "valid", "60010", "Senigallia"],
      ["Rossi", "Anna", "F", "2018-01-08", OSTRA, ANNA, "valid", "60010", "Ostra"],
      ["Verdi", "Zoè", "F", "2018-03-01", "I608", null, "missing", "", ""],
    ]);
  });

  it("shows changed, moved and missing; nobody leaves without confirmation", async () => {
    const { town, siteId, serviceId } = await school(db);
    await planAndApply(town, Buffer.from(csv(...ROWS)), { siteId, enrolIn: [serviceId] });
    const later = Buffer.from(
      csv(ROWS[0]!.replace("VIA MAZZINI, 1", "VIA ROMA, 9").replace(";3;A;", ";3;B;")),
    );
    const scope = { siteId, effectiveOn: "2026-11-23" };
    const planned = await plan(town, later, scope);
    const { plan: found } = planned;
    assert.deepEqual(
      found.changed.map(({ fields }) => fields),
      [[{ field: "address", old: "Via Mazzini, 1", new: "Via Roma, 9" }]],
    );
    assert.deepEqual(
      found.moved.map(({ from, to }) => [from, to]),
      [["3A", "3B"]],
    );
    assert.deepEqual(
      found.missing.map(({ name, className }) => [name, className]),
      [
        ["D'Angelo Nicolò", "3A"],
        ["Verdi Zoè", "3B"],
      ],
    );
    const zoe = found.missing[1]?.childId ?? "";
    const nicolo = found.missing[0]?.childId ?? "";
    const anna = found.moved[0]?.childId ?? "";
    const applied = await apply(town, planned.importRunId, [zoe, newId()]);
    assert.ok(applied.outcome === "applied" && applied.summary.left === 1);
    assert.equal((await apply(town, planned.importRunId)).outcome, "already-applied");
    await town.read(async (tx) => {
      const on = async (date: string) => classesOn(tx, [anna, nicolo, zoe], day(date));
      const [before, afterwards] = [await on("2026-11-22"), await on("2026-11-23")];
      const names = new Map(
        (await classes(tx, 2026)).map((one) => [one.id, `${one.grade}${one.section}`]),
      );
      const nameIn = (where: Map<string, string>, id: string) => names.get(where.get(id) ?? "");
      assert.deepEqual(
        [anna, nicolo, zoe].map((id) => nameIn(before, id)),
        ["3A", "3A", "3B"],
      );
      assert.deepEqual(
        [anna, nicolo, zoe].map((id) => nameIn(afterwards, id)),
        ["3B", "3A", undefined],
      );
      const ended = (await enrolmentsOf(tx, [zoe], 2026)).map(({ to }) => to?.toString());
      assert.deepEqual(ended, ["2026-11-22"]);
      assert.deepEqual(
        (await changesOf(tx, anna)).map(({ field, oldValue }) => [field, oldValue]),
        [["address", "Via Mazzini, 1"]],
      );
      const run = await importRun<object>(tx, planned.importRunId);
      assert.equal(run?.state, "applied");
      assert.ok(!JSON.stringify(run?.plan).includes("Rossi"), "the rows of the file are not kept");
      const audit = await tx.rows(sql`select 1 from audit_entry
        where tenant_id = ${tx.tenantId} and child_id = ${zoe} and details ->> 'did' like '%left%'`);
      assert.equal(audit.length, 1);
    });
    const again = (await plan(town, later, scope)).plan;
    assert.deepEqual(
      again.missing.map(({ name }) => name),
      ["D'Angelo Nicolò"],
    );
    assertNothing({ ...again, missing: [] }, 1);
  });

  it("a moved child of another school keeps the one spell before, and an import of the first day replaces", async () => {
    const { town, siteId, otherSiteId } = await school(db);
    await planAndApply(town, Buffer.from(csv(ROWS[0]!)), { siteId });
    const moved = await planAndApply(town, Buffer.from(csv(ROWS[0]!)), {
      siteId: otherSiteId,
      effectiveOn: "2026-12-01",
    });
    assert.deepEqual(
      moved.moved.map(({ from, to }) => [from, to]),
      [["3A, Don Morganti", "3A"]],
    );
    const anna = moved.moved[0]?.childId ?? "";
    const spells = async () =>
      (await town.read((tx) => membershipsOf(tx, [anna]))).map(({ from, to }) => `${from} ${to}`);
    assert.deepEqual(await spells(), ["2026-09-14 2026-11-30", "2026-12-01 null"]);
    const early = await plan(town, Buffer.from(csv(ROWS[0]!)), {
      siteId: otherSiteId,
      effectiveOn: "2026-10-01",
    });
    assertNothing(early.plan, 1);
    const conflict = await plan(town, Buffer.from(csv(ROWS[0]!.replace(";3;A;", ";3;C;"))), {
      siteId,
      effectiveOn: "2026-10-01",
    });
    assert.deepEqual(
      conflict.plan.rejected.map((row) => row.reason),
      ["later-class-change"],
    );
    await planAndApply(town, Buffer.from(csv(ROWS[0]!.replace(";3;A;", ";3;C;"))), {
      siteId: otherSiteId,
      effectiveOn: "2026-12-01",
    });
    assert.deepEqual(await spells(), ["2026-09-14 2026-11-30", "2026-12-01 null"]);
  });

  it("never guesses: homonyms and other codes wait for a decision", async () => {
    const { town, siteId } = await school(db);
    const homonyms = csv(
      "ROSSI;SARA;;F;05/05/2018;;;;;1;A;;;;;",
      "ROSSI;SARA;;F;05/05/2018;;;;;1;B;;;;;",
      `VERDI;ZOE;${codeOf("VRDZOE18C41I608")};F;01/03/2018;;;;;1;A;;;;;`,
    );
    await planAndApply(town, Buffer.from(csv(ROWS[2]!)), { siteId });
    const found = await plan(town, Buffer.from(homonyms), { siteId });
    assert.deepEqual(
      found.plan.newPupils.map(({ line }) => line),
      [4],
    );
    assert.deepEqual(
      found.plan.ambiguous.map(({ line, reason }) => [line, reason]),
      [[5, "homonyms"]],
    );
    const changes = found.plan.changed.map(({ fields }) => fields.map(({ field }) => field));
    assert.deepEqual(changes, [["codiceFiscale"]], "a code fills in a child without one");
    await planAndApply(town, Buffer.from(homonyms), { siteId, decisions: { 5: "new" } });
    assertNothing((await plan(town, Buffer.from(homonyms), { siteId })).plan, 3);
    const other = csv(`VERDI;ZOE;${codeOf("VRDZOE18C41F401")};F;01/03/2018;;;;;1;A;;;;;`);
    const waiting = (await plan(town, Buffer.from(other), { siteId })).plan;
    assert.deepEqual(
      waiting.ambiguous.map(({ reason, candidates }) => [reason, candidates.length]),
      [["other-code", 1]],
    );
    assert.equal(waiting.missing.length, 2, "a candidate is not missing");
  });

  it("a rejected row stops nothing else and says why, line by line", async () => {
    const { town, siteId } = await school(db);
    const rows = csv(
      ROWS[0]!,
      ROWS[0]!,
      `ROSSI;LUCA;RSSLCU19B02F401X;M;02/02/2019;;;;;2;A;;;;;`,
      "BIANCHI;UGO;;M;boh;;;;;2;A;;;;;",
      "BIANCHI;;;M;01/01/2018;;;;;2;A;;;;;",
      "BIANCHI;IDA;;F;01/01/2018;;;;;;;;;;;",
      "BIANCHI;EVA;;F;02/01/2018;;;;;9Z;;;;;;",
      `BIANCHI;PIA;${MARIA};F;;;;;;2;A;;;;;`,
    );
    await town.write((tx) =>
      putPeople(
        tx,
        [
          {
            id: newId(),
            kind: "adult",
            surname: "Rossi",
            givenName: "Maria",
            codiceFiscale: MARIA,
          },
        ],
        AT,
      ),
    );
    const planned = await plan(town, Buffer.from(rows), { siteId });
    assert.deepEqual(
      planned.plan.rejected.map(({ line, reason }) => [line, reason]),
      [
        [5, "repeated-row"],
        [6, "codice-fiscale-control-character"],
        [7, "no-code-and-no-birth-date"],
        [8, "full-name-unclear"],
        [9, "class-missing"],
        [10, "class-unreadable"],
        [11, "code-of-an-adult"],
      ],
    );
    assert.equal(planned.plan.newPupils.length, 1);
    const file = errorFile(planned.plan.rejected, planned.headings).split("\r\n");
    assert.equal(file[0], `\uFEFFFoglio;Riga;Motivo;${HEADER}`);
    assert.match(
      file[1] ?? "",
      /^Alunni;5;Lo stesso alunno è già in un'altra riga \(riga 4\);ROSSI;ANNA;/,
    );
    assert.match(file[6] ?? "", /^Alunni;10;Classe non riconosciuta \(9Z\);BIANCHI;EVA;/);
    assert.equal((await apply(town, planned.importRunId)).outcome, "applied");
  });

  it("OS-08 a name that is none goes to the error file in plain words; long texts are cut", async () => {
    const { town, siteId } = await school(db);
    const row = (surname: string, givenName: string, mother = "", street = "") =>
      `${surname};${givenName};;F;01/01/2018;;${street};;;2;A;${mother};ADA;;;`;
    const rows = csv(
      row("=cmd|' /C calc'!A0", "EVA"),
      row("ROSSI", "@SUM(1)"),
      row("X".repeat(101), "EVA"),
      row("ROS\u0007SI", "EVA"),
      row("BIANCHI", "PIA", "+39"),
      row("D'ANGELO-ROSSI", "'NTONIA", "-"),
      row("VERDI", "IDA", "NERI", `VIA ${"LUNGA ".repeat(40)}`),
      row("NERI", "UGO", "NERI", "=1+1"),
    );
    const planned = await plan(town, Buffer.from(rows), { siteId });
    assert.deepEqual(
      planned.plan.rejected.map(({ line, reason }) => [line, reason]),
      [
        [4, "name-formula"],
        [5, "name-formula"],
        [6, "name-too-long"],
        [7, "name-unprintable"],
        [8, "guardian-name-formula"],
      ],
    );
    const file = errorFile(planned.plan.rejected, planned.headings).split("\r\n");
    assert.match(file[1] ?? "", /^Alunni;4;Un nome non comincia con = \+ - @: .*;'=cmd/);
    assert.deepEqual(
      planned.plan.warnings.map(({ line, reason }) => [line, reason]),
      [
        [10, "text-too-long"],
        [11, "text-not-plain"],
      ],
    );
    assert.equal((await apply(town, planned.importRunId)).outcome, "applied");
    const children = await town.read((tx) => allPeople(tx, "child"));
    assert.deepEqual(
      children.map(({ surname, address }) => [surname, address.length <= 120]).toSorted(),
      [
        ["D'Angelo-Rossi", true],
        ["Neri", true],
        ["Verdi", true],
      ],
    );
  });

  it("needs the office, a known school and year, and a plan that still holds", async () => {
    const { town, siteId } = await school(db);
    const read = await readPupilFiles([{ name: "a.csv", bytes: Buffer.from(csv(...ROWS)) }], {
      townCode: OSTRA,
      reference: TODAY,
    });
    assert.ok(read.outcome === "read");
    const ask = (change: { siteId?: string; year?: number; actor?: Actor }) =>
      town.write(async (tx) => {
        const scope = {
          siteId,
          effectiveOn: START,
          year: 2026,
          enrolIn: [],
          decisions: {},
          ...change,
        };
        return (await planPupilImport(tx, { read, scope, actor: change.actor ?? office, at: AT }))
          .outcome;
      });
    assert.equal(await ask({ actor: { ...office, role: "guardian" } }), "not-allowed");
    assert.equal(await ask({ siteId: newId() }), "unknown-site");
    assert.equal(await ask({ year: 2030 }), "unknown-school-year");
    assert.equal((await apply(town, newId())).outcome, "unknown-import");
    const first = await plan(town, Buffer.from(csv(...ROWS)), { siteId });
    const second = await plan(town, Buffer.from(csv(...ROWS)), { siteId });
    assert.equal(
      (await apply(town, first.importRunId, [], { ...office, role: "school" })).outcome,
      "not-allowed",
    );
    assert.equal((await apply(town, first.importRunId)).outcome, "applied");
    assert.equal((await apply(town, second.importRunId)).outcome, "plan-outdated");
    assert.equal((await town.read((tx) => allPeople(tx, "child"))).length, 3);
    const { town: other } = await school(db);
    assert.equal((await apply(other, first.importRunId)).outcome, "unknown-import");
    assert.equal(
      (
        await readPupilFiles([{ name: "x", bytes: Buffer.from("a;b\n1;2") }], {
          townCode: OSTRA,
          reference: TODAY,
        })
      ).outcome,
      "columns-not-found",
    );
  });

  it("a child who is in a class of last year moves into this year's", async () => {
    const { town, siteId } = await school(db);
    await planAndApply(town, Buffer.from(csv(ROWS[0]!)), { siteId });
    const anna = (await town.read((tx) => allPeople(tx, "child")))[0]?.id ?? "";
    await town.write((tx) =>
      putSchoolYear(tx, { year: 2027, startsOn: day("2027-09-13"), endsOn: day("2028-06-30") }),
    );
    const read = await readPupilFiles(
      [{ name: "a.csv", bytes: Buffer.from(csv(ROWS[0]!.replace(";3;A;", ";4;A;"))) }],
      { townCode: OSTRA, reference: TODAY },
    );
    assert.ok(read.outcome === "read");
    const planned = await town.write((tx) =>
      planPupilImport(tx, {
        read,
        actor: office,
        at: AT,
        scope: { siteId, effectiveOn: day("2027-09-13"), year: 2027, enrolIn: [], decisions: {} },
      }),
    );
    assert.ok(planned.outcome === "planned");
    assert.deepEqual(
      planned.plan.moved.map(({ from, to }) => [from, to]),
      [["3A", "4A"]],
    );
    assert.equal((await apply(town, planned.importRunId)).outcome, "applied");
    const spells = (await town.read((tx) => membershipsOf(tx, [anna]))).map(
      ({ from, to }) => `${from} ${to}`,
    );
    assert.deepEqual(spells, ["2026-09-14 2027-09-12", "2027-09-13 null"]);
  });
});
