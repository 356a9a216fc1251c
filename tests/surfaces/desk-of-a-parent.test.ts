// SPDX-License-Identifier: EUPL-1.2
/** Somebody who works in the school office and has children at school: the open desk is never mixed up with home. */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { childDays } from "#booking";
import { createFamily } from "#families";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { at, readPage, TUESDAY } from "../support/portal.ts";
import { renewed, testSite } from "../support/site.ts";

const csrfOf = (html: string): string => /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

it("X-15 with the desk open an office worker who is also a parent acts for the desk's family only", async () => {
  const site = await testSite(base.db, {
    routes: [...portalRoutes, ...officeRoutes],
    now: at(TUESDAY, "08:00:00"),
  });
  const { place } = site;
  const { holderId } = await place.town.write((tx) =>
    createFamily(
      tx,
      {
        holder: { id: newId(), kind: "adult", surname: "Altri", givenName: "Ugo" },
        children: [{ id: newId(), kind: "child", surname: "Altri", givenName: "Zeno" }],
        from: day("2026-09-01"),
      },
      at("2026-09-01", "08:00:00"),
    ),
  );
  const before = await site.signInAs("guardian", { alsoRoles: ["office"] });
  assert.match(await readPage(site, "/oggi", before), /Giulia/);

  const opened = await site.post(
    `/ufficio/famiglie/${holderId}/sportello`,
    { motivo: "telefonata", nota: "" },
    before,
  );
  const who = renewed(site, before, opened);
  const page = await readPage(site, "/altro", who);
  assert.match(page, /Sportello: famiglia Altri/);
  const today = await readPage(site, "/oggi", who);
  assert.match(today, /Sportello: famiglia Altri/);
  assert.doesNotMatch(today, /Giulia|Tommaso/);
  const act = { atto: "cancel", giorno: TUESDAY, servizio: "mensa" };
  const csrf = csrfOf((await site.get("/altro", who)).body);
  const own = await site.post("/figli/giulia/pasti", { ...act, csrf }, who);
  assert.equal(own.statusCode, 404);
  // A form of before the desk was opened is of another family, even where both have a child of that name.
  assert.equal(
    (await site.post("/figli/zeno/pasti", { ...act, csrf: before.csrf }, who)).statusCode,
    403,
  );
  const days = await place.town.read((tx) =>
    childDays(tx, {
      childIds: [place.giulia],
      serviceId: place.serviceId,
      from: day(TUESDAY),
      to: day(TUESDAY),
      channel: "portal",
      receivedAt: at(TUESDAY, "08:05:00"),
    }),
  );
  assert.equal(days.get(place.giulia)?.[0]?.state, "expected");

  const closed = await site.post("/ufficio/sportello/chiudi", { csrf }, who);
  assert.equal(closed.statusCode, 303);
  const after = renewed(site, who, closed);
  assert.equal((await site.post("/figli/giulia/pasti", { ...act, csrf }, after)).statusCode, 403);
  assert.match(await readPage(site, "/oggi", after), /Giulia/);
  await site.close();
});

it("X-15 whoever is operator and manager decides as manager, on the page as in its form", async () => {
  const site = await testSite(base.db, { routes: officeRoutes, now: at(TUESDAY, "08:00:00") });
  const both = await site.signInAs("office", { alsoRoles: ["office-manager"] });
  const path = `/ufficio/famiglie/${site.place.holderId}/rate`;
  assert.doesNotMatch(await readPage(site, path, both), /Decide chi è responsabile/);
  assert.equal((await site.post(path, {}, both)).statusCode, 422);
  const operator = await site.signInAs("office");
  assert.match(await readPage(site, path, operator), /Decide chi è responsabile/);
  assert.equal((await site.post(path, {}, operator)).statusCode, 403);
  await site.close();
});
