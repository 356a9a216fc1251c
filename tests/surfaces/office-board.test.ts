// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { correctAttendance } from "#attendance";
import { day } from "#kernel/dates.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { at, closeThe, readPage, TUESDAY } from "../support/portal.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

it("MC-04 the board sums the ledger every ten minutes at most and says when; the list is always fresh", async () => {
  const payment = { model: "prepaid" as const, accountScope: "child" as const, directDebit: false };
  const site = await testSite(base.db, {
    routes,
    now: at(TUESDAY, "15:00:00"),
    town: { settings: { payment } },
  });
  const office = await site.signInAs("office");
  assert.doesNotMatch(await readPage(site, "/ufficio", office), /sotto il limite/);
  await closeThe(site, TUESDAY);
  site.setClock(at(TUESDAY, "15:09:00"));
  assert.doesNotMatch(await readPage(site, "/ufficio", office), /sotto il limite/);
  assert.match(await readPage(site, "/ufficio/compiti", office), /Conti sotto il limite/);
  site.setClock(at(TUESDAY, "15:10:00"));
  const fresh = /2 conti sotto il limite del Comune \(alle 15:10\)/;
  assert.match(await readPage(site, "/ufficio", office), fresh);
  site.setClock(at(TUESDAY, "15:19:00"));
  assert.match(await readPage(site, "/ufficio", office), fresh);
  await site.close();
});

it("BI-03 classes that said nothing are named before closing where the school reports; closing is not stopped", async (t) => {
  const settings = { absences: { reportedBy: "school" as const } };
  const site = await testSite(base.db, {
    routes,
    now: at(TUESDAY, "08:10:00"),
    town: { settings },
  });
  t.after(() => site.close());
  const { place } = site;
  const early = await site.signInAs("office");
  const said = /Nessuna notizia da: 3A/;
  const dayPage = `/ufficio/giornate/${TUESDAY}/${place.siteId}`;
  assert.doesNotMatch(await readPage(site, "/ufficio", early), said, "the school has time");
  site.setClock(at(TUESDAY, "09:10:00"));
  const office = await site.signInAs("office");
  for (const page of ["/ufficio", "/ufficio/giornate", dayPage])
    assert.match(await readPage(site, page, office), said, page);
  const closed = await site.post(
    "/ufficio/giornate/chiudi",
    { servizio: place.serviceId, data: TUESDAY, scuole: place.siteId },
    office,
  );
  assert.equal(closed.statusCode, 303);
  for (const page of ["/ufficio", dayPage])
    assert.doesNotMatch(await readPage(site, page, office), said, page);
  assert.match(await readPage(site, dayPage, office), /Chiusa alle 9:10/);
});

it("BI-03 a roll call, or one child reported, is news; where families report nobody is awaited", async (t) => {
  const settings = { absences: { reportedBy: "school" as const } };
  const now = at(TUESDAY, "09:10:00");
  const said = /Nessuna notizia da/;
  const of = async (town: object) => {
    const site = await testSite(base.db, { routes, now, town });
    t.after(() => site.close());
    return { site, office: await site.signInAs("office") };
  };
  const { site, office } = await of({ settings });
  const { place } = site;
  await place.town.write((tx) =>
    correctAttendance(tx, {
      actor: { ...place.sara, role: "school", name: "Anna B.", personId: null },
      serviceId: place.serviceId,
      classId: place.classId,
      childId: place.giulia,
      date: day(TUESDAY),
      status: "absent",
      reason: "a casa",
      receivedAt: now,
      now,
    }),
  );
  assert.doesNotMatch(await readPage(site, "/ufficio", office), said);
  const dayPage = `/ufficio/giornate/${TUESDAY}/${place.siteId}`;
  assert.doesNotMatch(await readPage(site, dayPage, office), said);
  const families = await of({});
  assert.doesNotMatch(await readPage(families.site, "/ufficio", families.office), said);
});
