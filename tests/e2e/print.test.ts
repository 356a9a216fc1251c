// SPDX-License-Identifier: EUPL-1.2
/** What leaves on paper: one class on one sheet, a notice that says who pays what and how. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { drawMonth } from "#billing";
import { day } from "#kernel/dates.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { routes as schoolRoutes } from "../../src/surfaces/school/routes.ts";
import { browserMissing, newDesktopPage, openBrowser } from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";
import { manyFamilies } from "../support/small-town.ts";

/** Mondays, Tuesdays and Thursdays with service */
const OCTOBER = ["05", "06", "08", "12", "13", "15", "19", "20", "22", "26", "27", "29"];

describe("paper", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let browser: Browser;
  let site: TestSite;
  let address: string;
  before(async () => {
    base = await testDatabase();
    browser = await openBrowser();
    const now = at(TUESDAY, "08:40:00");
    site = await testSite(base.db, { routes: [...portalRoutes, ...schoolRoutes], now });
    await manyFamilies(site.place, 23);
    address = await site.listen();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await base?.close();
  });

  /** Number of A4 pages, and what of the page is printed. */
  async function printed(path: string, as: SignedIn): Promise<{ pages: number; text: string }> {
    const page = await newDesktopPage(browser);
    const [name = "", value = ""] = as.cookie.split("=");
    await page.context().addCookies([{ name, value, url: address }]);
    await page.goto(new URL(path, address).href);
    await page.emulateMedia({ media: "print" });
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const text = (await page.locator("body").innerText()).replace(/\s+/g, " ");
    await page.context().close();
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    return { pages, text };
  }

  it("PE-06 a class of 25 with the rows to fill in by hand is one sheet that names the class", async () => {
    const school = await site.signInAs("school", { siteIds: [site.place.siteId] });
    const path = `/scuola/${site.place.classId}/foglio?giorno=${TUESDAY}`;
    const { pages, text } = await printed(path, school);
    assert.match(text, /attesi 25/);
    assert.match(text, /Bambino · 3A, Primaria Milano/);
    assert.equal(pages, 1);
  });

  it("BO-02 a notice names who pays and the code, without links; how to pay stays with the total", async () => {
    for (const date of OCTOBER) await closeThe(site, `2026-10-${date}`);
    const { place } = site;
    const drawn = await place.town.write((tx) =>
      drawMonth(tx, {
        serviceId: place.serviceId,
        month: day("2026-10-01"),
        now: at("2026-11-02", "09:00:00"),
        today: day("2026-11-02"),
        by: "ufficio",
      }),
    );
    assert.equal(drawn.outcome, "drawn");
    const sara = await site.signInAs("guardian");
    const list = (await site.get("/pagamenti", sara)).body;
    const { pages, text } = await printed(/\/pagamenti\/2026\/\d+/.exec(list)![0], sara);
    assert.match(text, /^Comune di Borgo di prova .*Avviso di pagamento: mensa di ottobre 2026/);
    assert.match(text, /Intestatario Sara Ferrando Codice di pagamento \d{9}/);
    assert.match(text, /Totale 55,20 €.*Come si paga/);
    assert.doesNotMatch(text, /Perché\?/);
    assert.equal(pages, 1);
  });
});
