// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { messagesOf } from "#messaging";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { textOf } from "../support/portal.ts";
import { addSnack } from "../support/second-service.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
let site: TestSite;
let office: SignedIn;

before(async () => {
  base = await testDatabase();
});
beforeEach(async () => {
  await site?.close();
  site = await testSite(base.db, { routes, now: moment("2026-11-24T06:10:00Z") });
  office = await site.signInAs("office-manager");
});
after(async () => {
  await site?.close();
  await base.close();
});

const NEW = "/ufficio/chiusure/nuova";
const shownIn = (body: string): string => /name="mostrato" value="([^"]*)"/.exec(body)![1]!;
const messages = async (): Promise<string[]> =>
  (
    await site.place.town.read((tx) =>
      messagesOf(tx, { holderIds: [site.place.holderId], limit: 10 }),
    )
  ).map(({ kind }) => kind);

describe("closing schools", () => {
  it("BO-19 D4 X-07 shows the effects first, closes and tells each family once, takes it back", async () => {
    const page = await site.get(NEW, office);
    assert.match(page.body, /2 pasti in meno, 9,20 € non addebitati, 1 famiglia/);
    assert.match(page.body, /Chiudi e avvisa 1 famiglia/);
    assert.deepEqual(await messages(), []);
    const fields = {
      mostrato: shownIn(page.body),
      dal: "2026-11-24",
      al: "2026-11-24",
      atto: "chiudi",
    };
    const noReason = await site.post(NEW, fields, office);
    assert.equal(noReason.statusCode, 422);
    assert.match(noReason.body, /Scegliere il motivo/);
    const closed = await site.post(NEW, { ...fields, motivo: "weather" }, office);
    assert.equal(closed.statusCode, 303);
    const address = closed.headers.location!;
    assert.deepEqual(await messages(), ["closure"]);
    const again = await site.post(NEW, { ...fields, motivo: "weather" }, office);
    assert.equal(again.headers.location, address);
    assert.deepEqual(await messages(), ["closure"]);
    const detail = (await site.get(address, office)).body;
    assert.match(detail, /Annulla la chiusura/);
    const facts = detail.replace(/<[^>]+>|\s+/g, " ").replace(/ +/g, " ");
    assert.match(facts, /Registrata 24 novembre alle \d+:\d\d, \S.* Famiglie avvisate 1 /);
    assert.match((await site.get("/ufficio", office)).body, /Chiuso: allerta meteo/);
    const cancelled = await site.post(`${address}/annulla`, {}, office);
    assert.equal(cancelled.headers.location, "/ufficio/chiusure");
    assert.deepEqual((await messages()).toSorted(), ["closure", "closure-cancelled"]);
    assert.equal((await site.get(address, office)).statusCode, 404);
    assert.equal((await site.post(`${address}/annulla`, {}, office)).statusCode, 303);
  });

  it("BO-19 X-07 of two services one is closed already: the other is closed, and the answer says which was", async () => {
    const { place } = site;
    const snack = await addSnack(place);
    const close = async (services: readonly string[]) => {
      const shown = await site.get(`${NEW}?servizi=${services.join(",")}`, office);
      const fields = { mostrato: shownIn(shown.body), servizio: services, motivo: "weather" };
      const answer = await site.post(NEW, { ...fields, atto: "chiudi" }, office);
      assert.equal(answer.statusCode, 303);
      const said = answer.cookies.map(
        ({ name, value }) => `; ${name}=${encodeURIComponent(value)}`,
      );
      const then = { ...office, cookie: office.cookie + said.join("") };
      return textOf((await site.get(String(answer.headers.location), then)).body);
    };
    assert.match(await close([place.serviceId]), /Chiusura registrata: 2 pasti in meno/);
    const both = await close([place.serviceId, snack]);
    assert.match(
      both,
      /Già chiuso: Mensa\. Chiusura registrata per Merenda: 1 pasto in meno, 0,00 € non addebitati\. 1 famiglia avvisata/,
    );
    assert.match(both, /Servizi Mensa, Merenda/);
    assert.deepEqual(await messages(), ["closure", "closure"]);
    assert.match(await close([place.serviceId, snack]), /Chiusura già registrata/);
    assert.deepEqual(await messages(), ["closure", "closure"]);
  });

  it("X-15 an operator reads them and is told who decides; the board has no button", async () => {
    const operator = await site.signInAs("office");
    const list = await site.get("/ufficio/chiusure", operator);
    assert.match(textOf(list.body), /Le chiusure le decide chi è responsabile dell'ufficio\./);
    assert.doesNotMatch(list.body, /Nuova chiusura/);
    assert.doesNotMatch((await site.get("/ufficio", operator)).body, /Chiudi scuole/);
    assert.match((await site.get("/ufficio", office)).body, /Chiudi scuole/);
    assert.equal((await site.get(NEW, operator)).statusCode, 403);
  });

  it("without JavaScript a changed choice is shown before anything closes", async () => {
    const page = await site.get(NEW, office);
    const changed = {
      mostrato: shownIn(page.body),
      scuola: site.place.siteId,
      classe: site.place.classId,
      dal: "2026-11-26",
      al: "2026-11-27",
      motivo: "trip",
      atto: "chiudi",
    };
    const answer = await site.post(NEW, changed, office);
    assert.equal(answer.statusCode, 303);
    assert.match(answer.headers.location!, /^\/ufficio\/chiusure\/nuova\?/);
    assert.deepEqual(await messages(), []);
    const effects = await site.get(answer.headers.location!, office);
    assert.match(effects.body, /3A, Primaria Milano/);
    assert.match(effects.body, /2 pasti in meno/);
    const closed = await site.post(NEW, { ...changed, mostrato: shownIn(effects.body) }, office);
    assert.match(closed.headers.location!, /^\/ufficio\/chiusure\/[0-9a-f-]{36}$/);
    assert.deepEqual(await messages(), ["closure"]);
  });

  it("X-07 a closure taken back stays in the list, with who and when", async () => {
    const page = await site.get(NEW, office);
    const fields = { mostrato: shownIn(page.body), motivo: "weather", atto: "chiudi" };
    const closed = await site.post(NEW, fields, office);
    const inForce = textOf((await site.get("/ufficio/chiusure", office)).body);
    assert.match(inForce, /Martedì 24 novembre 2026 \(oggi\).*allerta meteo In vigore/);
    site.setClock(moment("2026-11-24T07:05:00Z"));
    await site.post(`${closed.headers.location!}/annulla`, {}, office);
    const list = textOf((await site.get("/ufficio/chiusure", office)).body);
    assert.match(
      list,
      /Martedì 24 novembre 2026 Tutte le scuole Mensa allerta meteo Annullata [^,]+, .*24 novembre.*8:05/,
    );
    assert.doesNotMatch(list, /In vigore|\(oggi\)/);
  });

  it("X-07 a closure whose days are over is no longer in force", async () => {
    const page = await site.get(NEW, office);
    const fields = { mostrato: shownIn(page.body), motivo: "weather", atto: "chiudi" };
    const closed = await site.post(NEW, fields, office);
    assert.equal(closed.statusCode, 303);
    site.setClock(moment("2026-11-25T07:05:00Z"));
    const nextDay = await site.signInAs("office");
    const list = textOf((await site.get("/ufficio/chiusure", nextDay)).body);
    assert.match(list, /Martedì 24 novembre 2026 Tutte le scuole Mensa allerta meteo Conclusa/);
  });

  it("BO-19 promises that it can be taken back only where that is true", async () => {
    assert.match((await site.get(NEW, office)).body, /Si può annullare: parte una correzione/);
    const past = await site.get(`${NEW}?dal=2026-11-23&al=2026-11-23`, office);
    assert.match(past.body, /Non si potrà annullare: i giorni sono passati\./);
    site.setClock(moment("2026-11-24T08:30:00Z"));
    office = await site.signInAs("office-manager");
    const late = await site.get(NEW, office);
    assert.match(late.body, /Non si potrà annullare: il limite per disdire è passato\./);
    assert.doesNotMatch(late.body, /Si può annullare/);
    const part = await site.get(`${NEW}?dal=2026-11-24&al=2026-11-26`, office);
    assert.match(part.body, /Si può annullare da mercoledì 25 novembre: parte una correzione/);
    const fields = { mostrato: shownIn(late.body), motivo: "weather", atto: "chiudi" };
    const closed = await site.post(NEW, fields, office);
    const own = textOf((await site.get(closed.headers.location!, office)).body);
    assert.match(own, /Non si può più annullare: i giorni sono passati/);
    assert.doesNotMatch(own, /Annulla la chiusura/);
  });

  it("X-07 offers the classes of the chosen school, with their own effects", async () => {
    const { siteId, classId } = site.place;
    assert.match((await site.get(NEW, office)).body, /Per una sola classe: scegliere la scuola/);
    const school = await site.get(`${NEW}?scuola=${siteId}`, office);
    assert.match(textOf(school.body), /Quale classe\? Tutta la scuola 3A/);
    const one = await site.get(`${NEW}?scuola=${siteId}&classe=${classId}`, office);
    assert.match(textOf(one.body), /3A, Primaria Milano, martedì 24 novembre 2026 2 pasti in meno/);
  });

  it("says what is wrong with the days; hostile input is no error of ours", async () => {
    const reversed = await site.get(`${NEW}?dal=2026-11-26&al=2026-11-24`, office);
    assert.match(reversed.body, /L&#39;ultimo giorno viene prima del primo/);
    const long = await site.post(
      NEW,
      { dal: "2026-09-01", al: "2027-06-30", atto: "chiudi" },
      office,
    );
    assert.equal(long.statusCode, 422);
    for (const query of ["dal=x&al=y", "scuola='&classe=%00", "servizi=a,b,c", "motivo=__proto__"])
      assert.equal((await site.get(`${NEW}?${query}`, office)).statusCode, 200, query);
    assert.equal((await site.get("/ufficio/chiusure/x", office)).statusCode, 404);
  });
});
