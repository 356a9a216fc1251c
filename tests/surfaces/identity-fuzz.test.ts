// SPDX-License-Identifier: EUPL-1.2
/** Whatever a stranger sends to the doors of the federations: an answer of ours, never a fault, never a session. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { addProviderKey, beginSignIn, enableProvider, saveProvider } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { newOwnKey } from "../../src/integrations/oidc-federation/index.ts";
import type { IdentityProvider } from "../../src/integrations/saml/index.ts";
import { site } from "../../src/surfaces/site.ts";
import { csrfToken } from "../../src/surfaces/web/visit.ts";
import { answerTo, writeResponse } from "../../simulator/identity-provider/response.ts";
import { signResponse } from "../../simulator/identity-provider/sign.ts";
import { testDatabase } from "../support/db.ts";
import { ADA, foreignKey, idpKey } from "../support/saml-provider.ts";
import { testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-20T08:00:00Z");
const IDP = "https://identita.esempio.it";
const BASE = "https://servizi.comune.esempio.it";
const RUNS = 60;
const REQUEST_ID = `_${"a".repeat(40)}`;
const STATE = "b".repeat(64);
const BROWSER = "c".repeat(43);

const provider: IdentityProvider = {
  ...{ entityId: IDP, organizationName: null, displayName: null, organizationUrl: null },
  ...{ logoUrl: null, attributes: [], knowsAgeLimit: true },
  singleSignOn: { redirect: `${IDP}/sso`, post: null },
  singleLogout: { redirect: { url: `${IDP}/slo`, responseUrl: `${IDP}/slo` }, post: null },
  certificates: [idpKey.certificatePem],
};

let calledOutside = 0;

async function openSite(db: Database): Promise<TestSite> {
  const opened = await testSite(db, {
    ...{ routes: site.routes, demo: false, now: NOW },
    identityProviders: {
      all: () => Promise.resolve([provider]),
      byEntityId: (_federation, id) => Promise.resolve(id === IDP ? provider : undefined),
    },
    outside: {
      fetch: () => {
        calledOutside += 1;
        return Promise.reject(new TypeError("nobody is there"));
      },
    },
  });
  const { sealKey } = opened.app;
  const anchor = await newOwnKey("sig", "current", 2048);
  const own = await Promise.all(
    (["sig", "sig", "enc"] as const).map((kind) => newOwnKey(kind, "current", 2048)),
  );
  await opened.place.town.write(async (tx) => {
    const given = { actor: systemActor, sealKey, now: NOW };
    const saml = {
      ...{ entityId: BASE, baseUrl: BASE, locality: "Esempio", ipaCode: "c_h501", level: 2 },
      organization: { name: "Comune di Esempio", displayName: "Esempio", url: BASE },
      contact: { email: "scuola@comune.esempio.it" },
    };
    await saveProvider(tx, { ...given, protocol: "spid", settings: saml });
    await enableProvider(tx, { ...given, protocol: "spid", version: 1 });
    const signer = { publicPart: idpKey.certificatePem, privatePart: idpKey.privateKeyPem };
    await addProviderKey(tx, {
      ...{ ...given, ...signer, protocol: "spid", use: "sign", notAfter: null },
    });
    const { kty, kid, n, e } = anchor.privateJwk as Record<string, string>;
    const oidc = {
      ...{ entityId: `${BASE}/oidc/cie`, baseUrl: BASE, organizationName: "Esempio", level: 3 },
      ...{ contact: "scuola@comune.esempio.it", provider: IDP, trustAnchor: `${IDP}/anchor` },
      trustAnchorKeys: { keys: [{ kty: kty!, kid, n, e, use: "sig", alg: "RS256" }] },
      authorityHints: [`${IDP}/anchor`],
    };
    const saved = await saveProvider(tx, { ...given, protocol: "cie-oidc", settings: oidc });
    assert.equal(saved.outcome, "saved");
    await enableProvider(tx, { ...given, protocol: "cie-oidc", version: 1 });
    for (const [index, use] of (["federation", "sign", "decrypt"] as const).entries())
      await addProviderKey(tx, {
        ...{ ...given, protocol: "cie-oidc", use, publicPart: "{}", notAfter: null },
        privatePart: JSON.stringify(own[index]!.privateJwk),
      });
  });
  return opened;
}

const asXml = (id: string, inResponseTo: string, extra: string): string =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" InResponseTo="${inResponseTo}" Version="2.0"><saml:Issuer>${IDP}</saml:Issuer>${extra}</samlp:Response>`;

/** Whole and right, but of a key that nobody here knows. */
const forged = signResponse(
  writeResponse(
    answerTo(
      {
        ...{ requestId: REQUEST_ID, acsUrl: `${BASE}/spid/acs`, spEntityId: BASE },
        ...{ level: 2, protocol: "spid" },
      },
      { entityId: IDP, at: NOW, unique: "1" },
      ADA,
    ),
  ),
  { response: foreignKey, assertion: foreignKey },
);

/** One stretch of the text is replaced by another. */
const cut = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(60), fc.string({ unit: "binary", maxLength: 20 }))
    .map(([at, length, other]) => text.slice(0, at) + other + text.slice(at + length));

const rubbish = fc.oneof(
  fc.constantFrom("", "\0", "a\0b", "\u2028", "%00", "=", "__proto__", "'; drop table session; --"),
  fc.constantFrom(REQUEST_ID, STATE, IDP, "https://altro.example/", "//altro.example", "/\0", "/è"),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "binary", minLength: 3000, maxLength: 4000 }),
);
const xml = fc.oneof(
  fc
    .tuple(rubbish, rubbish, rubbish)
    .map(([id, inResponseTo, extra]) => asXml(id, inResponseTo, extra)),
  fc.constantFrom(forged, asXml("_r", REQUEST_ID, ""), '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
  cut(forged),
  fc.nat(400).map((depth) => "<a>".repeat(depth) + "</a>".repeat(depth)),
);
const message = fc.oneof(
  rubbish,
  xml.map((text) => Buffer.from(text).toString("base64")),
  xml.map((text) => deflateRawSync(text).toString("base64")),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("base64")),
);
const names = [
  ...["SAMLResponse", "SAMLRequest", "RelayState", "SigAlg", "Signature"],
  ...["state", "code", "iss", "error", "error_description", "idp", "poi", "versione"],
];
const fields = fc
  .array(fc.tuple(fc.constantFrom(...names), message), { maxLength: 6 })
  .map((pairs) => {
    const form = new URLSearchParams();
    for (const [name, value] of pairs) form.append(name, value);
    return form.toString();
  });

describe("the doors of the federations, hostile input", async () => {
  const { db, close } = await testDatabase();
  const at = await openSite(db);
  after(async () => {
    const { n } = await at.place.town.read((tx) =>
      tx.one<{ n: number }>(
        sql`select count(*)::int as n from session
          where tenant_id = ${tx.tenantId} and provider is not null`,
      ),
    );
    await at.close();
    await close();
    assert.equal(n, 0, "nobody came in");
  });
  const cookie = `campanella_${at.tenant.slug}_andata=${BROWSER}`;

  /** Somebody is on the way: what comes may name that request, from the right browser. */
  const depart = (protocol: "spid" | "cie-oidc") =>
    at.place.town.write(async (tx) => {
      const requestId = protocol === "spid" ? REQUEST_ID : STATE;
      await tx.run(sql`delete from sign_in_request where tenant_id = ${tx.tenantId}`);
      await beginSignIn(tx, {
        ...{ protocol, provider: IDP, requestId, browserToken: BROWSER, returnPath: null },
        ...{ level: 2, sealKey: at.app.sealKey, now: NOW },
        details: { relayState: STATE, request: "<a/>", nonce: STATE, codeVerifier: STATE },
      });
    });

  let nth = 0;
  async function ask(method: "GET" | "POST", path: string, payload: string, extra: object = {}) {
    nth += 1;
    const answer = await at.server.http.inject({
      ...{ method, url: method === "GET" ? `${path}?${payload}` : path },
      ...(method === "POST" ? { payload } : {}),
      // Each from an address of its own: what is asked too often is not looked at.
      remoteAddress: `10.${(nth >> 16) & 255}.${(nth >> 8) & 255}.${nth & 255}`,
      headers: {
        ...{ host: at.host, cookie, origin: IDP, "sec-fetch-site": "cross-site" },
        ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
        ...extra,
      },
    });
    const set = [answer.headers["set-cookie"]].flat().map(String);
    const session = new RegExp(`^campanella_${at.tenant.slug}=[^;]`);
    assert(answer.statusCode < 500, `${method} ${path} ${payload}: ${answer.statusCode}`);
    assert(!set.some((one) => session.test(one)), `a session: ${method} ${path} ${payload}`);
    const location = String(answer.headers.location ?? "/");
    assert(/^\/(?!\/)/.test(location) || location.startsWith(`${IDP}/`), location);
    return answer;
  }

  it("OS-08 the ACS answers whatever is posted to it", async () => {
    const good = Buffer.from(forged).toString("base64");
    await depart("spid");
    const refused = await ask(
      "POST",
      "/spid/acs",
      new URLSearchParams({ SAMLResponse: good, RelayState: STATE }).toString(),
    );
    assert.equal(refused.statusCode, 400, "reached the judge");
    const property = fc.asyncProperty(fields, message, async (form, response) => {
      await depart("spid");
      const SAMLResponse = new URLSearchParams({ SAMLResponse: response, RelayState: STATE });
      await ask("POST", "/spid/acs", `${SAMLResponse}&${form}`);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  it("OS-08 forms that are none, other types, other methods: refused, never a fault", async () => {
    const types = ["application/json", "multipart/form-data; boundary=x", "text/xml", "x", ""];
    for (const path of ["/spid/acs", "/spid/slo"])
      for (const type of types)
        for (const payload of ["", "{", '{"SAMLResponse":{"a":1}}', "--x\r\n\r\n--x--", "\0"])
          await ask("POST", path, payload, { "content-type": type });
    await ask("POST", "/spid/acs", `SAMLResponse=${"A".repeat(200_000)}`);
  });

  it("OS-08 the logout door answers whatever is posted or linked, with any cookie", async () => {
    const away = fc.oneof(rubbish, fc.constant(REQUEST_ID)).map(encodeURIComponent);
    const property = fc.asyncProperty(fields, away, fc.boolean(), async (form, id, isPost) => {
      const issuer = new URLSearchParams({
        SAMLResponse: (isPost
          ? Buffer.from(asXml("_r", "_q", ""))
          : deflateRawSync(asXml("_r", "_q", ""))
        ).toString("base64"),
      });
      const left = `campanella_${at.tenant.slug}_uscita=${id}; campanella_${at.tenant.slug}_congedo=${id}`;
      const extra = { cookie: `${cookie}; ${left}` };
      await ask(isPost ? "POST" : "GET", "/spid/slo", `${issuer}&${form}`, extra);
      await ask(isPost ? "POST" : "GET", "/spid/slo", form, extra);
      await ask("GET", "/uscita/provider", "", extra);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  it("MC-06 a NUL in a form or an address is text that nobody has", async () => {
    const wrong = await at.post("/accedi", { codice: "a\0b", password: "qualcosa\0" });
    assert.equal(wrong.statusCode, 401);
    const found = await at.get("/verifica?codice=%00&cifre=%00");
    assert(found.statusCode < 500);
    const clerk = await at.signInAs("office");
    for (const path of ["/ufficio/cerca?q=a%00b", "/ufficio/cerca/suggerimenti?q=a%00b"])
      assert.equal((await at.get(path, clerk)).statusCode, 200, path);
    assert.equal((await at.get("/figli/%00/calendario")).statusCode, 303, "to the sign-in page");
  });

  it("MC-09 BO-13 the sign-in pages answer whatever is typed or linked, and nobody is in", async () => {
    const csrf = csrfToken(at.app, at.tenant, { token: "" });
    const typed = [
      ...["codice", "password", "cifre", "offerta", "risposta", "chi", "attivazione", "nuova"],
      ...["ripeti", "poi", "persona"],
    ];
    const half = (text: string): object => ({
      ...{ origin: `http://${at.host}`, "sec-fetch-site": "same-origin" },
      cookie: `campanella_${at.tenant.slug}_codice=${encodeURIComponent(text)}`,
    });
    const form = fc
      .array(fc.tuple(fc.constantFrom(...typed), rubbish), { maxLength: 8 })
      .map((pairs) => new URLSearchParams([...pairs, ["csrf", csrf]]).toString());
    const sane = new URLSearchParams({ csrf, codice: "nessuno", password: "sbagliata" });
    assert.equal((await ask("POST", "/accedi", sane.toString(), half(""))).statusCode, 401);
    const pages = ["", "/attiva", "/recupero", "/recupero/inviato", "/codice", "/comune"];
    const acts = ["", "/persona", "/attiva", "/recupero", "/codice", "/codice/passkey", "/passkey"];
    const property = fc.asyncProperty(form, rubbish, async (text, cookieText) => {
      for (const path of pages) await ask("GET", `/accedi${path}`, text, half(cookieText));
      for (const path of acts) await ask("POST", `/accedi${path}`, text, half(cookieText));
      await ask("GET", `/accedi/recupero/${encodeURIComponent(cookieText)}`, "");
    });
    await fc.assert(property, { numRuns: RUNS / 4 });
  });

  it("MC-09 a long address is not carried along to the sign-in page", async () => {
    assert.equal((await at.get("/oggi?a=1")).headers.location, "/accedi?poi=%2Foggi%3Fa%3D1");
    assert.equal((await at.get(`/oggi?a=${"<".repeat(3000)}`)).headers.location, "/accedi");
  });

  it("BO-13 CIE's callback and resolve answer whatever they are asked", async () => {
    const property = fc.asyncProperty(fields, rubbish, rubbish, async (form, code, iss) => {
      await depart("cie-oidc");
      const query = new URLSearchParams({ state: STATE, code, iss: iss === IDP ? "" : iss });
      await ask("GET", "/oidc/cie/callback", `${query}&${form}`);
      await ask("GET", "/oidc/cie/callback", form);
      await ask("GET", "/oidc/cie/resolve", form);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  it("BO-13 a federation that is silent is asked once for all who come, then left alone for a while", async () => {
    const enter = async () => (await at.get("/oidc/cie/entra")).statusCode;
    const before = calledOutside;
    assert.deepEqual(await Promise.all([enter(), enter(), enter()]), [503, 503, 503]);
    const once = calledOutside - before;
    assert(once > 0 && once < 3, `fewer questions than people: ${once}`);
    assert.equal(await enter(), 503);
    assert.equal(calledOutside, before + once);
  });

  it("OS-03 the way out to a provider answers any choice, and keeps only paths of this site", async () => {
    const property = fc.asyncProperty(rubbish, fields, async (poi, form) => {
      const path = poi.startsWith("/") ? poi : `/${poi}`;
      const query = new URLSearchParams({ idp: IDP, poi: path });
      await ask("GET", "/spid/entra", query.toString());
      await ask("GET", "/spid/entra", form);
      await ask("GET", "/spid/metadata", form);
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});
