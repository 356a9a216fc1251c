// SPDX-License-Identifier: EUPL-1.2
/**
 * WCAG 1.4.4 and 1.4.12 on every page that links lead to, for each role: at 200 % of a desktop and with the reader's
 * own text spacing nothing scrolls sideways and no control loses a part of its words.
 */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { disputeCharge, drawMonth } from "#billing";
import { putClosures } from "#calendar";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { issueNotices, startCart } from "#payments";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { browserMissing, widerThanWindow } from "../support/browser.ts";
import { collecting, topUp, topUpLine } from "../support/collecting.ts";
import { act, chargesOn } from "../support/day-acts.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import type { SignedIn, TestSite } from "../support/site.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

/** WCAG 1.4.12: what a reader may set, and nothing may be lost. */
const SPACING = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`;
/** A browser at 200 % has half as many pixels; who enlarges only the text changes the root's size. */
const DOUBLE = "html { font-size: 200% }";
const DESKTOP = { width: 1280, height: 900 };
const HALF_DESKTOP = { width: 640, height: 450 };
/** A window that changes its size is painted anew, which takes most of the time: the last way has the first one's. */
const WAYS = [
  { name: "200 %", size: HALF_DESKTOP, css: DOUBLE },
  { name: "text spacing", size: DESKTOP, css: SPACING },
  { name: "text spacing on a phone", size: { width: 360, height: 640 }, css: SPACING },
  { name: "200 % and text spacing", size: HALF_DESKTOP, css: DOUBLE + SPACING },
];

const routes = wholeSite.routes
  .filter(({ method }) => method === "GET")
  .toSorted((a, b) => a.path.split(":").length - b.path.split(":").length)
  .map(({ path }) => ({
    path,
    pattern: new RegExp(`^${path.replace(/:[^/]+/g, "[^/]+").replaceAll(".", "\\.")}$`),
  }));

/** Which page an address is: its route and the names in its query; `null`: no page of the site. */
function pageOf(url: URL): string | null {
  const route = routes.find(({ pattern }) => pattern.test(url.pathname));
  const isFile =
    /\.(?:csv|pdf)$|\/versione$|\/stato$/.test(url.pathname) || url.searchParams.has("formato");
  if (!route || isFile) return null;
  return `${route.path} ${[...url.searchParams.keys()].sort().join(" ")}`;
}

/** Every page that links lead to from here, one address each. */
async function walk(site: TestSite, as: SignedIn, start: string): Promise<string[]> {
  const base = new URL(start, "http://town.test");
  const found = new Map<string, string>();
  const queue = [start];
  const note = (href: string): void => {
    const url = new URL(href.replaceAll("&amp;", "&"), base);
    const name = url.origin === base.origin ? pageOf(url) : null;
    if (!name || found.has(name)) return;
    found.set(name, url.pathname + url.search);
    queue.push(url.pathname + url.search);
  };
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const { statusCode, headers, body } = await site.get(path, as);
    assert.ok(statusCode < 400, `${path} answers ${statusCode}`);
    if (headers.location) note(String(headers.location));
    for (const [, href = ""] of body.matchAll(/<a\s[^>]*?href="([^"#]+)/g)) note(href);
  }
  return [...found.values()];
}

/** Controls and headings whose words do not fit their box. */
const cutText = (visitor: Visitor): Promise<string[]> =>
  visitor.page.evaluate(() => {
    const cut: string[] = [];
    const controls = "a, button, summary, label, legend, h1, h2, h3, th, td, dt, dd, .tag, .state";
    for (const element of document.querySelectorAll<HTMLElement>(controls)) {
      const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element;
      const hidden = element.closest(
        ".visually-hidden, .visually-hidden-focusable, .skip, [hidden]",
      );
      if (clientWidth === 0 || clientHeight === 0 || hidden || !element.checkVisibility()) continue;
      if (getComputedStyle(element).display.startsWith("table") && clientWidth >= scrollWidth)
        continue;
      // A tight line box lets the descenders out by a few pixels: nothing is cut unless the box hides it.
      const spare = getComputedStyle(element).overflowY === "visible" ? 8 : 1;
      if (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + spare)
        cut.push(
          `${element.tagName}.${element.className} "${element.innerText.slice(0, 40)}" ` +
            `${scrollWidth}×${scrollHeight} in ${clientWidth}×${clientHeight}`,
        );
    }
    return cut.slice(0, 5);
  });

async function setStyle(visitor: Visitor, css: string): Promise<void> {
  await visitor.page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [sheet];
  }, css);
}

describe("text twice as large and with more space", { skip: browserMissing }, () => {
  const stage = browserStage();
  let town: Place;
  before(async () => {
    // Pages of payments are there where the town can be paid; nothing is sent by looking at them.
    const nowhere = "http://127.0.0.1:9";
    const pagoPa = { apiUrl: nowhere, checkoutOrigin: nowhere, caller: null };
    town = await stage.place({ now: at(TUESDAY, "10:00:00"), pagoPa });
    const { place } = town.site;
    await collecting(place);
    // A cart that was begun, and its page.
    const started = { key: newId(), anyway: false, now: at(TUESDAY, "09:58:00") };
    for (const date of ["2026-10-05", "2026-10-06", "2026-11-10"]) await closeThe(town.site, date);
    await act(place, "cancel", "2026-11-26", place.giulia);
    const { serviceId, holderId } = place;
    await place.town.write(async (tx) => {
      const dates = { now: at("2026-11-02", "09:00:00"), today: day("2026-11-02") };
      await drawMonth(tx, { serviceId, month: day("2026-10-01"), by: "ufficio", ...dates });
      const closed = { from: day("2026-12-01"), to: day("2026-12-01"), note: "" };
      const where = { serviceId: null, siteId: place.siteId, classId: null };
      const weather = { id: newId(), reason: "weather" as const, ...closed, ...where };
      await putClosures(tx, [weather], { name: "ufficio", at: at(TUESDAY, "09:00:00") });
    });
    await place.town.write(async (tx) => {
      const drafts = ["begun", "open"].map((key) =>
        topUp(place, key, [topUpLine(place, place.giulia, 2000n)]),
      );
      const issued = await issueNotices(tx, { drafts, by: "Sara Ferrando", now: started.now });
      assert.ok(issued.outcome === "issued");
      const noticeIds = [issued.positions[0]!.notices[0]!.id];
      await startCart(tx, { actor: place.sara, noticeIds, ...started });
    });
    const [charge] = await chargesOn(place, "2026-11-10");
    const text = "Quel giorno era a casa.";
    const dispute = { actor: place.sara, holderIds: [holderId], chargeId: charge!.id, text };
    await place.town.write((tx) => disputeCharge(tx, { ...dispute, now: at(TUESDAY, "09:00:00") }));
  });

  const roles = [
    { role: "guardian", start: "/oggi", least: 26 },
    { role: "office", start: "/ufficio", least: 25 },
    { role: "school", start: "/scuola", least: 4 },
    { role: "kitchen", start: "/cucina", least: 4 },
    { role: "caterer", start: "/ristorazione", least: 4 },
  ] as const;
  for (const { role, start, least } of roles)
    it(`every page of ${role}: nothing scrolls sideways, no words are cut`, async () => {
      const { siteId } = town.site.place;
      const as = await town.site.signInAs(role, role === "school" ? { siteIds: [siteId] } : {});
      const visitor = await town.visit(as, start, { screen: "desktop" });
      const paths = await walk(town.site, as, start);
      assert.ok(paths.length >= least, `links lead to ${paths.length} pages: ${paths.join(" ")}`);
      const faults: string[] = [];
      for (const path of paths) {
        await visitor.open(path);
        for (const { name, size, css } of WAYS) {
          const now = visitor.page.viewportSize();
          if (now?.width !== size.width) await visitor.page.setViewportSize(size);
          await setStyle(visitor, css);
          const wide = await widerThanWindow(visitor.page);
          const cut = await cutText(visitor);
          if (wide.length + cut.length > 0)
            faults.push(`${path}, ${name}: ${[...wide, ...cut].join("; ")}`);
        }
      }
      assert.equal(faults.join("\n"), "");
    });
});
