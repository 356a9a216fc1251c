// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sheet } from "#kernel/tabular/index.ts";
import { planSchools, type SchoolScope } from "./plan-schools.ts";
import { levelOf, readSchoolSheets, schoolYearFrom } from "./school-file.ts";

const sheet = (...rows: string[]): Sheet[] => [
  { name: "", rows: rows.map((row, at) => ({ line: at + 1, cells: row.split(";") })) },
];
const ITALIAN = sheet(
  "ANNOSCOLASTICO;CODICESCUOLA;DENOMINAZIONESCUOLA;INDIRIZZOSCUOLA;CAPSCUOLA;CODICECOMUNESCUOLA;DESCRIZIONECOMUNE;DESCRIZIONETIPOLOGIAGRADOISTRUZIONESCUOLA",
  "202425;ANAA80301G;GIROTONDO;VIA DELL'ARTIGIANATO 3;60010;F401;OSTRA;SCUOLA INFANZIA",
  "202526;ANAA80301G;GIROTONDO DI DANTE;VIA DELL'ARTIGIANATO 3;60010;F401;OSTRA;SCUOLA INFANZIA",
  "202526;ANEE80302Q;Non Disponibile;VIA MAZZINI;60010;F401;OSTRA;SCUOLA PRIMARIA",
  "202526;ANIC80300L;I.C. OSTRA;VIA MAZZINI;60010;F401;OSTRA;ISTITUTO COMPRENSIVO",
  "202526;PSEE80302Q;ALTROVE;VIA PO;61121;G479;PESARO;SCUOLA PRIMARIA",
  "202526;XX;SENZA CODICE;VIA PO;61121;F401;OSTRA;SCUOLA PRIMARIA",
);
const ENGLISH = sheet(
  "Year;School_code;Cadastral_code;Municipality_description;School_address;Postal_code",
  "202223.0;BAMM83601G;A894;Bitritto;Via Mercadante 9;70020",
  "202223.0;CAEE83601L;B354;Cagliari;Via Roma;9121",
);
const CLASSES = sheet(
  "CODICESCUOLA;TIPOGRADOSCUOLA;ANNOCORSO;SEZIONEANNO;COMBINAZIONE",
  "ANEE80302Q;EE;1;A;27 ORE",
  "ANEE80302Q;EE;1;A;40 ORE",
  "ANEE80302Q;EE;2;b;40 ORE",
  "PSEE80302Q;EE;2;B;40 ORE",
  "ANEE80302Q;EE;6;B;40 ORE",
);
const OSTRA: SchoolScope = {
  cadastralCode: "F401",
  municipality: "Ostra",
  year: 2026,
  levels: ["infanzia", "primaria", "secondaria1"],
};

describe("ministry's school lists", () => {
  it("reads every form of the school year", () => {
    for (const text of ["202223", "202223.0", "2022/23", "2022-2023", "20222023", "2022"]) {
      assert.equal(schoolYearFrom(text), 2022, text);
    }
    for (const text of ["", "202224", "20222", "1822", "anno"])
      assert.equal(schoolYearFrom(text), null, text);
  });

  it("knows the level from the code, then from the words", () => {
    assert.equal(levelOf("ANAA80301G", ""), "infanzia");
    assert.equal(levelOf("BA1E10700T", ""), "primaria");
    assert.equal(levelOf("BAMM83601G", ""), "secondaria1");
    assert.equal(levelOf("AO1X008020", "SCUOLA PRIMO GRADO"), "secondaria1");
    assert.equal(levelOf("ANIC80300L", "ISTITUTO COMPRENSIVO"), null);
  });

  it("reads Italian and English headings, rejects rows without a code", () => {
    const italian = readSchoolSheets(ITALIAN);
    assert.ok(italian.kind === "schools");
    assert.deepEqual(
      italian.rejected.map((row) => [row.line, row.reason]),
      [[7, "school-code"]],
    );
    assert.equal(italian.records[0]?.address, "Via dell'Artigianato 3, 60010 Ostra");
    const english = readSchoolSheets(ENGLISH);
    assert.ok(english.kind === "schools");
    assert.deepEqual(
      english.records.map(({ code, name, year, address }) => [code, name, year, address]),
      [
        ["BAMM83601G", "", 2022, "Via Mercadante 9, 70020 Bitritto"],
        ["CAEE83601L", "", 2022, "Via Roma, 09121 Cagliari"],
      ],
    );
    assert.equal(
      readSchoolSheets(sheet("CODICESCUOLA;NUMEROSTUDENTI", "AG1A00400N;30")).kind,
      "unknown",
    );
  });

  it("plans one municipality: latest year, missing names from the address, classes once", () => {
    const files = [readSchoolSheets(CLASSES), readSchoolSheets(ITALIAN), readSchoolSheets(ENGLISH)];
    const plan = planSchools(files, { sites: [], classes: [] }, OSTRA);
    assert.deepEqual(
      plan.newSites.map(({ ministryCode, name, level, assumedReason }) => [
        ministryCode,
        name,
        level,
        assumedReason !== null,
      ]),
      [
        ["ANAA80301G", "Girotondo di Dante", "infanzia", false],
        ["ANEE80302Q", "Scuola primaria, Via Mazzini (ANEE80302Q)", "primaria", true],
      ],
    );
    assert.deepEqual(plan.newClasses, [
      { ministryCode: "ANEE80302Q", grade: 1, section: "A" },
      { ministryCode: "ANEE80302Q", grade: 2, section: "B" },
    ]);
    assert.deepEqual(
      plan.rejected.map((row) => row.reason),
      ["class-grade", "school-code"],
    );
    assert.equal(plan.outOfScope, 5);
  });

  it("the same files again plan nothing; a name the town gave stays", () => {
    const files = [readSchoolSheets(CLASSES), readSchoolSheets(ITALIAN)];
    const sites = [
      {
        id: "s1",
        ministryCode: null,
        name: "Girotondo di Dante",
        level: "infanzia" as const,
        address: "",
        assumedReason: null,
      },
      {
        id: "s2",
        ministryCode: "ANEE80302Q",
        name: "Don Morganti",
        level: "primaria" as const,
        address: "Via Mazzini 5",
        assumedReason: null,
      },
    ];
    const classes = [{ id: "c1", siteId: "s2", year: 2026, grade: 1, section: "A" }];
    const plan = planSchools(files, { sites, classes }, OSTRA);
    assert.deepEqual(plan.newSites, []);
    assert.deepEqual(
      plan.changedSites.map(({ siteId, fields }) => [siteId, fields.map(({ field }) => field)]),
      [["s1", ["ministryCode", "address"]]],
    );
    assert.equal(plan.unchangedSites, 1);
    assert.deepEqual(plan.newClasses, [{ ministryCode: "ANEE80302Q", grade: 2, section: "B" }]);
    assert.equal(plan.unchangedClasses, 1);
  });
});
