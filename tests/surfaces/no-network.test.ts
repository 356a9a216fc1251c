// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { textOf } from "../support/portal.ts";
import { testSite, TOWN_SETTINGS } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

it("X-03 the page for a phone without a network is of nobody, in both languages; the script changes with the phone it names", async (t) => {
  const phones = ["0371 000000", "0371 111111\u2028alert(1)"];
  const [first, second] = await Promise.all(
    phones.map(async (phone) => {
      const office = { ...TOWN_SETTINGS.office, phones: [phone] };
      const site = await testSite(base.db, { routes: wholeSite.routes, townSettings: { office } });
      t.after(() => site.close());
      return site;
    }),
  );
  const sara = await first!.signInAs("guardian");
  const page = await first!.get("/senza-rete", sara);
  assert.match(textOf(page.body), /Nessuna connessione.*0371 000000.*No connection.*0371 000000/);
  assert.doesNotMatch(page.body, /Sara|csrf|Esci/);
  assert.deepEqual(htmlProblems(page.body), []);
  const script = await first!.get("/senza-rete.js");
  assert.match(String(script.headers["content-type"]), /^text\/javascript/);
  assert.match(script.body, /"\/assets\/campanella\.[0-9a-f]+\.css"/);
  const other = (await second!.get("/senza-rete.js")).body;
  assert.notEqual(other.split("\n")[0], script.body.split("\n")[0]);
  assert.doesNotMatch(other, /[\u2028\u2029]/);
  assert.equal(other.split("\n").slice(1).join(), script.body.split("\n").slice(1).join());
});
