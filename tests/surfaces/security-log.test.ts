// SPDX-License-Identifier: EUPL-1.2
/** What happened around the doors: what is written, and who reads it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  putAccounts,
  putRoleGrants,
  recordSecurityAll,
  securityEvents,
  type SecurityRow,
} from "#identity";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { hashPassword } from "#kernel/password.ts";
import { detailText } from "../../src/surfaces/office/settings/security-words.ts";
import { site } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { renewed, testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-23T08:00:00Z");
const PAGE = "/ufficio/impostazioni/sicurezza";
const PASSWORD = "una frase lunga e mia";

describe("the security log", () => {
  let base: TestDatabase;
  let at: TestSite;
  let accountId: string;
  before(async () => {
    base = await testDatabase();
    const login = {
      ...{ portal: ["spid", "credentials"], enrolment: ["spid"], topUp: ["spid"] },
      ...{ credentialsPer: "holder", credentialsReason: "delibera 12" },
    };
    at = await testSite(base.db, { routes: site.routes, now: NOW, townSettings: { login } });
    accountId = newId();
    const passwordHash = await hashPassword(PASSWORD);
    await at.place.town.write(async (tx) => {
      const account = { id: accountId, username: "sferrando", displayName: "Sara Ferrando" };
      await putAccounts(tx, [{ ...account, demo: false, passwordHash }], NOW);
      const where = { siteId: null, classId: null, from: day("2026-08-01"), to: null };
      await putRoleGrants(tx, [{ id: newId(), accountId, role: "guardian", ...where }]);
    });
  });
  after(async () => {
    await at.close();
    await base.close();
  });

  const events = (): Promise<SecurityRow[]> =>
    at.place.town.read((tx) => securityEvents(tx, { limit: 100 }));
  const signIn = (codice: string, password: string) =>
    at.post("/accedi", { codice, password }, null);

  it("X-15 a password right, wrong, of nobody, and leaving: each one line, the address only as a keyed hash", async () => {
    assert.equal((await signIn("sferrando", "un'altra frase")).statusCode, 401);
    assert.equal((await signIn("nessuno", "un'altra frase")).statusCode, 401);
    const inside = await signIn("sferrando", PASSWORD);
    assert.equal(inside.statusCode, 303, inside.body);
    const nobody = { cookie: "", csrf: "", token: "", accountId };
    await at.post("/esci", {}, renewed(at, nobody, inside));
    const rows = await events();
    const said = rows.map(({ kind, accountId: whose, actorName, details }) => [
      kind,
      whose,
      actorName,
      details["why"] ?? null,
    ]);
    assert.deepEqual(said.toSorted(), [
      ["sign-in-refused", null, "", "wrong"],
      ["sign-in-refused", accountId, "Sara Ferrando", "wrong"],
      ["signed-in", accountId, "Sara Ferrando", null],
      ["signed-out", accountId, "Sara Ferrando", null],
    ]);
    const origins = new Set(rows.map(({ originHash }) => originHash));
    assert.equal(origins.size, 1);
    assert.match([...origins][0]!, /^[0-9a-f]{32}$/);
    assert.doesNotMatch(JSON.stringify(rows), /127\.0\.0\.1|sferrando|altra frase/);
  });

  it("X-15 whoever has no role is refused, and that is on record with its reason", async () => {
    const id = newId();
    const passwordHash = await hashPassword(PASSWORD);
    await at.place.town.write((tx) =>
      putAccounts(
        tx,
        [{ id, username: "exutente", displayName: "Ex Utente", demo: false, passwordHash }],
        NOW,
      ),
    );
    assert.equal((await signIn("exutente", PASSWORD)).statusCode, 403);
    const own = (await events()).filter((row) => row.accountId === id);
    assert.deepEqual(
      own.map(({ kind, details }) => [kind, details["why"]]),
      [["sign-in-refused", "no-role"]],
    );
  });

  it("X-15 the administrator reads it by kind and month; nobody else does", async () => {
    const admin = await at.signInAs("administrator");
    const all = await at.get(PAGE, admin);
    assert.equal(all.statusCode, 200);
    assert.match(all.body, /Registro di sicurezza/);
    assert.match(all.body, /Accesso rifiutato[^]*con codice utente e password; nessun ruolo/);
    const out = await at.get(`${PAGE}?evento=signed-out`, admin);
    const table = out.body.slice(out.body.indexOf("<tbody"));
    assert.match(table, /Uscita[^]*Sara Ferrando/);
    assert.doesNotMatch(table, /Accesso rifiutato/);
    assert.match((await at.get(`${PAGE}?mese=2026-10`, admin)).body, /Nessun evento/);
    for (const wrong of ["?mese=2020-01", "?mese=x", "?evento=x", "?pagina=0", "?pagina=-1"])
      assert.equal((await at.get(PAGE + wrong, admin)).statusCode, 404, wrong);
    assert.match((await at.get("/ufficio/impostazioni", admin)).body, new RegExp(PAGE));
    for (const role of ["office", "office-manager", "school", "guardian"] as const)
      assert.equal((await at.get(PAGE, await at.signInAs(role))).statusCode, 403, role);
  });

  it("X-15 what is recorded in short is said in words, numbers of rows are not", () => {
    for (const [details, text] of [
      [{ protocol: "cie-oidc", what: "promoted" }, "CIE con OpenID Connect; messa in uso"],
      [
        { what: "saved", version: 2, protocol: "staff-oidc" },
        "nuova versione; versione 2; account del Comune",
      ],
      [
        { role: "office-diet", siteId: newId(), from: "2026-11-20" },
        "Operatore diete; dal 20/11/2026",
      ],
      [{ purpose: "activation", how: "e-mail" }, "per il primo accesso; per e-mail"],
      [{ means: "spid", level: 2, isFirst: true }, "con SPID; livello 2; la prima volta"],
      [{ means: "cie", why: "anomaly 22" }, "con CIE; anomalia 22"],
      [{ what: "off", reason: "Delibera 12" }, "motivo: Delibera 12; tolto"],
      [{ sessionsEnded: 0 }, ""],
    ] as const)
      assert.equal(detailText(details), text);
  });

  it("X-15 more than a page has a way to the older ones", async () => {
    const admin = await at.signInAs("administrator");
    const rows = Array.from({ length: 120 }, () => ({
      ...{ kind: "code-sent" as const, at: NOW, actorName: "M. Conti" },
    }));
    await at.place.town.write((tx) => recordSecurityAll(tx, rows));
    const first = await at.get(`${PAGE}?evento=code-sent`, admin);
    assert.equal(first.body.match(/<div>Codice preparato/g)?.length, 100);
    assert.match(first.body, /Più vecchi/);
    const second = await at.get(`${PAGE}?evento=code-sent&mese=2026-11&pagina=2`, admin);
    assert.equal(second.body.match(/<div>Codice preparato/g)?.length, 20);
    assert.doesNotMatch(second.body, /Più vecchi/);
  });
});

describe("a session's token", () => {
  let base: TestDatabase;
  let at: TestSite;
  before(async () => {
    base = await testDatabase();
    at = await testSite(base.db, { routes: site.routes, now: NOW });
  });
  after(async () => {
    await at.close();
    await base.close();
  });

  it("X-15 is new when the desk opens and when it closes; the old ones open nothing (ASVS 7.2.4)", async () => {
    const clerk = await at.signInAs("office");
    const path = `/ufficio/famiglie/${at.place.holderId}`;
    const opened = await at.post(`${path}/sportello`, { motivo: "telefonata" }, clerk);
    const atDesk = renewed(at, clerk, opened);
    assert.notEqual(atDesk.token, clerk.token);
    assert.match((await at.get("/oggi", atDesk)).body, /Sportello: famiglia Ferrando/);
    assert.match(String((await at.get(path, clerk)).headers.location), /^\/accedi\?/);
    const closed = await at.post("/ufficio/sportello/chiudi", {}, atDesk);
    const away = renewed(at, atDesk, closed);
    assert.equal((await at.get("/ufficio", away)).statusCode, 200);
    for (const old of [clerk, atDesk])
      assert.match(String((await at.get("/ufficio", old)).headers.location), /^\/accedi\?/);
    const sessions = await at.get("/accessi", away);
    assert.match(sessions.body, /Questo accesso/);
    assert.doesNotMatch(sessions.body, /name="accesso"/, "it is one session all the time");
  });

  it("X-15 of two requests that open the desk with one token one gets the new one", async () => {
    const clerk = await at.signInAs("office");
    const path = `/ufficio/famiglie/${at.place.holderId}/sportello`;
    const both = await Promise.all(
      [1, 2].map(() => at.post(path, { motivo: "telefonata" }, clerk)),
    );
    const won = both.filter(({ headers }) => headers.location === "/oggi");
    assert.equal(won.length, 1);
  });
});
