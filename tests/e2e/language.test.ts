// SPDX-License-Identifier: EUPL-1.2
/** Acceptance tasks 1–3 of the parents' pages in a second language, and that English fits a 320 px phone. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { routes as publicRoutes } from "../../src/surfaces/public/routes.ts";
import {
  axe,
  browserMissing,
  newPhonePage,
  openBrowser,
  widerThanWindow,
} from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { at, closeThe, portalHome, TUESDAY } from "../support/portal.ts";
import type { TestSite } from "../support/site.ts";

let base: TestDatabase;
let browser: Browser | undefined;
before(async () => {
  base = await testDatabase();
  if (!browserMissing) browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await base.close();
});

interface There {
  page: Page;
  site: TestSite;
  origin: string;
}

/** Sara on her phone, which speaks English. */
async function there(t: TestContext, time: string, javaScript: boolean): Promise<There> {
  const routes = [...publicRoutes, ...portalRoutes];
  const { site, sara } = await portalHome(base.db, { routes, now: at(TUESDAY, time) });
  const origin = await site.listen();
  const page = await newPhonePage(browser!, { javaScript, context: { locale: "en-GB" } });
  const [name = "", value = ""] = sara.cookie.split("=");
  await page.context().addCookies([{ name, value, url: origin }]);
  t.after(async () => {
    await page.context().close();
    await site.close();
  });
  await page.goto(`${origin}/oggi`);
  return { page, site, origin };
}

async function sees(page: Page, ...words: (string | RegExp)[]): Promise<void> {
  const text = (await page.locator("body").innerText()).replace(/\s+/g, " ");
  for (const word of words)
    assert.ok(
      typeof word === "string" ? text.includes(word) : word.test(text),
      `"${String(word)}" is not in: ${text.slice(0, 1500)}`,
    );
}

async function press(page: Page, name: string): Promise<void> {
  const url = page.url();
  await page.getByRole("button", { name, exact: true }).last().click();
  await page.waitForURL((now) => now.href !== url);
  await page.waitForLoadState();
}

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without JavaScript";
  describe(`the portal's tasks in English ${how}`, { skip: browserMissing }, () => {
    it("tasks 1 and 2 BO-09 X-01 cancel today, undo it, a stranger checks the code", async (t) => {
      const { page, origin } = await there(t, "08:41:07", javaScript);
      await sees(page, "Present", "Meals can be cancelled until 9:00", "If eaten: 4,60 €");
      await press(page, "Cancel today's meal for Giulia");
      await sees(page, "Meal cancelled", "8:41:07", "No charge");
      const code = new URL(page.url()).pathname.slice("/ricevute/".length);
      await page.goto(`${origin}/oggi`);
      await press(page, "Undo the cancellation for Giulia");
      await sees(page, "Present", "Who and when", "Cancellation undone", "Meal cancelled");
      const context = { locale: "en-GB" };
      const stranger = await newPhonePage(browser!, { javaScript, context });
      t.after(() => stranger.context().close());
      await stranger.goto(`${origin}/verifica`);
      await stranger.getByLabel("Code of the receipt").fill(code);
      await press(stranger, "Verify");
      await sees(stranger, "Genuine receipt", "G. F.");
      assert.doesNotMatch(await stranger.locator("body").innerText(), /Giulia|Ferrando/);
    });

    it("task 3 X-02 page open since 8:50, tap at 9:00:03: refusal, charge, first useful day", async (t) => {
      const { page, site } = await there(t, "08:50:00", javaScript);
      site.setClock(at(TUESDAY, "09:00:03"));
      await press(page, "Cancel today's meal for Giulia");
      await sees(
        page,
        "Cancellation not accepted",
        "Arrived at 9:00:03, limit 9:00:00.",
        "The meal is still charged: 4,60 €.",
        "Cancel Thursday 26 November",
        "Dispute",
      );
    });

    it("the language is changed on any page and stays changed", async (t) => {
      const { page, origin } = await there(t, "08:40:00", javaScript);
      await page.goto(`${origin}/altro`);
      await page.locator("main").getByRole("link", { name: "Italiano" }).click();
      await page.waitForLoadState();
      await sees(page, "Dati e contatti");
      await page.goto(`${origin}/oggi`);
      await sees(page, "Disdici il pasto di oggi");
    });
  });
}

describe("the portal in English on a small phone", { skip: browserMissing }, () => {
  it("passes axe and never scrolls sideways at 320 px", async (t) => {
    const { page, site, origin } = await there(t, "08:40:00", true);
    await closeThe(site, "2026-11-10");
    await page.setViewportSize({ width: 320, height: 640 });
    for (const path of [
      ...[
        "/oggi",
        "/figli/giulia",
        "/figli/giulia/calendario",
        "/figli/giulia/calendario?scegli=1",
      ],
      ...["/figli/giulia/giorni/2026-11-24", "/figli/giulia/giorni/2026-11-10"],
      ...["/figli/giulia/assenze", "/figli/giulia/assenze/nuova?passo=2&per=giulia"],
      "/figli/giulia/assenze/nuova?passo=3&per=giulia&dal=2026-11-25&al=2026-11-30",
      ...[`/disdici?giorno=${TUESDAY}`, "/ricevute", "/pagamenti", "/borsellino", "/messaggi"],
      ...["/dati", "/dati/modifica", "/altro", "/aiuto", "/verifica", "/accedi", "/servizi"],
      ...["/sportello", "/privacy", "/accessibilita", "/note-legali"],
    ]) {
      await page.goto(origin + path);
      assert.deepEqual(await axe(page), [], path);
      assert.deepEqual(await widerThanWindow(page), [], path);
    }
  });
});
