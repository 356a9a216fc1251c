// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { grantRole, securityEvents } from "#identity";
import { dayOf, moment } from "#kernel/dates.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { signedInBy } from "../support/second-factor.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

const NOW = moment("2026-11-24T07:40:00Z");
const PAGE = "/ufficio/impostazioni/dispositivi";
let base: TestDatabase;
let site: TestSite;
let office: SignedIn;
let now = NOW;

before(async () => {
  base = await testDatabase();
  site = await testSite(base.db, { routes: wholeSite.routes, demo: false, now });
  office = await site.signInAs("office", { name: "M. Conti" });
});
after(async () => {
  await site?.close();
  await base.close();
});

const setClock = (at: typeof NOW): void => site.setClock((now = at));

/** The QR page of a new device: where it leads, and whose it is. */
async function create(fields: Record<string, string | readonly string[]>) {
  const made = await site.post(`${PAGE}/nuovo`, { scuola: site.place.siteId, ...fields }, office);
  assert.equal(made.statusCode, 200, made.body);
  assert.deepEqual(htmlProblems(made.body), []);
  assert.match(made.body, /<svg[^>]*aria-label="Codice QR per collegare/);
  const list = await site.get(PAGE, office);
  const ids = [...list.body.matchAll(/dispositivi\/([0-9a-f-]{36})\/revoca/g)].map(([, id]) => id!);
  return { path: linkIn(made.body), ids };
}
const linkIn = (body: string): string =>
  /secret-key">http:\/\/[^/]+(\/dispositivo\/[\w-]{43})</.exec(body)![1]!;
const enrol = async (path: string) => {
  const response = await site.post(path, {});
  const session = signedInBy(site, response);
  return { response, tablet: session && { ...session, accountId: "" } };
};

describe("tablets and screens", () => {
  it("PE-06 a tablet is made a school's by a link that works once, and stays it", async () => {
    const { path } = await create({ nome: "Tablet 3A", uso: "school" });
    const shown = await site.get(path);
    assert.equal(shown.statusCode, 200);
    assert.match(shown.body, /Tablet 3A[^]*Usa questo dispositivo/);
    assert.deepEqual(htmlProblems(shown.body), []);
    assert.equal((await site.get(path)).statusCode, 200, "looking uses nothing up");
    const { response, tablet } = await enrol(path);
    assert.equal(response.headers.location, "/scuola");
    assert.match(String(response.headers["set-cookie"]), /Max-Age=34560000/);
    assert.equal((await site.get("/scuola", tablet)).statusCode, 200);
    const again = await enrol(path);
    assert.equal(again.response.statusCode, 404);
    assert.equal(again.tablet, null);
    setClock(now.add({ hours: 24 * 90 }));
    assert.equal((await site.get("/scuola", tablet)).statusCode, 200, "never idle");
    setClock(NOW);
  });

  it("X-15 it opens no page of the office, of a family or of another role, whatever its account is given", async () => {
    const { path } = await create({ nome: "Tablet 4B", uso: "school" });
    const { tablet } = await enrol(path);
    const all = ["/ufficio", "/oggi", "/cucina", "/ufficio/impostazioni/personale"];
    for (const page of all) assert.equal((await site.get(page, tablet)).statusCode, 403, page);
    const { accountId } = (
      await site.place.town.read((tx) =>
        securityEvents(tx, {
          ...{ kinds: ["device-enrolled"], limit: 1 },
        }),
      )
    )[0]!;
    const by = { role: "administrator", id: office.accountId, name: "R. Verdi" } as const;
    const act = {
      by: { ...by, personId: null, siteIds: null, classIds: null, desk: null },
      ...{ sealKey: "seal", now, accountId: accountId!, role: "administrator" as const },
      ...{ scope: { siteId: null, classId: null }, from: dayOf(now) },
    };
    const given = await site.place.town.write((tx) => grantRole(tx, act));
    assert.equal(given.outcome, "not-found", "a tablet is nobody of the staff");
    assert.equal((await site.get("/ufficio", tablet)).statusCode, 403);
  });

  it("PE-06 for some classes it shows those; a kitchen's screen shows the kitchen", async () => {
    const { classId } = site.place;
    const own = await enrol(
      (await create({ nome: "Tablet 3A", uso: "school", classi: [classId] })).path,
    );
    assert.equal((await site.get(`/scuola/${classId}`, own.tablet)).statusCode, 200);
    const screen = await enrol((await create({ nome: "Schermo", uso: "kitchen" })).path);
    assert.equal(screen.response.headers.location, "/cucina");
    assert.equal((await site.get("/cucina", screen.tablet)).statusCode, 200);
    assert.equal((await site.get("/scuola", screen.tablet)).statusCode, 403);
    const nameless = await site.post(`${PAGE}/nuovo`, { scuola: site.place.siteId }, office);
    assert.equal(nameless.statusCode, 422);
    assert.deepEqual(htmlProblems(nameless.body), []);
    for (const path of ["/nuovo", `/nuovo?scuola=${site.place.siteId}`, ""])
      assert.deepEqual(htmlProblems((await site.get(PAGE + path, office)).body), []);
  });

  it("PE-06 a link lasts a quarter of an hour; another one takes its place and the tablet's", async () => {
    const before = new Set((await create({ nome: "Uno", uso: "school" })).ids);
    const { path, ids } = await create({ nome: "Due", uso: "school" });
    const id = ids.find((one) => !before.has(one))!;
    setClock(now.add({ minutes: 15 }));
    assert.equal((await site.get(path)).statusCode, 404);
    assert.equal((await enrol(path)).tablet, null);
    const renewed = await site.post(`${PAGE}/${id}/codice`, {}, office);
    const first = await enrol(linkIn(renewed.body));
    assert.equal((await site.get("/scuola", first.tablet)).statusCode, 200);
    const next = await site.post(`${PAGE}/${id}/codice`, {}, office);
    const second = await enrol(linkIn(next.body));
    assert.equal((await site.get("/scuola", second.tablet)).statusCode, 200);
    assert.equal((await site.get("/scuola", first.tablet)).statusCode, 303, "one at a time");
    setClock(NOW);
  });

  it("X-15 revoked, it is signed out at once and its links are worth nothing", async () => {
    const before = new Set((await create({ nome: "Tre", uso: "school" })).ids);
    const { path, ids } = await create({ nome: "Perso", uso: "school" });
    const id = ids.find((one) => !before.has(one))!;
    const { tablet } = await enrol(path);
    const renewed = await site.post(`${PAGE}/${id}/codice`, {}, office);
    const revoked = await site.post(`${PAGE}/${id}/revoca`, {}, office);
    assert.equal(revoked.statusCode, 303);
    assert.match(String((await site.get("/scuola", tablet)).headers.location), /^\/accedi/);
    assert.equal((await enrol(linkIn(renewed.body))).response.statusCode, 404);
    assert.equal((await site.post(`${PAGE}/${id}/codice`, {}, office)).statusCode, 404);
    assert.equal((await site.post(`${PAGE}/${id}/revoca`, {}, office)).statusCode, 404);
    assert.match((await site.get(PAGE, office)).body, /Revocati[^]*Perso/);
    const told = await site.place.town.read((tx) =>
      securityEvents(tx, { kinds: ["device-revoked"], limit: 4 }),
    );
    assert.deepEqual(
      told.map(({ actorName, details }) => [actorName, details["name"]]),
      [["M. Conti", "Perso"]],
    );
  });
});
