// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { openSession, securityEvents } from "#identity";
import { moment } from "#kernel/dates.ts";
import { site } from "../../src/surfaces/site.ts";
import { sessionCookieName } from "../../src/surfaces/web/form-fields.ts";
import { csrfToken } from "../../src/surfaces/web/visit.ts";
import { testDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-23T08:00:00Z");

describe("one's own open sessions", async () => {
  const { db, close } = await testDatabase();
  const at = await testSite(db, { routes: site.routes, demo: true, now: NOW });
  const secure = await testSite(db, { routes: site.routes, now: NOW, secureCookies: true });
  after(async () => {
    await at.close();
    await secure.close();
    await close();
  });

  const another = async (where: TestSite, accountId: string) => {
    const seenAs = "Firefox, Windows";
    const token = await where.place.town.write((tx) =>
      openSession(tx, { accountId, means: "spid", level: 2, seenAs, now: NOW }),
    );
    return { cookie: `${sessionCookieName(where.app, where.tenant)}=${token}` };
  };

  it("X-15 a person sees where they are signed in, ends one, then all others; this one stays", async () => {
    const sara = await at.signInAs("guardian");
    const [first, second] = [await another(at, sara.accountId), await another(at, sara.accountId)];
    const page = await at.get("/accessi", sara);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Questo accesso/);
    assert.equal(page.body.match(/<h2[^>]*>Firefox, Windows/g)?.length, 2);
    assert.equal(page.body.match(/aria-label="Chiudi: Firefox, Windows"/g)?.length, 2);
    const id = /name="accesso" value="([0-9a-f-]{36})"/.exec(page.body)![1]!;
    assert.equal((await at.post("/accessi/chiudi", { accesso: id }, sara)).statusCode, 303);
    const alive = await Promise.all(
      [first, second].map(
        async (headers) => (await at.get("/oggi", undefined, headers)).statusCode,
      ),
    );
    assert.deepEqual(alive.toSorted(), [200, 303]);
    await at.post("/accessi/altri", {}, sara);
    assert.equal((await at.get("/oggi", undefined, second)).statusCode, 303);
    assert.equal((await at.get("/oggi", sara)).statusCode, 200);
    const events = await at.place.town.read((tx) =>
      securityEvents(tx, { kinds: ["session-ended"], limit: 9 }),
    );
    assert.equal(events.length, 2);
  });

  it("X-15 an hour without a page ends a session, twelve hours end it in any case", async () => {
    const { accountId } = await at.signInAs("guardian");
    const [busy, idle] = [await another(at, accountId), await another(at, accountId)];
    const after = async (minutes: number, as: { cookie: string }): Promise<number> => {
      at.setClock(NOW.add({ minutes }));
      return (await at.get("/oggi", undefined, as)).statusCode;
    };
    const pages: number[] = [];
    for (let minutes = 59; minutes < 12 * 60; minutes += 59) pages.push(await after(minutes, busy));
    assert.deepEqual([pages.length, new Set(pages)], [12, new Set([200])]);
    assert.equal(await after(12 * 60 - 1, busy), 200);
    assert.equal(await after(12 * 60, busy), 303);
    assert.equal(await after(59, idle), 200);
    assert.equal(await after(59 + 60, idle), 303);
    at.setClock(NOW);
  });

  it("X-15 whoever enters as a person of the demo knows the own browser again, too", async () => {
    const { accountId } = await at.signInAs("guardian");
    const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    const entered = await at.post("/accedi/persona", { persona: accountId }, null, {
      "user-agent": agent,
    });
    const cookie = [entered.headers["set-cookie"]].flat().map(String);
    const page = await at.get("/accessi", undefined, {
      cookie: cookie.map((one) => one.split(";")[0]).join("; "),
    });
    assert.match(page.body, /Firefox, Linux/);
  });

  it("X-15 a persona's session is of no use where the same data is served without demo mode", async () => {
    const real = await testSite(db, { routes: site.routes, demo: false, now: NOW });
    const { accountId } = await real.signInAs("guardian");
    const as = async (means: "persona" | "spid") => {
      const token = await real.place.town.write((tx) =>
        openSession(tx, { accountId, means, level: 2, seenAs: `Browser of ${means}`, now: NOW }),
      );
      return { cookie: `${sessionCookieName(real.app, real.tenant)}=${token}` };
    };
    const [persona, spid] = [await as("persona"), await as("spid")];
    assert.equal((await real.get("/oggi", undefined, persona)).statusCode, 303);
    assert.equal((await real.get("/oggi", undefined, spid)).statusCode, 200);
    const list = await real.get("/accessi", undefined, spid);
    assert.match(list.body, /Browser of spid/);
    assert.doesNotMatch(list.body, /Browser of persona/);
    await real.close();
  });

  it("X-15 a family reads it among its own pages, with the bar it knows; staff, and whoever is both, keep their places", async () => {
    const bar = (body: string): string[] =>
      [
        ...(/<nav class="phone-bar"[^]*?<\/nav>/.exec(body)?.[0] ?? "").matchAll(
          /href="(\/[a-z]+)"/g,
        ),
      ].map(([, href]) => href!);
    const sara = await at.signInAs("guardian");
    const places = ["/oggi", "/calendario", "/pagamenti", "/messaggi", "/altro"];
    for (const path of ["/accessi", "/accessi/metodi", "/password"]) {
      const { body } = await at.get(path, sara);
      assert.deepEqual(bar(body), places, path);
      assert.match(body, /class="surface-portal/);
      assert.deepEqual(htmlProblems(body), []);
    }
    assert.match((await at.get("/accessi", sara)).body, /<p class="back">\s*<a href="\/altro"/);
    assert.doesNotMatch(
      (await at.get("/accessi", sara)).body,
      /Passkey e codici/,
      "codes are staff's",
    );
    const clerk = await at.get("/accessi", await at.signInAs("office"));
    assert.match(clerk.body, /Passkey e codici/);
    assert.match(clerk.body, /class="surface-public[^]*href="\/ufficio"/);
    const both = await at.signInAs("office", { alsoRoles: ["guardian"] });
    assert.match(
      (await at.get("/accessi", both)).body,
      /surface-public[^]*href="\/ufficio"[^]*"\/oggi"/,
    );
    const desk = { holderId: at.place.holderId, reason: "telefono" };
    const atDesk = await at.get("/accessi", await at.signInAs("office", { desk }));
    assert.match(atDesk.body, /class="surface-public/, "one's own, not the family's");
  });

  it("X-15 nobody ends somebody else's session by its id", async () => {
    const sara = await at.signInAs("guardian");
    const clerk = await at.signInAs("office");
    await another(at, sara.accountId);
    const page = await at.get("/accessi", sara);
    const id = /name="accesso" value="([0-9a-f-]{36})"/.exec(page.body)![1]!;
    const tried = await at.post("/accessi/chiudi", { accesso: id }, clerk);
    assert.equal(tried.headers.location, "/accessi");
    assert.match((await at.get("/accessi", sara)).body, new RegExp(id));
  });

  it("X-15 over https a session's cookie is __Host-, secure, unreadable by scripts; a plain one counts nothing", async () => {
    const sara = await secure.signInAs("guardian");
    assert.equal((await secure.get("/oggi", undefined, { cookie: sara.cookie })).statusCode, 200);
    assert.match(sara.cookie, /^__Host-campanella_/);
    const plain = sara.cookie.replace("__Host-", "");
    assert.equal((await secure.get("/oggi", undefined, { cookie: plain })).statusCode, 303);
    const csrf = csrfToken(secure.app, secure.tenant, { token: sara.token });
    const out = await secure.post("/esci", { csrf }, undefined, { cookie: sara.cookie });
    const cleared = [out.headers["set-cookie"]].flat().map(String);
    assert(
      cleared.some((one) => /^__Host-[^;]+=;.*Secure/.test(one)),
      cleared.join("\n"),
    );
    assert(
      cleared.some((one) => /^__Host-[^=]+_flash=/.test(one)) &&
        cleared.every((one) => one.startsWith("__Host-")),
      "what is said once, too",
    );
  });
});
