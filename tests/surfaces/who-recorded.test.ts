// SPDX-License-Identifier: EUPL-1.2
/** Who recorded a child's day, in the words of the parents' pages: school, office, family, nobody. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { correctAttendance, submitRollCall } from "#attendance";
import { chargesOf } from "#billing";
import type { Role } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { at, closeThe, portalHome, readPage, TUESDAY } from "../support/portal.ts";
import type { TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function home(t: TestContext) {
  const found = await portalHome(base.db, {
    routes: [...portalRoutes, ...officeRoutes],
    now: at(TUESDAY, "10:30:00"),
  });
  t.after(() => found.site.close());
  return found;
}

const correct = (
  { place }: TestSite,
  of: { role: Role; name: string; status: "present" | "absent"; time: string },
) =>
  place.town.write((tx) =>
    correctAttendance(tx, {
      actor: { ...place.sara, role: of.role, name: of.name, personId: null },
      serviceId: place.serviceId,
      classId: place.classId,
      childId: place.giulia,
      date: day(TUESDAY),
      status: of.status,
      reason: "verificato",
      receivedAt: at(TUESDAY, of.time),
      now: at(TUESDAY, of.time).add({ milliseconds: 40 }),
    }),
  );

const DAY = `/figli/giulia/giorni/${TUESDAY}`;

describe("who recorded a child's day", () => {
  it("X-09 a correction of the office is the office's, one of the school the school's, in both languages", async (t) => {
    const { site, sara } = await home(t);
    const school = { role: "school", name: "Anna B.", status: "absent", time: "09:12" } as const;
    await correct(site, school);
    for (const page of ["/oggi", DAY])
      assert.match(
        await readPage(site, page, sara),
        /Assente, rilevato a scuola alle 9:12\./,
        page,
      );
    const office = { role: "office", name: "M. Conti", status: "present", time: "10:05" } as const;
    await correct(site, office);
    for (const page of ["/oggi", DAY])
      assert.match(
        await readPage(site, page, sara),
        /Presente, registrato dall'ufficio alle 10:05\./,
        page,
      );
    const past = await readPage(site, DAY, sara);
    assert.match(past, /Presente, corretto \(verificato\) .*ufficio, M\. Conti/);
    assert.match(past, /Assente, corretto \(verificato\) .*scuola, Anna B\./);
    const english = { ...sara, cookie: `${sara.cookie}; campanella_lang=en` };
    const translated = await readPage(site, DAY, english);
    assert.match(translated, /Present, recorded by the school office at 10:05\./);
    assert.match(translated, /school office, M\. Conti/);
  });

  it("X-09 a roll call that the office sends for a class is the office's", async (t) => {
    const { site, sara } = await home(t);
    const { place } = site;
    await place.town.write((tx) =>
      submitRollCall(tx, {
        actor: { ...place.sara, role: "office", name: "M. Conti", personId: null },
        serviceId: place.serviceId,
        classId: place.classId,
        date: day(TUESDAY),
        phase: "morning",
        absentIds: [place.giulia],
        walkInIds: [],
        unknownWalkIns: [],
        receivedAt: at(TUESDAY, "09:12:00"),
        now: at(TUESDAY, "09:12:01"),
        idempotencyKey: newId(),
      }),
    );
    const text = await readPage(site, DAY, sara);
    assert.match(text, /Assente, registrato dall'ufficio alle 9:12\./);
    assert.match(text, /Assente, rilevato all'appello .*ufficio, M\. Conti/);
  });

  it("X-09 the reasons of a charge name the kind of recorder; a presumed day has none", async (t) => {
    const { site, sara } = await home(t);
    await correct(site, { role: "office", name: "M. Conti", status: "present", time: "10:05" });
    await closeThe(site, TUESDAY);
    const { place } = site;
    const charges = await place.town.read((tx) =>
      chargesOf(tx, {
        childIds: [place.giulia, place.tommaso],
        from: day(TUESDAY),
        to: day(TUESDAY),
      }),
    );
    const page = (childId: string) =>
      readPage(site, `/addebiti/${charges.find((one) => one.childId === childId)!.id}`, sara);
    assert.match(await page(place.giulia), /Registrata da ufficio, M\. Conti/);
    assert.match(await page(place.tommaso), /Registrata da chiusura automatica/);
    const clerk = await site.signInAs("office-manager");
    const { id } = charges.find((one) => one.childId === place.giulia)!;
    assert.match(await readPage(site, `/ufficio/addebiti/${id}`, clerk), /ufficio, M\. Conti/);
    const list = `/ufficio/giornate/${TUESDAY}/classi/${place.classId}/${place.giulia}`;
    assert.match(await readPage(site, list, clerk), /Chi e quando .*ufficio, M\. Conti/);
  });
});
