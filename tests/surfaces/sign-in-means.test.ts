// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { hashToken, makeDevice } from "#identity";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { LOGIN } from "../support/credentials.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import {
  appCode,
  hidden,
  offered,
  signedInBy,
  staffAccount,
  withPassword,
} from "../support/second-factor.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

const NOW = moment("2026-11-24T07:40:00Z");
const PAGE = "/accessi/metodi";
let base: TestDatabase;
let site: TestSite;
let now = NOW;

before(async () => {
  base = await testDatabase();
  site = await testSite(base.db, { routes: wholeSite.routes, demo: false, now });
});
after(async () => {
  await site?.close();
  await base.close();
});

const setClock = (at: typeof NOW): void => site.setClock((now = at));

async function enter(username: string): Promise<SignedIn> {
  const accountId = await staffAccount(site, { username, role: "school" });
  const { response } = await withPassword(site, username);
  return { ...signedInBy(site, response)!, accountId };
}

describe("one's own ways to sign in", () => {
  it("X-15 a teacher may set codes up, is asked for them from then on, and may take them away", async () => {
    const anna = await enter("a.bassi");
    const page = await site.get(PAGE, anna);
    assert.deepEqual(htmlProblems(page.body), []);
    const fields = { offerta: hidden(page.body, "offerta") };
    const secret = offered(page.body);
    const wrong = await site.post(`${PAGE}/codici`, { ...fields, cifre: "000000" }, anna);
    assert.equal(wrong.statusCode, 422);
    assert.deepEqual(htmlProblems(wrong.body), []);
    assert.equal(offered(wrong.body), secret);
    const cifre = appCode(secret, now);
    const done = await site.post(`${PAGE}/codici`, { ...fields, cifre }, anna);
    assert.equal(done.headers.location, PAGE);
    assert.match((await withPassword(site, "a.bassi")).response.headers.location!, /codice$/);
    const again = await site.post(`${PAGE}/codici`, { ...fields, cifre }, anna);
    assert.equal(again.statusCode, 422, "there are codes already");
    await site.post(`${PAGE}/codici/togli`, {}, anna);
    const { response } = await withPassword(site, "a.bassi");
    assert.equal(response.headers.location, "/scuola");
  });

  it("X-15 whoever works for the office keeps a last factor", async () => {
    await staffAccount(site, { username: "m.conti", role: "office" });
    const { half } = await withPassword(site, "m.conti");
    const offer = await site.get("/accedi/codice", null, { cookie: half });
    const done = await site.post(
      "/accedi/codice",
      { offerta: hidden(offer.body, "offerta"), cifre: appCode(offered(offer.body), now) },
      null,
      { cookie: half },
    );
    const marta = { ...signedInBy(site, done)!, accountId: "" };
    const refused = await site.post(`${PAGE}/codici/togli`, {}, marta);
    assert.equal(refused.statusCode, 409);
    assert.match(refused.body, /unico secondo fattore/);
  });

  it("X-15 nothing is added to a session that was opened a while ago", async () => {
    const ugo = await enter("u.via");
    setClock(now.add({ minutes: 30 }));
    const page = await site.get(PAGE, ugo);
    assert.match(page.body, /uscire e rientrare/);
    assert.equal(offered(page.body), "");
    assert.doesNotMatch(page.body, /data-passkey="create"/);
    assert.equal((await site.post(`${PAGE}/passkey/sfida`, {}, ugo)).statusCode, 404);
    assert.equal((await site.post(`${PAGE}/codici`, { cifre: "1" }, ugo)).statusCode, 404);
    setClock(NOW);
  });

  it("OS-17 a family is offered a passkey only where its municipality admits credentials", async () => {
    const here = await site.signInAs("guardian");
    const page = await site.get(PAGE, here);
    assert.match(page.body, /solo con SPID o CIE/);
    assert.doesNotMatch(page.body, /data-passkey="create"/);
    assert.equal(offered(page.body), "", "codes are for those who work here");
    assert.equal((await site.post(`${PAGE}/passkey/sfida`, {}, here)).statusCode, 404);
    const there = await testSite(base.db, {
      ...{ routes: wholeSite.routes, demo: false, now },
      townSettings: { login: LOGIN },
    });
    const sara = await there.signInAs("guardian");
    const offer = await there.get(PAGE, sara);
    assert.match(offer.body, /data-passkey="create"/);
    assert.deepEqual(htmlProblems(offer.body), []);
    const options = await there.post(`${PAGE}/passkey/sfida`, {}, sara);
    assert.equal(options.statusCode, 200);
    assert.equal(JSON.parse(options.body).rp.id, there.host);
    assert.equal(JSON.parse(options.body).authenticatorSelection.userVerification, "required");
    const elsewhere = await there.post(`${PAGE}/passkey/sfida`, {}, sara, {
      "x-forwarded-host": "evil.example",
    });
    assert.equal(JSON.parse(elsewhere.body).rp.id, there.host);
    await there.close();
  });

  it("X-15 a tablet has no ways of its own", async () => {
    const by = { role: "office", id: "prova", name: "M. Conti", personId: null } as const;
    const made = await site.place.town.write((tx) =>
      makeDevice(tx, {
        by: { ...by, siteIds: null, classIds: null, desk: null },
        ...{ sealKey: "seal", now, name: "Tablet", role: "school" },
        ...{ siteId: null, classIds: [] },
      }),
    );
    assert.ok(made.outcome === "made");
    const enrolled = await site.post(`/dispositivo/${made.code}`, {});
    const tablet = { ...signedInBy(site, enrolled)!, accountId: "" };
    assert.equal((await site.get("/scuola", tablet)).statusCode, 200);
    assert.equal((await site.get(PAGE, tablet)).statusCode, 404);
    assert.equal((await site.post(`${PAGE}/passkey/sfida`, {}, tablet)).statusCode, 404);
    const kept = await site.place.town.read((tx) =>
      tx.one<{ means: string }>(sql`select means from session
        where tenant_id = ${tx.tenantId} and token_hash = ${hashToken(tablet.token)}`),
    );
    assert.equal(kept.means, "device");
  });
});
