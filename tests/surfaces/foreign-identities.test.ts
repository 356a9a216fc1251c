// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { putPeople } from "#families";
import { noteIdentityToLink, openEidas } from "#identity";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { day, moment } from "#kernel/dates.ts";
import { site } from "../../src/surfaces/site.ts";
import { testDatabase } from "../support/db.ts";
import { testSite } from "../support/site.ts";

const NOW = moment("2026-11-23T08:00:00Z");
const PAGE = "/ufficio/identita-europee";
const SUBJECT = "eidas:DE/IT/abc123";
const CF = `FRRSRA85C41F205${controlCharacter("FRRSRA85C41F205")}`;

describe("identities of other European countries", async () => {
  const { db, close } = await testDatabase();
  const at = await testSite(db, { routes: site.routes, demo: true, now: NOW });
  after(async () => {
    await at.close();
    await close();
  });
  const { town } = at.place;
  await town.write(async (tx) => {
    const id = at.place.sara.personId!;
    const sara = { givenName: "Sara", surname: "Ferrando", codiceFiscale: CF };
    await putPeople(tx, [{ id, kind: "adult", ...sara }], NOW);
    const seen = { givenName: "Sarah", surname: "Müller", birthDate: day("1985-03-01"), at: NOW };
    await noteIdentityToLink(tx, { subject: SUBJECT, ...seen });
  });

  it("BO-13 OS-08 the office recognises somebody once; the family reads why; the identity opens the account", async () => {
    const manager = await at.signInAs("office-manager");
    const page = await at.get(PAGE, manager);
    assert.match(page.body, /Sarah Müller/);
    assert.match(page.body, /venerdì 1 marzo 1985/);
    const ask = (fields: Record<string, string>) =>
      at.post(
        PAGE,
        { identita: SUBJECT, motivo: "passaporto visto allo sportello", ...fields },
        manager,
      );
    assert.match((await ask({ codice: "" })).body, /Scrivere il codice/);
    assert.match((await ask({ codice: CF, motivo: "sì" })).body, /come è stata riconosciuta/);
    const unknown = await ask({ codice: "RSSMRA80A01F205X" });
    assert.equal(unknown.statusCode, 422);
    assert.match(unknown.body, /Nessun genitore o intestatario/);
    assert.equal((await ask({ codice: CF.toLowerCase() })).statusCode, 303);
    assert.notEqual(await town.read((tx) => openEidas(tx, "DE/IT/abc123")), undefined);
    assert.match((await at.get(PAGE, manager)).body, /Nessuna identità da riconoscere/);
    const again = await ask({ codice: CF });
    assert.equal(again.headers.location, PAGE, "twice is once");
    const sara = await at.signInAs("guardian");
    const accesses = await at.get("/figli/giulia/accessi", sara);
    assert.match(accesses.body, /passaporto visto allo sportello/);
  });

  it("BO-13 operators, families and schools do not recognise anybody", async () => {
    for (const role of ["office", "guardian", "school", "kitchen"] as const) {
      const who = await at.signInAs(role);
      assert.equal((await at.get(PAGE, who)).statusCode, 403, role);
    }
  });
});
