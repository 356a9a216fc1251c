// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { controlCharacter, expectedFifteen } from "#kernel/codice-fiscale.ts";
import { day, moment } from "#kernel/dates.ts";
import { site } from "../../src/surfaces/site.ts";
import { testDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { testSite } from "../support/site.ts";

const NOW = moment("2026-11-23T08:00:00Z");
const ROSA = { nome: "Rosa", cognome: "Ferrando" };
const fifteen = expectedFifteen({
  ...{ surname: ROSA.cognome, givenName: ROSA.nome, sex: "F", birthPlaceCode: "F205" },
  birthDate: day("1955-03-12"),
});
const CF = fifteen + controlCharacter(fifteen);
const PAGE = "/dati/delegati";

describe("delegates", async () => {
  const { db, close } = await testDatabase();
  const at = await testSite(db, { routes: site.routes, demo: true, now: NOW });
  after(async () => {
    await at.close();
    await close();
  });

  it("BO-23 the holder adds a delegate in Anagrafica, reads who that is, and ends the delegation", async () => {
    const sara = await at.signInAs("guardian");
    assert.match((await at.get("/dati", sara)).body, /href="\/dati\/delegati"/);
    const empty = await at.get(PAGE, sara);
    assert.match(empty.body, /Nessun delegato/);
    const all = { puo: ["view", "absences", "payments"] };
    const added = await at.post(
      PAGE,
      { ...ROSA, cf: CF.toLowerCase(), ...all, fino: "2027-06-30" },
      sara,
    );
    assert.equal(added.statusCode, 303, added.body);
    const shown = await at.get(PAGE, sara);
    assert.match(shown.body, /Rosa Ferrando/);
    assert.match(shown.body, /fino a mercoledì 30 giugno 2027/);
    const id = /delegati\/([0-9a-f-]{36})\/fine/.exec(shown.body)![1]!;
    const ended = await at.post(`${PAGE}/${id}/fine`, {}, sara);
    assert.equal(ended.headers.location, PAGE);
    const over = await at.get(PAGE, sara);
    assert.match(over.body, /Deleghe finite/);
    assert.match(over.body, /Nessun delegato/);
    const accesses = await at.get("/figli/giulia/accessi", sara);
    assert.match(accesses.body, /Delegato aggiunto/);
  });

  it("BO-23 an ended delegation is given again with one tap, as it was", async () => {
    at.setClock(NOW.add({ minutes: 1 }));
    const sara = await at.signInAs("guardian");
    await at.post(PAGE, { ...ROSA, cf: CF, puo: "absences", fino: "2027-06-30" }, sara);
    const shown = await at.get(PAGE, sara);
    const id = /delegati\/([0-9a-f-]{36})\/fine/.exec(shown.body)![1]!;
    assert.doesNotMatch(shown.body, /Dai di nuovo la delega/, "who is in force needs none");
    await at.post(`${PAGE}/${id}/fine`, {}, sara);
    const over = await at.get(PAGE, sara);
    assert.equal(over.body.match(/<span>Dai di nuovo la delega/g)?.length, 1, "the latest only");
    const part = over.body.slice(over.body.indexOf("Deleghe finite"));
    const again = [
      ...part.slice(0, part.indexOf("</form>")).matchAll(/name="(\w+)" value="([^"]*)"/g),
    ];
    const fields = again.filter(([, name]) => name !== "csrf" && name !== "key");
    const given = new URLSearchParams(fields.map(([, name, value]) => [name!, value!]));
    assert.deepEqual(given.getAll("puo"), ["view", "absences"]);
    const puo = given.getAll("puo");
    const back = await at.post(PAGE, { ...Object.fromEntries(given), puo }, sara);
    assert.equal(back.statusCode, 303, back.body);
    const page = await at.get(PAGE, sara);
    assert.match(page.body, /Rosa Ferrando[^]*fino a mercoledì 30 giugno 2027/);
    const next = /delegati\/([0-9a-f-]{36})\/fine/.exec(page.body)![1]!;
    assert.notEqual(next, id, "the first one stays ended");
    await at.post(`${PAGE}/${next}/fine`, {}, sara);
  });

  it("BO-23 what is wrong is said at its field, what was written stays", async () => {
    const sara = await at.signInAs("guardian");
    const wrong = await at.post(
      PAGE,
      { ...ROSA, cognome: "Bianchi", cf: CF, puo: "view", fino: "ieri" },
      sara,
    );
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /La data è già passata/);
    const name = await at.post(PAGE, { ...ROSA, cognome: "Bianchi", cf: CF, puo: "view" }, sara);
    assert.match(name.body, /non corrisponde a questo nome/);
    assert.match(name.body, /value="Bianchi"/);
    const none = await at.post(PAGE, { ...ROSA, cf: CF }, sara);
    assert.match(none.body, /Scegliere almeno una cosa/);
  });

  it("BO-23 who was named names nobody, and is out on the very next page when the delegation ends", async () => {
    const { holderId } = at.place;
    const rosa = await delegateOf(at, { holderId, scopes: ["view", "absences", "payments"] });
    assert.equal((await at.get("/oggi", rosa)).statusCode, 200);
    assert.equal((await at.get(PAGE, rosa)).statusCode, 403);
    assert.equal((await at.post(PAGE, { ...ROSA, cf: CF, puo: "view" }, rosa)).statusCode, 403);
    const sara = await at.signInAs("guardian");
    const page = await at.get(PAGE, sara);
    const ids = [...page.body.matchAll(/delegati\/([0-9a-f-]{36})\/fine/g)].map(([, id]) => id!);
    assert.equal((await at.post(`${PAGE}/${ids[0]}/fine`, {}, rosa)).statusCode, 404);
    for (const id of ids) await at.post(`${PAGE}/${id}/fine`, {}, sara);
    const after = await at.get("/oggi", rosa);
    assert.doesNotMatch(after.body, /Giulia/);
    assert.notEqual((await at.get("/figli/giulia", rosa)).statusCode, 200);
  });

  it("X-15 the office at its desk adds one for the family, on the record", async () => {
    const { holderId } = at.place;
    const clerk = await at.signInAs("office", { desk: { holderId, reason: "telefonata" } });
    const added = await at.post(PAGE, { ...ROSA, cf: CF, puo: "view" }, clerk);
    assert.equal(added.statusCode, 303, added.body);
    const sara = await at.signInAs("guardian");
    const accesses = await at.get("/figli/giulia/accessi", sara);
    assert.match(accesses.body, /Delegato aggiunto.*telefonata/s);
    const other = await at.signInAs("office");
    assert.equal((await at.get(PAGE, other)).statusCode, 403, "without an open desk");
  });
});
