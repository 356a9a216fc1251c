// SPDX-License-Identifier: EUPL-1.2
/** Whoever a way in belongs to is told that it was changed, at the own address, and nobody else (ASVS 2.2.3). */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { putGuardianships, putHolders, putLanguage, putPeople } from "#families";
import { makeCodes, putStaffEmail } from "#identity";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { childCode, enterWith } from "../support/child-codes.ts";
import { credentialSite, EMAIL, NOW, PASSWORD, post } from "../support/credentials.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import {
  appCode,
  cookiesOf,
  hidden,
  offered,
  signedInBy,
  staffAccount,
  withPassword,
} from "../support/second-factor.ts";
import type { SignedIn, TestSite } from "../support/site.ts";
import { SoftwareAuthenticator } from "../support/software-authenticator.ts";

const MEANS = "/accessi/metodi";
const CODE = "200000001";
const NEXT = "quarantadue pinguini in fila";
const STAFF = "m.conti@comune.example";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

/** A town that sends e-mails; Giulia's father, who pays too, has a code and an address of his own. */
async function mailing(
  t: TestContext,
  options: { per?: "holder" | "child"; email?: string } = {},
): Promise<TestSite> {
  const site = await credentialSite(base.db, options);
  t.after(() => site.close());
  Object.assign(site.app, { mail: "smtp" });
  const { place } = site;
  const father = newId();
  await place.town.write(async (tx) => {
    const name = { surname: "Ferrando", givenName: "Ivo", email: "ivo@posta.example" };
    await putPeople(tx, [{ id: father, kind: "adult", ...name }], NOW);
    const since = { from: day("2026-09-01"), to: null, role: "padre" };
    const tie = { id: newId(), childId: place.giulia, guardianId: father, ...since };
    await putGuardianships(tx, [tie]);
    const own = { from: since.from, to: null, paymentCode: "300000001" };
    await putHolders(tx, [{ id: newId(), personId: father, ...own }]);
  });
  await childCode(site, { username: "300000001", childId: null, personId: father });
  return site;
}

const choose = (password: string) => ({ password, "password-ripetuta": password });
const change = (site: TestSite, as: SignedIn, from: string, to: string) =>
  site.post("/password", { "password-attuale": from, ...choose(to) }, as);

/** A code for one account, as a letter or an e-mail would bring it. */
const codeFor = async (
  site: TestSite,
  accountId: string,
  purpose: "activation" | "recovery",
): Promise<string> => {
  const kind = purpose === "recovery" ? "link" : "readable";
  const codes = await site.place.town.write((tx) =>
    makeCodes(tx, {
      ...{ purpose, kind, accountIds: [accountId], replaces: true, by: "test" },
      ...{ sealKey: site.app.sealKey, now: NOW, expiresAt: NOW.add({ minutes: 30 }) },
    }),
  );
  return codes.get(accountId)!;
};

/** What says no more than it must: no name, no user code, no address to follow. */
const saysLittle = (text: string): void =>
  assert.doesNotMatch(text, /Sara|Ferrando|Giulia|Tommaso|Marta|[23]0000000|m\.conti\b(?!@)|http/);

const planned = ({ place }: TestSite): Promise<number> =>
  place.town.read(async (tx) => {
    const rows = await tx.rows(
      sql`select 1 from email where tenant_id = ${tx.tenantId} and kind = 'access-changed'`,
    );
    return rows.length;
  });

async function addPasskey(site: TestSite, as: SignedIn): Promise<SoftwareAuthenticator> {
  const device = new SoftwareAuthenticator();
  const asked = await site.post(`${MEANS}/passkey/sfida`, {}, as);
  const { challenge } = JSON.parse(asked.body) as { challenge: string };
  const said = { challenge, origin: `http://${site.host}`, rpId: site.host };
  const own = [...cookiesOf(asked)].map(([name, value]) => `${name}=${value}`);
  const cookie = [as.cookie, ...own].join("; ");
  const fields = { risposta: device.create(said), nome: "Telefono" };
  const added = await site.post(`${MEANS}/passkey`, fields, as, { cookie });
  assert.equal(added.statusCode, 303, added.body);
  return device;
}

describe("a way in was changed", () => {
  it("MC-09 PE-08 a family is told of a changed password at its own address, the other parent is not", async (t) => {
    const site = await mailing(t);
    const accountId = await childCode(site, { username: CODE, childId: null });
    const sara = await enterWith(site, CODE);
    assert.equal((await change(site, sara, "non è questa", NEXT)).statusCode, 422);
    assert.equal((await post(site)).length, 0, "nothing changed");
    assert.equal((await change(site, sara, PASSWORD, NEXT)).statusCode, 303);
    const [told, ...more] = await post(site);
    assert.ok(told && more.length === 0);
    assert.equal(told.to, EMAIL);
    assert.equal(told.subject, "Accesso ai servizi scolastici: password cambiata");
    assert.match(told.text, /La password è stata cambiata il 24 novembre alle 8:40\./);
    assert.match(told.text, /non serve fare nulla\. Altrimenti: cambiare la password dal portale/);
    assert.match(told.text, /chiamare l'ufficio: 0371 000000\./);
    saysLittle(told.text);

    const token = await codeFor(site, accountId, "recovery");
    site.setClock(NOW.add({ minutes: 5 }));
    await site.post(`/accedi/recupero/${token}`, choose(PASSWORD));
    const again = await post(site);
    assert.deepEqual(
      again.map(({ to, subject }) => [to, subject]),
      [[EMAIL, told.subject]],
    );
    assert.match(again[0]!.text, /alle 8:45/);

    await change(site, await enterWith(site, "300000001"), PASSWORD, NEXT);
    const his = (await post(site)).map(({ to }) => to);
    assert.deepEqual(his, ["ivo@posta.example"], "each one's own");
  });

  it("BO-01 the first password of a new account changes nothing; another letter's code does", async (t) => {
    const site = await mailing(t);
    const accountId = await childCode(site, { username: CODE, childId: null });
    await site.place.town.write((tx) =>
      tx.run(
        sql`update account set password_hash = null where tenant_id = ${tx.tenantId} and id = ${accountId}`,
      ),
    );
    const activate = async (password: string): Promise<void> => {
      const attivazione = await codeFor(site, accountId, "activation");
      const fields = { codice: CODE, attivazione, ...choose(password) };
      assert.equal((await site.post("/accedi/attiva", fields)).statusCode, 303);
    };
    await activate(PASSWORD);
    assert.equal((await post(site)).length, 0);
    await activate(NEXT);
    assert.deepEqual(
      (await post(site)).map(({ to }) => to),
      [EMAIL],
    );
  });

  it("PE-04 the code of one child: whoever holds it, in the own language; within a minute once", async (t) => {
    const site = await mailing(t, { per: "child" });
    const { place } = site;
    const accountId = await childCode(site, { username: CODE, childId: place.giulia });
    await place.town.write((tx) => putLanguage(tx, { accountId, lang: "en" }));
    const sara = await enterWith(site, CODE);
    await change(site, sara, PASSWORD, NEXT);
    await change(site, sara, NEXT, PASSWORD);
    const [told, ...more] = await post(site);
    assert.ok(told && more.length === 0);
    assert.equal(told.to, EMAIL);
    assert.equal(told.subject, "Access to the school services: password changed");
    assert.match(told.text, /The password was changed on 24 November at 8:40\./);
    saysLittle(told.text);
  });

  it("X-15 a passkey that is added or removed", async (t) => {
    const site = await mailing(t);
    await childCode(site, { username: CODE, childId: null });
    const sara = await enterWith(site, CODE);
    const device = await addPasskey(site, sara);
    await site.post(`${MEANS}/passkey/togli`, { passkey: device.id }, sara);
    const told = await post(site);
    assert.deepEqual(told.map(({ to, subject }) => `${to} ${subject}`).toSorted(), [
      `${EMAIL} Accesso ai servizi scolastici: passkey aggiunta`,
      `${EMAIL} Accesso ai servizi scolastici: passkey tolta`,
    ]);
    for (const { text } of told) saysLittle(text);
  });

  it("X-15 somebody at work is told of the second factor set up, and of its reset by page and by command", async (t) => {
    const site = await mailing(t);
    const accountId = await staffAccount(site, { username: "m.conti", role: "office" });
    await site.place.town.write((tx) => putStaffEmail(tx, { accountId, email: STAFF }));
    let now = NOW;
    const setUp = async (): Promise<void> => {
      site.setClock((now = now.add({ minutes: 2 })));
      const { half: cookie } = await withPassword(site, "m.conti");
      const page = await site.get("/accedi/codice", null, { cookie });
      const cifre = appCode(offered(page.body), now);
      const fields = { offerta: hidden(page.body, "offerta"), cifre };
      const done = await site.post("/accedi/codice", fields, null, { cookie });
      assert.ok(signedInBy(site, done), done.body);
    };
    const told = async (title: string): Promise<void> => {
      const sent = await post(site);
      assert.deepEqual(
        sent.map(({ to, subject }) => [to, subject]),
        [[STAFF, `Accesso ai servizi scolastici: ${title}`]],
      );
      assert.match(sent[0]!.text, /^Buongiorno,\n/);
      saysLittle(sent[0]!.text);
    };
    await setUp();
    await told("secondo fattore impostato");
    const admin = await site.signInAs("administrator", { name: "R. Verdi" });
    await site.post(`/ufficio/impostazioni/personale/${accountId}/fattore`, {}, admin);
    await told("secondo fattore azzerato");
    await setUp();
    await told("secondo fattore impostato");
    const said: string[] = [];
    const ended = await runCommand(
      ["user", "reset-factor", "--tenant", site.tenant.slug, "--username", "m.conti"],
      {
        ...{ cwd: "/", mail: "smtp", now: () => now, database: async () => base.db },
        ...{ out: (line) => said.push(line), err: (line) => said.push(line) },
      },
    );
    assert.equal(ended, 0, said.join("\n"));
    await told("secondo fattore azzerato");
  });

  it("X-15 somebody at work sets codes up and takes them away", async (t) => {
    const site = await mailing(t);
    const accountId = await staffAccount(site, { username: "m.conti", role: "school" });
    await site.place.town.write((tx) => putStaffEmail(tx, { accountId, email: STAFF }));
    const { response } = await withPassword(site, "m.conti");
    const marta = { ...signedInBy(site, response)!, accountId };
    const page = await site.get(MEANS, marta);
    const fields = { offerta: hidden(page.body, "offerta") };
    await site.post(`${MEANS}/codici`, { ...fields, cifre: "000000" }, marta);
    assert.equal(await planned(site), 0, "a wrong code sets nothing up");
    await site.post(
      `${MEANS}/codici`,
      { ...fields, cifre: appCode(offered(page.body), NOW) },
      marta,
    );
    await site.post(`${MEANS}/codici/togli`, {}, marta);
    const told = await post(site);
    assert.deepEqual(told.map(({ to, subject }) => `${to} ${subject}`).toSorted(), [
      `${STAFF} Accesso ai servizi scolastici: secondo fattore impostato`,
      `${STAFF} Accesso ai servizi scolastici: secondo fattore tolto`,
    ]);
    for (const { text } of told) saysLittle(text);
  });

  it("MC-09 where no address is known, no mail leaves, or the account is a persona's: nothing, and no error", async (t) => {
    const nowhere = await mailing(t, { email: "" });
    await childCode(nowhere, { username: CODE, childId: null });
    const silent = await enterWith(nowhere, CODE);
    assert.equal((await change(nowhere, silent, PASSWORD, NEXT)).statusCode, 303);
    assert.equal(await planned(nowhere), 0);

    const site = await mailing(t);
    const accountId = await childCode(site, { username: CODE, childId: null });
    const sara = await enterWith(site, CODE);
    Object.assign(site.app, { mail: undefined });
    assert.equal((await change(site, sara, PASSWORD, NEXT)).statusCode, 303);
    Object.assign(site.app, { mail: "folder", demo: true });
    await site.place.town.write((tx) =>
      tx.run(
        sql`update account set demo = true where tenant_id = ${tx.tenantId} and id = ${accountId}`,
      ),
    );
    assert.equal((await change(site, sara, NEXT, PASSWORD)).statusCode, 303);
    assert.equal(await planned(site), 0);
  });
});
