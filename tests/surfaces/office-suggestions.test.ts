// SPDX-License-Identifier: EUPL-1.2
/** What the office's search box offers as one types, on every page. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { textOf } from "../support/portal.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

describe("suggestions of the search box", () => {
  let base: TestDatabase;
  let site: TestSite;
  let office: SignedIn;
  before(async () => {
    base = await testDatabase();
    site = await testSite(base.db, { routes, now: moment("2026-11-24T07:47:00Z") });
    office = await site.signInAs("office", { name: "M. Conti" });
  });
  after(async () => {
    await site?.close();
    await base?.close();
  });

  const ask = (q: string) =>
    site.get(`/ufficio/cerca/suggerimenti?q=${encodeURIComponent(q)}`, office);
  const addresses = (body: string): string[] =>
    [...body.matchAll(/data-href="([^"]+)"/g)].map(([, href]) => href!);

  it("offers children before adults, each with the page of the family, and all results last", async () => {
    const { statusCode, body } = await ask("ferr");
    assert.equal(statusCode, 200);
    assert.match(textOf(body), /3 suggerimenti Ferrando Giulia.*Ferrando Tommaso.*Ferrando Sara/);
    const family = `/ufficio/famiglie/${site.place.holderId}`;
    assert.deepEqual(addresses(body), [family, family, family, "/ufficio/cerca?q=ferr"]);
  });

  it("offers classes, and the family of a payment code", async () => {
    assert.ok(addresses((await ask("3a")).body).includes(`/ufficio/classi/${site.place.classId}`));
    const page = await site.get(`/ufficio/famiglie/${site.place.holderId}`, office);
    const code = /\b\d{9}\b/.exec(textOf(page.body))?.[0];
    assert.ok(code);
    const { body } = await ask(code);
    assert.equal(addresses(body)[0], `/ufficio/famiglie/${site.place.holderId}`);
  });

  it("offers nothing for one letter, and says when nothing is found", async () => {
    assert.equal(textOf((await ask("f")).body).trim(), "");
    assert.match(textOf((await ask("zzzz")).body), /Nessun risultato\. Provare con/);
  });

  it("is a piece of the office's page: no one else may ask, hostile text stays text", async () => {
    const path = "/ufficio/cerca/suggerimenti?q=ferr";
    assert.equal((await site.get(path)).statusCode, 303);
    assert.equal((await site.get(path, await site.signInAs("guardian"))).statusCode, 403);
    for (const q of ["%%", "''", '"><script>', "a".repeat(5000)]) {
      const { statusCode, body } = await ask(q);
      assert.equal(statusCode, 200, q);
      assert.doesNotMatch(body, /<script>/);
    }
  });
});
