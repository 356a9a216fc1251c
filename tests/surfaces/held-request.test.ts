// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, momentAt } from "#kernel/dates.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { routes as publicRoutes } from "../../src/surfaces/public/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const at = (time: string) => momentAt(day("2026-11-24"), time);
const fields = { servizio: "mensa", giorno: "2026-11-24", atto: "cancel", key: "k-one" };

const cookiesOf = (answer: { headers: Record<string, unknown> }): string[] =>
  [answer.headers["set-cookie"] ?? []].flat().map((line) => String(line).split(";")[0]!);

const hidden = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)" ?\/?>/g)].map(
      ([, name, value]) => [name!, value!],
    ),
  );

/** A session that has been idle for more than an hour sends a form at 8:59:30. */
async function expiredPost() {
  const routes = [...portalRoutes, ...publicRoutes];
  const site = await testSite(base.db, { routes, now: at("07:30:00") });
  const sara = await site.signInAs("guardian");
  site.setClock(at("08:59:30"));
  const answer = await site.post("/figli/giulia/pasti", fields, sara);
  assert.equal(answer.statusCode, 303);
  assert.equal(answer.headers.location, "/accedi?poi=%2Friprendi");
  const held = cookiesOf(answer).find((cookie) => cookie.includes("_attesa="))!;
  return { site, sara, held };
}

async function signInAgain(site: TestSite, accountId: string): Promise<string> {
  const answer = await site.post("/accedi/persona", { persona: accountId, poi: "/riprendi" }, null);
  assert.equal(answer.statusCode, 303, answer.body);
  return cookiesOf(answer).find((cookie) => !cookie.includes("_flash"))!;
}

async function resume(site: TestSite, session: string, held: string) {
  const as = { cookie: `${session}; ${held}` } as SignedIn;
  return site.get("/riprendi", as);
}

describe("a session that ended at the wrong moment", () => {
  it("X-02 D1 8:59:30 stays 8:59:30 though the login took until 9:03", async () => {
    const { site, sara, held } = await expiredPost();
    site.setClock(at("09:03:00"));
    const session = await signInAgain(site, sara.accountId);
    const page = await resume(site, session, held);
    assert.match(page.body, /8:59:30/);
    const again = hidden(page.body.slice(page.body.indexOf("Riprendere")));
    const answer = await site.post("/figli/giulia/pasti", again, { ...sara, cookie: session });
    assert.equal(answer.statusCode, 303);
    const receipt = await site.get(answer.headers.location!, { ...sara, cookie: session });
    assert.match(receipt.body, /Pasto disdetto/);
    assert.match(receipt.body, /8:59:30/);
  });

  it("another form, another person, or more than ten minutes: the real arrival counts", async () => {
    const { site, sara, held } = await expiredPost();
    site.setClock(at("09:03:00"));
    const session = await signInAgain(site, sara.accountId);
    const page = await resume(site, session, held);
    const form = hidden(page.body.slice(page.body.indexOf("Riprendere")));
    const as = { ...sara, cookie: session };
    const altered = await site.post("/figli/tommaso/pasti", form, as);
    const refused = await site.get(altered.headers.location!, as);
    assert.match(refused.body, /non accolta/);
    const other = await site.signInAs("guardian", { name: "Altra persona" });
    assert.equal((await resume(site, other.cookie, held)).headers.location, "/oggi");
    site.setClock(at("09:10:00"));
    const late = await site.post("/figli/giulia/pasti", form, as);
    assert.match((await site.get(late.headers.location!, as)).body, /non accolta/);
  });

  it("X-15 D1 a form of an open desk is not held: the new session has no desk, and perhaps children of its own", async () => {
    const site = await testSite(base.db, { routes: portalRoutes, now: at("07:30:00") });
    const desk = { holderId: site.place.holderId, reason: "telefonata" };
    const clerk = await site.signInAs("guardian", { alsoRoles: ["office"], desk });
    site.setClock(at("08:59:30"));
    const answer = await site.post("/figli/giulia/pasti", fields, clerk);
    assert.equal(answer.statusCode, 401);
    await site.close();
  });
});
