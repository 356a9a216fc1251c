// SPDX-License-Identifier: EUPL-1.2
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Frame,
  type Page,
} from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

/** Why browser tests cannot run here, or `false`: pass it as a test's `skip`. */
export const browserMissing: string | false = existsSync(EXECUTABLE)
  ? false
  : `skipped: no Chromium at ${EXECUTABLE} (set CHROMIUM_PATH)`;

/**
 * Playwright's own list, which this one replaces, and the address bar's pop-ups: web pages that Chromium loads for each
 * window, half of the processor's time of a test, for an address bar that nobody sees.
 */
const DISABLED_FEATURES = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "TcpPortRandomizationWin",
  "ThirdPartyStoragePartitioning",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
  "WebUIOmniboxPopup",
];

const LAUNCH = {
  executablePath: EXECUTABLE,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--disable-features=${DISABLED_FEATURES.join(",")}`,
  ],
};
const LOCAL = { deviceScaleFactor: 1, locale: "it-IT", timezoneId: "Europe/Rome" };

/** One headless Chromium; close it in an `after` hook. */
export const openBrowser = (): Promise<Browser> => chromium.launch(LAUNCH);

/** A Chromium that keeps cookies, caches and databases in a folder, as the one of a tablet does. */
export const openBrowserOn = (
  folder: string,
  options: BrowserContextOptions,
): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, { ...LAUNCH, ...LOCAL, ...options });

export interface PageOptions {
  readonly javaScript?: boolean;
  readonly context?: BrowserContextOptions;
}

async function newPage(
  browser: Browser,
  width: number,
  height: number,
  options: PageOptions,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    ...LOCAL,
    javaScriptEnabled: options.javaScript ?? true,
    ...options.context,
  });
  return context.newPage();
}

/** The design's phone, 360×640, or a larger one, 390×844. Each page has its own context (cookies). */
export function newPhonePage(
  browser: Browser,
  options: PageOptions & { readonly size?: "small" | "large" } = {},
): Promise<Page> {
  return options.size === "large"
    ? newPage(browser, 390, 844, options)
    : newPage(browser, 360, 640, options);
}

export const newDesktopPage = (browser: Browser, options: PageOptions = {}): Promise<Page> =>
  newPage(browser, 1280, 900, options);

/**
 * WCAG 2.2 A and AA violations as lines; an empty list is a clean page. Needs JavaScript on in the page. The same rules
 * at a third of the cost: all in the page itself, for ours have no frames, and nothing worked out about what passes.
 */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await onOnePage(page, () =>
    new AxeBuilder({ page })
      .options({ resultTypes: ["violations"] })
      .setLegacyMode(true)
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze(),
  );
  return violations.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id}: ${violation.help} — ${node.html.slice(0, 160)}`,
    ),
  );
}

/** Is anything wider than the window? Gives the culprits. */
export const widerThanWindow = (page: Page): Promise<string[]> =>
  onOnePage(page, () =>
    page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      return [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > width + 1)
        .map((element) => `${element.tagName}.${element.getAttribute("class") ?? ""}`)
        .slice(0, 5);
    }),
  );

/** Looks at a page that has come whole; one that is loaded anew under the look is looked at again. */
async function onOnePage<Result>(page: Page, look: () => Promise<Result>): Promise<Result> {
  for (;;) {
    await page.waitForLoadState();
    let isAnother = false;
    const note = (frame: Frame): void => {
      isAnother ||= frame === page.mainFrame();
    };
    page.on("framenavigated", note);
    try {
      return await look();
    } catch (error) {
      if (!isAnother) throw error;
    } finally {
      page.off("framenavigated", note);
    }
  }
}

const SCREENSHOTS = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

/** Writes docs/screenshots/{name}.png, only when SCREENSHOTS=1. */
export async function screenshot(
  page: Page,
  name: string,
  options: { readonly fullPage?: boolean } = {},
): Promise<void> {
  if (process.env.SCREENSHOTS !== "1") return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage: options.fullPage ?? false });
}

/** A cookie as an answer sets it, `name=value`, in a browser of its own. */
export function carryCookie(page: Page, origin: string, cookie: string): Promise<void> {
  const equals = cookie.indexOf("=");
  const [name, value] = [cookie.slice(0, equals), cookie.slice(equals + 1)];
  return page.context().addCookies([{ name, value, url: origin }]);
}
