// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { changeMeals, type MealAct } from "#booking";
import { putClosures, putServices, putSites } from "#calendar";
import { putDiets } from "#enrolment";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { kitchenOrder, putStaffMeals } from "#kitchen";
import { routes } from "../../src/surfaces/kitchen/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { testSite, type SignedIn, type SiteOptions, type TestSite } from "../support/site.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

const TUESDAY = "2026-11-24";
const at = (time: string): Temporal.Instant => moment(`${TUESDAY}T${time}+01:00`);
const OCTOBER = moment("2026-10-01T08:00:00Z");

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function start(
  options: Partial<SiteOptions> = {},
): Promise<{ site: TestSite; cook: SignedIn }> {
  const site = await testSite(base.db, { routes, now: at("08:40:00"), ...options });
  return { site, cook: await site.signInAs("kitchen", { name: "Cuoca Pineta" }) };
}

async function act(site: TestSite, childId: string, what: MealAct, time: string): Promise<void> {
  const { place } = site;
  const result = await place.town.write((tx) =>
    changeMeals(tx, {
      actor: place.sara,
      channel: "portal",
      act: what,
      serviceId: place.serviceId,
      items: [{ childId, date: day(TUESDAY) }],
      receivedAt: at("08:59:59"),
      now: at(time),
      idempotencyKey: newId(),
      receiptKey: RECEIPT_KEY,
    }),
  );
  assert.equal(result.outcome, "answered");
}

const close = (site: TestSite, time: string): Promise<unknown> =>
  site.place.town.write((tx) =>
    putClosures(
      tx,
      [
        {
          id: newId(),
          serviceId: null,
          siteId: site.place.siteId,
          classId: null,
          from: day(TUESDAY),
          to: day(TUESDAY),
          reason: "weather",
          note: "",
        },
      ],
      { name: "ufficio", at: at(time) },
    ),
  );

/** The figure under a label, as text. */
function figure(body: string, label: string): string {
  const found = new RegExp(`<dt>${label}</dt>\\s*<dd>(\\d+)`).exec(body);
  return found?.[1] ?? "none";
}

describe("the kitchen's order of the day", () => {
  it("shows the total first, provisional until the limit, then what was frozen and when", async () => {
    const { site, cook } = await start();
    const { place } = site;
    await act(site, place.giulia, "plain", "08:41:00");
    await place.town.write(async (tx) => {
      const diet = { id: newId(), code: "D-02", from: day("2026-10-01"), to: null };
      await putDiets(tx, [{ ...diet, childId: place.tommaso, source: "office" }], OCTOBER);
      const { serviceId, siteId } = place;
      const staff = { serviceId, siteId, date: day(TUESDAY), meals: 3, by: "Anna B." };
      await putStaffMeals(tx, { ...staff, at: at("08:30:00") });
    });
    const page = await site.get("/cucina", cook);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Ordine di oggi, martedì 24 novembre/);
    assert.match(page.body, /Provvisorio: cambia fino alle 9:00/);
    assert.match(page.body, /Totale 5: 0 normali, 1 in bianco, 1 dieta, 3 adulti/);
    assert.equal(figure(page.body, "Totale"), "5");
    assert.match(page.body, /Primaria Milano[^]*D-02 ×1/);
    assert.match(page.body, /3A[^]*Adulti/);
    assert.doesNotMatch(page.body, /Ferrando|Giulia|Tommaso|€/);
    assert.deepEqual(htmlProblems(page.body), []);
    site.setClock(at("09:05:30"));
    const frozen = await site.get("/cucina", cook);
    assert.match(frozen.body, /Bloccato alle 9:05/);
    const order = await place.town.read((tx) =>
      kitchenOrder(tx, { serviceId: place.serviceId, date: day(TUESDAY) }),
    );
    assert.ok(order.sites[0]!.frozen, "the page froze what was due before it said so");
    await site.close();
  });

  it("task 13: a closure at 10:00 is a difference with time and reason; the kitchen says it has seen it", async () => {
    const { site, cook } = await start();
    site.setClock(at("09:06:00"));
    assert.equal(figure((await site.get("/cucina", cook)).body, "Totale"), "2");
    await close(site, "10:00:00");
    site.setClock(at("10:01:00"));
    const page = await site.get("/cucina", cook);
    assert.match(page.body, /1 differenza dopo le 9:06 \(-2\)/);
    assert.match(page.body, /con le differenze 0/);
    assert.deepEqual(htmlProblems(page.body), []);
    const changes = await site.get("/cucina/differenze", cook);
    assert.match(changes.body, /3A[^]*Normale[^]*-2[^]*10:00[^]*Chiuso: allerta meteo/);
    assert.deepEqual(htmlProblems(changes.body), []);
    const digest = /name="differenze" value="([0-9a-f]{64})"/.exec(page.body)![1]!;
    const fields = { giorno: TUESDAY, servizio: "mensa", differenze: digest };
    const office = await site.signInAs("office", { name: "M. Conti" });
    assert.doesNotMatch((await site.get("/cucina", office)).body, /name="differenze"/);
    assert.equal((await site.post("/cucina/presa-visione", fields, office)).statusCode, 403);
    const stale = { ...fields, differenze: "0".repeat(64) };
    await site.post("/cucina/presa-visione", stale, cook);
    assert.doesNotMatch((await site.get("/cucina", cook)).body, /Presa visione alle/);
    const seen = await site.post("/cucina/presa-visione", fields, cook);
    assert.equal(seen.headers.location, "/cucina");
    assert.match(
      (await site.get("/cucina", office)).body,
      /Presa visione alle 10:01, Cuoca Pineta/,
    );
    await site.close();
  });

  it("X-02 a cancellation that arrived in time and was stored after the freeze is a difference of the family", async () => {
    const { site, cook } = await start();
    site.setClock(at("09:00:20"));
    await site.get("/cucina", cook);
    await act(site, site.place.giulia, "cancel", "09:00:21");
    const page = await site.get("/cucina/differenze", cook);
    assert.match(page.body, /3A[^]*-1[^]*9:00[^]*famiglia, entro il limite/);
    await site.close();
  });

  it("says that nobody eats, with the closure's reason, and goes to the days around", async () => {
    const { site, cook } = await start();
    await close(site, "07:10:00");
    const closed = await site.get("/cucina", cook);
    assert.match(closed.body, /Oggi nessun pasto\.[^]*Primaria Milano\. Chiuso: allerta meteo/);
    assert.match(closed.body, /\/cucina\?giorno=2026-11-23[^]*\/cucina\?giorno=2026-11-26/);
    const next = await site.get("/cucina?giorno=2026-11-26", cook);
    assert.match(next.body, /Ordine di giovedì 26 novembre/);
    assert.match(next.body, /Provvisorio: cambia fino al 26 novembre alle 9:00/);
    assert.equal(figure(next.body, "Totale"), "2");
    assert.deepEqual(htmlProblems(next.body), []);
    await site.close();
  });

  it("has a version that changes with the order: the page follows it", async () => {
    const { site, cook } = await start();
    const version = async () => (await site.get("/cucina/versione", cook)).body.trim();
    const first = await version();
    const page = await site.get("/cucina", cook);
    assert.match(page.body, new RegExp(`data-live="/cucina/versione"\\s+data-version="${first}"`));
    await act(site, site.place.giulia, "cancel", "08:41:00");
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.notEqual(await version(), first);
    await site.close();
  });

  it("PE-01 a kitchen sees the schools it cooks for, and several services as chips", async () => {
    const { site } = await start();
    const { place } = site;
    const other = newId();
    await place.town.write(async (tx) => {
      const rest = { ministryCode: null, level: "infanzia" as const, address: "" };
      await putSites(tx, [{ id: other, name: "Infanzia Pineta", assumedReason: null, ...rest }]);
      const nursery = { code: "nido", kind: "creche" as const, name: "Nido", position: 2 };
      await putServices(tx, [{ id: newId(), ...nursery }]);
    });
    const here = await site.signInAs("kitchen", { siteIds: [place.siteId] });
    assert.equal(figure((await site.get("/cucina", here)).body, "Totale"), "2");
    const elsewhere = await site.signInAs("kitchen", { siteIds: [other] });
    assert.match((await site.get("/cucina", elsewhere)).body, /Oggi nessun pasto/);
    const csv = await site.get("/cucina/ordine.csv", elsewhere);
    assert.doesNotMatch(csv.body, /Primaria Milano/);
    await site.close();
  });
});

describe("what the kitchen prints and takes away", () => {
  it("A4 sheets, a CSV that no spreadsheet runs, labels with school, class and code only", async () => {
    const { site, cook } = await start();
    const { place } = site;
    await place.town.write(async (tx) => {
      const diet = { id: newId(), code: "D-07", from: day("2026-10-01"), to: null };
      await putDiets(tx, [{ ...diet, childId: place.giulia, source: "office" }], OCTOBER);
      await putSites(tx, [
        {
          id: place.siteId,
          ministryCode: "XXEE000001",
          name: "=HYPERLINK(1)",
          level: "primaria",
          address: "",
          assumedReason: null,
        },
      ]);
    });
    const csv = await site.get("/cucina/ordine.csv", cook);
    assert.match(String(csv.headers["content-type"]), /^text\/csv/);
    assert.match(String(csv.headers["content-disposition"]), /ordine-2026-11-24\.csv/);
    assert.ok(
      csv.body.startsWith(
        "\uFEFFgiorno;servizio;plesso;classe;pasto;dieta;ordine;differenza;totale",
      ),
    );
    assert.match(csv.body, /2026-11-24;Mensa;'=HYPERLINK\(1\);3A;Dieta D-07;D-07;1;0;1/);
    const print = await site.get("/cucina/stampa", cook);
    assert.match(
      print.body,
      /martedì 24 novembre 2026[^]*Totale 2: 1 normale, 0 in bianco, 1 dieta/,
    );
    assert.deepEqual(htmlProblems(print.body), []);
    const diets = await site.get("/cucina/diete", cook);
    assert.match(diets.body, /Dieta D-07[^]*3A: 1/);
    assert.deepEqual(htmlProblems(diets.body), []);
    const labels = await site.get("/cucina/etichette", cook);
    assert.match(labels.body, /class="label"[^]*3A[^]*Dieta D-07[^]*24\/11\/2026/);
    assert.deepEqual(htmlProblems(labels.body), []);
    for (const page of [csv, print, diets, labels])
      assert.doesNotMatch(page.body, /Ferrando|Giulia|€/);
    await site.close();
  });
});

describe("what a diet code means", () => {
  it("X-14 the town's words say what to leave out, on the list and on the labels; without words only the code", async () => {
    const dietCodes = [
      { code: "D-02", label: "Dieta 2", leaveOut: "latte e derivati" },
      { code: "D-07", label: "Dieta 7" },
    ];
    const { site, cook } = await start({ townSettings: { dietCodes } });
    const { place } = site;
    const diet = { from: day("2026-10-01"), to: null, source: "office" as const };
    await place.town.write((tx) =>
      putDiets(
        tx,
        [
          { ...diet, id: newId(), childId: place.tommaso, code: "D-02" },
          { ...diet, id: newId(), childId: place.giulia, code: "D-07" },
        ],
        OCTOBER,
      ),
    );
    const diets = await site.get("/cucina/diete", cook);
    assert.match(diets.body, /Senza[^]*Dieta D-02[^]*latte e derivati[^]*Dieta D-07/);
    assert.deepEqual(htmlProblems(diets.body), []);
    const labels = await site.get("/cucina/etichette", cook);
    assert.match(labels.body, /Dieta D-02<\/strong>, senza latte e derivati/);
    assert.match(labels.body, /Dieta D-07<\/strong><\/p>/);
    await site.close();
  });
});

describe("who may open the kitchen's pages", () => {
  it("the kitchen and the office; nobody else", async () => {
    const { site } = await start();
    const paths = [
      "",
      "/versione",
      "/differenze",
      "/stampa",
      "/ordine.csv",
      "/diete",
      "/etichette",
    ];
    for (const role of ["guardian", "school"] as const) {
      const other = await site.signInAs(role);
      for (const path of paths)
        assert.equal((await site.get(`/cucina${path}`, other)).statusCode, 403, `${role} ${path}`);
    }
    const office = await site.signInAs("office");
    for (const path of paths)
      assert.equal((await site.get(`/cucina${path}`, office)).statusCode, 200, path);
    await site.close();
  });

  it("answers nonsense with 404", async () => {
    const { site, cook } = await start();
    for (const query of ["giorno=2026-02-30", "giorno=x", "giorno=9999-01-01", "servizio=altro"])
      for (const path of ["", "/versione", "/ordine.csv", "/diete"])
        assert.equal((await site.get(`/cucina${path}?${query}`, cook)).statusCode, 404, query);
    const bad = { giorno: TUESDAY, servizio: "mensa", differenze: "x" };
    assert.equal((await site.post("/cucina/presa-visione", bad, cook)).statusCode, 404);
    const unsigned = { ...bad, csrf: "x" };
    assert.equal((await site.post("/cucina/presa-visione", unsigned, cook)).statusCode, 403);
    await site.close();
  });
});
