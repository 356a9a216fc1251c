// SPDX-License-Identifier: EUPL-1.2
/** The administrator's pages for the municipality's own provider, and whoever comes by it; hostile answers. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { beginSignIn, securityEvents } from "#identity";
import { sql } from "#kernel/db/index.ts";
import { NOON } from "../support/cie-oidc.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { signedInBy, staffAccount } from "../support/second-factor.ts";
import type { SignedIn } from "../support/site.ts";
import { BASE, CLIENT, RETURN, type StaffTown, staffTown } from "../support/staff-provider.ts";

const STAFF = "/ufficio/impostazioni/personale";
const PAGE = `${STAFF}/accesso/comune`;
let base: TestDatabase;
let town: StaffTown;
let admin: SignedIn;
let typed: Record<string, string>;

before(async () => {
  base = await testDatabase();
  town = await staffTown(base.db);
  admin = await town.site.signInAs("administrator", { name: "R. Verdi" });
  typed = {
    ...{ issuer: town.provider.issuer, client: CLIENT.clientId, segreto: CLIENT.clientSecret },
    ...{ indirizzo: BASE, etichetta: "l'account di Borgo", claim: "email", email: "verificata" },
  };
});
after(async () => {
  await town?.close();
  await base.close();
});

const { clientSecret } = CLIENT;

describe("the municipality's provider, at the administrator's pages", () => {
  it("BO-13 is saved as a draft with its secret sealed, tried, switched on and off", async () => {
    const { site } = town;
    const empty = await site.get(PAGE, admin);
    assert.deepEqual(htmlProblems(empty.body), []);
    assert.ok(empty.body.includes("/accedi/comune/ritorno"));
    const early = await site.post(`${PAGE}/prova`, {}, admin);
    assert.equal(early.statusCode, 303, "nothing to try yet");
    const saved = await site.post(PAGE, { ...typed, versione: "0" }, admin);
    assert.equal(saved.statusCode, 303, saved.body);
    const stored = await site.place.town.read((tx) =>
      tx.one<{ text: string; secret: string }>(
        sql`select p::text as text, sealed_secret as secret from service_provider p where tenant_id = ${tx.tenantId}`,
      ),
    );
    assert.ok(!stored.text.includes(clientSecret) && stored.secret.length > 20);
    const page = await site.get(PAGE, admin);
    assert.ok(!page.body.includes(clientSecret), "it is never shown");
    assert.match(page.body, /bozza/);
    assert.deepEqual(htmlProblems(page.body), []);
    assert.doesNotMatch((await site.get("/accedi")).body, /account di Borgo/);

    const checked = await site.post(`${PAGE}/prova`, {}, admin);
    assert.match(checked.body, /La prova è riuscita/);
    assert.match(checked.body, /Conosce client e segreto/);
    assert.deepEqual(htmlProblems(checked.body), []);
    await site.post(PAGE, { ...typed, segreto: "sbagliato", versione: "1" }, admin);
    const refused = await site.post(`${PAGE}/prova`, {}, admin);
    assert.match(refused.body, /Non riconosce client o segreto/);
    const far = { ...typed, issuer: "http://127.0.0.1:1/x", versione: "2" };
    const untold = await site.post(PAGE, { ...far, segreto: "" }, admin);
    assert.equal(untold.statusCode, 422, "one provider's secret is not told to another");
    assert.match(untold.body, /Scrivere il segreto/);
    assert.equal((await site.post(PAGE, far, admin)).statusCode, 303);
    assert.match((await site.post(`${PAGE}/prova`, {}, admin)).body, /non si raggiunge/);

    assert.equal((await site.post(`${PAGE}/attiva`, { versione: "1" }, admin)).statusCode, 303);
    assert.match((await site.get("/accedi")).body, /Entra con l(&#39;|')account di Borgo/);
    assert.match((await site.get(`${STAFF}/accesso`, admin)).body, /attivo/);
    await site.post(`${PAGE}/disattiva`, {}, admin);
    assert.equal((await site.get("/accedi/comune")).statusCode, 404);
    await site.post(`${PAGE}/attiva`, { versione: "99" }, admin);
    assert.equal((await site.get("/accedi/comune")).statusCode, 404, "there is no such version");
    const events = await site.place.town.read((tx) =>
      securityEvents(tx, { kinds: ["provider-changed"], limit: 9 }),
    );
    assert.ok(events.every(({ details }) => details["protocol"] === "staff-oidc"));
    assert.ok(!JSON.stringify(events).includes("segreto"));
  });

  it("BO-13 what cannot be right is shown again at its field; of two who save at once one is told", async () => {
    const { site } = town;
    const send = async (changes: Record<string, string>) => {
      const answer = await site.post(PAGE, { ...typed, ...changes }, admin);
      assert.equal(answer.statusCode, 422, JSON.stringify(changes));
      assert.deepEqual(htmlProblems(answer.body), []);
      assert.ok(!answer.body.includes(clientSecret), "a secret is typed anew");
      return answer.body;
    };
    assert.match(await send({ issuer: "login" }), /Scrivere l(&#39;|')issuer/);
    for (const issuer of ["http://login.comune.example", "https://10.0.0.1/x", "https://a:b@x.it"])
      assert.match(await send({ issuer }), /Scrivere l(&#39;|')issuer/, issuer);
    assert.match(await send({ client: "" }), /client ID/);
    assert.match(await send({ indirizzo: "scuola" }), /indirizzo https/);
    assert.match(await send({ etichetta: "" }), /come si chiama/);
    assert.match(await send({ claim: "e mail" }), /nome di un claim/);
    assert.match(await send({ acr: "due fattori" }), /senza spazi|spazi/);
    const other = await staffTown(base.db);
    const chief = await other.site.signInAs("administrator");
    const bare = await other.site.post(PAGE, { ...typed, segreto: "" }, chief);
    assert.match(bare.body, /Scrivere il segreto/);
    await other.close();
    const overtaken = await site.post(PAGE, { ...typed, versione: "0" }, admin);
    assert.equal(overtaken.statusCode, 409);
  });

  it("X-15 is the administrator's alone", async () => {
    for (const role of ["office-manager", "office", "school", "guardian"] as const) {
      const other = await town.site.signInAs(role);
      assert.equal((await town.site.get(PAGE, other)).statusCode, 403, role);
      assert.equal((await town.site.post(PAGE, typed, other)).statusCode, 403, role);
    }
  });

  it("BO-13 the administrator turns an account of the provider away, and admits it again", async () => {
    const { site } = town;
    await town.join();
    const accountId = await staffAccount(site, {
      ...{ username: "anna.rossi", role: "school", displayName: "Anna Rossi" },
    });
    const person = `${STAFF}/${accountId}`;
    await site.post(`${person}/e-mail`, { email: "anna.rossi@example.org" }, admin);
    const back = await town.comeBack();
    assert.equal(back.headers.location, "/scuola", back.body);
    const anna = { ...signedInBy(site, back)!, accountId };
    const page = await site.get(person, admin);
    assert.match(page.body, /Account del Comune/);
    assert.match(page.body, /Collegato/);
    assert.deepEqual(htmlProblems(page.body), []);
    const identita = /name="identita"\s+value="([^"]+)"/.exec(page.body)![1]!;
    const act = (what: string, id = identita) =>
      site.post(`${person}/identita/${what}`, { identita: id }, admin);
    assert.equal((await act("ammetti")).statusCode, 404, "nobody was turned away");
    assert.equal((await act("rifiuta", "cf:RSSNNA84E52H501D")).statusCode, 404);
    assert.equal((await act("rifiuta")).statusCode, 303);
    assert.equal((await site.get("/scuola", anna)).statusCode, 303, "signed out at once");
    const turned = await town.comeBack();
    assert.equal(turned.statusCode, 403);
    assert.match(turned.body, /ha rifiutato questo account/);
    const refused = await site.get(person, admin);
    assert.match(refused.body, /Rifiutato .*R\. Verdi/s);
    assert.equal((await act("ammetti")).statusCode, 303);
    assert.equal((await town.comeBack()).headers.location, "/scuola");
    const kinds = await site.place.town.read(async (tx) =>
      (await securityEvents(tx, { accountId, limit: 30 })).map(({ kind }) => kind),
    );
    for (const kind of ["identity-linked", "identity-refused", "identity-admitted"] as const)
      assert.ok(kinds.includes(kind), kind);
    const disabled = await site.post(`${person}/disattiva`, {}, admin);
    assert.equal(disabled.statusCode, 303);
    assert.equal((await town.comeBack()).statusCode, 403);
    // Back at work with an account of another name: what the old one holds is let go in one step.
    await staffAccount(site, { username: "a.rossi2", role: "kitchen", displayName: "Anna Rossi" });
    await site.place.town.write((tx) =>
      tx.run(sql`update account set email = 'anna.rossi@example.org'
        where tenant_id = ${tx.tenantId} and username = 'a.rossi2'`),
    );
    assert.equal((await town.comeBack()).statusCode, 403, "still tied to the old one");
    const out = await site.get(person, admin);
    assert.match(out.body, /Scollega l(&#39;|')account del Comune/);
    assert.deepEqual(htmlProblems(out.body), []);
    assert.equal((await act("ammetti")).statusCode, 303);
    assert.equal((await town.comeBack()).headers.location, "/cucina");
  });
});

describe("the way back from the provider, hostile input", () => {
  const STATE = "b".repeat(64);
  const BROWSER = "c".repeat(43);
  let nth = 0;

  /** Somebody is on the way: what comes may name that request, from the right browser. */
  const depart = (site: StaffTown["site"]) =>
    site.place.town.write(async (tx) => {
      await tx.run(sql`delete from sign_in_request where tenant_id = ${tx.tenantId}`);
      await beginSignIn(tx, {
        ...{ protocol: "staff-oidc", provider: town.provider.issuer, requestId: STATE },
        ...{ browserToken: BROWSER, returnPath: null, level: 1, sealKey: site.app.sealKey },
        now: NOON,
        details: {
          ...{ relayState: STATE, request: "", nonce: STATE, codeVerifier: STATE },
          redirectUri: BASE + RETURN,
        },
      });
    });

  const rubbish = fc.oneof(
    fc.constantFrom("", "\0", "a\0b", "\u2028", "__proto__", STATE, "//altro.example", "/\0"),
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({ unit: "binary", minLength: 3000, maxLength: 4000 }),
  );
  const names = ["state", "code", "iss", "error", "error_description", "poi", "id_token"];
  const queries = fc.array(fc.tuple(fc.constantFrom(...names), rubbish), { maxLength: 6 });

  async function ask(path: string, query: string) {
    nth += 1;
    const { site } = town;
    const answer = await site.server.http.inject({
      ...{ method: "GET", url: `${path}?${query}` },
      // Each from an address of its own: what is asked too often is not looked at.
      remoteAddress: `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`,
      headers: { host: site.host, cookie: `campanella_${site.tenant.slug}_andata=${BROWSER}` },
    });
    const set = [answer.headers["set-cookie"]].flat().map(String);
    assert(answer.statusCode < 500 || answer.statusCode === 503, `${answer.statusCode} ${query}`);
    const session = new RegExp(`^campanella_${site.tenant.slug}(?:_codice)?=[^;]`);
    assert(!set.some((one) => session.test(one)), `a session: ${query}`);
    return answer;
  }

  it("BO-13 answers whatever it is asked, opens nothing, keeps no line of what nobody asked for", async () => {
    await town.join();
    await depart(town.site);
    const issuer = town.provider.issuer;
    const good = new URLSearchParams({ state: STATE, code: "x", iss: issuer }).toString();
    assert.match((await ask(RETURN, good)).body, /OIDC token-refused/, "reached the provider");
    const lines = async () =>
      town.site.place.town.read((tx) =>
        tx.one<{ n: number }>(
          sql`select count(*)::int as n from security_event where tenant_id = ${tx.tenantId}`,
        ),
      );
    const before = await lines();
    await fc.assert(
      fc.asyncProperty(queries, async (pairs) => {
        const query = new URLSearchParams(pairs).toString();
        if (!/state=b{64}(?:&|$)/.test(query)) await ask(RETURN, query);
      }),
      { numRuns: 60 },
    );
    assert.deepEqual(await lines(), before);
    await fc.assert(
      fc.asyncProperty(queries, rubbish, fc.boolean(), async (pairs, code, isIssuer) => {
        await depart(town.site);
        const query = new URLSearchParams({ state: STATE, code, iss: isIssuer ? issuer : code });
        await ask(RETURN, `${query}&${new URLSearchParams(pairs)}`);
        const away = await ask("/accedi/comune", new URLSearchParams(pairs).toString());
        assert.ok(String(away.headers.location).startsWith(`${issuer}/authorization?`));
      }),
      { numRuns: 60 },
    );
  });
});
