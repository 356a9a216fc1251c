// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { day, momentAt } from "#kernel/dates.ts";
import { routes as office } from "../../src/surfaces/office/routes.ts";
import { routes as school } from "../../src/surfaces/school/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

it("X-03 the office says serve everyone: every class page says so, until it is switched off", async () => {
  const site = await testSite(base.db, {
    routes: [...office, ...school],
    now: momentAt(day("2026-11-24"), "08:10"),
  });
  const clerk = await site.signInAs("office");
  const teacher = await site.signInAs("school", { siteIds: [site.place.siteId] });
  const pages = ["/scuola", `/scuola/${site.place.classId}`];
  const says = async (): Promise<boolean[]> =>
    Promise.all(
      pages.map(async (path) =>
        /Servi tutti: ogni bambino presente mangia/.test((await site.get(path, teacher)).body),
      ),
    );
  assert.deepEqual(await says(), [false, false]);
  const on = await site.post("/ufficio/servi-tutti", { stato: "1" }, clerk);
  assert.equal(on.headers.location, "/ufficio");
  assert.deepEqual(await says(), [true, true]);
  assert.match((await site.get("/ufficio", clerk)).body, /attivo dalle 8:10/);
  assert.equal((await site.post("/ufficio/servi-tutti", { stato: "0" }, teacher)).statusCode, 403);
  await site.post("/ufficio/servi-tutti", { stato: "0" }, clerk);
  assert.deepEqual(await says(), [false, false]);
});
