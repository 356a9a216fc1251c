// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { routes } from "../../src/surfaces/office/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { at, closeThe, readPage, TUESDAY } from "../support/portal.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

it("MC-04 the board sums the ledger every ten minutes at most and says when; the list is always fresh", async () => {
  const payment = { model: "prepaid" as const, accountScope: "child" as const, directDebit: false };
  const site = await testSite(base.db, {
    routes,
    now: at(TUESDAY, "15:00:00"),
    town: { settings: { payment } },
  });
  const office = await site.signInAs("office");
  assert.doesNotMatch(await readPage(site, "/ufficio", office), /sotto il limite/);
  await closeThe(site, TUESDAY);
  site.setClock(at(TUESDAY, "15:09:00"));
  assert.doesNotMatch(await readPage(site, "/ufficio", office), /sotto il limite/);
  assert.match(await readPage(site, "/ufficio/compiti", office), /Conti sotto il limite/);
  site.setClock(at(TUESDAY, "15:10:00"));
  const fresh = /2 conti sotto il limite del Comune \(alle 15:10\)/;
  assert.match(await readPage(site, "/ufficio", office), fresh);
  site.setClock(at(TUESDAY, "15:19:00"));
  assert.match(await readPage(site, "/ufficio", office), fresh);
  await site.close();
});
