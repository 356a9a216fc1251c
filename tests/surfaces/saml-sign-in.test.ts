// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { after, describe, it } from "node:test";
import { enableProvider, openSession, purgeSignIns, searchJournal } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { controlCharacter, expectedFifteen } from "#kernel/codice-fiscale.ts";
import { day, dayOf, type Moment, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { seal } from "#kernel/seal.ts";
import { sendLogoutRequest } from "../../src/integrations/saml/index.ts";
import { site } from "../../src/surfaces/site.ts";
import { cookieName, csrfToken } from "../../src/surfaces/web/visit.ts";
import { testDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { testSite } from "../support/site.ts";
import { ADA } from "../support/saml-provider.ts";
import {
  given,
  BASE,
  bring,
  cookieNamed,
  depart,
  type Departure,
  foreignKey,
  IDP,
  idpKey,
  NOW,
  openSite,
  otherKey,
  otherProvider,
  respond,
  sessionOf,
} from "../support/saml-site.ts";

const STRANGER = `RSSMRA85C01H501${controlCharacter("RSSMRA85C01H501")}`;

describe("signing in with SPID and CIE", async () => {
  const { db, close } = await testDatabase();
  const at = await openSite(db);
  after(async () => {
    await at.close();
    await close();
  });

  /** A provider that gives a SessionIndex (level 1). */
  async function levelOneSession(): Promise<{ cookie: string; csrf: string }> {
    const { town } = at.place;
    const { accountId } = await at.signInAs("guardian");
    const told = JSON.stringify({ nameId: "_n", nameQualifier: IDP, sessionIndex: "_s" });
    const sealedFor = { tenantId: at.tenant.id, purpose: "logout" };
    const sealedLogout = seal(at.app.sealKey, sealedFor, told);
    const token = await town.write((tx) =>
      openSession(tx, {
        accountId,
        means: "spid",
        level: 1,
        provider: IDP,
        sealedLogout,
        now: NOW,
      }),
    );
    const cookie = `${cookieName(at.tenant)}=${token}`;
    return { cookie, csrf: csrfToken(at.app, at.tenant, { token }) };
  }

  it("OS-03 BI-01 the request names level, address and town as they were registered, whatever Host says", async () => {
    const { xml } = await depart(at);
    assert.match(xml, /SpidL2/);
    assert.match(xml, /ForceAuthn="true"/);
    assert.match(xml, new RegExp(`>${BASE}</saml:Issuer>`));
    assert.doesNotMatch(xml, /localhost|AllowCreate|IsPassive/);
  });

  it("OS-08 BO-13 the parent is in, on the page that was asked for, and once only", async () => {
    const away = await depart(at, "spid", "/figli/giulia");
    const response = respond(away);
    const back = await bring(at, away, response);
    assert.equal(back.statusCode, 303, back.body);
    assert.equal(back.headers.location, "/figli/giulia");
    const cookie = sessionOf(back)!;
    const page = await at.get("/oggi", undefined, { cookie });
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Giulia/);
    const again = await bring(at, away, response);
    assert.equal(again.statusCode, 403);
    assert.equal(sessionOf(again), undefined);
  });

  it("OS-03 to a provider that takes forms only the request goes by form, signed, and its answer counts", async () => {
    const page = await at.get(`/spid/entra?idp=${encodeURIComponent(otherProvider.entityId)}`);
    assert.equal(page.statusCode, 200);
    assert.match(
      page.body,
      /<form method="post" action="https:\/\/altra-identita\.esempio\.it\/sso"/,
    );
    const field = (name: string) =>
      new RegExp(`name="${name}" value="([^"]+)"`).exec(page.body)![1]!;
    const xml = Buffer.from(field("SAMLRequest"), "base64").toString();
    assert.match(xml, /<ds:Signature /);
    const away = {
      requestId: /ID="([^"]+)"/.exec(xml)![1]!,
      relayState: field("RelayState"),
      cookie: String(page.headers["set-cookie"]).split(";")[0]!,
      xml,
    };
    const say = { from: otherProvider.entityId, key: otherKey };
    assert.equal((await bring(at, away, respond(away, say))).statusCode, 303);
  });

  it("OS-08 two equal answers at the same moment open one session", async () => {
    const away = await depart(at);
    const response = respond(away);
    const both = await Promise.all([bring(at, away, response), bring(at, away, response)]);
    assert.deepEqual(both.map(({ statusCode }) => statusCode).toSorted(), [303, 403]);
  });

  it("BI-01 who was in before on this browser is out once the provider says who is there, and not earlier", async () => {
    const isIn = async (cookie: string): Promise<boolean> =>
      (await at.get("/oggi", undefined, { cookie })).statusCode === 200;
    const stranger = { ...ADA, fiscalNumber: `TINIT-${STRANGER}`, name: "Mario" };
    const answers = [
      { say: { key: foreignKey }, status: 400, isOut: false },
      { say: { person: stranger }, status: 200, isOut: true },
      { say: {}, status: 303, isOut: true },
    ];
    for (const { say, status, isOut } of answers) {
      const { cookie: before } = await levelOneSession();
      const { cookie: elsewhere } = await levelOneSession();
      const away = await depart(at, "spid", "", before);
      assert(await isIn(before), "going away ends nothing");
      // The browser does not send its Lax cookie along: the form comes from another site.
      const back = await bring(at, away, respond(away, say));
      assert.equal(back.statusCode, status, back.body);
      assert.equal(await isIn(before), !isOut, JSON.stringify(say));
      assert(await isIn(elsewhere), "another browser's session is its own");
    }
  });

  it("BI-01 another browser, another key, another town's address, an expired request: nobody comes in", async () => {
    const refusals: [string, (away: Departure) => ReturnType<typeof bring>][] = [
      ["other browser", (away) => bring(at, away, respond(away), "spid", "")],
      ["foreign key", (away) => bring(at, away, respond(away, { key: foreignKey }))],
      [
        "other audience",
        (away) => bring(at, away, respond(away, { entityId: "https://altro.it" })),
      ],
      ["other door", (away) => bring(at, away, respond(away, { federation: "cie" }), "cie")],
      [
        "wrong RelayState",
        (away) => bring(at, { ...away, relayState: "x".repeat(32) }, respond(away)),
      ],
      ["no response", (away) => bring(at, away, "")],
      ["rubbish", (away) => bring(at, away, Buffer.from("<a/>").toString("base64"))],
    ];
    for (const [what, ask] of refusals) {
      const refused = await ask(await depart(at));
      assert(
        refused.statusCode >= 400 && refused.statusCode < 500,
        `${what}: ${refused.statusCode}`,
      );
      assert.equal(sessionOf(refused), undefined, what);
    }
    const away = await depart(at);
    at.setClock(NOW.add({ minutes: 16 }));
    const late = await bring(at, away, respond(away));
    at.setClock(NOW);
    assert.equal(late.statusCode, 403);
  });

  it("BI-01 another provider's answer, and an answer brought to another town: nobody comes in", async (t) => {
    for (const say of [{ from: otherProvider.entityId }, {}]) {
      const away = await depart(at);
      const mixed = await bring(at, away, respond(away, { ...say, key: otherKey }));
      assert.equal(mixed.statusCode, 400, mixed.body);
      assert.equal(sessionOf(mixed), undefined);
    }
    // The other town is registered under the same names: what was asked is the only difference.
    const elsewhere = await openSite(db);
    t.after(() => elsewhere.close());
    const away = await depart(at);
    const cookie = `${cookieName(elsewhere.tenant)}_andata=${away.cookie.split("=")[1]}`;
    const brought = await bring(elsewhere, away, respond(away), "spid", cookie);
    assert.equal(brought.statusCode, 403);
    assert.equal(sessionOf(brought), undefined);
    assert.equal((await bring(at, away, respond(away))).statusCode, 303, "at home it counts");
  });

  it("BI-01 over https the cookie of the way out is __Host-, for the answer from another site, unread by scripts", async (t) => {
    const secure = await openSite(db, true);
    t.after(() => secure.close());
    const away = await secure.get(`/spid/entra?idp=${encodeURIComponent(IDP)}`);
    const set = [away.headers["set-cookie"]].flat().map(String);
    const cookie = set.find((one) => one.includes("_andata=")) ?? "";
    assert.match(cookie, /^__Host-campanella_/);
    for (const part of ["HttpOnly", "Secure", "SameSite=None", "Path=/"])
      assert(cookie.includes(`; ${part}`), cookie);
    assert.doesNotMatch(cookie, /Domain/i);
  });

  it("OS-03 what the provider holds against our own request is on the office's board for a day", async () => {
    const board = async (role: "administrator" | "office", now = NOW) => {
      at.setClock(now);
      const { body } = await at.get("/ufficio", await at.signInAs(role));
      at.setClock(NOW);
      return body.replaceAll(/\s+/g, " ");
    };
    for (const code of [25, 12, 12]) {
      const away = await depart(at);
      const failure = { code, status: "Requester", subStatus: "AuthnFailed" };
      const page = await bring(at, away, respond(away, { failure }));
      if (code === 12) assert.match(page.body, /è stato segnalato/);
      assert.equal(page.statusCode, code === 12 ? 400 : 401);
    }
    const said =
      "SPID: il gestore ha respinto 2 richieste di accesso del Comune da ieri (anomalia 12)";
    const all = await board("administrator");
    assert(all.includes(said), all);
    assert.doesNotMatch(all, /anomalia 25/);
    assert((await board("office")).includes(`${said}: avvisare chi amministra`));
    assert(!(await board("administrator", NOW.add({ hours: 25 }))).includes(said));
  });

  it("OS-08 strangers, minors and companies are told why, in plain words, with a way on", async () => {
    const ask = async (person: Record<string, string>) => {
      const away = await depart(at);
      return bring(at, away, respond(away, { person }));
    };
    const stranger = await ask({
      ...ADA,
      name: "Mario",
      fiscalNumber: `TINIT-${STRANGER}`,
      dateOfBirth: "1985-03-01",
    });
    assert.equal(stranger.statusCode, 200);
    assert.match(stranger.body, /Nessuna iscrizione collegata a questo codice fiscale/);
    const born = (birthDate: string) => {
      const of = { surname: "Verdi", givenName: "Lia", sex: "F" as const, birthPlaceCode: "F205" };
      const fifteen = expectedFifteen({ ...of, birthDate: day(birthDate) });
      const fiscalNumber = `TINIT-${fifteen}${controlCharacter(fifteen)}`;
      return ask({
        ...ADA,
        name: "Lia",
        familyName: "Verdi",
        fiscalNumber,
        dateOfBirth: birthDate,
      });
    };
    const minor = await born("2008-11-21");
    assert.equal(minor.statusCode, 403);
    assert.match(minor.body, /meno di 18 anni/);
    assert.equal(
      (await born("2008-11-20")).statusCode,
      200,
      "eighteen today: of age, unknown here",
    );
    const company = await ask({
      companyName: "Rossi srl",
      ivaCode: "VATIT-01234567890",
      registeredOffice: "Roma",
    });
    assert.equal(company.statusCode, 403);
    assert.match(company.body, /identità personale/);
  });

  it("OS-03 an anomaly is explained: cancelled at the provider, nothing has changed", async () => {
    const away = await depart(at);
    const failure = { code: 25, status: "Responder", subStatus: "AuthnFailed" };
    const page = await bring(at, away, respond(away, { failure }));
    assert.equal(page.statusCode, 401);
    assert.match(page.body, /annullato prima della fine[^]*Nulla è cambiato/);
    assert.match(page.body, /SPID 25/);
  });

  it("OS-03 why it ended is said in the language it began in, and can be read in the other; that page tells of nobody", async () => {
    const away = await depart(at, "spid", "", "campanella_lang=en");
    const failure = { code: 25, status: "Responder", subStatus: "AuthnFailed" };
    // From another site: the cookie of the language stays at home, as the session's does.
    const page = await bring(at, away, respond(away, { failure }));
    assert.match(page.body, /<html lang="en"[^]*Sign-in cancelled/);
    const address = "/spid/esito/anomalia-25";
    assert.ok(page.body.includes(`href="/lingua?l=it&amp;poi=${encodeURIComponent(address)}"`));
    assert.deepEqual(htmlProblems(page.body), []);
    const again = await at.get(address);
    assert.equal(again.statusCode, 401);
    assert.match(again.body, /<html lang="it"[^]*Accesso annullato/);
    for (const [what, status, text] of [
      ["minor", 403, /meno di 18 anni/],
      ["unknown", 200, /Nessuna iscrizione collegata a questo codice fiscale/],
      ["to-link", 200, /riconoscere questa identità/],
      ["anomalia", 401, /Accesso/],
    ] as const) {
      const said = await at.get(`/spid/esito/${what}`);
      assert.equal(said.statusCode, status, what);
      assert.match(said.body, text);
      assert.deepEqual(htmlProblems(said.body), []);
    }
    const forged = await depart(at);
    const refused = await bring(at, forged, respond(forged, { key: foreignKey }));
    const code = /SPID [a-z-]+:[a-z-]+/.exec(refused.body)![0];
    const other = /l=en&amp;poi=([^"]+)"/.exec(refused.body)![1]!;
    const anew = await at.get(decodeURIComponent(other));
    assert.ok(anew.body.includes(code), `${code} in the other language, too`);
    for (const odd of [
      "Chiamare%200123",
      "%3Cb%3E",
      "anomalia-12345",
      "x".repeat(60),
      "chiama-qui",
    ])
      assert.equal((await at.get(`/spid/esito/${odd}`)).statusCode, 404, odd);
  });

  it("BO-13 CIE has a door of its own, at level 3", async () => {
    const away = await depart(at, "cie");
    assert.match(away.xml, /SpidL3/);
    const { email: _email, ...person } = ADA;
    const back = await bring(at, away, respond(away, { federation: "cie", person }), "cie");
    assert.equal(back.statusCode, 303, back.body);
  });

  it("OS-08 every pair is in the journal, sealed, found by codice fiscale and by message", async () => {
    const away = await depart(at);
    await bring(at, away, respond(away));
    const { sealKey } = at.app;
    const span = {
      from: NOW.subtract({ hours: 1 }),
      to: NOW.add({ hours: 1 }),
      sealKey,
      limit: 50,
    };
    const { byPerson, byMessage, raw } = await at.place.town.read(async (tx) => ({
      byPerson: await searchJournal(tx, { ...span, codiceFiscale: ADA.fiscalNumber.slice(6) }),
      byMessage: await searchJournal(tx, { ...span, messageId: away.requestId }),
      raw: await tx.rows<{ all: string }>(
        sql`select to_jsonb(j)::text as all from sign_in_journal j where tenant_id = ${tx.tenantId}`,
      ),
    }));
    assert(byPerson.length >= 1);
    assert.equal(byMessage.length, 1);
    assert.match(byMessage[0]!.request, /AuthnRequest/);
    assert.match(byMessage[0]!.response, /Assertion/);
    assert(
      raw.every(({ all }) => !all.includes(ADA.fiscalNumber.slice(6))),
      "nothing in clear",
    );
    assert.equal(dayOf(NOW).toString(), "2026-11-20");
  });

  it("OS-17 the means of sign-in are set per function: credentials read, a top-up wants SPID", async () => {
    const login = { portal: ["credentials", "spid"], enrolment: ["spid"], topUp: ["spid"] };
    const strict = await testSite(db, {
      ...{ routes: site.routes, demo: false, now: NOW },
      townSettings: { login: { ...login, credentialsPer: "holder" } },
    });
    try {
      const ask = async (means: "password" | "spid", path: string) => {
        const { accountId } = await strict.signInAs("guardian");
        const token = await strict.place.town.write((tx) =>
          openSession(tx, { accountId, means, now: NOW }),
        );
        const cookie = `${cookieName(strict.tenant)}=${token}`;
        return strict.get(path, undefined, { cookie });
      };
      assert.equal((await ask("password", "/oggi")).statusCode, 200);
      const refused = await ask("password", "/ricarica");
      assert.equal(refused.statusCode, 403);
      assert.match(refused.body, /Serve un altro accesso/);
      assert.match(refused.body, /accedi\?poi=%2Fricarica/);
      assert.equal((await ask("spid", "/ricarica")).statusCode, 200);
    } finally {
      await strict.close();
    }
  });

  it("OS-17 whoever also works at a school comes in by password there, never as a parent where SPID is wanted", async () => {
    const { accountId } = await at.signInAs("guardian", { alsoRoles: ["school"] });
    const token = await at.place.town.write((tx) =>
      openSession(tx, { accountId, means: "password", now: NOW }),
    );
    const cookie = `${cookieName(at.tenant)}=${token}`;
    assert.equal((await at.get("/scuola", undefined, { cookie })).statusCode, 200);
    for (const path of ["/oggi", "/pagamenti", "/dati"]) {
      const refused = await at.get(path, undefined, { cookie });
      assert.equal(refused.statusCode, 403, path);
      assert.match(refused.body, /Serve un altro accesso/);
    }
  });

  it("BI-01 what another site makes a browser post cuts nobody's way in short, and fills no log", async () => {
    const events = () =>
      at.place.town.read((tx) =>
        tx.one<{ n: number }>(
          sql`select count(*)::int as n from security_event where tenant_id = ${tx.tenantId}`,
        ),
      );
    const away = await depart(at);
    const before = await events();
    const forced = await bring(at, { ...away, relayState: "" }, "");
    assert.equal(forced.statusCode, 403);
    assert.equal(forced.headers["set-cookie"], undefined, "the browser is still known");
    assert.deepEqual(await events(), before);
    assert.equal((await bring(at, away, respond(away))).statusCode, 303);
  });

  it("OS-17 a federation that the town has not enabled has no door", async () => {
    const closed = await testSite(db, { routes: site.routes, demo: false, now: NOW });
    try {
      const page = await closed.get(`/spid/entra?idp=${encodeURIComponent(IDP)}`);
      assert.equal(page.statusCode, 404);
    } finally {
      await closed.close();
    }
  });

  it("OS-08 leaving at the provider ends the session here, and the provider is told", async () => {
    const away = await depart(at);
    const back = await bring(at, away, respond(away));
    const cookie = sessionOf(back)!;
    assert.equal((await at.get("/oggi", undefined, { cookie })).statusCode, 200);
    const signer = { privateKeyPem: idpKey.privateKeyPem, certificatePem: idpKey.certificatePem };
    const out = sendLogoutRequest(
      {
        ...{ id: `_out${given.count}0123456789abcdef`, issuedAt: NOW, entityId: IDP },
        ...{ url: `${BASE}/spid/slo`, relayState: "abcdefghijklmnop" },
        nameId: { value: `_n${given.count}`, nameQualifier: IDP },
        sessionIndex: `_s${given.count}`,
      },
      "redirect",
      signer,
    );
    assert(out.binding === "redirect");
    const touched = await at.get(
      `/spid/slo?${out.url.split("?")[1]!.replace("abcdefgh", "abcdefgx")}`,
    );
    assert.equal(touched.statusCode, 400, "a touched message ends nobody's session");
    assert.equal((await at.get("/oggi", undefined, { cookie })).statusCode, 200);
    const answered = await at.get(`/spid/slo?${out.url.split("?")[1]}`);
    assert.equal(answered.statusCode, 302, answered.body);
    const location = String(answered.headers.location);
    assert(location.startsWith(`${IDP}/slo?SAMLResponse=`), location);
    const packed = Buffer.from(new URL(location).searchParams.get("SAMLResponse")!, "base64");
    assert.match(inflateRawSync(packed).toString(), /StatusCode Value="[^"]*:Success"/);
    assert.equal((await at.get("/oggi", undefined, { cookie })).statusCode, 303, "out");
    const again = await at.get(`/spid/slo?${out.url.split("?")[1]}`);
    const told = new URL(String(again.headers.location)).searchParams.get("SAMLResponse")!;
    const text = inflateRawSync(Buffer.from(told, "base64")).toString();
    assert.match(text, /:Success"/, "closed before is closed as well: no partial logout");
  });

  it("OS-08 leaving here is at once; a level 1 session may be closed at the provider by a link", async () => {
    const { cookie, csrf } = await levelOneSession();
    const out = await at.post("/esci", { csrf }, undefined, { cookie });
    assert.equal(out.headers.location, "/uscita");
    assert.equal((await at.get("/oggi", undefined, { cookie })).statusCode, 303);
    const ticket = cookieNamed(out, "_congedo");
    const page = await at.get("/uscita", undefined, { cookie: ticket });
    assert.match(page.body, /Esci anche dal gestore/);
    const there = await at.get("/uscita/provider", undefined, { cookie: ticket });
    assert(String(there.headers.location).startsWith(`${IDP}/slo?SAMLRequest=`));
    const forged = await at.get("/uscita/provider", undefined, {
      cookie: `${ticket.split("=")[0]}=e30`,
    });
    assert.equal(forged.headers.location, "/servizi");
  });

  it("OS-08 the journal is deleted after twenty-four months, not a day before; open requests after their time", async () => {
    await depart(at);
    const { town } = at.place;
    const count = () =>
      town.read((tx) =>
        tx.one<{ journal: number; requests: number }>(sql`
          select (select count(*)::int from sign_in_journal where tenant_id = ${tx.tenantId}) as journal,
            (select count(*)::int from sign_in_request where tenant_id = ${tx.tenantId}) as requests`),
      );
    const purge = (now: Moment) =>
      town.write((tx) => purgeSignIns(tx, { before: now.subtract({ hours: 720 }), now }));
    const before = await count();
    assert(before.journal > 0 && before.requests > 0);
    await purge(moment("2028-11-19T12:00:00Z"));
    assert.deepEqual(await count(), { journal: before.journal, requests: 0 });
    await purge(moment("2028-11-20T12:00:00Z"));
    assert.deepEqual(await count(), { journal: 0, requests: 0 });
  });

  it("OS-03 a version that does not exist cannot be switched on, and switches nothing off", async () => {
    const { town } = at.place;
    const of = { actor: systemActor, protocol: "spid", version: 7, now: NOW } as const;
    assert.equal(await town.write((tx) => enableProvider(tx, of)), false);
    await depart(at);
  });

  it("OS-03 the metadata of the version in use is signed and says nothing of the request", async () => {
    const document = await at.get("/spid/metadata", undefined, { host: at.host });
    assert.equal(document.statusCode, 200, document.body);
    assert.match(String(document.headers["content-type"]), /samlmetadata\+xml/);
    assert.match(document.body, /<ds:Signature /);
    assert.match(document.body, new RegExp(`Location="${BASE}/spid/acs"`));
    assert.doesNotMatch(document.body, /localhost/);
    assert.equal((await at.get("/eidas/metadata")).statusCode, 404);
  });
});
