// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { updateContacts } from "#families";
import { moment } from "#kernel/dates.ts";
import { messagesOf } from "#messaging";
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

const at = (time: string): Temporal.Instant => moment(`2026-11-24T${time}+01:00`);
const MOBILE = "333 123 4567";

describe("the office in a browser", { skip: browserMissing }, () => {
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

  async function start(t: { after(work: () => Promise<void>): void }, time: string) {
    const site = await testSite(base.db, { routes: wholeSite.routes, now: at(time) });
    t.after(() => site.close());
    const { place } = site;
    await place.town.write((tx) =>
      updateContacts(tx, {
        actor: place.sara,
        personId: place.sara.personId!,
        phone: MOBILE,
        at: at(time),
      }),
    );
    const origin = await site.listen();
    return {
      site,
      async open(page: Page, as: "office" | "guardian" = "office"): Promise<Page> {
        const name = as === "office" ? "M. Conti" : "Sara Ferrando";
        const { cookie } = await site.signInAs(as, { name });
        const [key = "", value = ""] = cookie.split("=");
        await page.context().addCookies([{ name: key, value, url: origin }]);
        await page.goto(`${origin}${as === "office" ? "/ufficio" : "/oggi"}`);
        return page;
      },
    };
  }

  /** Counts what a person does: taps, and pages seen. */
  function counter(page: Page): {
    tap(selector: string): Promise<void>;
    taps: number;
    pages: number;
  } {
    const count = {
      taps: 0,
      pages: 1,
      async tap(selector: string): Promise<void> {
        count.taps += 1;
        const before = page.url();
        const element = page.locator(selector).first();
        const leaves = (await element.getAttribute("type")) !== "radio";
        await (leaves
          ? Promise.all([page.waitForURL((url) => url.href !== before), element.click()])
          : element.click());
        if (leaves) count.pages += 1;
      },
    };
    return count;
  }

  const told = async (site: TestSite): Promise<string[]> =>
    (
      await site.place.town.read((tx) =>
        messagesOf(tx, { holderIds: [site.place.holderId], limit: 10 }),
      )
    ).map(({ kind }) => kind);

  for (const javaScript of [true, false])
    it(`task 14: a weather alert at 7:10, every school closed in 4 taps, ${javaScript ? "with" : "without"} JavaScript`, async (t) => {
      const { site, open } = await start(t, "07:10:00");
      const page = await open(await newDesktopPage(browser, { javaScript }));
      const doing = counter(page);
      await doing.tap("text=Chiudi scuole…");
      const body = await page.textContent("main");
      assert.match(
        body!.replace(/\s+/g, " "),
        /2 pasti in meno, 9,20 € non addebitati, 1 famiglia/,
      );
      assert.deepEqual(await told(site), [], "effects before anybody is told");
      await doing.tap("input[name=motivo][value=weather]");
      await doing.tap("text=Chiudi e avvisa 1 famiglia");
      assert.ok(doing.taps <= 4 && doing.pages <= 4, `${doing.taps} taps, ${doing.pages} pages`);
      assert.deepEqual(await told(site), ["closure"]);
      await screenshot(page, `office-closure${javaScript ? "" : "-no-script"}`);
      await doing.tap("text=Annulla la chiusura");
      assert.deepEqual((await told(site)).toSorted(), ["closure", "closure-cancelled"]);
      await page.context().close();
    });

  it("task 15 X-15: a father on the phone, found by number, cancelled at the desk, seen by the family", async (t) => {
    const { open } = await start(t, "08:41:00");
    const page = await open(await newDesktopPage(browser));
    const doing = counter(page);
    await page.keyboard.press("/");
    await page.keyboard.type("3331234567");
    await doing.tap(".search button");
    assert.match(await page.innerText("h1"), /Famiglia Ferrando/);
    await screenshot(page, "office-family", { fullPage: true });
    await doing.tap("text=Apri lo sportello");
    await doing.tap("input[name=motivo][value=telefonata]");
    await doing.tap("main button[type=submit]");
    assert.match(await page.innerText(".strip-desk"), /Motivo: telefonata/);
    await doing.tap("main form.action-form button");
    const receipt = await page.innerText("main");
    assert.match(receipt, /[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/);
    assert.ok(doing.taps <= 6 && doing.pages <= 5, `${doing.taps} taps, ${doing.pages} pages`);
    await screenshot(page, "office-desk-receipt");
    await page.locator(".strip-desk button").click();
    await page.waitForURL(/famiglie/);
    assert.match(await page.innerText("main"), /Pasto disdetto/);
    await page.context().close();
    const family = await open(await newPhonePage(browser), "guardian");
    await family.goto(new URL("/ricevute", family.url()).href);
    await family.locator("main a", { hasText: "Pasto disdetto" }).click();
    assert.match(await family.innerText("main"), /Sportello: M\. Conti/);
    await family.context().close();
  });

  it("finds as one types, with the key /", async (t) => {
    const { open } = await start(t, "08:41:00");
    const page = await open(await newDesktopPage(browser));
    await page.goto(new URL("/ufficio/cerca", page.url()).href);
    await page.keyboard.press("/");
    await page.keyboard.type("ferr giul", { delay: 20 });
    await page.waitForSelector("#risultati >> text=Ferrando Giulia");
    assert.match(page.url(), /q=ferr\+giul/);
    await page.context().close();
  });

  it("every page is clean for axe, on a phone of 320 px nothing is wider than the window", async (t) => {
    const { site, open } = await start(t, "10:00:00");
    const { place } = site;
    const family = `/ufficio/famiglie/${place.holderId}`;
    const paths = [
      "/ufficio",
      "/ufficio/cerca?q=ferrando",
      family,
      `${family}/sportello`,
      `${family}/credito`,
      `${family}/estratto-conto`,
      `${family}/persone/${place.sara.personId}/contatti`,
      `${family}/persone/${place.giulia}/codice-fiscale`,
      `${family}/figli/${place.giulia}/isee`,
      `${family}/figli/${place.giulia}/dieta`,
      `/ufficio/figli/${place.giulia}/intestatario`,
      `/ufficio/classi/${place.classId}`,
      "/ufficio/giornate",
      `/ufficio/giornate/2026-11-24/${place.siteId}`,
      `/ufficio/giornate/2026-11-24/classi/${place.classId}`,
      `/ufficio/giornate/2026-11-24/classi/${place.classId}/${place.giulia}`,
      "/ufficio/chiusure",
      "/ufficio/chiusure/nuova",
      "/ufficio/avvisi",
      "/ufficio/contestazioni",
      "/ufficio/compiti",
      "/ufficio/calendario?prova=giulia",
      "/ufficio/tariffe?prova=1",
      "/ufficio/importazioni",
      "/ufficio/impostazioni",
    ];
    const phone = await open(
      await newPhonePage(browser, { context: { viewport: { width: 320, height: 640 } } }),
    );
    const desktop = await open(await newDesktopPage(browser));
    for (const path of paths) {
      const answer = await phone.goto(new URL(path, phone.url()).href);
      assert.equal(answer?.status(), 200, path);
      assert.deepEqual(await widerThanWindow(phone), [], path);
      assert.deepEqual(await axe(phone), [], `${path} on the phone`);
      await desktop.goto(new URL(path, desktop.url()).href);
      assert.deepEqual(await axe(desktop), [], `${path} on the desktop`);
    }
    await phone.context().close();
    await desktop.context().close();
  });
});
