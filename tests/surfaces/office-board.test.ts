// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { correctAttendance } from "#attendance";
import { putClasses, putClassSessions, putSites, townCalendar } from "#calendar";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration } from "#tenancy";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { at, closeThe, readPage, textOf, TUESDAY } from "../support/portal.ts";
import { testSite } from "../support/site.ts";
import { manyFamilies, RIENTRI, type SmallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

/** Classes of a second school, one child in each. */
async function addClasses(place: SmallTown, names: readonly string[]): Promise<void> {
  const families = await manyFamilies(place, names.length);
  await place.town.write(async (tx) => {
    const siteId = (await townCalendar(tx)).sites
      .values()
      .find(({ name }) => name === "Infanzia Pineta")?.id;
    const pineta = siteId ?? newId();
    const level = "infanzia" as const;
    const rest = { ministryCode: null, address: "", assumedReason: null };
    if (!siteId) await putSites(tx, [{ id: pineta, name: "Infanzia Pineta", level, ...rest }]);
    const classes = names.map((name) => ({
      id: newId(),
      siteId: pineta,
      year: 2026,
      grade: Number(name[0]),
      section: name.slice(1),
    }));
    await putClasses(tx, classes);
    const from = day("2026-09-14");
    await putClassSessions(
      tx,
      classes.map(({ id: classId }) => ({
        id: newId(),
        serviceId: place.serviceId,
        classId,
        weekdays: RIENTRI,
        weekdaysB: null,
        weekAMonday: null,
        from,
        to: null,
      })),
    );
    // They were put in 3A, where nobody stays but the Ferrandos.
    const childIds = families.map(({ childId }) => childId);
    for (const [index, childId] of childIds.entries())
      await tx.run(sql`update class_membership set class_id = ${classes[index]!.id}
        where tenant_id = ${tx.tenantId} and child_id = ${childId}`);
    await bumpConfiguration(tx);
  });
}

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

it("BI-03 many silent classes: five are named, school by school, the others stay behind a fold", async (t) => {
  const settings = { absences: { reportedBy: "school" as const } };
  const now = at(TUESDAY, "09:10:00");
  const site = await testSite(base.db, { routes, now, town: { settings } });
  t.after(() => site.close());
  const { place } = site;
  const office = await site.signInAs("office");
  await addClasses(place, ["1B", "1C", "1D", "1E"]);
  const board = await readPage(site, "/ufficio", office);
  assert.match(board, /Nessuna notizia da: 1B, 1C, 1D, 1E \(Infanzia Pineta\), 3A \(Primaria M/);
  await addClasses(place, ["2B"]);
  const six = (await site.get("/ufficio", office)).body;
  assert.doesNotMatch(six, /<details class="fold"/, "one more is named, not hidden");
  await addClasses(place, ["2C", "2D"]);
  for (const page of ["/ufficio", "/ufficio/giornate"]) {
    const { body } = await site.get(page, office);
    assert.deepEqual(htmlProblems(body), []);
    const text = textOf(body);
    assert.match(text, /Nessuna notizia da: 1B, 1C, 1D, 1E, 2B \(Infanzia Pineta\)/, page);
    assert.match(text, /Altre 3 classi Infanzia Pineta: 2C, 2D Primaria Milano: 3A/, page);
  }
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
