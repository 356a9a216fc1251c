// SPDX-License-Identifier: EUPL-1.2
/** Staff sign in with their municipality's own provider: plain OpenID Connect, tried against the simulated one. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import {
  checkStaffProvider,
  discoverStaffProvider,
  finishStaffLogin,
  type PendingStaffLogin,
  saysTwoFactors,
  staffAuthorizationUrl,
  type StaffProviderMetadata,
  type StaffProviderSettings,
} from "../../src/integrations/oidc/index.ts";
import {
  type OidcSimulator,
  startOidcSimulator,
} from "../../simulator/identity-provider/oidc/server.ts";
import type { StaffProvider } from "../../simulator/identity-provider/oidc/staff.ts";
import {
  type Claims,
  newSigner,
  signClaims,
} from "../../simulator/identity-provider/oidc/tokens.ts";
import type { Twist } from "../../simulator/identity-provider/oidc/twist.ts";
import { ANNA, BRUNO, NOON, secrets, tokenPart, without } from "../support/cie-oidc.ts";

const REDIRECT_URI = "https://mensa.comune.example/accesso/operatori/oidc";
const outside = {
  fetch: async (url: URL, init: RequestInit) => fetch(url, init),
  allowLoopbackHttp: true,
};

let simulator: OidcSimulator;
let provider: StaffProvider;
let settings: StaffProviderSettings;
let discovery: Claims;
before(async () => {
  const own = { clientId: "mensa", clientSecret: "s3gr&to:è", redirectUris: [REDIRECT_URI] };
  simulator = await startOidcSimulator({ now: () => NOON, people: [ANNA, BRUNO], staff: own });
  assert.ok(simulator.staff);
  provider = simulator.staff;
  discovery = provider.discovery;
  const { clientId, clientSecret } = own;
  settings = { issuer: provider.issuer, clientId, clientSecret };
});
after(async () => simulator.close());
beforeEach(() => {
  provider.twist = {};
  provider.discovery = discovery;
});

async function discovered(): Promise<StaffProviderMetadata> {
  const found = await discoverStaffProvider(settings, outside);
  assert.equal(found.outcome, "discovered", JSON.stringify(found));
  return found.metadata;
}

interface Away {
  readonly pending: PendingStaffLogin;
  readonly metadata: StaffProviderMetadata;
  readonly query: Record<string, string>;
}

async function goThere(choice = "person=0"): Promise<Away> {
  const metadata = await discovered();
  const pending = { redirectUri: REDIRECT_URI, ...secrets() };
  const address = staffAuthorizationUrl(settings, metadata, pending);
  assert.ok(!address.includes(pending.codeVerifier));
  const page = await (await fetch(address)).text();
  const ticket = /ticket=(\w+)/.exec(page)?.[1] ?? "";
  const chosen = `${provider.issuer}/authorization?ticket=${ticket}&${choice}`;
  const back = await fetch(chosen, { redirect: "manual" });
  const location = new URL(back.headers.get("location") ?? "", REDIRECT_URI);
  return { pending, metadata, query: Object.fromEntries(location.searchParams) };
}

const finish = async (away: Away, changes: Partial<Parameters<typeof finishStaffLogin>[0]> = {}) =>
  finishStaffLogin({ settings, now: NOON, outside, ...away, ...changes });

async function endWith(twist: Twist): Promise<string> {
  provider.twist = twist;
  const end = await finish(await goThere());
  return end.outcome === "refused" ? end.reason : end.outcome;
}

const endWithClaims = async (change: (claims: Claims) => Claims): Promise<string> =>
  endWith({ claims: (_, claims) => change(claims) });

describe("staff of a municipality with its own provider", () => {
  it("BO-13 arrive as issuer and subject, with name and address", async () => {
    const end = await finish(await goThere());
    assert.equal(end.outcome, "accepted", JSON.stringify(end));
    const { subject, ...person } = end;
    assert.deepEqual(person, {
      outcome: "accepted",
      issuer: provider.issuer,
      email: ANNA.email,
      emailVerified: true,
      name: "Anna Rossi",
      methods: [],
      contextClass: null,
    });
    assert.match(subject, /^[0-9a-f]{64}$/);
    const other = await finish(await goThere("person=1"));
    assert.ok(other.outcome === "accepted" && other.email === null);
    assert.equal(other.outcome === "accepted" && other.emailVerified, null);
  });

  it("BO-13 the address is read from the claim the town names, and is verified only as far as the provider says", async () => {
    const addressBy = async (claims: Claims, emailClaim?: string) => {
      provider.twist = { claims: (_, said) => ({ ...said, email: undefined, ...claims }) };
      const own = { ...settings, ...(emailClaim ? { emailClaim } : {}) };
      const end = await finish(await goThere(), { settings: own });
      assert.equal(end.outcome, "accepted", JSON.stringify(end));
      return end.outcome === "accepted" && [end.email, end.emailVerified];
    };
    const upn = "a.rossi@comune.example";
    assert.deepEqual(await addressBy({ upn, email_verified: true }, "upn"), [upn, null]);
    assert.deepEqual(await addressBy({ email: upn }), [upn, true]);
    assert.deepEqual(await addressBy({ email: upn, email_verified: false }), [upn, false]);
    assert.deepEqual(await addressBy({ email: upn, email_verified: "true" }), [upn, null]);
    assert.deepEqual(await addressBy({ email: upn, email_verified: "false" }), [upn, false]);
    const both = { upn: upn.toUpperCase(), email: upn, email_verified: false };
    assert.deepEqual(await addressBy(both, "upn"), [upn.toUpperCase(), false]);
    assert.deepEqual(await addressBy({ upn: "nessuno" }, "upn"), [null, null]);
    assert.deepEqual(await addressBy({}, "__proto__"), [null, null]);
  });

  it("BO-13 a subject is what OpenID Connect allows, nothing that a table could not keep", async () => {
    for (const sub of ["", "a\0b", "è", "x".repeat(256), 7])
      assert.equal(await endWithClaims((c) => ({ ...c, sub })), "token-response", String(sub));
    assert.equal(await endWithClaims((c) => ({ ...c, sub: "x".repeat(255) })), "accepted");
  });

  it("X-15 two kinds of proof, mfa or the acr that was agreed are two factors; nothing else is", async () => {
    const says = async (claims: Claims, acrValue?: string): Promise<boolean> => {
      provider.twist = { claims: (_, said) => ({ ...said, ...claims }) };
      const end = await finish(await goThere());
      return end.outcome === "accepted" && saysTwoFactors(end, acrValue);
    };
    assert.ok(await says({ amr: ["mfa"] }));
    assert.ok(await says({ amr: ["pwd", "otp"] }));
    assert.ok(await says({ acr: "urn:due" }, "urn:due"));
    for (const amr of [["pwd"], ["pwd", "pin"], ["otp", "sms"], "mfa", ["MFA"], [{ mfa: 1 }], []])
      assert.ok(!(await says({ amr })), JSON.stringify(amr));
    assert.ok(!(await says({ acr: "urn:due" })), "not agreed");
    assert.ok(!(await says({ acr: "1" }, "urn:due")));
    const pending = { redirectUri: REDIRECT_URI, ...secrets() };
    const asked = { ...settings, acrValue: "urn:due" };
    const address = new URL(staffAuthorizationUrl(asked, await discovered(), pending));
    assert.equal(address.searchParams.get("acr_values"), "urn:due");
  });

  it("BO-13 a check tells whether the provider answers and knows the client", async () => {
    const check = async (own = settings) =>
      checkStaffProvider(own, { redirectUri: REDIRECT_URI, outside });
    for (const method of ["client_secret_basic", "client_secret_post"]) {
      provider.discovery = { ...discovery, token_endpoint_auth_methods_supported: [method] };
      const known = { outcome: "answers", hasKeys: true, client: "known" };
      assert.deepEqual(await check(), known, method);
      const wrong = await check({ ...settings, clientSecret: "altro" });
      assert.equal(wrong.outcome === "answers" && wrong.client, "refused", method);
    }
    provider.twist = { answer: (at) => (at === "/staff/token" ? { status: 500 } : null) };
    const mute = await check();
    assert.equal(mute.outcome === "answers" && mute.client, "unknown");
    provider.twist = { answer: (at) => (at === "/staff/jwks" ? { status: 200, body: "?" } : null) };
    const keyless = await check();
    assert.equal(keyless.outcome === "answers" && keyless.hasKeys, false);
    const gone = await check({ ...settings, issuer: "http://127.0.0.1:1/x" });
    assert.equal(gone.outcome === "refused" && gone.reason, "unreachable");
  });

  it("BO-13 either way of showing the client's secret works", async () => {
    for (const method of ["client_secret_basic", "client_secret_post"]) {
      provider.discovery = { ...discovery, token_endpoint_auth_methods_supported: [method] };
      assert.equal((await finish(await goThere())).outcome, "accepted", method);
    }
    const wrong = { ...settings, clientSecret: "other" };
    const end = await finish(await goThere(), { settings: wrong });
    assert.equal(end.outcome === "refused" && end.reason, "token-refused");
  });

  it("BO-13 the way back is theirs, this login's, and used once", async () => {
    const away = await goThere();
    const reason = async (changes: object): Promise<string> => {
      const end = await finish(away, { query: { ...away.query, ...changes } });
      return end.outcome === "refused" ? end.reason : end.outcome;
    };
    assert.equal(await reason({ state: "x".repeat(64) }), "state");
    assert.equal(await reason({ iss: "https://evil.example" }), "issuer");
    assert.equal(await reason({ iss: undefined }), "callback-malformed");
    assert.equal(await reason({ code: "" }), "callback-empty");
    assert.equal(await reason({ code: ["a", "b"] }), "callback-malformed");
    assert.equal(await reason({ error: "access_denied" }), "anomaly");
    const { iss: _iss, ...noIssuer } = away.query;
    const mute = await finish(away, { query: noIssuer });
    assert.equal(mute.outcome === "refused" && mute.reason, "issuer-missing");
    assert.equal(await reason({}), "accepted");
    assert.equal(await reason({}), "token-refused");
  });

  it("BO-13 an error of the provider is an anomaly", async () => {
    const end = await finish(await goThere("error=access_denied"));
    assert.deepEqual(end, { outcome: "anomaly", kind: "denied", error: "access_denied" });
  });

  it("BO-13 a caught code is worth nothing without the verifier", async () => {
    const away = await goThere();
    const pending = { ...away.pending, codeVerifier: secrets().codeVerifier };
    const end = await finish(away, { pending });
    assert.equal(end.outcome === "refused" && end.reason, "token-refused");
  });

  it("BO-13 an ID token that is wrong in one thing is refused for it", async () => {
    assert.equal(await endWithClaims((c) => ({ ...c, iss: "https://evil.example" })), "issuer");
    assert.equal(await endWithClaims((c) => ({ ...c, aud: "other" })), "audience");
    assert.equal(await endWithClaims((c) => ({ ...c, azp: "other" })), "authorized-party");
    assert.equal(await endWithClaims((c) => ({ ...c, nonce: "n".repeat(64) })), "nonce");
    assert.equal(await endWithClaims((c) => ({ ...c, exp: Number(c["iat"]) - 31 })), "expired");
    assert.equal(
      await endWithClaims((c) => ({ ...c, iat: Number(c["iat"]) + 31 })),
      "not-yet-valid",
    );
    assert.equal(
      await endWithClaims((c) => ({ ...c, nbf: Number(c["iat"]) + 31 })),
      "not-yet-valid",
    );
    assert.equal(await endWithClaims(without("sub")), "token-response");
    assert.equal(await endWithClaims((c) => ({ ...c, exp: Number(c["iat"]) - 29 })), "accepted");
  });

  it("BO-13 unsigned, signed with a foreign key or with the secret it is refused", async () => {
    const foreign = await newSigner();
    const { kid } = provider.signer;
    const unsigned = (claims: Claims): string =>
      `${tokenPart({ alg: "none" })}.${tokenPart(claims)}.`;
    assert.equal(await endWith({ token: (_k, _t, claims) => unsigned(claims) }), "token-response");
    assert.equal(
      await endWith({ token: async (_k, _t, claims) => signClaims(claims, { ...foreign, kid }) }),
      "token-response",
    );
    assert.equal(
      await endWith({ token: async (_k, _t, claims) => signClaims(claims, foreign) }),
      "unknown-key",
    );
    assert.equal(
      await endWith({
        token: (_k, token) => `${tokenPart({ alg: "HS256" })}.${token.split(".")[1] ?? ""}.AAAA`,
      }),
      "token-response",
    );
    assert.equal(await endWith({ tokenAnswer: without("id_token") }), "token-response");
  });

  it("BO-13 endpoints that redirect, overflow or talk otherwise are refused", async () => {
    const answer = async (path: string, status: number, body = ""): Promise<string> =>
      endWith({
        answer: (at) =>
          at === path
            ? { status, body, headers: { location: "/", "content-type": "text/html" } }
            : null,
      });
    for (const path of ["/staff/token", "/staff/jwks"]) {
      assert.equal(await answer(path, 302), "redirected");
      assert.equal(await answer(path, 200, "x".repeat(140_000)), "oversize");
      assert.equal(await answer(path, 200, "{}"), "token-response");
    }
  });

  it("BO-13 discovery takes only a provider that is who it should be and can what it must", async () => {
    const reason = async (changes: Claims, own = settings): Promise<string> => {
      provider.discovery = { ...discovery, ...changes };
      const found = await discoverStaffProvider(own, outside);
      return found.outcome === "refused" ? `${found.reason} ${found.detail}`.trim() : found.outcome;
    };
    assert.match(await reason({ issuer: "https://evil.example" }), /^discovery /);
    assert.match(await reason({ issuer: `${provider.issuer}/` }), /^(discovery|issuer) /);
    assert.match(await reason({ jwks_uri: undefined }), /^provider-unable jwks_uri/);
    assert.match(
      await reason({ authorization_endpoint: undefined }),
      /^provider-unable authorization/,
    );
    for (const authorization_endpoint of ["http://evil.example/a", "javascript:alert(1)", "", "/a"])
      assert.match(
        await reason({ authorization_endpoint }),
        /^(provider-unable authorization|discovery )/,
        authorization_endpoint,
      );
    const loud = { ...settings, issuer: settings.issuer.replace("http:", "HTTP:") };
    assert.match(await reason({}, loud), /^issuer /);
    assert.match(await reason({ token_endpoint: undefined }), /^provider-unable token_endpoint/);
    assert.match(
      await reason({ code_challenge_methods_supported: ["plain"] }),
      /^provider-unable code_challenge/,
    );
    assert.match(
      await reason({ id_token_signing_alg_values_supported: ["none", "HS256"] }),
      /^provider-unable id_token/,
    );
    assert.match(await reason({}, { ...settings, issuer: "http://idp.example" }), /^address /);
    const gone = { ...settings, issuer: "http://127.0.0.1:1/x" };
    assert.match(await reason({}, gone), /^unreachable /);
    provider.twist = {
      answer: () => ({ status: 301, headers: { location: "https://evil.example/" } }),
    };
    assert.match(await reason({}), /^redirected /);
  });

  it("BO-13 short secrets are a bug", async () => {
    const metadata = await discovered();
    const pending = { redirectUri: REDIRECT_URI, ...secrets(), state: "short" };
    assert.throws(() => staffAuthorizationUrl(settings, metadata, pending), RangeError);
  });

  it("BO-13 whatever a browser brings, nothing throws and nobody is accepted", async () => {
    const away = await goThere();
    const values = fc.oneof(
      fc.constantFrom(away.pending.state, provider.issuer, "access_denied", ""),
      fc.string({ maxLength: 80 }),
      fc.array(fc.string(), { maxLength: 3 }),
    );
    const names = fc.constantFrom("code", "state", "iss", "error", "id_token", "response");
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.dictionary(names, values), fc.anything()), async (query) => {
        const end = await finish({ ...away, query: query as Record<string, string> });
        assert.notEqual(end.outcome, "accepted");
      }),
      { numRuns: 300 },
    );
  });
});
