// SPDX-License-Identifier: EUPL-1.2
/** What every browser test starts with: a town with an address, people in front of a screen, their taps counted. */
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import {
  carryCookie,
  axe,
  browserMissing,
  newDesktopPage,
  newPhonePage,
  openBrowser,
  type PageOptions,
  widerThanWindow,
} from "./browser.ts";
import { testDatabase, type TestDatabase } from "./db.ts";
import { type SignedIn, type SiteOptions, testSite, type TestSite } from "./site.ts";

/** A tablet of a school; a phone is 360×640, a desk 1280×900 */
const TABLET = { viewport: { width: 1024, height: 768 }, hasTouch: true };
const MOST_MS = 30_000;

export type Screen = "phone" | "tablet" | "desktop";

/** One person with a page of their own: counts taps and the pages they led to. */
export class Visitor {
  taps = 0;
  pages = 1;
  readonly page: Page;
  readonly site: TestSite;
  readonly #origin: string;
  constructor(page: Page, site: TestSite, origin: string) {
    this.page = page;
    this.site = site;
    this.#origin = origin;
  }

  /** Goes there by its address; the count begins anew. Gives the status of the answer. */
  async open(path: string): Promise<number> {
    this.taps = 0;
    this.pages = 1;
    return (await this.page.goto(this.#origin + path))?.status() ?? 0;
  }

  button = (name: string | RegExp): Locator => this.page.getByRole("button", { name }).last();
  link = (name: string | RegExp): Locator => this.page.getByRole("link", { name }).last();

  /** A tap that stays on the page: a box to tick. */
  async tick(what: Locator): Promise<void> {
    this.taps += 1;
    await what.check();
  }

  /** A tap that leads on; a sheet over the page counts as a page. */
  async tap(what: Locator): Promise<void> {
    this.taps += 1;
    this.pages += 1;
    if ((await what.getAttribute("data-sheet")) !== null && (await this.#hasScript())) {
      await what.click();
      await this.page.locator("dialog.sheet").waitFor();
      return;
    }
    const url = this.page.url();
    await what.click();
    await this.page.waitForURL((now) => now.href !== url);
    await this.page.waitForLoadState();
  }

  #hasScript(): Promise<boolean> {
    return this.page
      .evaluate(() => document.documentElement.classList.contains("has-script"))
      .catch(() => false);
  }

  /** The words of the whole page, or of a part of it, as they are shown. */
  async reads(part = "body"): Promise<string> {
    await this.page.waitForLoadState("domcontentloaded");
    return (await this.page.locator(part).first().innerText()).replace(/\s+/g, " ");
  }

  /** All of them stand on the page, sooner or later: a tap leads on when the next page comes, not before. */
  async sees(...words: (string | RegExp)[]): Promise<void> {
    const end = performance.now() + MOST_MS;
    for (;;) {
      const text = await this.reads();
      const missing = words.find((word) =>
        typeof word === "string" ? !text.includes(word) : !word.test(text),
      );
      if (missing === undefined) return;
      const said = `"${String(missing)}" is not in: ${text.slice(0, 1500)}`;
      assert.ok(performance.now() < end, said);
      await pause(50);
    }
  }

  within(taps: number, pages: number): void {
    assert.ok(this.taps <= taps, `${this.taps} taps, at most ${taps}`);
    assert.ok(this.pages <= pages, `${this.pages} pages, at most ${pages}`);
  }

  /** The page passes axe and nothing is wider than the window, which first becomes `width` px wide if that is given. */
  async isAccessible(of: { width?: number } = {}): Promise<void> {
    if (of.width) await this.page.setViewportSize({ width: of.width, height: 640 });
    const where = `${new URL(this.page.url()).pathname} at ${this.page.viewportSize()?.width} px`;
    assert.deepEqual(await widerThanWindow(this.page), [], where);
    assert.deepEqual(await axe(this.page), [], where);
  }
}

/** A town with an address, and the way in for its people. */
export interface Place {
  readonly site: TestSite;
  readonly origin: string;
  /** A window of one's own, signed in or (`null`) not, on `path`; closed when the test ends. */
  visit(
    as: SignedIn | null,
    path: string,
    how?: PageOptions & { readonly screen?: Screen },
  ): Promise<Visitor>;
}

export interface Stage {
  /** Builds a town on the stage's database and gives it an address: the whole site unless `routes` are named. */
  place(options?: Partial<SiteOptions>): Promise<Place>;
}

/**
 * Call it once in a `describe`, or at the top of a file: one database and one browser for its tests. Windows close
 * after each test, towns after all.
 */
export function browserStage(): Stage {
  let base: TestDatabase;
  let browser: Browser;
  const windows: Page[] = [];
  const sites: TestSite[] = [];
  before(async () => {
    if (browserMissing) return;
    base = await testDatabase();
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const page of windows.splice(0)) await page.context().close();
  });
  after(async () => {
    await browser?.close();
    for (const site of sites) await site.close();
    await base?.close();
  });

  const newPage = (how: PageOptions & { readonly screen?: Screen }): Promise<Page> => {
    if (how.screen === "desktop") return newDesktopPage(browser, how);
    if (how.screen === "tablet")
      return newDesktopPage(browser, { ...how, context: { ...TABLET, ...how.context } });
    return newPhonePage(browser, how);
  };

  return {
    async place(options = {}) {
      const site = await testSite(base.db, { routes: wholeSite.routes, ...options });
      sites.push(site);
      const origin = await site.listen();
      return {
        site,
        origin,
        async visit(as, path, how = {}) {
          const page = await newPage(how);
          windows.push(page);
          if (as) await carryCookie(page, origin, as.cookie);
          const visitor = new Visitor(page, site, origin);
          await visitor.open(path);
          return visitor;
        },
      };
    },
  };
}
