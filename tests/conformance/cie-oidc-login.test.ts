// SPDX-License-Identifier: EUPL-1.2
/** "Entra con CIE" by OpenID Connect: from the button to the person, and everything that must not get there. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import {
  authorizationRequest,
  callbackState,
  completeLogin,
  judgeCallback,
  revokeToken,
} from "../../src/integrations/oidc-federation/index.ts";
import {
  ANNA,
  partOf,
  BRUNO,
  type CieTown,
  cieTown,
  ENTITY_ID,
  REDIRECT_URI,
  secrets,
} from "../support/cie-oidc.ts";

let town: CieTown;
before(async () => {
  town = await cieTown();
});
after(async () => town.close());
beforeEach(() => {
  town.simulator.federation.twist = {};
});

describe("a login with CIE over OpenID Connect", () => {
  it("OS-03 a person arrives with what was asked for, at the level reached", async () => {
    const { result, exchanges } = await town.login({ level: 3 });
    assert.equal(result.outcome, "accepted");
    const { accessToken, subject, ...person } = result;
    assert.deepEqual(person, {
      outcome: "accepted",
      fiscalNumber: ANNA.fiscalNumber,
      name: "Anna",
      familyName: "Rossi",
      dateOfBirth: day("1984-05-12"),
      email: ANNA.email,
      level: 3,
      issuer: town.simulator.provider.id,
    });
    assert.match(subject, /^[0-9a-f]{64}$/);
    assert.ok(accessToken);
    assert.deepEqual(
      exchanges.map(({ kind, status }) => [kind, status]),
      [
        ["token", 200],
        ["userinfo", 200],
      ],
    );
  });

  it("OS-03 somebody without a mail address arrives, too", async () => {
    const { result } = await town.login({ person: 1 });
    assert.equal(result.outcome, "accepted");
    assert.equal(result.fiscalNumber, BRUNO.fiscalNumber);
    assert.equal(result.email, null);
  });

  it("OS-03 the request is signed and says everything the rules ask", async () => {
    const provider = await town.provider();
    const own = secrets();
    const asked = await authorizationRequest({
      relyingParty: town.party,
      provider,
      redirectUri: REDIRECT_URI,
      level: 2,
      secrets: own,
      language: "en",
      now: town.now,
    });
    const claims = partOf(asked.requestObject, 1);
    assert.deepEqual(
      { ...claims, claims: Object.keys((claims["claims"] as { userinfo: object }).userinfo) },
      {
        scope: "openid",
        client_id: ENTITY_ID,
        iss: ENTITY_ID,
        aud: provider.issuer,
        response_type: "code",
        code_challenge: claims["code_challenge"],
        code_challenge_method: "S256",
        iat: 1795176000,
        exp: 1795176300,
        redirect_uri: REDIRECT_URI,
        acr_values: "https://www.spid.gov.it/SpidL2",
        prompt: "consent login",
        ui_locales: "en",
        state: own.state,
        nonce: own.nonce,
        claims: [
          "given_name",
          "family_name",
          "birthdate",
          "https://attributes.eid.gov.it/fiscal_number",
          "email",
        ],
      },
    );
    const beside = Object.fromEntries(new URL(asked.url).searchParams);
    assert.deepEqual(Object.keys(beside).toSorted(), [
      "client_id",
      "code_challenge",
      "code_challenge_method",
      "request",
      "response_type",
      "scope",
    ]);
    assert.equal(beside["code_challenge"], claims["code_challenge"]);
    assert.ok(!asked.url.includes(own.codeVerifier));
    assert.deepEqual(Object.keys(partOf(asked.requestObject, 0)).toSorted(), ["alg", "kid"]);
  });

  it("OS-03 a short or doubled secret and an unregistered address are bugs", async () => {
    const provider = await town.provider();
    const good = {
      relyingParty: town.party,
      provider,
      redirectUri: REDIRECT_URI,
      level: 1 as const,
      secrets: secrets(),
      now: town.now,
    };
    const { state, nonce } = good.secrets;
    for (const wrong of [
      { ...good, secrets: { ...good.secrets, state: "a".repeat(31) } },
      { ...good, secrets: { state, nonce, codeVerifier: nonce } },
      { ...good, redirectUri: `${REDIRECT_URI}/other` },
    ])
      await assert.rejects(authorizationRequest(wrong), RangeError);
    assert.match(
      partOf((await authorizationRequest(good)).requestObject, 1)["prompt"] as string,
      /^consent$/,
    );
  });

  it("OS-03 at logout the access token is revoked, with our own proof", async () => {
    const { result } = await town.login();
    assert.equal(result.outcome, "accepted");
    const caller = town.caller(await town.provider());
    const revoked = await revokeToken(caller, result.accessToken);
    assert.deepEqual(revoked.result, { outcome: "revoked" });
    assert.ok(town.simulator.provider.revoked.includes(result.accessToken));
    town.simulator.federation.twist = {
      answer: (path) => (path === "/op/revoke" ? { status: 503 } : null),
    };
    const failed = await revokeToken(town.caller(caller.provider), result.accessToken);
    assert.equal(failed.result.outcome === "refused" && failed.result.reason, "revocation-refused");
    town.simulator.federation.twist = {
      answer: (path) =>
        path === "/op/revoke" ? { status: 302, headers: { location: "/" } } : null,
    };
    const away = await revokeToken(town.caller(caller.provider), result.accessToken);
    assert.equal(away.result.outcome === "refused" && away.result.reason, "redirected");
    assert.equal(away.exchange?.status, null);
    const none = await revokeToken(
      town.caller({ ...caller.provider, revocationEndpoint: null }),
      result.accessToken,
    );
    assert.equal(none.result.outcome === "refused" && none.result.reason, "no-endpoint");
  });

  it("OS-03 a code works once", async () => {
    const { pending, parameters, provider } = await town.goThere();
    const code = parameters.get("code") ?? "";
    const elsewhere = { ...pending, issuer: "https://op.other.example" };
    await assert.rejects(completeLogin(town.caller(provider), code, elsewhere), RangeError);
    const first = await completeLogin(town.caller(provider), code, pending);
    assert.equal(first.result.outcome, "accepted");
    const again = await completeLogin(town.caller(provider), code, pending);
    assert.equal(again.result.outcome === "refused" && again.result.reason, "token-refused");
  });

  it("OS-03 a code that was caught is worth nothing without the verifier", async () => {
    const { parameters, provider } = await town.goThere();
    const another = await town.goThere({ person: 1 });
    const code = parameters.get("code") ?? "";
    const { result } = await completeLogin(town.caller(provider), code, another.pending);
    assert.equal(result.outcome === "refused" && result.reason, "token-refused");
  });
});

describe("the way back from the provider", () => {
  const pending = { issuer: "https://op.example", state: "s".repeat(43) };
  const good = { code: "c0de", state: pending.state, iss: pending.issuer };
  const reason = (query: unknown): string => {
    const judged = judgeCallback(query, pending);
    return judged.outcome === "refused" ? judged.reason : judged.outcome;
  };

  it("OS-03 only with the state, the issuer and a code of this login", () => {
    assert.equal(reason(good), "code");
    assert.equal(reason(new URLSearchParams(good)), "code");
    assert.equal(reason({ ...good, state: "t".repeat(43) }), "state");
    assert.equal(reason({ code: "c0de", iss: good.iss }), "state");
    assert.equal(reason({ ...good, iss: "https://op.example/" }), "issuer");
    assert.equal(reason({ ...good, iss: "https://evil.example" }), "issuer");
    assert.equal(reason({ code: "c0de", state: good.state }), "issuer-missing");
    assert.equal(reason({ state: good.state, iss: good.iss }), "callback-empty");
    assert.equal(reason({ ...good, code: "" }), "callback-empty");
    assert.equal(reason({ ...good, code: ["c0de", "other"] }), "callback-malformed");
    assert.equal(reason(new URLSearchParams("code=a&code=b")), "callback-malformed");
    assert.equal(reason({ ...good, code: "c".repeat(5000) }), "callback-malformed");
    assert.equal(reason({ ...good, error: "access_denied" }), "callback-malformed");
    assert.equal(reason(null), "callback-malformed");
    const crowd = Object.fromEntries(Array.from({ length: 18 }, (_, index) => [`p${index}`, "x"]));
    assert.equal(reason({ ...good, ...crowd }), "callback-malformed");
    assert.equal(reason({ state: good.state, iss: good.iss, code: "c", p: "x" }), "code");
  });

  it("OS-03 errors of the table become anomalies, others are our fault", () => {
    const kindOf = (error: string): unknown =>
      judgeCallback({ error, state: pending.state }, pending);
    const anomaly = (kind: string, error: string) => ({ outcome: "anomaly", kind, error });
    assert.deepEqual(kindOf("access_denied"), anomaly("denied", "access_denied"));
    assert.deepEqual(kindOf("consent_required"), anomaly("not-consented", "consent_required"));
    assert.deepEqual(kindOf("server_error"), anomaly("unavailable", "server_error"));
    assert.deepEqual(kindOf("invalid_request"), anomaly("our-fault", "invalid_request"));
    assert.deepEqual(kindOf("<script>"), anomaly("our-fault", "other"));
    assert.deepEqual(kindOf("constructor"), anomaly("our-fault", "other"));
    assert.equal(reason({ error: "access_denied", state: "x".repeat(43) }), "state");
    assert.equal(reason({ error: "access_denied", state: pending.state, iss: "x" }), "issuer");
  });

  it("OS-03 an anomaly of the provider arrives as one", async () => {
    const { parameters, pending: own } = await town.goThere({ error: "access_denied" });
    const judged = judgeCallback(Object.fromEntries(parameters), own);
    assert.deepEqual(judged, { outcome: "anomaly", kind: "denied", error: "access_denied" });
  });

  it("OS-03 the answer of another provider is refused (mix-up)", async () => {
    town.simulator.federation.twist = {
      callback: (parameters) => parameters.set("iss", "https://op.other.example"),
    };
    const { parameters, pending: own } = await town.goThere();
    const judged = judgeCallback(Object.fromEntries(parameters), own);
    assert.equal(judged.outcome === "refused" && judged.reason, "issuer");
  });

  it("OS-03 whatever a browser brings, nothing throws and nothing is accepted", () => {
    const names = fc.constantFrom("code", "state", "iss", "error", "__proto__", "x");
    const values = fc.oneof(
      fc.constantFrom(pending.state, pending.issuer, "access_denied", ""),
      fc.string({ maxLength: 80 }),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.anything(),
    );
    const queries = fc.oneof(fc.dictionary(names, values), fc.anything());
    fc.assert(
      fc.property(queries, (query) => {
        const judged = judgeCallback(query, pending);
        callbackState(query);
        if (judged.outcome === "refused") return;
        const read = query as Record<string, unknown>;
        assert.equal(read["state"], pending.state);
        if (judged.outcome === "code") assert.equal(read["iss"], pending.issuer);
      }),
      { numRuns: 2000 },
    );
    assert.equal(callbackState({ state: pending.state }), pending.state);
    assert.equal(callbackState({ state: "short" }), null);
    assert.equal(callbackState({ state: ["a", "b"] }), null);
  });
});
