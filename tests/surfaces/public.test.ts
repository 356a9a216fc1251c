// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createAccount } from "#identity";
import { putClosures } from "#calendar";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SiteOptions, testSite, type TestSite } from "../support/site.ts";
import type { SmallTown } from "../support/small-town.ts";
import { home } from "../../src/surfaces/public/home.ts";
import { routes } from "../../src/surfaces/public/routes.ts";

const LOGIN = {
  portal: ["credentials", "spid", "cie"],
  enrolment: ["spid", "cie"],
  topUp: ["credentials"],
  credentialsPer: "holder",
};
const PASSWORD = "una frase lunga e sicura";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function start(
  options: Partial<SiteOptions> = {},
): Promise<{ place: SmallTown; site: TestSite }> {
  const townSettings = { login: LOGIN, ...options.townSettings };
  const site = await testSite(base.db, { routes, home, ...options, townSettings });
  return { place: site.place, site };
}

async function account(
  place: SmallTown,
  username: string,
  role: "guardian" | "kitchen" | "office",
) {
  const made = await place.town.write((tx) =>
    createAccount(tx, {
      username,
      displayName: "Marta Conti",
      password: PASSWORD,
      role,
      siteIds: [],
      townName: "Borgo di prova",
      now: moment("2026-09-01T08:00:00Z"),
    }),
  );
  assert.equal(made.outcome, "created");
}

const tokenOf = (answer: { cookies: { name: string; value: string }[] }): string | undefined =>
  answer.cookies.find(({ name }) => !name.endsWith("_flash"))?.value;

describe("signing in", () => {
  it("shows the personas in demo mode, grouped by role, and opens the pages of the one chosen", async () => {
    const { site } = await start();
    const { accountId } = await site.signInAs("kitchen", { name: "Cuoca Pineta" });
    await site.signInAs("guardian", { name: "Sara Ferrando, mamma di Giulia" });
    const page = await site.get("/accedi?poi=/cucina/diete");
    assert.match(page.body, /Accesso dimostrativo/);
    assert.match(page.body, /Famiglie[^]*Sara Ferrando, mamma di Giulia[^]*Cucina[^]*Cuoca Pineta/);
    assert.deepEqual(htmlProblems(page.body), []);
    const chosen = await site.post("/accedi/persona", { persona: accountId, poi: "/cucina/diete" });
    assert.equal(chosen.statusCode, 303);
    assert.equal(chosen.headers.location, "/cucina/diete");
    const cookie = String(chosen.headers["set-cookie"]);
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Lax/);
    assert.match(cookie, /Path=\//);
    await site.close();
  });

  it("has no personas outside demo mode: the address does not exist", async () => {
    const { site } = await start({ demo: false });
    const { accountId } = await site.signInAs("office");
    const page = await site.get("/accedi");
    assert.doesNotMatch(page.body, /Accesso dimostrativo|Prova office/);
    assert.match(page.body, /SPID e CIE: non ancora attivo in questa installazione/);
    assert.match(page.body, /autocomplete="username"[^]*autocomplete="current-password"/);
    assert.deepEqual(htmlProblems(page.body), []);
    const refused = await site.post("/accedi/persona", { persona: accountId });
    assert.equal(refused.statusCode, 404);
    assert.equal(tokenOf(refused), undefined);
    await site.close();
  });

  it("takes user code and password, rotates the token and forgets it at the end", async () => {
    const { place, site } = await start({ demo: false });
    await account(place, "mconti", "kitchen");
    const first = await site.post("/accedi", { codice: "MConti ", password: PASSWORD });
    assert.equal(first.headers.location, "/cucina");
    const [name, token] = [first.cookies[0]!.name, tokenOf(first)!];
    const again = await site.server.http.inject({
      method: "POST",
      url: "/accedi",
      headers: { host: site.host, cookie: `${name}=${token}` },
      payload: {},
    });
    assert.equal(again.statusCode, 403, "a post without the form token");
    const session = { cookie: `${name}=${token}`, csrf: "", token, accountId: "" };
    assert.match((await site.get("/servizi", session)).body, /Marta Conti/);
    const csrf = /name="csrf" value="([^"]+)"/.exec((await site.get("/accedi", session)).body)![1]!;
    const second = await site.post(
      "/accedi",
      { codice: "mconti", password: PASSWORD, csrf },
      session,
    );
    assert.notEqual(tokenOf(second), token);
    assert.doesNotMatch((await site.get("/servizi", session)).body, /Marta Conti/);
    const fresh = { ...session, cookie: `${name}=${tokenOf(second)}` };
    const outCsrf = /name="csrf" value="([^"]+)"/.exec(
      (await site.get("/servizi", fresh)).body,
    )![1]!;
    const out = await site.post("/esci", { csrf: outCsrf }, fresh);
    assert.equal(out.headers.location, "/servizi");
    assert.doesNotMatch((await site.get("/servizi", fresh)).body, /Marta Conti/);
    await site.close();
  });

  it("answers the same for a wrong password and an unknown user, and slows both down", async () => {
    const { place, site } = await start({ demo: false });
    await account(place, "cuoca", "kitchen");
    const wrong = async (codice: string) => {
      const answer = await site.post("/accedi", { codice, password: "sbagliata sbagliata" });
      const text = answer.body.replaceAll(codice, "X").replaceAll(/nonce="[^"]*"/g, "");
      return { status: answer.statusCode, text };
    };
    const known = await wrong("cuoca");
    assert.deepEqual(await wrong("nessuno"), known);
    assert.equal(known.status, 401);
    assert.match(known.text, /Codice utente o password non corretti/);
    for (let attempt = 0; attempt < 4; attempt += 1) await wrong("cuoca");
    const slowed = await site.post("/accedi", { codice: "cuoca", password: PASSWORD });
    assert.equal(slowed.statusCode, 429);
    assert.match(slowed.body, /Troppi tentativi\. Si può riprovare alle 8:40:30\./);
    site.setClock(moment("2026-11-24T08:41:00+01:00"));
    const right = await site.post("/accedi", { codice: "cuoca", password: PASSWORD });
    assert.equal(right.headers.location, "/cucina");
    await site.close();
  });

  it("BI-01 OS-17 a password opens no family page where the town wants SPID", async () => {
    const login = { ...LOGIN, portal: ["spid"] };
    const { place, site } = await start({ demo: false, townSettings: { login } });
    await account(place, "famiglia", "guardian");
    const refused = await site.post("/accedi", { codice: "famiglia", password: PASSWORD });
    assert.equal(refused.statusCode, 403);
    assert.match(refused.body, /le famiglie entrano con SPID o CIE/);
    assert.equal(tokenOf(refused), "");
    await site.close();
  });

  it("goes back only to paths of this site that the role may open", async () => {
    const { site } = await start();
    const { accountId } = await site.signInAs("kitchen");
    const to = async (poi: string) =>
      (await site.post("/accedi/persona", { persona: accountId, poi })).headers.location;
    assert.equal(await to("https://altrove.example/"), "/cucina");
    assert.equal(await to("//altrove.example/"), "/cucina");
    assert.equal(await to("/\\altrove.example"), "/cucina");
    assert.equal(await to("/ufficio"), "/cucina");
    assert.equal(await to("/cucina?giorno=2026-11-25"), "/cucina?giorno=2026-11-25");
    assert.equal(await to("/accedi"), "/cucina");
    await site.close();
  });

  it("asks whoever has several roles which one", async () => {
    const { site } = await start();
    const session = await site.signInAs("school", { alsoRoles: ["guardian"] });
    const chosen = await site.post("/accedi/persona", { persona: session.accountId });
    assert.equal(chosen.headers.location, "/accedi/ruolo");
    const page = await site.get("/accedi/ruolo", session);
    assert.match(page.body, /Con quale ruolo\?[^]*href="\/scuola"[^]*href="\/oggi"/);
    await site.close();
  });
});

describe("the public pages of a town", () => {
  it("X-07 PE-15 BO-24 name today's closures, cut-offs, the office and its hours", async () => {
    const { place, site } = await start();
    await place.town.write((tx) =>
      putClosures(
        tx,
        [
          {
            id: newId(),
            serviceId: null,
            siteId: place.siteId,
            classId: null,
            from: day("2026-11-24"),
            to: day("2026-11-24"),
            reason: "weather",
            note: "",
          },
        ],
        { name: "ufficio", at: moment("2026-11-24T06:10:00Z") },
      ),
    );
    const page = await site.get("/servizi");
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Oggi: servizi chiusi in Primaria Milano \(allerta meteo\)/);
    assert.match(page.body, /disdetta entro le 9:00 dello stesso giorno/);
    assert.match(page.body, /Oggi aperto dalle 9:00 alle 12:00/);
    assert.match(page.body, /0371 000000/);
    assert.deepEqual(htmlProblems(page.body), []);
    for (const path of ["/sportello", "/accessibilita", "/privacy", "/note-legali"]) {
      const other = await site.get(path);
      assert.equal(other.statusCode, 200, path);
      assert.deepEqual(htmlProblems(other.body), [], path);
    }
    assert.match((await site.get("/sportello")).body, /lunedì[^]*chiuso[^]*martedì[^]*9:00-12:00/);
    await site.close();
  });

  it("list the towns at an address that belongs to none", async () => {
    const { site } = await start();
    const page = await site.server.http.inject({ url: "/", headers: { host: "localhost:3000" } });
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Campanella[^]*Comune di Borgo di prova[^]*EUPL-1\.2/);
    assert.match(page.body, new RegExp(`http://${site.host}:0/servizi`));
    assert.match(page.body, /si paga dopo \(avviso mensile\); presenza automatica/);
    assert.deepEqual(htmlProblems(page.body), []);
    await site.close();
  });
});
