// SPDX-License-Identifier: EUPL-1.2
/** The catering company at its screen, the office with its news, a family that reads them: on a phone, with and without JavaScript. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { closeDay } from "#billing";
import { day } from "#kernel/dates.ts";
import { freezeDueOrders } from "#kitchen";
import { browserMissing, screenshot, widerThanWindow } from "../support/browser.ts";
import { at as moment, TUESDAY } from "../support/portal.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

const MONDAY = "2026-11-23";
const at = (time: string): Temporal.Instant => moment(TUESDAY, time);

describe("the catering company in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();
  let place: Place;
  before(async () => {
    place = await stage.place({ now: at("09:06:00") });
    const { serviceId, siteId, town } = place.site.place;
    const of = { serviceId, date: day(MONDAY), now: moment(MONDAY, "09:01:00"), by: "tick" };
    await town.write((tx) => freezeDueOrders(tx, of));
    await closeDay(town, {
      ...{ serviceId, siteId, date: day(MONDAY), by: "ufficio", now: at("08:00:00") },
    });
  });

  for (const javaScript of [true, false]) {
    const how = javaScript ? "with" : "without";
    /** axe needs JavaScript in the page; the window does not. */
    const fits = async (visitor: Visitor): Promise<void> =>
      javaScript
        ? visitor.isAccessible({ width: 360 })
        : assert.deepEqual(await widerThanWindow(visitor.page), []);
    it(`X-14 ${how} JavaScript: the day and the month as numbers, in a phone's window`, async () => {
      const caterer = await place.site.signInAs("caterer", { name: "S. Fontana" });
      const visitor = await place.visit(caterer, "/ristorazione", { javaScript });
      await visitor.sees("Pasti di oggi, martedì 24 novembre", "Bloccato alle 9:06");
      const box = await visitor.page.locator(".figure-strong").boundingBox();
      assert.ok(box && box.y + box.height <= 640, "the total is on the first screen");
      await fits(visitor);
      if (javaScript) await screenshot(visitor.page, "caterer-day-phone");
      await visitor.open("/ristorazione/mese?mese=2026-11");
      await visitor.sees("Pasti di novembre 2026", "Lunedì 23 novembre", "da chiudere");
      await fits(visitor);
      if (javaScript) await screenshot(visitor.page, "caterer-month-phone");
    });

    it(`PE-08 BO-21 ${how} JavaScript: the caterer writes, everybody reads, the office takes it back`, async () => {
      const title = `Menù invernale, ${how}`;
      const caterer = await place.site.signInAs("caterer", { name: "S. Fontana" });
      const writer = await place.visit(caterer, "/ristorazione/novita", { javaScript });
      await writer.tap(writer.link("Scrivi una novità"));
      await fits(writer);
      await writer.page.getByLabel("Titolo").fill(title);
      await writer.page.getByLabel("Testo").fill("Da lunedì.\nZuppe calde.");
      await writer.tap(writer.button("Pubblica la novità"));
      await writer.sees("Novità pubblicata.", title);
      await fits(writer);

      const sara = await place.site.signInAs("guardian");
      const reader = await place.visit(sara, "/altro", { javaScript });
      await reader.tap(reader.link("Novità"));
      await reader.sees(title, "Gestore della ristorazione", "Zuppe calde.");
      await fits(reader);
      if (javaScript) await screenshot(reader.page, "news-phone");

      const office = await place.site.signInAs("office", { name: "M. Conti" });
      const officer = await place.visit(office, "/ufficio/novita", { javaScript });
      await officer.tap(officer.link(title));
      await officer.page.getByLabel("Motivo").fill("prezzo errato");
      await fits(officer);
      await officer.tap(officer.button("Ritira la novità"));
      await officer.sees("Novità ritirata.");
      await fits(officer);
      await reader.open("/novita");
      assert.ok(!(await reader.reads()).includes(title));
    });
  }
});
