// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  hashToken,
  openSession,
  resetSecondFactor,
  securityEvents,
  sessionByToken,
  type SignInMeans,
} from "#identity";
import { dayOf, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import {
  appCode,
  cookiesOf,
  hidden,
  offered,
  signedInBy,
  staffAccount,
  withPassword,
} from "../support/second-factor.ts";
import { type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
let site: TestSite;
let now = moment("2026-11-24T07:40:00Z");
const CODE = "/accedi/codice";

before(async () => {
  base = await testDatabase();
  site = await testSite(base.db, { routes: wholeSite.routes, demo: false, now });
});
after(async () => {
  await site?.close();
  await base.close();
});

/** Codes count once: whoever signs in again does so later. */
function later(minutes = 1): void {
  now = now.add({ minutes });
  site.setClock(now);
}
const show = (half: string) => site.get(CODE, null, { cookie: half });
const send = (half: string, fields: Record<string, string>) =>
  site.post(CODE, fields, null, { cookie: half });

/** Sets an app up at the first sign-in; the secret is the app's. */
async function setUp(username: string): Promise<string> {
  const { half } = await withPassword(site, username);
  const page = await show(half);
  const secret = offered(page.body);
  const done = await send(half, {
    offerta: hidden(page.body, "offerta"),
    cifre: appCode(secret, now),
  });
  assert.equal(done.statusCode, 303, done.body);
  later();
  return secret;
}

describe("the second factor of the office", () => {
  it("X-15 is set up at the first sign-in, before anything else", async () => {
    const accountId = await staffAccount(site, { username: "m.conti", role: "office-manager" });
    const { response, half } = await withPassword(site, "m.conti", { poi: "/ufficio/calendario" });
    assert.equal(response.headers.location, `${CODE}?poi=%2Fufficio%2Fcalendario`);
    assert.equal(signedInBy(site, response), null);
    const closed = await site.get("/ufficio", null, { cookie: half });
    assert.match(String(closed.headers.location), /^\/accedi/);

    const page = await site.get(`${CODE}?poi=/ufficio/calendario`, null, { cookie: half });
    assert.match(page.body, /<h1[^>]*>\s*Secondo fattore/);
    assert.match(page.body, /<svg[^>]*aria-label="Codice QR/);
    const offer = hidden(page.body, "offerta");
    const secret = offered(page.body);
    assert.equal(secret.length, 32);
    const wrong = await send(half, { offerta: offer, cifre: "000000", poi: "/ufficio/calendario" });
    assert.equal(wrong.statusCode, 401);
    assert.equal(offered(wrong.body), secret, "the app was told this one already");
    const done = await send(half, {
      ...{ offerta: offer, poi: "/ufficio/calendario" },
      cifre: appCode(secret, now),
    });
    assert.equal(done.headers.location, "/ufficio/calendario");
    const inside = await site.get("/ufficio/calendario", { ...signedInBy(site, done)!, accountId });
    assert.equal(inside.statusCode, 200);
    const kinds = ["second-factor-added", "signed-in"] as const;
    const events = await site.place.town.read((tx) =>
      securityEvents(tx, { accountId, kinds, limit: 9 }),
    );
    assert.deepEqual(events.map(({ kind }) => kind).toSorted(), kinds);
    const stored = await site.place.town.read((tx) =>
      tx.one<{ text: string }>(
        sql`select d::text as text from one_time_password_device d where account_id = ${accountId}`,
      ),
    );
    assert.ok(!stored.text.includes(secret), "the secret is sealed");
  });

  it("X-15 is asked for at each sign-in, and a code counts once", async () => {
    await staffAccount(site, { username: "l.neri", role: "office" });
    const secret = await setUp("l.neri");
    const first = await withPassword(site, "l.neri");
    const second = await withPassword(site, "l.neri");
    const page = await show(first.half);
    assert.match(page.body, /Codice di verifica/);
    assert.equal(offered(page.body), "", "nobody is offered another app");
    const code = appCode(secret, now);
    assert.equal((await send(first.half, { cifre: "" })).statusCode, 422);
    const done = await send(first.half, { cifre: code });
    assert.equal(done.headers.location, "/ufficio");
    const again = await send(second.half, { cifre: code });
    assert.equal(again.statusCode, 401);
    const used = await send(first.half, { cifre: appCode(secret, now.add({ seconds: 30 })) });
    assert.equal(used.headers.location, "/accedi", "a half sign-in opens one session");
    later();
  });

  it("X-15 five wrong codes end the half sign-in, and more of them make the account wait", async () => {
    await staffAccount(site, { username: "r.verdi", role: "administrator" });
    const secret = await setUp("r.verdi");
    const { half } = await withPassword(site, "r.verdi");
    for (let tries = 0; tries < 5; tries += 1)
      assert.equal((await send(half, { cifre: "123456" })).statusCode, 401);
    const over = await send(half, { cifre: appCode(secret, now) });
    assert.equal(over.headers.location, "/accedi");
    assert.equal(signedInBy(site, over), null);
    const next = await withPassword(site, "r.verdi");
    const waits = await send(next.half, { cifre: appCode(secret, now) });
    assert.equal(waits.statusCode, 429);
    assert.match(waits.body, /Troppi tentativi/);
    later(4);
    const patient = await send(next.half, { cifre: appCode(secret, now) });
    assert.equal(patient.headers.location, "/ufficio");
    later();
  });

  it("X-15 the half sign-in lasts five minutes", async () => {
    await staffAccount(site, { username: "t.blu", role: "office" });
    const secret = await setUp("t.blu");
    const { half } = await withPassword(site, "t.blu");
    later(5);
    const late = await send(half, { cifre: appCode(secret, now) });
    assert.equal(late.headers.location, "/accedi");
    assert.equal(signedInBy(site, late), null);
    later();
  });

  it("X-15 an app that one browser is offered is no use to another", async () => {
    await staffAccount(site, { username: "s.rosa", role: "office" });
    const thief = await withPassword(site, "s.rosa");
    const owner = await withPassword(site, "s.rosa");
    const [theirs, own] = [await show(thief.half), await show(owner.half)];
    assert.notEqual(offered(theirs.body), offered(own.body));
    const stolen = { offerta: hidden(theirs.body, "offerta") };
    const mixed = await send(owner.half, { ...stolen, cifre: appCode(offered(theirs.body), now) });
    assert.equal(mixed.statusCode, 401);
  });

  it("X-15 school and kitchen sign in with the password alone, unless their account is marked", async () => {
    const accountId = await staffAccount(site, { username: "a.bassi", role: "school" });
    const { response } = await withPassword(site, "a.bassi");
    assert.equal(response.headers.location, "/scuola");
    const admin = await site.signInAs("administrator");
    const person = `/ufficio/impostazioni/personale/${accountId}`;
    const mark = (obbligo: string) => site.post(`${person}/fattore/obbligo`, { obbligo }, admin);
    assert.match((await site.get(person, admin)).body, /Rendi obbligatorio il secondo fattore/);
    assert.equal((await mark("si")).headers.location, person);
    assert.equal((await mark("si")).statusCode, 404, "so it is already");
    const marked = signedInBy(site, response)!;
    assert.equal((await site.get("/scuola", { ...marked, accountId })).statusCode, 303, "out");
    const again = await withPassword(site, "a.bassi");
    assert.equal(again.response.headers.location, CODE);
    const page = await site.get(person, admin);
    assert.match(page.body, /da impostare al primo accesso/);
    assert.match(page.body, /Regola del secondo fattore cambiata/);
    assert.deepEqual(htmlProblems(page.body), []);
    await mark("no");
    const freed = await withPassword(site, "a.bassi");
    assert.equal(freed.response.headers.location, "/scuola");
  });

  it("X-15 without it a session has no role of the office, however it was opened", async () => {
    const accountId = await staffAccount(site, { username: "z.ocra", role: "office" });
    const rolesBy = (means: SignInMeans, more: { level?: number; secondFactorAt?: typeof now }) =>
      site.place.town.write(async (tx) => {
        const token = await openSession(tx, { accountId, means, now, ...more });
        const session = await sessionByToken(tx, {
          tokenHash: hashToken(token),
          now,
          idleSince: now.subtract({ minutes: 60 }),
          today: dayOf(now),
          demo: true,
        });
        return session?.grants.map(({ role }) => role);
      });
    for (const means of ["password", "spid", "cie", "eidas", "oidc", "device"] as const)
      assert.deepEqual(await rolesBy(means, {}), [], means);
    assert.deepEqual(await rolesBy("spid", { level: 1 }), []);
    assert.deepEqual(await rolesBy("device", { level: 2, secondFactorAt: now }), []);
    assert.deepEqual(await rolesBy("spid", { level: 2 }), ["office"]);
    assert.deepEqual(await rolesBy("password", { secondFactorAt: now }), ["office"]);
    assert.deepEqual(await rolesBy("passkey", {}), ["office"]);
    assert.deepEqual(await rolesBy("oidc", { secondFactorAt: now }), ["office"]);
  });

  it("X-15 a town does without it only for a stated reason, never for the administrator, and takes it back at once", async () => {
    const rules = "/ufficio/impostazioni/personale/accesso";
    const admin = await site.signInAs("administrator", { name: "R. Verdi" });
    const office = await staffAccount(site, { username: "b.giallo", role: "office" });
    const chief = await staffAccount(site, { username: "c.capo", role: "administrator" });
    const bare = await site.post(`${rules}/secondo-fattore`, { motivo: "perché" }, admin);
    assert.equal(bare.statusCode, 422);
    assert.match(bare.body, /almeno 10 caratteri/);
    assert.match((await site.get(rules, admin)).body, /obbligatorio/);
    // cut at 400, in the middle of a character
    const motivo = `${"Delibera 12/2026, fino a dicembre".padEnd(399, ".")}😀`;
    const off = await site.post(`${rules}/secondo-fattore`, { motivo }, admin);
    assert.equal(off.statusCode, 303, off.body);
    const page = await site.get(rules, admin);
    assert.match(page.body, /non obbligatorio/);
    assert.match(page.body, /Delibera 12\/2026/);
    const { response } = await withPassword(site, "b.giallo");
    assert.equal(response.headers.location, "/ufficio");
    const inside = { ...signedInBy(site, response)!, accountId: office };
    assert.equal((await site.get("/ufficio", inside)).statusCode, 200);
    const asked = await withPassword(site, "c.capo");
    assert.equal(asked.response.headers.location, CODE, "who can switch it shows two");
    for (const role of ["office-manager", "office"] as const)
      assert.equal((await site.get(rules, await site.signInAs(role))).statusCode, 403);
    const on = await site.post(`${rules}/secondo-fattore/obbligatorio`, {}, admin);
    assert.equal(on.statusCode, 303);
    const closed = await site.get("/ufficio", inside);
    assert.equal(closed.statusCode, 403, "at once");
    assert.match(closed.body, /ora serve un secondo fattore/);
    assert.match(closed.body, /href="\/accedi"/);
    const anew = await site.get("/accedi", inside);
    assert.doesNotMatch(anew.body, /Continua con questo accesso/);
    const events = await site.place.town.read((tx) =>
      securityEvents(tx, { kinds: ["second-factor-switched"], limit: 2 }),
    );
    assert.deepEqual(
      events.map(({ details, actorName }) => [details, actorName]),
      [
        [{ what: "on" }, "R. Verdi"],
        [{ what: "off", reason: `${motivo.slice(0, 399)}\uFFFD` }, "R. Verdi"],
      ],
    );
    assert.ok(chief);
  });

  it("X-15 a reset ends sessions and half sign-ins; the next sign-in sets up a new app", async () => {
    const accountId = await staffAccount(site, { username: "p.viola", role: "office" });
    const secret = await setUp("p.viola");
    const open = await withPassword(site, "p.viola");
    const done = await send(open.half, { cifre: appCode(secret, now) });
    const half = (await withPassword(site, "p.viola")).half;
    const act = { accountId, by: "R. Verdi", tell: () => Promise.resolve(), now };
    await site.place.town.write((tx) => resetSecondFactor(tx, act));
    const session = { ...signedInBy(site, done)!, accountId };
    assert.equal((await site.get("/ufficio", session)).statusCode, 303);
    assert.equal((await show(half)).headers.location, "/accedi");
    const next = await show((await withPassword(site, "p.viola")).half);
    assert.notEqual(offered(next.body), "");
    assert.notEqual(offered(next.body), secret);
  });

  it("X-15 without a half sign-in there is nothing to answer", async () => {
    const response = await site.post(CODE, { cifre: "123456" });
    assert.equal(response.headers.location, "/accedi");
    assert.equal(signedInBy(site, response), null);
    assert.equal(cookiesOf(response).get("x"), undefined);
  });
});
