// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { changeMeals } from "#booking";
import { putClosures } from "#calendar";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { axe, browserMissing, screenshot, widerThanWindow } from "../support/browser.ts";
import { at as moment, TUESDAY } from "../support/portal.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";
import { browserStage, type Place, type Screen, type Visitor } from "../support/visitor.ts";

const at = (time: string): Temporal.Instant => moment(TUESDAY, time);

describe("the kitchen in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();
  let pineta: Place;
  before(async () => {
    pineta = await stage.place({ now: at("08:40:00") });
  });

  async function cook(
    of: Place,
    how: { screen?: Screen; javaScript?: boolean } = {},
  ): Promise<Visitor> {
    const as = await of.site.signInAs("kitchen", { name: "Cucina Pineta" });
    return of.visit(as, "/cucina", how);
  }

  it("follows by itself what a parent cancels elsewhere", async () => {
    const { page } = await cook(pineta, { screen: "desktop" });
    assert.match(await page.locator(".figure-strong dd").innerText(), /^2/);
    const { place } = pineta.site;
    await place.town.write((tx) =>
      changeMeals(tx, {
        actor: place.sara,
        channel: "portal",
        act: "cancel",
        serviceId: place.serviceId,
        items: [{ childId: place.giulia, date: day(TUESDAY) }],
        receivedAt: at("08:41:07"),
        now: at("08:41:07"),
        idempotencyKey: newId(),
        receiptKey: RECEIPT_KEY,
      }),
    );
    await page.locator(".figure-strong dd").filter({ hasText: /^\s*1/ }).waitFor();
    assert.deepEqual(await axe(page), []);
    await screenshot(page, "kitchen-desktop");
  });

  for (const javaScript of [true, false])
    it(`task 13 ${javaScript ? "with" : "without"} JavaScript: totals without scrolling; a closure, seen in two taps`, async () => {
      const own = await stage.place({ now: at("09:06:00") });
      const { place } = own.site;
      const { page } = await cook(own, { javaScript });
      assert.ok(await page.getByText("Bloccato alle 9:06").isVisible());
      const box = await page.locator(".figure-strong").boundingBox();
      assert.ok(box && box.y + box.height <= 640, "the total is on the first screen");
      const closure = { id: newId(), serviceId: null, siteId: place.siteId, classId: null };
      const alert = { reason: "weather" as const, note: "", from: day(TUESDAY), to: day(TUESDAY) };
      await place.town.write((tx) =>
        putClosures(tx, [{ ...closure, ...alert }], { name: "ufficio", at: at("10:00:00") }),
      );
      own.site.setClock(at("10:01:00"));
      await page.reload();
      assert.ok(await page.getByText("1 differenza dopo le 9:06 (-2)").isVisible());
      assert.deepEqual(await widerThanWindow(page), []);
      if (javaScript) await screenshot(page, "kitchen-phone");
      await page.getByRole("link", { name: "Vedi le differenze" }).click();
      await page.getByText("Chiuso: allerta meteo").waitFor();
      await page.getByRole("button", { name: "Presa visione" }).click();
      await page.getByText(/Presa visione alle 10:01, Cucina Pineta/).waitFor();
    });
});
