// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { balances } from "#ledger";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { renewed, type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
let site: TestSite;
let office: SignedIn;

before(async () => {
  base = await testDatabase();
});
beforeEach(async () => {
  await site?.close();
  site = await testSite(base.db, { routes, now: moment("2026-11-24T07:47:00Z") });
  office = await site.signInAs("office", { name: "M. Conti" });
});
after(async () => {
  await site?.close();
  await base.close();
});

const family = (rest = ""): string => `/ufficio/famiglie/${site.place.holderId}${rest}`;

describe("the office's board", () => {
  it("shows today's meals by school and when the order freezes", async () => {
    const page = await site.get("/ufficio", office);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Oggi, martedì 24 novembre/);
    assert.match(page.body, /Primaria Milano/);
    assert.match(page.body, /Ordine bloccato fra 14 minuti/);
  });

  it("X-03 turns «Servi tutti» on and off for the day", async () => {
    const on = await site.post("/ufficio/servi-tutti", { stato: "1" }, office);
    assert.equal(on.headers.location, "/ufficio");
    assert.match((await site.get("/ufficio", office)).body, /«Servi tutti» attivo dalle 8:47/);
    await site.post("/ufficio/servi-tutti", { stato: "0" }, office);
    assert.doesNotMatch((await site.get("/ufficio", office)).body, /attivo dalle/);
  });

  it("is the office's alone: no session, a parent, a kitchen", async () => {
    assert.equal((await site.get("/ufficio")).statusCode, 303);
    assert.equal((await site.get("/ufficio", await site.signInAs("guardian"))).statusCode, 403);
    assert.equal((await site.get("/ufficio", await site.signInAs("kitchen"))).statusCode, 403);
  });
});

describe("one search box", () => {
  it("finds children, adults and classes; what is not there is said", async () => {
    const people = await site.get("/ufficio/cerca?q=ferrando", office);
    assert.match(people.body, /Ferrando Giulia/);
    assert.match(people.body, /Ferrando Sara/);
    const classes = await site.get("/ufficio/cerca?q=3%5EA", office);
    assert.match(classes.body, /\/ufficio\/classi\//);
    const none = await site.get("/ufficio/cerca?q=zzzz", office);
    assert.match(none.body, /Nessun risultato\. Provare con il codice fiscale o il telefono\./);
  });

  it("survives hostile text", async () => {
    for (const q of ["%", "'", "\\", "<script>", "%00", "2026/99999999", "a".repeat(5000)]) {
      const page = await site.get(`/ufficio/cerca?q=${encodeURIComponent(q)}`, office);
      assert.equal(page.statusCode, 200, q);
      assert.doesNotMatch(page.body, /<script>/);
    }
  });
});

describe("the family page", () => {
  it("has people, children today, money; another town's or a wrong id is not found", async () => {
    const page = await site.get(family(), office);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Famiglia Ferrando/);
    assert.match(page.body, /Giulia Ferrando/);
    assert.match(page.body, /Apri lo sportello/);
    for (const id of [newId(), "x", "%27"])
      assert.equal((await site.get(`/ufficio/famiglie/${id}`, office)).statusCode, 404);
  });

  it("X-15 asks for the reason, opens the desk on the record and closes it", async () => {
    const empty = await site.post(family("/sportello"), {}, office);
    assert.equal(empty.statusCode, 422);
    assert.match(empty.body, /Scegliere il motivo/);
    const other = await site.post(family("/sportello"), { motivo: "altro" }, office);
    assert.match(other.body, /serve una nota/);
    const opened = await site.post(
      family("/sportello"),
      { motivo: "telefonata", nota: "il padre" },
      office,
    );
    assert.equal(opened.headers.location, "/oggi");
    office = renewed(site, office, opened);
    const page = await site.get(family(), office);
    assert.match(page.body, /Sportello: famiglia Ferrando\. Motivo: telefonata, il padre/);
    assert.match(page.body, /Sportello aperto: telefonata, il padre/);
    const closed = await site.post("/ufficio/sportello/chiudi", {}, office);
    assert.equal(closed.headers.location, family());
    office = renewed(site, office, closed);
    assert.doesNotMatch((await site.get(family(), office)).body, /Sportello: famiglia/);
  });

  it("MC-05 BI-09 registers a credit by hand once, with its reason, and shows it in the statement", async () => {
    const form = await site.get(family("/credito"), office);
    const account = /value="(family:[^"]+)"/.exec(form.body)?.[1];
    assert.ok(account);
    const fields = {
      key: newId(),
      conto: account,
      modo: "vouchers",
      importo: "46,00",
      data: "2026-11-24",
      causale: "blocchetto 128",
    };
    const wrong = await site.post(
      family("/credito"),
      { ...fields, importo: "molto", causale: "" },
      office,
    );
    assert.equal(wrong.statusCode, 422);
    for (const data of ["2026-08-31", "2026-11-25", "1999-12-31"]) {
      const refused = await site.post(family("/credito"), { ...fields, data }, office);
      assert.equal(refused.statusCode, 422, data);
      assert.match(
        refused.body,
        /La data va dal 1 settembre 2026, inizio dell&#39;anno scolastico, a oggi 24 novembre 2026\./,
      );
    }
    for (let time = 0; time < 2; time += 1)
      assert.equal((await site.post(family("/credito"), fields, office)).statusCode, 303);
    const again = await site.post(family("/credito"), { ...fields, importo: "50,00" }, office);
    assert.equal(again.statusCode, 409);
    const rows = await site.place.town.read((tx) =>
      balances(tx, { holderId: site.place.holderId }),
    );
    assert.deepEqual(
      rows.map(({ balanceCents }) => balanceCents),
      [4600n],
    );
    const statement = await site.get(
      family("/estratto-conto?dal=2026-11-01&al=2026-11-30"),
      office,
    );
    assert.match(statement.body, /Buoni cartacei: blocchetto 128/);
    const csv = await site.get(family("/estratto-conto?formato=csv"), office);
    assert.match(csv.headers["content-type"] as string, /text\/csv/);
    assert.match(csv.body, /blocchetto 128;"?46,00/);
  });

  it("BO-25 edits contacts, codice fiscale, ISEE, diet code; refuses what is wrong with the words at the field", async () => {
    const { giulia, sara } = site.place;
    const contacts = family(`/persone/${sara.personId}/contatti`);
    assert.equal((await site.get(contacts, office)).statusCode, 200);
    assert.equal(
      (await site.post(contacts, { email: "no", phone: "3331234567" }, office)).statusCode,
      422,
    );
    const saved = await site.post(
      contacts,
      { email: "sara@posta.example", phone: "3331234567" },
      office,
    );
    assert.equal(saved.statusCode, 303);
    const found = await site.get("/ufficio/cerca?q=333%20123%204567", office);
    assert.equal(found.headers.location, family());
    const typing = await site.get("/ufficio/cerca?q=3331234567", office, {
      "x-fragment": "risultati",
    });
    assert.match(typing.body, /Ferrando Sara/);
    const code = family(`/persone/${giulia}/codice-fiscale`);
    assert.equal((await site.post(code, { codice: "ABC" }, office)).statusCode, 422);
    const diet = family(`/figli/${giulia}/dieta`);
    assert.match((await site.get(family(), office)).body, /La cambia chi cura le diete/);
    assert.equal((await site.get(diet, office)).statusCode, 403);
    const dietOffice = await site.signInAs("office-manager", { alsoRoles: ["office-diet"] });
    assert.match((await site.get(family(), dietOffice)).body, /\/dieta"/);
    const words = await site.post(
      diet,
      { codice: "allergia alle noci", dal: "2026-11-24" },
      dietOffice,
    );
    assert.equal(words.statusCode, 422);
    assert.equal(
      (await site.post(diet, { codice: "d-07", dal: "2026-11-24" }, dietOffice)).statusCode,
      303,
    );
    const isee = family(`/figli/${giulia}/isee`);
    assert.equal((await site.post(isee, { valore: "-3" }, office)).statusCode, 422);
    const recorded = await site.post(
      isee,
      {
        valore: "12.345,67",
        tipo: "minorenni",
        presentato: "2026-11-24",
        dal: "2026-11-24",
        al: "2026-12-31",
        decorrenza: "2026-11-24",
      },
      office,
    );
    assert.equal(recorded.statusCode, 303, recorded.body);
    const page = await site.get(family(), office);
    assert.match(page.body, /Dieta D-07/);
    assert.match(page.body, /12\.345,67 €/);
    assert.match(page.body, /ISEE registrato/);
  });

  it("X-14 a diet is chosen among the town's codes; another one is refused, the known ones named", async () => {
    await site.close();
    const dietCodes = [
      { code: "D-01", label: "Dieta 1", leaveOut: "glutine" },
      { code: "D-07", label: "Dieta 7", leaveOut: "" },
    ];
    site = await testSite(base.db, {
      routes,
      now: moment("2026-11-24T07:47:00Z"),
      townSettings: { dietCodes },
    });
    office = await site.signInAs("office-diet");
    const diet = family(`/figli/${site.place.giulia}/dieta`);
    assert.match((await site.get(diet, office)).body, /<select[^]*D-01, Dieta 1, senza glutine/);
    const unknown = await site.post(diet, { codice: "D-99999999", dal: "2026-11-24" }, office);
    assert.equal(unknown.statusCode, 422);
    assert.match(unknown.body, /La cucina non conosce questo codice\. In uso: D-01, D-07\./);
    const known = await site.post(diet, { codice: "D-01", dal: "2026-11-24" }, office);
    assert.equal(known.statusCode, 303);
  });

  it("changes who pays from a day on; a wrong code is refused", async () => {
    const path = `/ufficio/figli/${site.place.giulia}/intestatario`;
    assert.match((await site.get(path, office)).body, /Oggi: Sara Ferrando/);
    const wrong = await site.post(
      path,
      { codice: "123", dal: "2026-12-01", motivo: "accordo" },
      office,
    );
    assert.equal(wrong.statusCode, 422);
    assert.equal(
      (await site.get(`/ufficio/figli/${newId()}/intestatario`, office)).statusCode,
      404,
    );
  });

  it("refuses a form without its token, and a person of another family", async () => {
    assert.equal((await site.post(family("/credito"), { csrf: "x" }, office)).statusCode, 403);
    assert.equal((await site.get(family(`/persone/${newId()}/contatti`), office)).statusCode, 404);
  });
});
