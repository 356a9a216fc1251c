// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attendanceOn, rollCallsOn, startClosing, unknownWalkIns } from "#attendance";
import { changeMeals, type MealAct } from "#booking";
import { putClasses, putClosures } from "#calendar";
import { putDiets, putMemberships } from "#enrolment";
import { putPeople } from "#families";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { staffMealsOn } from "#kitchen";
import { routes } from "../../src/surfaces/school/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { textOf } from "../support/portal.ts";
import { testSite, type SignedIn, type SiteOptions, type TestSite } from "../support/site.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

const TUESDAY = "2026-11-24";
const at = (time: string): Temporal.Instant => moment(`${TUESDAY}T${time}+01:00`);
const ROLL_CALL = {
  settings: { attendance: { mode: "roll-call" }, absences: { reportedBy: "school" } },
} satisfies SiteOptions["town"];
/** the school takes the roll, and families may cancel before it */
const BOTH = {
  settings: { attendance: { mode: "roll-call" }, absences: { reportedBy: "both" } },
} satisfies SiteOptions["town"];
const SINCE_OCTOBER = { from: day("2026-10-01"), to: null };
const MONEY = /€|ISEE|debit|credito|morosit|borsellino/i;

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function start(
  options: Partial<SiteOptions> = {},
): Promise<{ site: TestSite; anna: SignedIn; url: string }> {
  const site = await testSite(base.db, {
    routes,
    town: ROLL_CALL,
    now: at("08:40:00"),
    ...options,
  });
  const { siteId, classId } = site.place;
  const anna = await site.signInAs("school", { name: "Anna B.", siteIds: [siteId] });
  return { site, anna, url: `/scuola/${classId}` };
}

async function cancel(site: TestSite, childId: string, act: MealAct = "cancel"): Promise<void> {
  const { place } = site;
  const result = await place.town.write((tx) =>
    changeMeals(tx, {
      actor: place.sara,
      channel: "portal",
      act,
      serviceId: place.serviceId,
      items: [{ childId, date: day(TUESDAY) }],
      receivedAt: at("08:41:07"),
      now: at("08:41:07"),
      idempotencyKey: newId(),
      receiptKey: RECEIPT_KEY,
    }),
  );
  assert.equal(result.outcome, "answered");
}

const facts = (site: TestSite, date = TUESDAY) =>
  site.place.town.read((tx) =>
    attendanceOn(tx, { serviceId: site.place.serviceId, date: day(date) }),
  );

describe("the school's classes of the day", () => {
  it("PE-02 lists the classes that stay, what is expected and what is still to do", async () => {
    const { site, anna, url } = await start();
    const page = await site.get("/scuola", anna);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Oggi, martedì 24 novembre/);
    assert.match(page.body, /Primaria Milano[^]*3A[^]*Da fare[^]*2 attesi/);
    assert.deepEqual(htmlProblems(page.body), []);
    await site.post(url, { giorno: TUESDAY, servizio: "mensa", fase: "mattino" }, anna);
    assert.match((await site.get("/scuola", anna)).body, /Inviato alle 8:40[^]*2 pasti, 0 assenti/);
    await site.close();
  });

  it("BO-19 X-07 says why a class is closed, and that no class stays on other days", async () => {
    const { site, anna, url } = await start();
    const { place } = site;
    await place.town.write((tx) =>
      putClosures(
        tx,
        [
          {
            id: newId(),
            serviceId: null,
            siteId: place.siteId,
            classId: null,
            from: day(TUESDAY),
            to: day(TUESDAY),
            reason: "strike",
            note: "",
          },
        ],
        { name: "ufficio", at: at("07:10:00") },
      ),
    );
    assert.match((await site.get("/scuola", anna)).body, /Mensa chiusa: sciopero\./);
    assert.match((await site.get(url, anna)).body, /Mensa chiusa oggi: sciopero\./);
    site.setClock(moment("2026-11-25T09:00:00+01:00"));
    const again = await site.signInAs("school", { siteIds: [place.siteId] });
    const empty = await site.get("/scuola", again);
    assert.match(empty.body, /Oggi nessuna classe a mensa\./);
    assert.match(empty.body, /Giorni precedenti[^]*lunedì 23 novembre/);
    await site.close();
  });

  it("takes the adults who eat, for this school and today only", async () => {
    const { site, anna } = await start();
    const { place } = site;
    const form = { plesso: place.siteId, servizio: "mensa", giorno: TUESDAY };
    const saved = await site.post("/scuola/adulti", { ...form, adulti: "3" }, anna);
    assert.equal(saved.statusCode, 303);
    const meals = () =>
      place.town.read((tx) => staffMealsOn(tx, { serviceId: place.serviceId, date: day(TUESDAY) }));
    const saved3 = { siteId: place.siteId, meals: 3, entered: true, recordedAt: at("08:40:00") };
    assert.deepEqual(await meals(), [saved3]);
    assert.match((await site.get("/scuola", anna)).body, /Adulti a pranzo: 3/);
    await site.post("/scuola/adulti", { ...form, adulti: "-1" }, anna);
    await site.post("/scuola/adulti", { ...form, adulti: "9999" }, anna);
    assert.equal((await meals())[0]!.meals, 3);
    const yesterday = { ...form, giorno: "2026-11-23", adulti: "1" };
    assert.equal((await site.post("/scuola/adulti", yesterday, anna)).statusCode, 404);
    const elsewhere = await site.signInAs("school", { siteIds: [newSite(place.siteId)] });
    const refused = await site.post("/scuola/adulti", { ...form, adulti: "9" }, elsewhere);
    assert.equal(refused.statusCode, 403);
    await site.close();
  });
});

/** an id that is no site of the town's person */
const newSite = (siteId: string): string =>
  siteId.replace(/.$/, (last) => (last === "0" ? "1" : "0"));

describe("the roll call", () => {
  it("PE-02 MC-13 everybody expected starts present; a box means absent; the kitchen's booking is the roll call", async () => {
    const { site, anna, url } = await start();
    const { giulia, tommaso } = site.place;
    const page = await site.get(url, anna);
    assert.match(page.body, /Ferrando Giulia[^]*Ferrando Tommaso/);
    assert.match(page.body, /Presenti\s*<strong data-count="present">2<\/strong>/);
    assert.match(
      page.body,
      /Invia l&#39;appello: <span data-count="present">2<\/span>\s*<span[^>]*>pasti/,
    );
    assert.doesNotMatch(page.body, /type="checkbox"[^>]*checked/);
    assert.doesNotMatch(page.body, MONEY);
    assert.deepEqual(htmlProblems(page.body), []);
    const fields = { giorno: TUESDAY, servizio: "mensa", fase: "mattino", assenti: tommaso };
    const sent = await site.post(url, fields, anna);
    assert.equal(sent.statusCode, 303);
    assert.equal(sent.headers.location, url);
    const rows = new Map((await facts(site)).map((row) => [row.childId, row]));
    assert.equal(rows.get(giulia)!.status, "present");
    assert.equal(rows.get(tommaso)!.status, "absent");
    assert.equal(rows.get(tommaso)!.billable, false);
    assert.equal(rows.get(giulia)!.source, "morning");
    const after = await site.get(url, anna);
    assert.match(after.body, /Inviato alle 8:40[^]*Da Anna B\.: 1 pasto, 1 assente/);
    assert.match(after.body, new RegExp(`value="${tommaso}"[^>]*checked`));
    await site.close();
  });

  it("a double tap is one roll call; the same form with other boxes is not taken", async () => {
    const { site, anna, url } = await start();
    const key = newId();
    const fields = { giorno: TUESDAY, servizio: "mensa", fase: "mattino", key };
    const answers = [await site.post(url, fields, anna), await site.post(url, fields, anna)];
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [303, 303],
    );
    await site.post(url, { ...fields, assenti: site.place.giulia }, anna);
    const { serviceId } = site.place;
    const calls = await site.place.town.read((tx) =>
      rollCallsOn(tx, { serviceId, date: day(TUESDAY) }),
    );
    assert.deepEqual(
      calls.map(({ presentCount, absentCount }) => [presentCount, absentCount]),
      [[2, 0]],
    );
    await site.close();
  });

  it("X-03 a cancelled child who is there is served: Disdetto dalla famiglia alle 8:41. È presente?", async () => {
    const { site, anna, url } = await start({ town: BOTH });
    const { giulia } = site.place;
    await cancel(site, giulia);
    site.setClock(at("08:50:00"));
    const page = await site.get(url, anna);
    assert.match(page.body, /Disdetto dalla famiglia alle 8:41\. È presente\? Servi/);
    assert.match(page.body, /Disdetti <strong>1<\/strong>/);
    assert.deepEqual(htmlProblems(page.body), []);
    const fields = { giorno: TUESDAY, servizio: "mensa", fase: "mattino", serviti: giulia };
    await site.post(url, fields, anna);
    const row = (await facts(site)).find(({ childId }) => childId === giulia)!;
    assert.deepEqual([row.status, row.walkIn, row.billable], ["present", true, true]);
    assert.match((await site.get(url, anna)).body, new RegExp(`value="${giulia}"[^>]*checked`));
    await site.close();
  });

  it("shows codes of diets and plain meals, no reason", async () => {
    const { site, anna, url } = await start({ town: BOTH });
    const { giulia, tommaso, town } = site.place;
    await cancel(site, tommaso, "plain");
    await town.write((tx) =>
      putDiets(
        tx,
        [{ id: newId(), childId: giulia, code: "D-07", ...SINCE_OCTOBER, source: "office" }],
        moment("2026-10-01T08:00:00Z"),
      ),
    );
    const page = await site.get(url, anna);
    assert.match(page.body, /Ferrando Giulia[^]*Dieta D-07[^]*Ferrando Tommaso[^]*In bianco/);
    const sheet = await site.get(`${url}/foglio?giorno=${TUESDAY}`, anna);
    assert.match(sheet.body, /Dieta D-07/);
    assert.match(sheet.body, /martedì 24 novembre 2026/);
    assert.deepEqual(htmlProblems(sheet.body), []);
    await site.close();
  });

  it("is the morning's before the order freezes, the noon correction afterwards, with a toggle", async () => {
    const { site, anna, url } = await start();
    const current = /aria-current="page"\s*>(Appello del mattino|Correzione di mezzogiorno)/;
    assert.equal(current.exec((await site.get(url, anna)).body)![1], "Appello del mattino");
    site.setClock(at("09:05:00"));
    assert.equal(current.exec((await site.get(url, anna)).body)![1], "Correzione di mezzogiorno");
    const late = await site.get(`${url}?fase=mattino`, anna);
    assert.match(late.body, /L&#39;ordine della cucina è già bloccato/);
    const fields = { giorno: TUESDAY, servizio: "mensa", fase: "mezzogiorno" };
    await site.post(url, { ...fields, assenti: site.place.giulia }, anna);
    const row = (await facts(site)).find(({ childId }) => childId === site.place.giulia)!;
    assert.deepEqual([row.status, row.source], ["absent", "noon"]);
    await site.close();
  });

  it("BI-03 marks absences in a town with presumed attendance while schools report; parents' phase has a list only", async () => {
    const school = await start({
      town: { settings: { absences: { reportedBy: "school" } } },
    });
    const fields = { giorno: TUESDAY, servizio: "mensa", fase: "mattino" };
    const sent = await school.site.post(
      school.url,
      { ...fields, assenti: school.site.place.giulia },
      school.anna,
    );
    assert.equal(sent.statusCode, 303);
    assert.equal((await facts(school.site)).length, 2);
    await school.site.close();

    const parents = await start({ town: { settings: { absences: { reportedBy: "parents" } } } });
    const page = await parents.site.get(parents.url, parents.anna);
    assert.match(page.body, /Le presenze si contano da sole/);
    assert.doesNotMatch(page.body, /Invia l/);
    assert.deepEqual(htmlProblems(page.body), []);
    const refused = await parents.site.post(parents.url, fields, parents.anna);
    assert.equal(refused.statusCode, 403);
    await parents.site.close();
  });
});

describe("outside the list", () => {
  it("X-03 finds the school's children by any part of the name and serves one; the same form twice is one meal", async () => {
    const { site, anna, url } = await start();
    const { place } = site;
    const nico = await pupilOfAnotherClass(site);
    const search = await site.get(`${url}/fuori-lista?q=nicolo%20dang`, anna);
    assert.match(search.body, /D&#39;Angelo Nicolò<\/strong>\s*3B/);
    assert.doesNotMatch(search.body, MONEY);
    assert.deepEqual(htmlProblems(search.body), []);
    const fields = { giorno: TUESDAY, servizio: "mensa", bambino: nico };
    const served = await site.post(`${url}/fuori-lista`, fields, anna);
    assert.equal(served.statusCode, 303);
    const row = (await facts(site)).find(({ childId }) => childId === nico)!;
    assert.deepEqual([row.status, row.walkIn, row.classId], ["present", true, place.classId]);
    assert.match((await site.get(url, anna)).body, /Fuori lista <strong[^>]*>1<\/strong>/);
    const unknown = {
      giorno: TUESDAY,
      servizio: "mensa",
      sconosciuto: "1",
      descrizione: "zaino blu",
    };
    const key = newId();
    await site.post(`${url}/fuori-lista`, { ...unknown, key }, anna);
    await site.post(`${url}/fuori-lista`, { ...unknown, key }, anna);
    const found = await place.town.read((tx) =>
      unknownWalkIns(tx, { from: day(TUESDAY), to: day(TUESDAY), onlyOpen: true }),
    );
    assert.deepEqual(
      found.map(({ description }) => description),
      ["3A: zaino blu"],
    );
    const page = textOf((await site.get(url, anna)).body);
    assert.match(page, /Fuori lista 2/);
    assert.match(page, /3A: zaino blu 8:40, \S.*il nome lo cerca l'ufficio/);
    await site.close();
  });

  it("serves no child of another school and no invented id", async () => {
    const { site, anna, url } = await start();
    const fields = { giorno: TUESDAY, servizio: "mensa" };
    for (const bambino of [newId(), "x", ""]) {
      const answer = await site.post(`${url}/fuori-lista`, { ...fields, bambino }, anna);
      assert.equal(answer.statusCode, 404);
    }
    const rollCall = { ...fields, fase: "mattino", assenti: "x", serviti: [newId(), "<b>"] };
    assert.equal((await site.post(url, rollCall, anna)).statusCode, 303);
    assert.equal((await facts(site)).length, 2);
    await site.close();
  });
});

async function pupilOfAnotherClass(site: TestSite): Promise<string> {
  const { place } = site;
  const [id, classId] = [newId(), newId()];
  await place.town.write(async (tx) => {
    await putClasses(tx, [
      { id: classId, siteId: place.siteId, year: 2026, grade: 3, section: "B" },
    ]);
    await putPeople(
      tx,
      [{ id, kind: "child", surname: "D'Angelo", givenName: "Nicolò" }],
      moment("2026-09-01T08:00:00Z"),
    );
    await putMemberships(tx, [
      { id: newId(), childId: id, classId, from: day("2026-09-14"), to: null },
    ]);
  });
  return id;
}

describe("corrections", () => {
  it("keep who, what and why, until the day closes", async () => {
    const { site, anna, url } = await start();
    const { place } = site;
    const path = `${url}/correzioni`;
    const fields = { giorno: TUESDAY, servizio: "mensa", bambino: place.giulia, stato: "absent" };
    const missing = await site.post(path, { ...fields, motivo: " " }, anna);
    assert.equal(missing.statusCode, 422);
    assert.match(missing.body, /<title>Errore: /);
    assert.match(missing.body, /Scrivere il motivo\./);
    assert.deepEqual(htmlProblems(missing.body), []);
    const done = await site.post(path, { ...fields, motivo: "uscita alle 10" }, anna);
    assert.equal(done.headers.location, path);
    const page = await site.get(path, anna);
    assert.match(page.body, /Ferrando Giulia<\/strong>:\s*assente\. uscita alle 10[^]*Anna B\./);
    assert.deepEqual(htmlProblems(page.body), []);
    const { serviceId, siteId } = place;
    const day24 = { serviceId, siteId, date: day(TUESDAY) };
    const now = at("15:00:00");
    await place.town.write((tx) =>
      startClosing(tx, { ...day24, by: "ufficio", at: now, acceptMissing: true }),
    );
    assert.match((await site.get(path, anna)).body, /Giornata chiusa: chiedere all&#39;ufficio\./);
    const late = await site.post(path, { ...fields, stato: "present", motivo: "errore" }, anna);
    assert.equal(late.statusCode, 303);
    assert.equal(
      (await facts(site)).find(({ childId }) => childId === place.giulia)!.status,
      "absent",
    );
    await site.close();
  });

  it("past days stay open to the school until they close; days to come do not exist", async () => {
    const { site, anna, url } = await start();
    const page = await site.get(`${url}?giorno=2026-11-23`, anna);
    assert.match(page.body, /Lunedì 23 novembre[^]*Correzione di mezzogiorno/);
    const fields = { giorno: "2026-11-23", servizio: "mensa", fase: "mezzogiorno" };
    await site.post(url, { ...fields, assenti: site.place.giulia }, anna);
    assert.equal((await facts(site, "2026-11-23")).length, 2);
    for (const giorno of ["2026-11-26", "2026-02-31", "oggi", "2025-01-01", "%00"])
      assert.equal((await site.get(`${url}?giorno=${giorno}`, anna)).statusCode, 404, giorno);
    await site.close();
  });
});

describe("who may open the school's pages", () => {
  it("only the school's own people and the office; a class of another school is refused", async () => {
    const { site, url } = await start();
    const { place } = site;
    for (const role of ["guardian", "kitchen"] as const) {
      const other = await site.signInAs(role);
      assert.equal((await site.get("/scuola", other)).statusCode, 403, role);
      assert.equal((await site.get(url, other)).statusCode, 403, role);
    }
    const office = await site.signInAs("office");
    assert.equal((await site.get(url, office)).statusCode, 200);
    const elsewhere = await site.signInAs("school", { siteIds: [newSite(place.siteId)] });
    assert.equal((await site.get(url, elsewhere)).statusCode, 403);
    assert.equal((await site.get(`${url}/foglio`, elsewhere)).statusCode, 403);
    assert.equal((await site.get(`${url}/fuori-lista?q=ferrando`, elsewhere)).statusCode, 403);
    assert.match((await site.get("/scuola", elsewhere)).body, /Oggi nessuna classe a mensa/);
    const oneClass = await site.signInAs("school", { classIds: [place.classId] });
    assert.equal((await site.get(url, oneClass)).statusCode, 200);
    const signedOut = await site.get("/scuola");
    assert.equal(signedOut.headers.location, "/accedi?poi=%2Fscuola");
    await site.close();
  });

  it("refuses forms without their token, unknown classes and nonsense", async () => {
    const { site, anna, url } = await start();
    const fields = { giorno: TUESDAY, servizio: "mensa", fase: "mattino" };
    assert.equal((await site.post(url, { ...fields, csrf: "x" }, anna)).statusCode, 403);
    assert.equal((await site.post(url, { ...fields, key: "x" }, anna)).statusCode, 404);
    assert.equal((await site.post(url, { ...fields, fase: "sera" }, anna)).statusCode, 404);
    assert.equal((await site.post(url, { ...fields, servizio: "altro" }, anna)).statusCode, 404);
    for (const id of ["3a", newId(), "'; drop table person; --", "%00"])
      assert.equal((await site.get(`/scuola/${encodeURIComponent(id)}`, anna)).statusCode, 404, id);
    await site.close();
  });

  it("prints the sheets of all its classes for the next service day", async () => {
    const { site, anna } = await start();
    const page = await site.get("/scuola/fogli", anna);
    assert.match(page.body, /3A, Primaria Milano, giovedì 26 novembre 2026/);
    assert.match(page.body, /Ferrando Giulia[^]*class="tick"/);
    assert.doesNotMatch(page.body, MONEY);
    assert.deepEqual(htmlProblems(page.body), []);
    await site.close();
  });
});
