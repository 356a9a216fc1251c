// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { changeMeals } from "#booking";
import { putClosures } from "#calendar";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import {
  axe,
  browserMissing,
  newDesktopPage,
  newPhonePage,
  openBrowser,
  screenshot,
  widerThanWindow,
} from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

const TUESDAY = "2026-11-24";
const at = (time: string): Temporal.Instant => moment(`${TUESDAY}T${time}+01:00`);

describe("the kitchen in a browser", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let browser: Browser;
  let site: TestSite;
  let address: string;
  let cook: SignedIn;
  before(async () => {
    base = await testDatabase();
    browser = await openBrowser();
    site = await testSite(base.db, { routes: wholeSite.routes, now: at("08:40:00") });
    address = await site.listen();
    cook = await site.signInAs("kitchen", { name: "Cucina Pineta" });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await base?.close();
  });

  async function open(page: Page, path: string, as: SignedIn, origin = address): Promise<Page> {
    const [name = "", value = ""] = as.cookie.split("=");
    await page.context().addCookies([{ name, value, url: origin }]);
    await page.goto(origin + path);
    return page;
  }
  const total = (page: Page) => page.locator(".figure-strong dd").innerText();

  it("follows by itself what a parent cancels elsewhere", async () => {
    const page = await open(await newDesktopPage(browser), "/cucina", cook);
    assert.match(await total(page), /^2/);
    const { place } = site;
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
    await page.waitForFunction(
      () => document.querySelector(".figure-strong dd")?.textContent?.trim().startsWith("1"),
      undefined,
      { timeout: 20_000 },
    );
    assert.deepEqual(await axe(page), []);
    await screenshot(page, "kitchen-desktop");
    await page.context().close();
  });

  for (const javaScript of [true, false])
    it(`task 13 ${javaScript ? "with" : "without"} JavaScript: totals without scrolling; a closure, seen in two taps`, async () => {
      const own = await testSite(base.db, { routes: wholeSite.routes, now: at("09:06:00") });
      try {
        await seeClosure(own, javaScript);
      } finally {
        await own.close();
      }
    });

  async function seeClosure(own: TestSite, javaScript: boolean): Promise<void> {
    const { place } = own;
    const origin = await own.listen();
    const signed = await own.signInAs("kitchen", { name: "Cucina Pineta" });
    const page = await open(await newPhonePage(browser, { javaScript }), "/cucina", signed, origin);
    assert.ok(await page.getByText("Bloccato alle 9:06").isVisible());
    const box = await page.locator(".figure-strong").boundingBox();
    assert.ok(box && box.y + box.height <= 640, "the total is on the first screen");
    const weather = { reason: "weather" as const, note: "", from: day(TUESDAY), to: day(TUESDAY) };
    const closure = { id: newId(), serviceId: null, siteId: place.siteId, classId: null };
    await place.town.write((tx) =>
      putClosures(tx, [{ ...closure, ...weather }], { name: "ufficio", at: at("10:00:00") }),
    );
    own.setClock(at("10:01:00"));
    await page.reload();
    assert.ok(await page.getByText("1 differenza dopo le 9:06 (-2)").isVisible());
    assert.deepEqual(await widerThanWindow(page), []);
    if (javaScript) await screenshot(page, "kitchen-phone");
    await page.getByRole("link", { name: "Vedi le differenze" }).click();
    assert.ok(await page.getByText("Chiuso: allerta meteo").isVisible());
    await page.getByRole("button", { name: "Presa visione" }).click();
    await page.getByText(/Presa visione alle 10:01, Cucina Pineta/).waitFor();
    await page.context().close();
  }
});
