// SPDX-License-Identifier: EUPL-1.2
/** Bills and fixed fees made by the tick, where the town's profile says so. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { billsOf, chargesOf, closeDay, drawMonth } from "#billing";
import { day, momentAt } from "#kernel/dates.ts";
import { messagesOf } from "#messaging";
import { routes } from "../../src/surfaces/office/routes.ts";
import { DueWork } from "../../src/worker/due-work.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { readPage } from "../support/portal.ts";
import { testSite } from "../support/site.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const at = (date: string, time: string) => momentAt(day(date), time);
const AUTOMATIC = { billing: { automatic: true } };

const tick = (place: SmallTown, date: string, time: string, work = new DueWork()) =>
  work.doFor(
    place.town,
    at(date, time),
    () => false,
    (_what, error) => {
      throw error;
    },
  );
const close = (place: SmallTown, date: string) =>
  closeDay(place.town, {
    serviceId: place.serviceId,
    siteId: place.siteId,
    date: day(date),
    by: "ufficio",
    now: at(date, "15:00"),
  });
/** October, but for some days. */
async function october(place: SmallTown, open: readonly string[] = []): Promise<void> {
  for (let date = day("2026-10-01"); date.month === 10; date = date.add({ days: 1 }))
    if (!open.includes(date.toString())) await close(place, date.toString());
}
const bills = (place: SmallTown) =>
  place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));

describe("BO-02 the bills of the month that is over", () => {
  it("are drawn in the morning of the first day, once, and told to the family", async () => {
    const place = await smallTown(base.db, { settings: AUTOMATIC });
    await october(place);
    await tick(place, "2026-10-31", "20:00");
    await tick(place, "2026-11-01", "07:59");
    assert.equal((await bills(place)).length, 0);
    await tick(place, "2026-11-01", "08:01");
    await tick(place, "2026-11-01", "08:02");
    await tick(place, "2026-11-02", "09:30");
    const drawn = await bills(place);
    assert.deepEqual(
      drawn.map(({ month, meals, totalCents }) => [month.toString(), meals, totalCents]),
      [
        ["2026-10-01", 12, 5520n],
        ["2026-10-01", 12, 5520n],
      ],
    );
    const { holderId } = place;
    const told = await place.town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 9 }));
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ["bill-drawn"],
    );
  });

  it("wait for nothing in the month in which the town begins: its board and its work do not fail", async () => {
    for (const [settings, today] of [
      [{}, "2026-08-20"],
      [{}, "2026-09-15"],
      [AUTOMATIC, "2026-08-20"],
      [AUTOMATIC, "2026-09-15"],
    ] as const) {
      const site = await testSite(base.db, {
        routes,
        now: at(today, "08:30"),
        town: { settings },
      });
      await tick(site.place, today, "09:30");
      assert.equal((await site.get("/ufficio", await site.signInAs("office"))).statusCode, 200);
      await site.close();
    }
  });

  it("wait for every day, also into the second month; what the office drew is not drawn again", async () => {
    const place = await smallTown(base.db, { settings: AUTOMATIC });
    await october(place, ["2026-10-06"]);
    await tick(place, "2026-11-02", "08:10");
    await tick(place, "2026-12-01", "08:10");
    assert.deepEqual(
      (await bills(place)).map(({ month }) => month.toString()),
      [],
    );
    await close(place, "2026-10-06");
    await tick(place, "2026-12-01", "09:10");
    assert.deepEqual(
      (await bills(place)).map(({ month }) => month.toString()),
      ["2026-10-01", "2026-10-01"],
    );
    const byHand = await smallTown(base.db, { settings: AUTOMATIC });
    await october(byHand);
    const of = { serviceId: byHand.serviceId, month: day("2026-10-01"), by: "ufficio" };
    const today = day("2026-11-01");
    await byHand.town.write((tx) =>
      drawMonth(tx, { ...of, today, now: at("2026-11-01", "07:00") }),
    );
    await tick(byHand, "2026-11-01", "08:01");
    assert.equal((await bills(byHand)).length, 2);
  });

  it("two processes at once draw them once", async () => {
    const place = await smallTown(base.db, { settings: AUTOMATIC });
    await october(place);
    await Promise.all([
      tick(place, "2026-11-01", "08:01"),
      tick(place, "2026-11-01", "08:01"),
      tick(place, "2026-11-01", "08:01"),
    ]);
    const drawn = await bills(place);
    assert.equal(drawn.length, 2);
    assert.equal(new Set(drawn.map(({ number }) => number)).size, 2);
  });

  it("a month whose bills are all carried forward waits for nothing, and keeps no later month waiting", async (t) => {
    const bill = { grouping: "child" as const, dueDay: 18, minimumCents: 6000 };
    const site = await testSite(base.db, {
      routes,
      now: at("2026-11-02", "08:30"),
      town: { settings: { ...AUTOMATIC, bill } },
    });
    t.after(() => site.close());
    const { place } = site;
    await october(place);
    const office = await site.signInAs("office");
    assert.doesNotMatch(await readPage(site, "/ufficio", office), /Avvisi di ottobre/);
    await tick(place, "2026-11-02", "08:31");
    assert.deepEqual(await bills(place), []);
    for (let date = day("2026-11-01"); date.month === 11; date = date.add({ days: 1 }))
      await close(place, date.toString());
    site.setClock(at("2026-12-01", "07:00"));
    const early = await site.signInAs("office");
    assert.match(await readPage(site, "/ufficio", early), /Avvisi di novembre: pronti, partono da/);
    await tick(place, "2026-12-01", "08:31");
    const drawn = await bills(place);
    assert.deepEqual(
      drawn.map(({ month, meals }) => [month.toString(), meals]),
      [
        ["2026-11-01", 25],
        ["2026-11-01", 25],
      ],
    );
    assert.doesNotMatch(await readPage(site, "/ufficio", early), /Avvisi di/);
  });

  it("are not drawn where the town draws them by hand", async () => {
    const place = await smallTown(base.db);
    await october(place);
    await tick(place, "2026-11-01", "09:00");
    assert.deepEqual(await bills(place), []);
  });

  it("the board says which days they wait for", async (t) => {
    const site = await testSite(base.db, {
      routes,
      now: at("2026-11-02", "08:30"),
      town: { settings: AUTOMATIC },
    });
    t.after(() => site.close());
    await october(site.place, ["2026-10-06", "2026-10-08"]);
    const office = await site.signInAs("office");
    const page = await site.get("/ufficio", office);
    assert.match(page.body, /Avvisi di ottobre: pronti, 2 giornate ancora aperte/);
    assert.match(page.body, /href="\/ufficio\/giornate\?dal=2026-10-06&amp;servizio=/);
    await close(site.place, "2026-10-06");
    await close(site.place, "2026-10-08");
    assert.match(
      await readPage(site, "/ufficio", office),
      /Avvisi di ottobre: pronti, partono da soli/,
    );
    await tick(site.place, "2026-11-02", "08:31");
    assert.doesNotMatch(await readPage(site, "/ufficio", office), /Avvisi di ottobre/);
  });
});

describe("OS-01 fixed fees", () => {
  const tariff = { kind: "fixed-fee", per: "month", base: { kind: "fixed", priceCents: 4500 } };
  const payment = { model: "fixed-fee", accountScope: "child", directDebit: false } as const;
  const fees = async (place: SmallTown) =>
    (
      await place.town.read((tx) =>
        chargesOf(tx, { kind: "fixed-fee", from: day("2026-09-01"), to: day("2027-06-30") }),
      )
    ).length;

  it("of the periods that have begun are posted by the tick, once", async () => {
    const place = await smallTown(base.db, { tariff, settings: { payment, ...AUTOMATIC } });
    await tick(place, "2026-10-02", "07:00");
    assert.equal(await fees(place), 0);
    await tick(place, "2026-10-02", "08:01");
    const posted = await fees(place);
    assert.ok(posted > 0);
    await tick(place, "2026-10-02", "09:01");
    assert.equal(await fees(place), posted);
    await tick(place, "2026-11-01", "08:01");
    assert.equal(await fees(place), posted + 2);
    const byHand = await smallTown(base.db, { tariff, settings: { payment } });
    await tick(byHand, "2026-10-02", "08:01");
    assert.equal(await fees(byHand), 0);
  });
});
