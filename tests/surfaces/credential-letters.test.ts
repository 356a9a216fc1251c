// SPDX-License-Identifier: EUPL-1.2
/** Letters with credentials for a school (BO-01) and for each child (PE-04): made beside the pages, sealed, removed. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { enterWithIdentity, putPeople, putPersonAccounts } from "#families";
import { childByVoiceCode, createAccount } from "#identity";
import { controlCharacter, expectedFifteen } from "#kernel/codice-fiscale.ts";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { makeTownLetters } from "../../src/worker/letters.ts";
import { popplerMissing, structureOf } from "../documents/read-back.ts";
import {
  credentialSite,
  EMAIL,
  letterFor,
  makeAllLetters,
  NOW,
  PASSWORD,
  post,
  readLetters,
} from "../support/credentials.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import type { SignedIn, TestSite } from "../support/site.ts";
import { manyFamilies } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NEW = "/ufficio/credenziali/nuove";

async function start(
  site: TestSite,
  office: SignedIn,
  fields: Record<string, string> = {},
): Promise<string> {
  const started = await site.post(NEW, fields, office);
  assert.equal(started.statusCode, 303, started.body);
  return String(started.headers.location);
}

async function lettersAt(site: TestSite, path: string, office: SignedIn) {
  const file = await site.get(`${path}/lettere.pdf`, office);
  assert.equal(file.statusCode, 200);
  return readLetters(new Uint8Array(file.rawPayload));
}

const activate = (site: TestSite, of: { username: string; code: string }) =>
  site.post("/accedi/attiva", {
    codice: of.username,
    attivazione: of.code,
    password: PASSWORD,
    "password-ripetuta": PASSWORD,
  });

describe("letters with codes and credentials", { skip: popplerMissing }, () => {
  it("BO-01 a school's families: who has e-mail gets mail, the others one file, which is gone a day later", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    await manyFamilies(site.place, 30);
    const office = await site.signInAs("office", { name: "M. Conti" });
    const choice = await site.get(`${NEW}?scuola=${site.place.siteId}&email=si`, office);
    assert.match(choice.body, /Prepara 31 lettere/);
    assert.deepEqual(htmlProblems(choice.body), []);
    const key = "0190a1b2-0000-7000-8000-000000000001";
    const fields = { key, scuola: site.place.siteId, email: "si" };
    const path = await start(site, office, fields);
    assert.equal(await start(site, office, fields), path, "the same button twice is one run");
    const waiting = await site.get(path, office);
    assert.match(waiting.body, /0 di 31 lettere/);
    assert.equal((await site.get(`${path}/lettere.pdf`, office)).statusCode, 404);

    // Interrupted after the first part, in another process: the rest is made, nothing twice.
    let asked = 0;
    await makeTownLetters(site.app, { town: site.tenant, isStopping: () => (asked += 1) > 2 });
    assert.match((await site.get(path, office)).body, /25 di 31 lettere/);
    await Promise.all([makeAllLetters(site), makeAllLetters(site)]);
    const done = await site.get(path, office);
    assert.match(done.body, /31 lettere pronte/);
    assert.deepEqual(htmlProblems(done.body), []);
    const letters = await lettersAt(site, path, office);
    assert.equal(letters.length, 30);
    assert.equal(new Set(letters.map(({ code }) => code)).size, 30);
    assert.equal(new Set(letters.map(({ username }) => username)).size, 30);
    const [email, ...more] = await post(site);
    assert.ok(email && more.length === 0);
    assert.equal(email.to, EMAIL);
    assert.match(email.text, /Codice di attivazione: [2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/);
    assert.doesNotMatch(email.text, /Giulia|Tommaso/, "an e-mail names no child");
    const last = letters.at(-1)!;
    assert.equal((await activate(site, last)).headers.location, "/oggi");
    assert.match(
      (await site.get(NEW, office)).body,
      /Prepara 30 lettere/,
      "one has a password now",
    );

    site.setClock(NOW.add({ hours: 25 }));
    await makeAllLetters(site);
    const later = await site.signInAs("office");
    assert.equal((await site.get(`${path}/lettere.pdf`, later)).statusCode, 404);
    assert.match((await site.get(path, later)).body, /Famiglia29/, "the list stays");
  });

  it("BO-01 stopped, the file is gone; other roles and towns see nothing", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const office = await site.signInAs("office");
    const path = await start(site, office);
    await makeAllLetters(site);
    assert.equal((await lettersAt(site, path, office)).length, 1);
    for (const role of ["guardian", "school", "kitchen"] as const) {
      const who = await site.signInAs(role);
      for (const page of [path, `${path}/lettere.pdf`, NEW, "/ufficio/credenziali"])
        assert.equal((await site.get(page, who)).statusCode, 403);
    }
    const other = await credentialSite(base.db);
    t.after(() => other.close());
    const stranger = await other.signInAs("office");
    assert.equal((await other.get(`${path}/lettere.pdf`, stranger)).statusCode, 404);
    await site.post(`${path}/elimina`, {}, office);
    assert.equal((await site.get(`${path}/lettere.pdf`, office)).statusCode, 404);
  });

  it("PE-04 each child has its own letter, and its account opens that child alone", async (t) => {
    const site = await credentialSite(base.db, { per: "child" });
    t.after(() => site.close());
    const { giulia, tommaso } = site.place;
    const office = await site.signInAs("office", { name: "M. Conti" });
    const family = await site.get(`/ufficio/famiglie/${site.place.holderId}/credenziali`, office);
    assert.deepEqual(htmlProblems(family.body), []);
    const mine = await letterFor(site, { bambino: giulia });
    const other = await letterFor(site, { bambino: tommaso });
    assert.match(mine.text, /Giulia Ferrando/);
    assert.doesNotMatch(mine.text, /Tommaso/);
    assert.notEqual(mine.username, other.username);
    const entered = await activate(site, mine);
    assert.equal(entered.headers.location, "/oggi");
    const cookie = entered.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const who = { cookie, csrf: "", token: "", accountId: "" };
    const today = (await site.get("/oggi", who)).body;
    assert.match(today, /Giulia/);
    assert.doesNotMatch(today, /Tommaso/);
    assert.equal((await site.get("/figli/tommaso", who)).statusCode, 404);

    await site.post("/accedi/recupero", { chi: EMAIL });
    const emails = await post(site);
    assert.equal(emails.length, 2, "one link for each child");
    assert.ok(emails.every(({ text }) => /iniziali [GT]\.F\./.test(text)));
  });

  it("BO-11 the voice code on the letter names the child; the next letter changes it", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const { place, app } = site;
    const codesOf = (text: string) =>
      [...text.matchAll(/\b(\d{4}) (\d{4})\b/g)].map(([, a, b]) => `${a}${b}`);
    const childrenBy = (codes: readonly string[]) =>
      place.town.read((tx) =>
        Promise.all(codes.map((code) => childByVoiceCode(tx, { code, sealKey: app.sealKey }))),
      );
    const first = codesOf((await letterFor(site)).text);
    assert.deepEqual(new Set(await childrenBy(first)), new Set([place.giulia, place.tommaso]));
    const second = codesOf((await letterFor(site)).text);
    assert.deepEqual(new Set(await childrenBy(second)), new Set([place.giulia, place.tommaso]));
    assert.deepEqual(await childrenBy(first), [undefined, undefined]);
  });

  it("MC-06 who came in by SPID before gets a user code for the same account", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const { town, sara } = site.place;
    const born = { birthDate: day("1984-02-03"), sex: "F" as const, birthPlaceCode: "F205" };
    const name = { givenName: "Sara", surname: "Ferrando" };
    const fifteen = expectedFifteen({ ...name, ...born });
    const codiceFiscale = fifteen + controlCharacter(fifteen);
    const person = { id: sara.personId!, kind: "adult" as const, ...name, ...born, codiceFiscale };
    await town.write((tx) => putPeople(tx, [person], NOW));
    const identity = { ...name, codiceFiscale, birthDate: born.birthDate };
    const entered = await town.write((tx) => enterWithIdentity(tx, identity, NOW));
    assert.equal(entered.outcome, "known");
    const letter = await letterFor(site);
    assert.equal((await activate(site, letter)).headers.location, "/oggi");
    const accounts = await town.read((tx) =>
      tx.rows<{ id: string }>(sql`select account_id as id from person_account
        where tenant_id = ${tx.tenantId} and person_id = ${sara.personId}
          and account_id in (select id from account where tenant_id = ${tx.tenantId} and not demo)`),
    );
    assert.deepEqual(accounts, [{ id: entered.outcome === "known" && entered.accountId }]);
  });

  it("X-15 a parent who works for the town: no letter opens the account with a role at work", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const { town, sara } = site.place;
    const staff = await town.write((tx) =>
      createAccount(tx, {
        ...{
          username: "sferrando",
          displayName: "Sara Ferrando",
          password: "al lavoro si usa questa",
        },
        ...{ role: "administrator", siteIds: [], townName: "Borgo di prova", now: NOW },
      }),
    );
    assert.equal(staff.outcome, "created");
    const accountId = staff.outcome === "created" ? staff.accountId : "";
    await town.write((tx) => putPersonAccounts(tx, [{ accountId, personId: sara.personId! }]));
    const letter = await letterFor(site);
    assert.notEqual(letter.username, "sferrando");
    const entered = await activate(site, letter);
    const cookie = entered.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const who = { cookie, csrf: "", token: "", accountId: "" };
    assert.equal((await site.get("/oggi", who)).statusCode, 200);
    assert.equal((await site.get("/ufficio", who)).statusCode, 403);
    await site.post("/accedi/recupero", { chi: "sferrando" });
    assert.deepEqual(await post(site), [], "nor does an e-mail");
  });

  it("BO-01 the letter of one family is tagged for a screen reader", async (t) => {
    const site = await credentialSite(base.db);
    t.after(() => site.close());
    const office = await site.signInAs("office");
    const path = `/ufficio/famiglie/${site.place.holderId}/credenziali`;
    const made = await site.post(path, { canale: "paper" }, office);
    const file = await site.get(`${String(made.headers.location)}/lettere.pdf`, office);
    assert.match(structureOf(new Uint8Array(file.rawPayload)), /H1[^]*H2/);
  });
});
