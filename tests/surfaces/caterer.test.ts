// SPDX-License-Identifier: EUPL-1.2
/** The catering company's pages: numbers of meals of a day and of a month, and nothing else (BO-21, X-14). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serveUnknown } from "#attendance";
import { closeDay, openDays } from "#billing";
import { changeMeals, type MealAct } from "#booking";
import { putClosures, putSites } from "#calendar";
import { putDiets } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { freezeDueOrders, putStaffMeals } from "#kitchen";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { addSnack } from "../support/second-service.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

const TUESDAY = "2026-11-24";
const MONDAY = "2026-11-23";
const at = (time: string, date = TUESDAY) => momentAt(day(date), time);
const OCTOBER = moment("2026-10-01T08:00:00Z");
/** What must never be on a page or in a file of the catering company. */
const PRIVATE = /Ferrando|Giulia|Tommaso|D-0\d|3A|€/;
/** The page, attributes too, without what is drawn anew each time: a token may have `3A` in it. */
const seen = (body: string): string =>
  body.replaceAll(/nonce="[^"]*"|name="csrf" value="[^"]*"|"\/assets\/[^"]*"/g, "");

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function start(): Promise<{ site: TestSite; caterer: SignedIn }> {
  const site = await testSite(base.db, { routes: wholeSite.routes, now: at("08:40") });
  const caterer = await site.signInAs("caterer", { name: "S. Fontana" });
  return { site, caterer };
}

async function act(
  { place }: TestSite,
  of: { childId: string; act: MealAct; date?: string; received?: string; time: string },
): Promise<void> {
  const { childId, date = TUESDAY, time, received = time } = of;
  const result = await place.town.write((tx) =>
    changeMeals(tx, {
      actor: place.sara,
      channel: "portal",
      act: of.act,
      serviceId: place.serviceId,
      items: [{ childId, date: day(date) }],
      receivedAt: at(received, date),
      now: at(time, date),
      idempotencyKey: newId(),
      receiptKey: RECEIPT_KEY,
    }),
  );
  assert.equal(result.outcome, "answered");
}

const diet = ({ place }: TestSite, childId: string): Promise<unknown> =>
  place.town.write((tx) => {
    const row = { id: newId(), code: "D-02", from: day("2026-10-01"), to: null };
    return putDiets(tx, [{ ...row, childId, source: "office" }], OCTOBER);
  });

const adults = ({ place }: TestSite, meals: number, date = TUESDAY): Promise<unknown> =>
  place.town.write((tx) => {
    const { serviceId, siteId } = place;
    const of = { serviceId, siteId, date: day(date), meals, by: "Anna B." };
    return putStaffMeals(tx, { ...of, at: at("08:30", date) });
  });

const freeze = ({ place }: TestSite, date: string): Promise<number> =>
  place.town.write((tx) =>
    freezeDueOrders(tx, {
      ...{ serviceId: place.serviceId, date: day(date), now: at("09:01", date), by: "tick" },
    }),
  );

async function otherSchool({ place }: TestSite): Promise<string> {
  const id = newId();
  await place.town.write((tx) =>
    putSites(tx, [
      {
        ...{ id, name: "Infanzia Pineta", ministryCode: null, level: "infanzia", address: "" },
        assumedReason: null,
      },
    ]),
  );
  return id;
}

const row = (body: string, name: string): string[] => {
  const found = new RegExp(`<tr[^>]*>\\s*<th[^>]*>${name}[^]*?</tr>`).exec(body)?.[0] ?? "";
  return [...found.matchAll(/<td[^>]*>([^]*?)<\/td>/g)].map(([, cell]) =>
    cell!.replaceAll(/<[^>]*>/g, "").trim(),
  );
};

describe("the catering company's day", () => {
  it("X-14 meals by school as numbers, diets too: no code, name or class, on the page or in the file", async () => {
    const { site, caterer } = await start();
    await act(site, { childId: site.place.giulia, act: "plain", time: "08:41" });
    await diet(site, site.place.tommaso);
    await adults(site, 3);
    const page = await site.get("/ristorazione", caterer);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Pasti di oggi, martedì 24 novembre/);
    assert.match(page.body, /Provvisorio: cambia fino alle 9:00/);
    assert.deepEqual(row(page.body, "Primaria Milano"), ["0", "1", "1", "3", "5", ""]);
    assert.match(
      page.body,
      /\/ristorazione\?giorno=2026-11-23[^]*\/ristorazione\?giorno=2026-11-26/,
    );
    assert.doesNotMatch(seen(page.body), PRIVATE);
    assert.deepEqual(htmlProblems(page.body), []);
    const csv = await site.get("/ristorazione/pasti.csv", caterer);
    assert.match(csv.body, /2026-11-24;Mensa;Primaria Milano;provvisorio;0;1;1;3;5;0;5/);
    assert.doesNotMatch(csv.body, PRIVATE);
    await site.close();
  });

  it("X-14 after the freeze what changes is a number beside what was ordered", async () => {
    const { site, caterer } = await start();
    await diet(site, site.place.tommaso);
    site.setClock(at("09:00:20"));
    assert.match((await site.get("/ristorazione", caterer)).body, /Bloccato alle 9:00/);
    const { giulia, tommaso } = site.place;
    for (const childId of [giulia, tommaso])
      await act(site, { childId, act: "cancel", received: "08:59:59", time: "09:00:21" });
    await adults(site, 1);
    const page = await site.get("/ristorazione", caterer);
    assert.deepEqual(row(page.body, "Primaria Milano"), ["1", "0", "1", "0", "2", "+1, -2"]);
    assert.match(page.body, /con le differenze 1/);
    assert.doesNotMatch(seen(page.body), PRIVATE);
    const csv = await site.get("/ristorazione/pasti.csv", caterer);
    assert.match(csv.body, /Primaria Milano;bloccato;1;0;1;0;2;-1;1/);
    assert.doesNotMatch(csv.body, PRIVATE);
    await site.close();
  });

  it("BO-21 is narrowed to the schools of the grant, the office sees all; several services are chips", async () => {
    const { site } = await start();
    await addSnack(site.place);
    const pineta = await otherSchool(site);
    const elsewhere = await site.signInAs("caterer", { siteIds: [pineta] });
    for (const path of ["", "/pasti.csv", "/mese?mese=2026-11", "/mese.csv?mese=2026-11"]) {
      const answer = await site.get(`/ristorazione${path}`, elsewhere);
      assert.equal(answer.statusCode, 200);
      assert.doesNotMatch(answer.body, /Primaria Milano/);
    }
    assert.match((await site.get("/ristorazione", elsewhere)).body, /Oggi nessun pasto/);
    const other = `plesso=${site.place.siteId}`;
    for (const path of [`mese?mese=2026-11&${other}`, `mese.csv?mese=2026-11&${other}`])
      assert.equal((await site.get(`/ristorazione/${path}`, elsewhere)).statusCode, 404);
    const office = await site.signInAs("office");
    const page = await site.get("/ristorazione?servizio=merenda", office);
    assert.deepEqual(row(page.body, "Primaria Milano"), ["1", "0", "0", "0", "1", ""]);
    assert.match(page.body, /href="\/ufficio"/);
    assert.equal((await site.get("/ristorazione/novita", office)).statusCode, 403);
    await site.close();
  });
});

describe("the catering company's month", () => {
  it("X-14 ordered beside served, by school and day, with totals; the file says the same", async () => {
    const { site, caterer } = await start();
    const { place } = site;
    const { serviceId, siteId } = place;
    // Monday: both ordered with two adults; Giulia stays at home too late, somebody eats without a name.
    await diet(site, place.tommaso);
    await adults(site, 2, MONDAY);
    await freeze(site, MONDAY);
    await act(site, { childId: place.giulia, act: "report-absence", date: MONDAY, time: "09:30" });
    const teacher: Actor = {
      ...{ role: "school", id: newId(), name: "Anna B.", personId: null, desk: null },
      ...{ siteIds: [siteId], classIds: null },
    };
    const unnamed = await place.town.write((tx) =>
      serveUnknown(tx, {
        ...{ actor: teacher, serviceId, siteId, date: day(MONDAY), description: "bambino nuovo" },
        ...{ classId: place.classId, idempotencyKey: newId() },
        ...{ receivedAt: at("12:30", MONDAY), now: at("12:30", MONDAY) },
      }),
    );
    assert.equal(unnamed.outcome, "served");
    await closeDay(place.town, {
      ...{ serviceId, siteId, date: day(MONDAY), by: "ufficio", now: at("08:00") },
    });
    await freeze(site, TUESDAY);
    const page = await site.get("/ristorazione/mese?mese=2026-11", caterer);
    assert.match(page.body, /Pasti di novembre 2026[^]*1 giornata ancora da chiudere/);
    assert.deepEqual(row(page.body, "Lunedì 23 novembre"), ["2", "2", "2", "2"]);
    assert.deepEqual(row(page.body, "Martedì 24 novembre"), ["2", "0", "da chiudere", ""]);
    assert.deepEqual(row(page.body, "Totale"), ["4", "2", "2", "2"]);
    assert.match(page.body, /mese=2026-10/);
    assert.doesNotMatch(page.body, /mese=2026-12/);
    assert.doesNotMatch(seen(page.body), PRIVATE);
    assert.doesNotMatch(page.body, /bambino nuovo/);
    assert.deepEqual(htmlProblems(page.body), []);
    const csv = await site.get("/ristorazione/mese.csv?mese=2026-11", caterer);
    assert.match(String(csv.headers["content-disposition"]), /pasti-2026-11\.csv/);
    assert.match(
      csv.body,
      /2026-11-23;Mensa;Primaria Milano;chiusa;2;2;2;2\r?\n2026-11-24;Mensa;Primaria Milano;da chiudere;2;0;;/,
    );
    assert.doesNotMatch(csv.body, PRIVATE);
    assert.match((await site.get("/ristorazione/mese", caterer)).body, /novembre 2026/);
    const none = await site.get("/ristorazione/mese?mese=2026-08", caterer);
    assert.match(none.body, /Nessun pasto in agosto 2026/);
    for (const odd of ["2026-13", "x", "0000-01", "99999-01"])
      assert.equal((await site.get(`/ristorazione/mese?mese=${odd}`, caterer)).statusCode, 404);
    await site.close();
  });
});

describe("a school that shuts after its order", () => {
  it("X-14 was ordered for and served nobody: no day waits to be closed that nobody will close", async () => {
    const { site, caterer } = await start();
    const { serviceId, siteId, town } = site.place;
    await adults(site, 2);
    await freeze(site, TUESDAY);
    const day24 = { from: day(TUESDAY), to: day(TUESDAY), reason: "weather" as const, note: "" };
    await town.write((tx) =>
      putClosures(tx, [{ id: newId(), serviceId: null, siteId, classId: null, ...day24 }], {
        ...{ name: "ufficio", at: at("09:30") },
      }),
    );
    const waiting = await town.read((tx) => openDays(tx, { serviceId, ...day24 }));
    assert.deepEqual(waiting, [], "the worker has nothing to close there");
    const page = await site.get("/ristorazione/mese?mese=2026-11", caterer);
    assert.deepEqual(row(page.body, "Martedì 24 novembre"), ["2", "2", "0", "0"]);
    assert.doesNotMatch(page.body, /da chiudere/);
    const csv = await site.get("/ristorazione/mese.csv?mese=2026-11", caterer);
    assert.match(csv.body, /2026-11-24;Mensa;Primaria Milano;chiusa;2;2;0;0/);
    await site.close();
  });
});

describe("where the catering company gets in", () => {
  it("BO-21 sign-in leads to its own pages, and nowhere else in the town", async () => {
    const { site, caterer } = await start();
    const page = await site.get("/accedi");
    assert.match(page.body, /Ristorazione[^]*S\. Fontana/);
    const chosen = await site.post("/accedi/persona", {
      persona: caterer.accountId,
      poi: "/cucina/diete",
    });
    assert.equal(chosen.headers.location, "/ristorazione");
    for (const path of ["/cucina", "/cucina/diete", "/cucina/ordine.csv", "/scuola", "/ufficio"])
      assert.equal((await site.get(path, caterer)).statusCode, 403, path);
    for (const path of ["/oggi", "/ufficio/novita", "/cucina/etichette"])
      assert.equal((await site.get(path, caterer)).statusCode, 403, path);
    const english = await site.get("/accedi", null, { cookie: "campanella_lang=en" });
    assert.match(english.body, /Catering/);
    await site.close();
  });
});
