// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
let site: TestSite;
let office: SignedIn;

const TARIFF = {
  kind: "brackets",
  brackets: [
    { upToCents: 600_000, priceCents: 150 },
    { upToCents: null, priceCents: { byResidency: { resident: 460, nonResident: 600 } } },
  ],
  modifiers: [{ name: "Fratelli", when: { rankFrom: 2 }, reduceBasisPoints: 3000 }],
};

before(async () => {
  base = await testDatabase();
});
beforeEach(async () => {
  await site?.close();
  site = await testSite(base.db, {
    routes,
    now: moment("2026-11-24T08:00:00Z"),
    town: { tariff: TARIFF },
  });
  office = await site.signInAs("office");
});
after(async () => {
  await site?.close();
  await base.close();
});

describe("the calendar", () => {
  it("BO-13 shows the year, the rientri and on which days a child stays", async () => {
    const page = await site.get("/ufficio/calendario", office);
    assert.match(page.body, /anno scolastico 2026\/2027/);
    assert.match(page.body, /lunedì, martedì e giovedì/);
    const found = await site.get("/ufficio/calendario?prova=giulia", office);
    const link = /\/ufficio\/calendario\?servizio=[^"]*bambino=[0-9a-f-]{36}/.exec(found.body)![0];
    const trial = await site.get(link.replaceAll("&amp;", "&"), office);
    assert.match(trial.body, /Giulia Ferrando: come la classe/);
    assert.match(trial.body, /martedì 24 novembre: servizio/);
    assert.match(trial.body, /martedì 8 dicembre: chiuso: Immacolata/);
    for (const query of ["bambino=x", `bambino=${newId()}`, "servizio=x", "prova=%25"])
      assert.equal((await site.get(`/ufficio/calendario?${query}`, office)).statusCode, 200, query);
  });
});

describe("tariffs and settings", () => {
  it("X-09 says a tariff in words and prices a made-up family by the rule that charges", async () => {
    const page = await site.get("/ufficio/tariffe", office);
    assert.match(page.body, /ISEE da 0,00 € a 6\.000,00 €: 1,50 €/);
    assert.match(page.body, /residenti 4,60 €; non residenti 6,00 €/);
    assert.match(page.body, /Fratelli \(figlio n\. da 2 in su\): -30 %/);
    const trial =
      "/ufficio/tariffe?prova=1&ordine=primaria&isee=20.000,00&residenza=si&figlio=2&minori=2";
    const priced = await site.get(trial, office);
    assert.match(priced.body, /3,22 € a pasto/);
    const wrong = await site.get("/ufficio/tariffe?prova=1&isee=tanto&figlio=99&ordine=x", office);
    assert.equal(wrong.statusCode, 200);
    assert.match(wrong.body, /Scrivere un valore/);
  });

  it("shows the settings in force in words", async () => {
    const page = await site.get("/ufficio/impostazioni", office);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /presenza presunta: chi non disdice mangia/);
    assert.match(page.body, /telefono automatico: fino alle 9:00 del giorno, dalle 18:00/);
  });
});

describe("imports from a school's file", () => {
  const CSV = [
    "Cognome;Nome;Data di nascita;Classe;Sezione",
    "Ferrando;Giulia;12/03/2018;3;A",
    "Bianchi;Omar;01/02/2018;3;A",
    "Rossi;Ada;01/02/2018;boh;",
  ].join("\n");

  const upload = (
    fields: Record<string, string>,
    file: string | null,
  ): Promise<Awaited<ReturnType<TestSite["get"]>>> => {
    const boundary = "----prova";
    const part = (head: string, body: string): string =>
      `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
    const all = {
      csrf: office.csrf,
      scuola: site.place.siteId,
      decorrenza: "2026-11-24",
      ...fields,
    };
    const parts = Object.entries(all).map(([name, value]) => part(`name="${name}"`, value));
    if (file !== null) parts.push(part(`name="file"; filename="alunni.csv"`, file));
    return site.server.http.inject({
      method: "POST",
      url: "/ufficio/importazioni",
      headers: {
        host: `${site.tenant.slug}.localhost`,
        cookie: office.cookie,
        "content-type": `multipart/form-data; boundary=${boundary}`,
      },
      payload: `${parts.join("")}--${boundary}--\r\n`,
    });
  };

  it("shows the difference first, applies it, removes nobody unasked, hands back the wrong rows", async () => {
    const planned = await upload({}, CSV);
    assert.equal(planned.statusCode, 303, planned.body.slice(0, 500));
    const path = planned.headers.location!;
    const page = await site.get(path, office);
    assert.match(page.body, /Bianchi Omar|Omar Bianchi/);
    const leaving = await site.get(`${path}?scheda=usciti`, office);
    assert.match(leaving.body, /Ferrando Tommaso|Tommaso Ferrando/);
    const errors = await site.get(`${path}/errori.csv`, office);
    assert.match(errors.body, /Classe non riconosciuta/);
    for (const tab of ["cambiati", "spostati", "da-chiarire", "errori", "x"])
      assert.equal((await site.get(`${path}?scheda=${tab}`, office)).statusCode, 200, tab);
    const applied = await site.post(`${path}/applica`, {}, office);
    assert.equal(applied.statusCode, 303);
    assert.match((await site.get(path, office)).body, /Applicata il/);
    assert.match((await site.get("/ufficio/cerca?q=bianchi", office)).body, /Bianchi Omar/);
    const page2 = await site.get(`/ufficio/classi/${site.place.classId}`, office);
    assert.match(page2.body, /Ferrando Tommaso/);
    const twice = await site.post(`${path}/applica`, {}, office);
    assert.equal(twice.statusCode, 303);
    const again = await upload({}, CSV);
    assert.match(
      (await site.get(again.headers.location!, office)).body,
      /Il file non cambia niente|Usciti/,
    );
  });

  it("checks the token in the file form, and says what is wrong with a file", async () => {
    assert.equal((await upload({ csrf: "x" }, CSV)).statusCode, 403);
    assert.equal((await upload({}, null)).statusCode, 422);
    assert.equal((await upload({ decorrenza: "ieri" }, CSV)).statusCode, 422);
    assert.match((await upload({}, "ciao\na tutti\n")).body, /non si riconoscono le colonne/);
    assert.equal((await upload({ scuola: newId() }, CSV)).statusCode, 422);
    assert.equal((await upload({ decorrenza: "1999-10-01" }, CSV)).statusCode, 422);
    const form = await site.post("/ufficio/importazioni", {}, office);
    assert.equal(form.statusCode, 403);
    assert.equal((await site.get("/ufficio/importazioni/x", office)).statusCode, 404);
  });
});
