// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { securityEvents, staffAccounts } from "#identity";
import { dayOf, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { post } from "../support/credentials.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { signedInBy, STAFF_PASSWORD, withPassword } from "../support/second-factor.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

const NOW = moment("2026-11-24T07:40:00Z");
const PAGE = "/ufficio/impostazioni/personale";
let base: TestDatabase;
let site: TestSite;
let admin: SignedIn;

before(async () => {
  base = await testDatabase();
  site = await testSite(base.db, { routes: wholeSite.routes, demo: false, now: NOW });
  admin = await site.signInAs("administrator", { name: "R. Verdi" });
});
after(async () => {
  await site?.close();
  await base.close();
});

async function create(fields: Record<string, string>): Promise<{ id: string; code: string }> {
  const made = await site.post(`${PAGE}/nuovo`, fields, admin);
  assert.equal(made.statusCode, 200, made.body);
  assert.deepEqual(htmlProblems(made.body), []);
  return {
    id: new RegExp(`${PAGE}/([0-9a-f-]{36})`).exec(made.body)![1]!,
    code: /secret-key">([\w-]+)</.exec(made.body)![1]!,
  };
}
const activate = (codice: string, attivazione: string) =>
  site.post("/accedi/attiva", {
    ...{ codice, attivazione, password: STAFF_PASSWORD },
    "password-ripetuta": STAFF_PASSWORD,
  });
const eventsOf = (accountId: string) =>
  site.place.town.read(async (tx) =>
    (await securityEvents(tx, { accountId, limit: 20 })).map(({ kind }) => kind).toReversed(),
  );
const grantsOf = (id: string) =>
  site.place.town.read(
    async (tx) => (await staffAccounts(tx, { date: dayOf(NOW), id }))[0]?.grants ?? [],
  );

describe("who works for the town", () => {
  it("PE-06 is created with a role and a code that is told once; the person chooses the password", async () => {
    const { siteId } = site.place;
    const fields = {
      nome: "Anna Bassi",
      codice: "A.Bassi",
      ruolo: "school",
      dove: `scuola ${siteId}`,
    };
    const { id, code } = await create(fields);
    assert.match(code, /^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const page = await site.get(`${PAGE}/${id}`, admin);
    assert.ok(!page.body.includes(code), "nobody reads it again");
    assert.match(page.body, /Scuola, Primaria Milano/);
    assert.match(page.body, /password da scegliere/);
    assert.deepEqual(htmlProblems(page.body), []);
    const chosen = await activate("a.bassi", code);
    assert.equal(chosen.headers.location, "/accedi");
    assert.notEqual((await activate("a.bassi", code)).statusCode, 303, "once");
    const entered = await withPassword(site, "a.bassi");
    assert.equal(entered.response.headers.location, "/scuola");
    const school = { ...signedInBy(site, entered.response)!, accountId: id };
    assert.equal((await site.get("/scuola", school)).statusCode, 200);
    assert.deepEqual((await eventsOf(id)).slice(0, 3), [
      "account-made",
      "role-granted",
      "code-sent",
    ]);
    const again = await site.post(`${PAGE}/nuovo`, fields, admin);
    assert.equal(again.statusCode, 422);
    assert.match(again.body, /esiste già/);
    const list = await site.get(PAGE, admin);
    assert.match(list.body, /Anna Bassi/);
    assert.doesNotMatch(list.body, /Sara Ferrando/);
    assert.deepEqual(htmlProblems(list.body), []);
  });

  it("X-15 a new password ends what somebody with the old one has half open", async () => {
    const { id, code } = await create({ nome: "Elio Vinci", codice: "e.vinci", ruolo: "office" });
    await activate("e.vinci", code);
    const { half } = await withPassword(site, "e.vinci");
    const show = () => site.get("/accedi/codice", null, { cookie: half });
    assert.equal((await show()).statusCode, 200, "an app could be set up");
    const renewed = await site.post(`${PAGE}/${id}/codice`, {}, admin);
    await activate("e.vinci", /secret-key">([\w-]+)</.exec(renewed.body)![1]!);
    assert.equal((await show()).headers.location, "/accedi");
  });

  it("PE-06 roles are given and taken with the day; each change ends the person's sessions", async () => {
    const { id, code } = await create({ nome: "Carla Cuoca", codice: "c.cuoca", ruolo: "kitchen" });
    await activate("c.cuoca", code);
    const enter = async () => {
      const { response } = await withPassword(site, "c.cuoca");
      return { ...signedInBy(site, response)!, accountId: id };
    };
    const first = await enter();
    assert.equal((await site.get("/cucina", first)).statusCode, 200);
    const place = `classe ${site.place.classId}`;
    const role = { ruolo: "school", dove: place, dal: "2026-11-24" };
    const given = await site.post(`${PAGE}/${id}/ruoli`, role, admin);
    assert.equal(given.statusCode, 303, given.body);
    assert.equal((await site.get("/cucina", first)).statusCode, 303, "signed out");
    const second = await enter();
    assert.equal((await site.get("/scuola", second)).statusCode, 200);
    const kitchen = (await grantsOf(id)).find((grant) => grant.role === "kitchen")!;
    await site.post(`${PAGE}/${id}/ruoli/fine`, { ruolo: kitchen.id }, admin);
    const third = await enter();
    assert.equal((await site.get("/cucina", third)).statusCode, 403);
    assert.equal((await site.get("/scuola", third)).statusCode, 200);
    const kept = await site.place.town.read((tx) =>
      tx.one<{ to: string }>(
        sql`select to_date::text as "to" from role_grant where tenant_id = ${tx.tenantId} and id = ${kitchen.id}`,
      ),
    );
    assert.equal(kept.to, "2026-11-23", "the grant stays, dated");
    for (const wrong of [
      { ...role, dal: "2026-11-23" },
      { ...role, dove: "scuola 00000000-0000-7000-8000-000000000000" },
      { ...role, ruolo: "guardian" },
      { ...role, ruolo: "kitchen" },
    ])
      assert.equal((await site.post(`${PAGE}/${id}/ruoli`, wrong, admin)).statusCode, 422);
  });

  it("PE-01 who drives is given a line, who cooks for the town no class; a line is nobody else's", async () => {
    const { place } = site;
    const line = newId();
    await place.town.write((tx) =>
      tx.run(sql`insert into bus_line (tenant_id, id, service_id, name)
        values (${tx.tenantId}, ${line}, ${place.serviceId}, 'Pineta')`),
    );
    const form = await site.get(`${PAGE}/nuovo`, admin);
    assert.match(form.body, /Linea Pineta/);
    const person = { nome: "Dino Ruota", codice: "d.ruota" };
    const dove = `linea ${line}`;
    for (const [wrong, why] of [
      [{ ruolo: "driver" }, /Scegliere la linea/],
      [{ ruolo: "driver", dove: `scuola ${place.siteId}` }, /Scegliere la linea/],
      [{ ruolo: "driver", dove: `linea ${newId()}` }, /Scegliere la linea/],
      [{ ruolo: "school", dove }, /Una linea è solo di chi guida/],
      [{ ruolo: "office", dove }, /Una linea è solo di chi guida/],
      [{ ruolo: "caterer", dove: `classe ${place.classId}` }, /Scegliere una scuola/],
    ] as const) {
      const refused = await site.post(`${PAGE}/nuovo`, { ...person, ...wrong }, admin);
      assert.equal(refused.statusCode, 422, JSON.stringify(wrong));
      assert.match(refused.body, why);
    }
    const { id } = await create({ ...person, ruolo: "driver", dove });
    assert.deepEqual(
      (await grantsOf(id)).map(({ role, siteId, classId, lineId }) => ({
        ...{ role, siteId, classId, lineId },
      })),
      [{ role: "driver", siteId: null, classId: null, lineId: line }],
    );
    assert.match((await site.get(`${PAGE}/${id}`, admin)).body, /Autista, Linea Pineta/);
    const { id: caterer } = await create({
      nome: "Ristora Srl",
      codice: "ristora",
      ruolo: "caterer",
      dove: `scuola ${place.siteId}`,
    });
    assert.equal((await grantsOf(caterer))[0]!.siteId, place.siteId);
    assert.match((await site.get(PAGE, admin)).body, /Gestore della ristorazione, Primaria/);
  });

  it("X-15 the last administrator stays; another one is named first", async () => {
    // Personas of the test are administrators too: this one is alone afterwards.
    const grant = (await grantsOf(admin.accountId))[0]!;
    const end = () =>
      site.post(`${PAGE}/${admin.accountId}/ruoli/fine`, { ruolo: grant.id }, admin);
    const refused = await end();
    assert.equal(refused.statusCode, 409);
    assert.match(refused.body, /unico amministratore/);
    const off = await site.post(`${PAGE}/${admin.accountId}/disattiva`, {}, admin);
    assert.equal(off.statusCode, 409);
    const { id } = await create({ nome: "Secondo Capo", codice: "s.capo", ruolo: "administrator" });
    await site.post(`${PAGE}/${id}/disattiva`, {}, admin);
    assert.equal((await end()).statusCode, 409, "one that is disabled is none");
    await create({ nome: "Terza Capo", codice: "t.capo", ruolo: "administrator" });
    const other = await site.signInAs("administrator", { name: "L. Neri" });
    assert.equal((await end()).statusCode, 303);
    assert.equal((await site.get(PAGE, admin)).statusCode, 303, "signed out at once");
    admin = other;
  });

  it("X-15 a disabled account signs in no more, and its codes are worth nothing", async () => {
    const { id, code } = await create({ nome: "Ugo Via", codice: "u.via", ruolo: "kitchen" });
    await activate("u.via", code);
    const inside = signedInBy(site, (await withPassword(site, "u.via")).response)!;
    const renewed = await site.post(`${PAGE}/${id}/codice`, {}, admin);
    const next = /secret-key">([\w-]+)</.exec(renewed.body)![1]!;
    await site.post(`${PAGE}/${id}/disattiva`, {}, admin);
    assert.equal((await site.get("/cucina", { ...inside, accountId: id })).statusCode, 303);
    assert.equal((await withPassword(site, "u.via")).response.statusCode, 401);
    assert.notEqual((await activate("u.via", next)).statusCode, 303);
    assert.equal((await eventsOf(id)).at(-1), "account-disabled");
    assert.equal((await site.post(`${PAGE}/${id}/codice`, {}, admin)).statusCode, 404);
  });

  it("X-15 who comes back to work gets in again as before; codes and roles of before count", async () => {
    const { id, code } = await create({
      nome: "Ada Ritorno",
      codice: "a.ritorno",
      ruolo: "kitchen",
    });
    await activate("a.ritorno", code);
    const again = () => site.post(`${PAGE}/${id}/riattiva`, {}, admin);
    assert.equal((await again()).statusCode, 404, "nobody was disabled");
    await site.post(`${PAGE}/${id}/disattiva`, {}, admin);
    assert.equal((await withPassword(site, "a.ritorno")).response.statusCode, 401);
    const page = await site.get(`${PAGE}/${id}`, admin);
    assert.match(page.body, /Riattiva l(&#39;|')accesso/);
    assert.deepEqual(htmlProblems(page.body), []);
    assert.equal((await again()).statusCode, 303);
    assert.equal((await withPassword(site, "a.ritorno")).response.headers.location, "/cucina");
    assert.ok((await eventsOf(id)).includes("account-enabled"));
    const manager = await site.signInAs("office-manager");
    assert.equal((await site.post(`${PAGE}/${id}/riattiva`, {}, manager)).statusCode, 403);
  });

  it("PE-06 the code goes by e-mail where e-mails leave: sealed, without the user code, seen by nobody here", async () => {
    const mailed = await testSite(base.db, { routes: wholeSite.routes, demo: false, now: NOW });
    const chief = await mailed.signInAs("administrator", { name: "R. Verdi" });
    const fields = { nome: "Eva Posta", codice: "e.posta", ruolo: "school", consegna: "e-mail" };
    Object.assign(mailed.app, { mail: "smtp" });
    const noAddress = await mailed.post(`${PAGE}/nuovo`, fields, chief);
    assert.equal(noAddress.statusCode, 422);
    assert.match(noAddress.body, /serve l(&#39;|')indirizzo e-mail/);
    const email = "e.posta@comune.example";
    const made = await mailed.post(`${PAGE}/nuovo`, { ...fields, email }, chief);
    assert.equal(made.statusCode, 303, made.body);
    const path = String(made.headers.location);
    const stored = await mailed.place.town.read((tx) =>
      tx.rows<{ body: string; holderId: string | null }>(
        sql`select body, holder_id as "holderId" from email where tenant_id = ${tx.tenantId} and kind = 'staff-code'`,
      ),
    );
    assert.equal(stored.length, 1);
    assert.doesNotMatch(stored[0]!.body, /Codice di attivazione/);
    const [letter] = await post(mailed);
    assert.equal(letter?.to, email);
    assert.doesNotMatch(letter!.text, /e\.posta\b(?!@)/);
    assert.match(letter!.text, /\/accedi\/attiva/);
    const code = /\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b/.exec(letter!.text)![0];
    const chosen = await mailed.post("/accedi/attiva", {
      ...{ codice: "e.posta", attivazione: code, password: STAFF_PASSWORD },
      "password-ripetuta": STAFF_PASSWORD,
    });
    assert.equal(chosen.headers.location, "/accedi");
    const renewed = await mailed.post(`${path}/codice/e-mail`, {}, chief);
    assert.equal(renewed.statusCode, 303);
    assert.equal((await post(mailed, NOW.add({ hours: 24 * 7 }))).length, 0, "over: it stays here");
    const page = await mailed.get(path, chief);
    assert.match(page.body, /Invia il codice per e-mail/);
    assert.deepEqual(htmlProblems(page.body), []);
    const { id } = await create({ nome: "Senza Posta", codice: "s.posta", ruolo: "school", email });
    const silent = await site.post(`${PAGE}/${id}/codice/e-mail`, {}, admin);
    assert.equal(silent.statusCode, 404, "without a mail server nothing is promised");
    await mailed.close();
  });

  it("PE-06 the administrator corrects the address; a wrong one is shown again", async () => {
    const { id } = await create({ nome: "Lia Nuova", codice: "l.nuova", ruolo: "school" });
    const change = (email: string) => site.post(`${PAGE}/${id}/e-mail`, { email }, admin);
    const wrong = await change("lia at comune");
    assert.equal(wrong.statusCode, 422);
    assert.match(wrong.body, /non è scritto bene/);
    assert.deepEqual(htmlProblems(wrong.body), []);
    assert.equal((await change("lia@comune.example")).statusCode, 303);
    assert.match((await site.get(`${PAGE}/${id}`, admin)).body, /lia@comune\.example/);
    assert.equal((await change("")).statusCode, 303);
    assert.deepEqual((await eventsOf(id)).filter((kind) => kind === "email-changed").length, 2);
  });

  it("X-15 nobody but an administrator, and no account of a family or of another town", async () => {
    const manager = await site.signInAs("office-manager");
    assert.equal((await site.get(PAGE, manager)).statusCode, 403);
    const family = await site.signInAs("guardian");
    assert.equal((await site.get(`${PAGE}/${family.accountId}`, admin)).statusCode, 404);
    const role = { ruolo: "administrator", dal: "2026-11-24" };
    const raised = await site.post(`${PAGE}/${family.accountId}/ruoli`, role, admin);
    assert.equal(raised.statusCode, 404);
  });
});
