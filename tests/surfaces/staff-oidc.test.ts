// SPDX-License-Identifier: EUPL-1.2
/** Staff come in with their municipality's own provider; nobody else does, and nobody gets more than the town gave. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { securityEvents, staffIdentitiesOf } from "#identity";
import type { Role } from "#kernel/actor.ts";
import { sql } from "#kernel/db/index.ts";
import type { Claims } from "../../simulator/identity-provider/oidc/tokens.ts";
import { NOON } from "../support/cie-oidc.ts";
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
import type { SignedIn } from "../support/site.ts";
import { SoftwareAuthenticator } from "../support/software-authenticator.ts";
import { BASE, joinStaff, type StaffTown, staffTown } from "../support/staff-provider.ts";

const PASSKEY = "/accedi/passkey";
let base: TestDatabase;
let town: StaffTown;
const clock = { now: NOON };
let nth = 0;

before(async () => {
  base = await testDatabase();
  town = await staffTown(base.db, { clock });
});
after(async () => {
  await town?.close();
  await base.close();
});
/** Each test has people of its own: the provider knows them by other subjects and addresses. */
let email: string;
beforeEach(async () => {
  nth += 1;
  email = `a.bassi${nth}@comune.example`;
  says({});
  await town.join();
});

/** What the provider's token says, beside what it is. */
function says(claims: Claims): void {
  const own = { sub: `persona-${nth}`, email, email_verified: true };
  town.provider.twist = { claims: (_, said) => ({ ...said, ...own, ...claims }) };
}

async function account(role: Role, address = email): Promise<string> {
  const accountId = await staffAccount(town.site, {
    ...{ username: `u${nth}.${role}`, role, displayName: "Anna Bassi" },
  });
  await town.site.place.town.write((tx) =>
    tx.run(
      sql`update account set email = ${address} where tenant_id = ${tx.tenantId} and id = ${accountId}`,
    ),
  );
  return accountId;
}

type Response = Awaited<ReturnType<StaffTown["comeBack"]>>;
const inside = (response: Response, accountId: string): SignedIn => ({
  ...signedInBy(town.site, response)!,
  accountId,
});
const eventsOf = (accountId: string) =>
  town.site.place.town.read((tx) => securityEvents(tx, { accountId, limit: 20 }));
const refusals = async () =>
  (
    await town.site.place.town.read((tx) =>
      securityEvents(tx, { kinds: ["sign-in-refused"], limit: 5 }),
    )
  ).map(({ details }) => details["why"]);
const halfCookie = (response: Response): string => {
  const [name, value] = [...cookiesOf(response)].find(([one]) => one.endsWith("_codice"))!;
  return `${name}=${value}`;
};

describe("staff with the municipality's own provider", () => {
  it("BO-13 the sign-in page leads there, and only where it is switched on", async () => {
    const page = await town.site.get("/accedi?poi=/scuola");
    assert.match(page.body, /Personale del Comune/);
    assert.ok(page.body.includes(`href="${BASE}/accedi/comune?poi=%2Fscuola"`));
    assert.deepEqual(htmlProblems(page.body), []);
    const english = await town.site.get("/accedi", null, { "accept-language": "en" });
    assert.match(english.body, /Staff of the municipality/);
    const other = await staffTown(base.db);
    assert.doesNotMatch((await other.site.get("/accedi")).body, /Personale del Comune/);
    for (const path of ["/accedi/comune", "/accedi/comune/ritorno"])
      assert.equal((await other.site.get(path)).statusCode, 404);
    await other.close();
  });

  it("BO-13 the first time by a verified address, from then on by issuer and subject", async () => {
    const accountId = await account("school");
    const back = await town.comeBack({ poi: "/scuola" });
    assert.equal(back.statusCode, 303, back.body);
    assert.equal(back.headers.location, "/scuola");
    assert.equal((await town.site.get("/scuola", inside(back, accountId))).statusCode, 200);
    const first = await eventsOf(accountId);
    assert.deepEqual(first.map(({ kind }) => kind).toSorted(), ["identity-linked", "signed-in"]);
    assert.deepEqual(first.find(({ kind }) => kind === "identity-linked")?.details, {
      ...{ means: "oidc", by: "e-mail" },
    });
    says({ email: undefined, email_verified: undefined });
    const again = await town.comeBack();
    assert.equal(again.headers.location, "/scuola");
    const ties = await town.site.place.town.read((tx) => staffIdentitiesOf(tx, accountId));
    assert.deepEqual(
      ties.map(({ subject }) => subject),
      [`oidc:${town.provider.issuer}#persona-${nth}`],
    );
    const out = await town.site.post("/esci", {}, inside(again, accountId));
    assert.equal(out.headers.location, "/servizi");
    assert.match(decodeURIComponent(String(out.headers["set-cookie"])), /sistema del Comune/);
    const sessions = await town.site.get("/accessi", inside(back, accountId));
    assert.match(sessions.body, /account del Comune/);
  });

  it("BO-13 who was in before on this browser is out when the provider vouches for somebody of no account", async () => {
    const accountId = await account("school");
    const before = inside(await town.comeBack(), accountId);
    says({ sub: `altro-${nth}`, email: `altro${nth}@comune.example` });
    const { cookie, path } = await town.goThere();
    const back = await town.site.get(path, null, { cookie: `${cookie}; ${before.cookie}` });
    assert.equal(back.statusCode, 403);
    assert.equal((await town.site.get("/scuola", before)).statusCode, 303);
  });

  it("BO-13 no account is made, none is chosen among two, none is taken from its owner", async () => {
    const count = () =>
      town.site.place.town.read((tx) =>
        tx.one<{ n: number }>(
          sql`select count(*)::int as n from account where tenant_id = ${tx.tenantId}`,
        ),
      );
    const accounts = await count();
    const nobody = await town.comeBack();
    assert.equal(nobody.statusCode, 403);
    assert.match(nobody.body, /Account non ancora collegato/);
    assert.match(nobody.body, /OIDC nobody/);
    assert.deepEqual(htmlProblems(nobody.body), []);
    assert.deepEqual(await count(), accounts);
    assert.equal((await refusals())[0], "nobody");
    const accountId = await account("school", email.toUpperCase());
    says({ email_verified: false });
    assert.match((await town.comeBack()).body, /non porta un indirizzo e-mail verificato/);
    says({ email_verified: undefined });
    assert.match((await town.comeBack()).body, /non porta un indirizzo e-mail verificato/);
    says({});
    const another = await account("kitchen");
    assert.match((await town.comeBack()).body, /OIDC several/);
    await town.site.place.town.write((tx) =>
      tx.run(
        sql`update account set disabled_at = now() where tenant_id = ${tx.tenantId} and id = ${another}`,
      ),
    );
    assert.equal((await town.comeBack()).headers.location, "/scuola");
    // The address was given to somebody else at the provider.
    says({ sub: `altra-${nth}` });
    const taken = await town.comeBack();
    assert.equal(taken.statusCode, 403);
    assert.match(taken.body, /OIDC taken/);
    assert.match(taken.body, /già collegata a un altro account del Comune/);
    await town.site.place.town.write((tx) =>
      tx.run(
        sql`update account set disabled_at = now() where tenant_id = ${tx.tenantId} and id = ${accountId}`,
      ),
    );
    says({});
    assert.match((await town.comeBack()).body, /Nessun ruolo in vigore/);
  });

  it("BO-13 of two who bring the same address at once one has the account", async () => {
    const accountId = await account("school");
    const [one, other] = [await town.goThere(), await town.goThere()];
    // The token says who it is when the code is shown: each login its own subject.
    let asked = 0;
    town.provider.twist = {
      claims: (_, said) => ({
        ...said,
        email,
        email_verified: true,
        sub: `in-due-${(asked += 1)}`,
      }),
    };
    const ends = await Promise.all(
      [one, other].map(({ path, cookie }) => town.site.get(path, null, { cookie })),
    );
    assert.deepEqual(ends.map(({ statusCode }) => statusCode).toSorted(), [303, 403]);
    const ties = await town.site.place.town.read((tx) => staffIdentitiesOf(tx, accountId));
    assert.equal(ties.length, 1);
  });

  it("BO-13 a family's account is not found by its address, nor is one whose role is over", async () => {
    await account("guardian");
    assert.match((await town.comeBack()).body, /OIDC nobody/);
    const past = await account("school");
    await town.site.place.town.write((tx) =>
      tx.run(
        sql`update role_grant set to_date = '2026-11-19' where tenant_id = ${tx.tenantId} and account_id = ${past}`,
      ),
    );
    assert.match((await town.comeBack()).body, /OIDC nobody/);
  });

  it("BO-13 where the town gives the addresses they count, unless the provider says no", async () => {
    await town.join({ addressesAssigned: true, emailClaim: "upn" });
    await account("school");
    says({ email: undefined, email_verified: undefined, upn: email });
    assert.equal((await town.comeBack()).headers.location, "/scuola");
    nth += 1;
    says({ upn: email, email, email_verified: false });
    assert.match((await town.comeBack()).body, /non porta un indirizzo e-mail verificato/);
  });

  it("X-15 the office's second factor is ours, unless the town trusts the provider's and it says so", async () => {
    const accountId = await account("office");
    says({ amr: ["pwd", "otp"] });
    const back = await town.comeBack({ poi: "/ufficio/calendario" });
    assert.equal(back.headers.location, "/accedi/codice?poi=%2Fufficio%2Fcalendario");
    assert.equal(signedInBy(town.site, back), null);
    const cookie = halfCookie(back);
    const page = await town.site.get("/accedi/codice?poi=/ufficio/calendario", null, { cookie });
    assert.match(page.body, /Anna Bassi: l(&#39;|')account del Comune è riconosciuto/);
    const cifre = appCode(offered(page.body), clock.now);
    const done = await town.site.post(
      "/accedi/codice",
      { offerta: hidden(page.body, "offerta"), cifre, poi: "/ufficio/calendario" },
      null,
      { cookie },
    );
    assert.equal(done.headers.location, "/ufficio/calendario");
    const office = inside(done, accountId);
    assert.equal((await town.site.get("/ufficio/calendario", office)).statusCode, 200);
    const signedIn = (await eventsOf(accountId)).filter(({ kind }) => kind === "signed-in");
    assert.deepEqual(
      signedIn.map(({ details }) => details),
      [{ means: "oidc", secondFactor: "codes" }],
    );
    const means = await town.site.place.town.read((tx) =>
      tx.one<{ means: string; provider: string }>(
        sql`select means, provider from session where tenant_id = ${tx.tenantId} and account_id = ${accountId}`,
      ),
    );
    assert.deepEqual(means, { means: "oidc", provider: town.provider.issuer });

    await town.join({ trustsSecondFactor: true });
    const trusted = await town.comeBack();
    assert.equal(trusted.headers.location, "/ufficio");
    assert.equal((await town.site.get("/ufficio", inside(trusted, accountId))).statusCode, 200);
    says({ amr: ["pwd"] });
    assert.equal((await town.comeBack()).headers.location, "/accedi/codice");
  });

  it("X-15 BO-13 a passkey finishes what the provider began, also where the office comes in by it only", async () => {
    await town.join({ officeOnly: true });
    const accountId = await account("office");
    const device = new SoftwareAuthenticator();
    const said = { origin: `http://${town.site.host}`, rpId: town.site.host };
    const answerAt = async (path: string, cookie: string, counter: number) => {
      const asked = await town.site.post(`${path}/sfida`, {}, null, { cookie });
      const { challenge } = JSON.parse(asked.body) as { challenge: string };
      const own = [...cookiesOf(asked)].map(([name, value]) => `${name}=${value}`);
      const answer = { ...said, challenge, counter, userHandle: accountId };
      const risposta = path === PASSKEY ? device.get(answer) : device.create(answer);
      const all = [cookie, ...own].filter(Boolean).join("; ");
      return town.site.post(path, { risposta }, null, { cookie: all });
    };
    const first = await answerAt("/accedi/codice/passkey", halfCookie(await town.comeBack()), 1);
    assert.equal(first.headers.location, "/ufficio");
    const half = halfCookie(await town.comeBack());
    const page = await town.site.get("/accedi/codice", null, { cookie: half });
    assert.match(page.body, /action="\/accedi\/passkey"/);
    const again = await answerAt(PASSKEY, half, 2);
    assert.equal(again.headers.location, "/ufficio", "the second time as the first");
    assert.equal((await town.site.get("/ufficio", inside(again, accountId))).statusCode, 200);
    const repeated = await answerAt(PASSKEY, half, 3);
    assert.equal(repeated.statusCode, 403, "that half is used up");
    assert.equal((await answerAt(PASSKEY, "", 4)).statusCode, 403, "a passkey by itself");
    says({ sub: `altro-${nth}`, email: "altro@comune.example" });
    await account("office-manager", "altro@comune.example");
    const others = halfCookie(await town.comeBack());
    assert.equal((await answerAt(PASSKEY, others, 5)).statusCode, 403, "somebody else's half");
  });

  it("X-15 whoever is turned away between the two halves does not finish the second", async () => {
    const accountId = await account("office");
    const cookie = halfCookie(await town.comeBack());
    const path = "/accedi/codice";
    const page = await town.site.get(path, null, { cookie });
    assert.equal(page.statusCode, 200);
    const admin = await town.site.signInAs("administrator");
    const [tie] = await town.site.place.town.read((tx) => staffIdentitiesOf(tx, accountId));
    const refuse = `/ufficio/impostazioni/personale/${accountId}/identita/rifiuta`;
    const refused = await town.site.post(refuse, { identita: tie!.subject }, admin);
    assert.equal(refused.statusCode, 303);
    const cifre = appCode(offered(page.body), clock.now);
    const fields = { offerta: hidden(page.body, "offerta"), cifre };
    const late = await town.site.post(path, fields, null, { cookie });
    assert.equal(late.headers.location, "/accedi");
    assert.equal(signedInBy(town.site, late), null);
  });

  it("X-15 a provider's session without a second factor has no role of the office", async () => {
    const accountId = await account("office");
    await town.join({ trustsSecondFactor: true });
    says({ amr: ["mfa"] });
    const office = inside(await town.comeBack(), accountId);
    assert.equal((await town.site.get("/ufficio", office)).statusCode, 200);
    await town.site.place.town.write((tx) =>
      tx.run(
        sql`update session set second_factor_at = null where tenant_id = ${tx.tenantId} and account_id = ${accountId}`,
      ),
    );
    assert.equal((await town.site.get("/ufficio", office)).statusCode, 403);
  });

  it("BO-13 another browser, a touched or repeated answer, another provider's version: nobody comes in", async () => {
    await account("school");
    const first = await town.goThere();
    assert.equal((await town.site.get(first.path)).statusCode, 403, "another browser");
    const again = await town.site.get(first.path, null, { cookie: first.cookie });
    assert.equal(again.statusCode, 403, "it was shown already");
    const touched = await town.goThere();
    const foreign = touched.path.replace(/iss=[^&]+/, "iss=https%3A%2F%2Faltro.example");
    const refused = await town.site.get(foreign, null, { cookie: touched.cookie });
    assert.equal(refused.statusCode, 400);
    assert.match(refused.body, /OIDC issuer/);
    const cancelled = await town.comeBack({ error: "access_denied" });
    assert.equal(cancelled.statusCode, 401);
    assert.match(cancelled.body, /Accesso annullato/);
    const { path, cookie } = await town.goThere();
    await joinStaff(town.site, "https://altro.example", {});
    assert.equal((await town.site.get(path, null, { cookie })).statusCode, 403);
    await town.join();
    const late = await town.goThere();
    clock.now = clock.now.add({ minutes: 15 });
    town.site.setClock(clock.now);
    assert.equal((await town.site.get(late.path, null, { cookie: late.cookie })).statusCode, 403);
    const bare = await town.site.get("/accedi/comune/ritorno");
    assert.equal(bare.statusCode, 403);
    assert.deepEqual(htmlProblems(bare.body), []);
  });

  it("BO-13 a provider that is silent is said to be, asked once for all who come and left alone for a while", async () => {
    await joinStaff(town.site, "http://127.0.0.1:1/realms/comune", {});
    const ends = await Promise.all([1, 2, 3].map(() => town.site.get("/accedi/comune")));
    for (const end of ends) assert.equal(end.statusCode, 503);
    assert.match(ends[0]!.body, /Il sistema di accesso del Comune non risponde/);
    assert.deepEqual(htmlProblems(ends[0]!.body), []);
  });

  it("BO-13 where the office comes in by the provider only, a password does not; the administrator's does", async () => {
    await account("school");
    await town.join({ officeOnly: true });
    const school = await withPassword(town.site, `u${nth}.school`);
    assert.equal(school.response.headers.location, "/scuola");
    const enter = async (role: Role) => {
      await account(role, "");
      const { half, response } = await withPassword(town.site, `u${nth}.${role}`);
      if (response.statusCode === 403) return response;
      const page = await town.site.get("/accedi/codice", null, { cookie: half });
      const cifre = appCode(offered(page.body), clock.now);
      const fields = { offerta: hidden(page.body, "offerta"), cifre };
      return town.site.post("/accedi/codice", fields, null, { cookie: half });
    };
    const refused = await enter("office-manager");
    assert.equal(refused.statusCode, 403, "said before a second factor is set up for nothing");
    assert.equal((await refusals())[0], "provider-only");
    assert.match(refused.body, /l(&#39;|')ufficio entra con l(&#39;|')account del Comune/);
    assert.equal((await enter("administrator")).headers.location, "/ufficio");
    await town.join();
    nth += 1;
    const [office, chief] = [await enter("office"), await enter("administrator")].map((answer) => ({
      ...signedInBy(town.site, answer)!,
      accountId: "",
    }));
    const sees = async (who: SignedIn) => (await town.site.get("/ufficio", who)).statusCode;
    assert.deepEqual([await sees(office!), await sees(chief!)], [200, 200]);
    await town.join({ officeOnly: true });
    assert.deepEqual([await sees(office!), await sees(chief!)], [303, 200], "at once");
  });
});
