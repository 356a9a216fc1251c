// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { attendanceOn } from "#attendance";
import { changeMeals } from "#booking";
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
import { testSite, type TestSite } from "../support/site.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

const TUESDAY = "2026-11-24";
const at = (time: string): Temporal.Instant => moment(`${TUESDAY}T${time}+01:00`);
const TABLET = { viewport: { width: 1024, height: 768 }, hasTouch: true };

describe("the school in a browser", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let browser: Browser;
  before(async () => {
    base = await testDatabase();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await base?.close();
  });

  async function start(): Promise<{ site: TestSite; open(page: Page): Promise<Page> }> {
    const site = await testSite(base.db, {
      routes: wholeSite.routes,
      now: at("08:42:00"),
      town: { settings: { attendance: { mode: "roll-call" }, absences: { reportedBy: "both" } } },
    });
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
    const anna = await site.signInAs("school", { name: "Anna B.", siteIds: [place.siteId] });
    const origin = await site.listen();
    return {
      site,
      async open(page) {
        const [name = "", value = ""] = anna.cookie.split("=");
        await page.context().addCookies([{ name, value, url: origin }]);
        await page.goto(`${origin}/scuola`);
        return page;
      },
    };
  }

  const statuses = async (site: TestSite): Promise<string[]> => {
    const { serviceId, giulia, tommaso } = site.place;
    const rows = await site.place.town.read((tx) =>
      attendanceOn(tx, { serviceId, date: day(TUESDAY) }),
    );
    const of = (id: string) => rows.find(({ childId }) => childId === id)?.status ?? "none";
    return [of(giulia), of(tommaso)];
  };

  it("PE-02 X-03 takes the roll: one absent, one cancelled child who is there; the counts follow the taps", async () => {
    const { site, open } = await start();
    const page = await open(await newDesktopPage(browser, { context: TABLET }));
    await page.getByRole("link", { name: /3A/ }).click();
    await page.getByRole("button", { name: "Invia l'appello: 1 pasto" }).waitFor();
    const row = page.locator(".roll-label", { hasText: "Ferrando Tommaso" });
    const height = (await row.boundingBox())!.height;
    assert.ok(height >= 60, `rows are large targets, not ${height} px`);
    await row.click();
    await page.getByRole("button", { name: "Invia l'appello: 0 pasti" }).waitFor();
    await page.getByLabel(/Disdetto dalla famiglia alle 8:41\. È presente\?/).check();
    assert.deepEqual(await axe(page), []);
    await screenshot(page, "roll-call-tablet");
    await page.getByRole("button", { name: "Invia l'appello: 1 pasto" }).click();
    await page.getByText("Inviato alle 8:42", { exact: true }).waitFor();
    assert.deepEqual(await statuses(site), ["present", "absent"]);
    await page.context().close();
    await site.close();
  });

  it("does the same without JavaScript on a phone, and nothing is wider than 320 px", async () => {
    const { site, open } = await start();
    const page = await open(await newPhonePage(browser, { javaScript: false }));
    await page.getByRole("link", { name: /3A/ }).click();
    await page.locator(".roll-label", { hasText: "Ferrando Tommaso" }).click();
    await page.getByRole("button", { name: /Invia l'appello/ }).click();
    await page.getByText("Inviato alle 8:42", { exact: true }).waitFor();
    assert.deepEqual(await statuses(site), ["none", "absent"]);
    const check = await newPhonePage(browser);
    await open(check);
    await check.setViewportSize({ width: 320, height: 640 });
    assert.deepEqual(await widerThanWindow(check), []);
    await check.getByRole("link", { name: /3A/ }).click();
    assert.deepEqual(await widerThanWindow(check), []);
    assert.deepEqual(await axe(check), []);
    await screenshot(check, "roll-call-phone", { fullPage: true });
    await check.context().close();
    await page.context().close();
    await site.close();
  });
});
