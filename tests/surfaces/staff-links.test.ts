// SPDX-License-Identifier: EUPL-1.2
/** Whoever works here finds no link that leads to a refusal. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Role } from "#kernel/actor.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const MOST_PAGES = 120;

/** Follows the links of this site from `start`; path → status and the page it was found on, where it failed. */
async function refusals(site: TestSite, as: SignedIn, start: string): Promise<string[]> {
  const from = new Map([[start, "start"]]);
  const bad: string[] = [];
  for (const [path, page] of from) {
    const answer = await site.get(path, as);
    if (answer.statusCode >= 400) bad.push(`${answer.statusCode} ${path} linked from ${page}`);
    for (const [, href = ""] of answer.body.matchAll(/<a\b[^>]*?href="(\/[^"#]*)/g)) {
      const next = href.replaceAll("&amp;", "&");
      const seen = from.has(next) || next.startsWith("/assets/") || from.size >= MOST_PAGES;
      if (!seen) from.set(next, path);
    }
  }
  assert.ok(from.size > 5, `only ${from.size} pages from ${start}`);
  return bad;
}

describe("links of staff pages", () => {
  const homes: [Role, string][] = [
    ["office", "/ufficio"],
    ["school", "/scuola"],
    ["kitchen", "/cucina"],
    ["caterer", "/ristorazione"],
  ];
  for (const [role, home] of homes)
    it(`OS-05 ${role}: no link leads to a page of somebody else`, async () => {
      const site = await testSite(base.db, {
        routes: wholeSite.routes,
        now: at(TUESDAY, "16:00:00"),
      });
      await closeThe(site, TUESDAY);
      const as = await site.signInAs(role);
      assert.deepEqual(await refusals(site, as, home), []);
      assert.deepEqual(await refusals(site, as, "/aiuto"), []);
      await site.close();
    });
});
