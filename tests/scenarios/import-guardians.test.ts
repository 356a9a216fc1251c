// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { enrolmentsOf } from "#enrolment";
import {
  allHolders,
  allPeople,
  family,
  holdersOn,
  openTasks,
  residentsOn,
  updateContacts,
} from "#families";
import { putSettings } from "#tenancy";
import { testDatabase } from "../support/db.ts";
import {
  ANNA,
  AT,
  assertNothing,
  codeOf,
  csv,
  MARIA,
  NICO,
  office,
  plan,
  planAndApply,
  ROWS,
  school,
  START,
} from "../support/pupil-import.ts";
import { xlsxFile } from "../support/xlsx-file.ts";

describe("import of guardians and of several schools", async () => {
  const { db, close } = await testDatabase();
  after(close);

  it("makes the first guardian the holder, one account for siblings, and knows who is resident", async () => {
    const { town, siteId, serviceId } = await school(db);
    const LUCA = codeOf("RSSLCU19B02F401");
    const sibling = `ROSSI;LUCA;${LUCA};M;02/02/2019;OSTRA;;;;2;A;ROSSI;MARIA;${MARIA};;`;
    await planAndApply(town, Buffer.from(csv(...ROWS, sibling)), { siteId, enrolIn: [serviceId] });
    await town.read(async (tx) => {
      const children = new Map(
        (await allPeople(tx, "child")).map((child) => [child.givenName, child.id]),
      );
      const ids = [...children.values()];
      const id = (name: string) => children.get(name) ?? "";
      const holders = await holdersOn(tx, ids, START);
      assert.equal(holders.size, 3);
      assert.equal(holders.get(id("Anna")), holders.get(id("Luca")));
      const found = await family(tx, holders.get(id("Anna")) ?? "", START);
      assert.equal(found?.person.codiceFiscale, MARIA);
      assert.equal(found?.person.phone, "3331234567");
      assert.deepEqual(
        found?.guardians.map((adult) => adult.role),
        ["madre"],
      );
      const ada = (await allPeople(tx, "adult")).find((adult) => adult.surname === "De Santis");
      assert.equal(ada?.phone, "0733123456");
      const residents = await residentsOn(tx, ids, START);
      assert.deepEqual(
        ["Anna", "Nicolò", "Zoè"].map((name) => residents.get(id(name))),
        [true, false, undefined],
      );
      assert.equal((await enrolmentsOf(tx, ids, 2026)).length, 4);
      const tasks = (await openTasks(tx, START)).map((task) => `${task.kind} ${task.givenName}`);
      assert.deepEqual(tasks, [
        "child-without-holder Zoè",
        "codice-fiscale-missing Zoè",
        "codice-fiscale-missing Ada",
      ]);
      assert.equal((await allHolders(tx)).length, 2);
    });
  });

  it("takes guardians from a sheet of their own, and fills only what is empty", async () => {
    const { town, siteId } = await school(db);
    await planAndApply(town, Buffer.from(csv(...ROWS)), { siteId });
    const maria = (await town.read((tx) => allPeople(tx, "adult"))).find(
      (adult) => adult.codiceFiscale === MARIA,
    );
    await town.write((tx) =>
      updateContacts(tx, {
        actor: office,
        personId: maria?.id ?? "",
        email: "nuova@esempio.it",
        at: AT,
      }),
    );
    const sheet = xlsxFile({
      TUTORI: [
        [
          "CODICE FISCALE ALUNNO *",
          "CELLULARE",
          "CELLULARE 2 / TELEFONO FISSO",
          "EMAIL TUTORE",
          "RUOLO DEL TUTORE *",
          "COGNOME TUTORE *",
          "NOME TUTORE *",
          "CODICE FISCALE TUTORE",
          "ORDINAMENTO",
        ],
        [
          ANNA,
          "3,33123E+09",
          "733123456",
          "luigi@esempio.it",
          "PADRE",
          "ROSSI",
          "LUIGI",
          "RSSLGU80A01F401X",
          "2",
        ],
        [ANNA, "3339999999", "", "vecchia@esempio.it", "MADRE", "ROSSI", "MARIA", MARIA, "1"],
        [
          NICO,
          "",
          "",
          "ada@esempio.it",
          "MADRE",
          "DE SANTIS",
          "ADA",
          codeOf("DSNDAA80A41F401"),
          "",
        ],
        ["RSSMRA85C52F401H", "", "", "", "NONNA", "X", "Y", "", ""],
        [ANNA, "", "", "", "ZIO", "", "", "", ""],
      ],
    });
    const { plan: found } = await plan(town, sheet, { siteId });
    assert.deepEqual(found.missing, [], "a sheet of guardians says nothing about pupils");
    assert.deepEqual(
      found.newAdults.map(({ name, role }) => [name, role]),
      [["Rossi Luigi", "padre"]],
    );
    assert.deepEqual(
      found.changedAdults.map(({ name, fields }) => [name, fields.map(({ field }) => field)]),
      [["De Santis Ada", ["codiceFiscale", "email"]]],
    );
    assert.deepEqual(
      found.rejected.map(({ line, reason }) => [line, reason]),
      [
        [5, "guardian-of-nobody"],
        [6, "guardian-without-name"],
      ],
    );
    assert.deepEqual(found.warnings.map(({ reason }) => reason).sort(), [
      "guardian-code-invalid",
      "phone-digits-lost",
    ]);
    await planAndApply(town, sheet, { siteId });
    assertNothing((await plan(town, sheet, { siteId })).plan, 0);
    const adults = await town.read((tx) => allPeople(tx, "adult"));
    assert.equal(adults.find((adult) => adult.id === maria?.id)?.email, "nuova@esempio.it");
    const both = await plan(town, [Buffer.from(csv(...ROWS)), sheet], { siteId });
    assertNothing(both.plan, 3);
  });

  it("a file of several schools goes by its column; another school's row is out of scope", async () => {
    const { town, siteId } = await school(db);
    const text = [
      "Cognome e nome;Codice fiscale;Codice Meccanografico;Classe;Dieta",
      `DE SANTIS ANNA MARIA;${codeOf("DSNNMR18A48F401")};ANEE80302Q;1 A;D-07`,
      `ROSSI ANNA;${ANNA};Rodari;1ª B;celiachia`,
      `D'ANGELO NICOLO';${NICO};ANEE99999X;1A;`,
    ].join("\n");
    const { plan: found } = await plan(town, Buffer.from(text));
    assert.deepEqual(
      found.newPupils.map(({ name, className }) => [name, className]),
      [
        ["De Santis Anna Maria", "1A, Don Morganti"],
        ["Rossi Anna", "1B, Rodari"],
      ],
    );
    assert.deepEqual(
      found.rejected.map(({ reason }) => reason),
      ["site-unknown"],
    );
    assert.deepEqual(
      found.warnings.map(({ reason, detail }) => [reason, detail]),
      [["diet-is-not-a-code", ""]],
    );
    const oneSchool = (await plan(town, Buffer.from(text), { siteId })).plan;
    assert.deepEqual(
      oneSchool.rejected.map(({ line, reason }) => [line, reason]),
      [[3, "site-out-of-scope"]],
    );
    assert.equal(oneSchool.newPupils.length, 2, "the institute's code is no other school");
    await planAndApply(town, Buffer.from(text));
    assertNothing((await plan(town, Buffer.from(text))).plan, 2);
  });

  it("X-14 a diet code that the town does not use stops its row and names those in use", async () => {
    const { town, siteId } = await school(db);
    const text = (luca: string) =>
      [
        "Cognome;Nome;Data di nascita;Classe;Dieta",
        "ROSSI;ANNA;01/02/2018;1A;d-07",
        `ROSSI;LUCA;03/02/2018;1A;${luca}`,
      ].join("\n");
    await planAndApply(town, Buffer.from(text("D-50")), { siteId });
    await town.write((tx) =>
      putSettings(tx, {
        settings: [
          {
            scope: "",
            key: "dietCodes",
            validFrom: START,
            value: [
              { code: "D-01", label: "Dieta 1" },
              { code: "D-07", label: "Dieta 7" },
            ],
          },
        ],
        hasPostings: false,
        recordedBy: "prova",
        recordedAt: AT,
      }),
    );
    const { plan: found } = await plan(town, Buffer.from(text("D-99999999")), { siteId });
    assert.deepEqual(
      found.rejected.map(({ line, reason, detail }) => [line, reason, detail]),
      [[3, "diet-unknown", "D-99999999; in uso: D-01, D-07"]],
    );
    assertNothing((await plan(town, Buffer.from(text("D-50")), { siteId })).plan, 2);
  });
});
