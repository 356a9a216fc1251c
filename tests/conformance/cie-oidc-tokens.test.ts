// SPDX-License-Identifier: EUPL-1.2
/** Tokens of a CIE provider, each wrong in one way. */
import assert from "node:assert/strict";
import { createHmac, createPublicKey } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { completeLogin } from "../../src/integrations/oidc-federation/index.ts";
import type { TokenKind } from "../../simulator/identity-provider/oidc/twist.ts";
import {
  type Claims,
  newSigner,
  signClaims,
} from "../../simulator/identity-provider/oidc/tokens.ts";
import {
  endWith,
  endWithClaims,
  tokenPart,
  without,
  type CieTown,
  cieTown,
  ENTITY_ID,
} from "../support/cie-oidc.ts";

let town: CieTown;
before(async () => {
  town = await cieTown();
});
after(async () => town.close());
beforeEach(() => {
  town.simulator.federation.twist = {};
});

/** One login in which one kind of token is another. */
const endOf = async (
  kind: TokenKind,
  change: (token: string, claims: Claims) => string | Promise<string>,
): Promise<string> =>
  endWith(town, {
    token: (what, token, claims) => (what === kind ? change(token, claims) : token),
  });

describe("the ID token", () => {
  const cases: [string, string, (claims: Claims) => Claims][] = [
    ["of another provider", "issuer", (c) => ({ ...c, iss: "https://op.other.example" })],
    ["for another party", "audience", (c) => ({ ...c, aud: "https://other.example" })],
    [
      "for us and another party",
      "audience",
      (c) => ({ ...c, aud: [ENTITY_ID, "https://other.example"] }),
    ],
    ["for nobody", "audience", (c) => ({ ...c, aud: [] })],
    ["given to another party", "authorized-party", (c) => ({ ...c, azp: "https://other.example" })],
    ["of another login", "nonce", (c) => ({ ...c, nonce: "n".repeat(64) })],
    ["without a nonce", "claims", without("nonce")],
    ["of another access token", "access-token-hash", (c) => ({ ...c, at_hash: "AAAA" })],
    ["without at_hash", "claims", without("at_hash")],
    ["of a lower level", "level-too-low", (c) => ({ ...c, acr: "https://www.spid.gov.it/SpidL1" })],
    ["of a level nobody knows", "level-unknown", (c) => ({ ...c, acr: "SpidL2" })],
    ["without a level", "claims", without("acr")],
    ["past", "expired", (c) => ({ ...c, exp: Number(c["iat"]) - 30 })],
    ["of tomorrow", "not-yet-valid", (c) => ({ ...c, iat: Number(c["iat"]) + 31 })],
    ["valid from tomorrow", "not-yet-valid", (c) => ({ ...c, nbf: Number(c["iat"]) + 31 })],
    [
      "from before the request",
      "before-the-request",
      (c) => ({ ...c, iat: Number(c["iat"]) - 31 }),
    ],
    ["with a time as text", "claims", (c) => ({ ...c, exp: String(c["exp"]) })],
  ];
  for (const [what, reason, change] of cases)
    it(`OS-03 ${what} is refused: ${reason}`, async () => {
      assert.equal(await endWithClaims(town, "id-token", change), reason);
    });

  it("OS-03 at the edge of the clocks it is accepted", async () => {
    assert.equal(
      await endWithClaims(town, "id-token", (c) => ({ ...c, exp: Number(c["iat"]) - 29 })),
      "accepted",
    );
    assert.equal(
      await endWithClaims(town, "id-token", (c) => ({ ...c, iat: Number(c["iat"]) + 30 })),
      "accepted",
    );
    assert.equal(
      await endWithClaims(town, "id-token", (c) => ({ ...c, iat: Number(c["iat"]) - 30 })),
      "accepted",
    );
  });

  it("OS-03 a higher level than asked is welcome", async () => {
    town.simulator.federation.twist = {
      claims: (kind, claims) =>
        kind === "id-token" ? { ...claims, acr: "https://www.spid.gov.it/SpidL3" } : claims,
    };
    const { result } = await town.login({ level: 2 });
    assert.equal(result.outcome === "accepted" && result.level, 3);
  });

  it("OS-03 unsigned, signed with a secret or a foreign key, it is refused", async () => {
    const { jwks, kid } = town.simulator.provider.signer;
    const unsigned = (_: string, claims: Claims): string =>
      `${tokenPart({ alg: "none" })}.${tokenPart(claims)}.`;
    assert.equal(await endOf("id-token", unsigned), "algorithm");
    const publicPem = createPublicKey({ key: jwks.keys[0] as JsonWebKey, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    });
    const withPublicKey = (_: string, claims: Claims): string => {
      const signed = `${tokenPart({ alg: "HS256", kid })}.${tokenPart(claims)}`;
      return `${signed}.${createHmac("sha256", publicPem).update(signed).digest("base64url")}`;
    };
    assert.equal(await endOf("id-token", withPublicKey), "algorithm");
    const foreign = await newSigner();
    const ofForeign = async (_: string, claims: Claims): Promise<string> =>
      signClaims(claims, foreign);
    assert.equal(await endOf("id-token", ofForeign), "unknown-key");
    const pretending = async (_: string, claims: Claims): Promise<string> =>
      signClaims(claims, { ...foreign, kid });
    assert.equal(await endOf("id-token", pretending), "signature");
    const ownKeyInside = (token: string): string => {
      const [, payload = "", signature = ""] = token.split(".");
      return `${tokenPart({ alg: "RS256", jwk: foreign.jwks.keys[0] })}.${payload}.${signature}`;
    };
    assert.equal(await endOf("id-token", ownKeyInside), "unknown-key");
    const elliptic = await newSigner("ES256");
    const ofOtherKind = async (_: string, claims: Claims): Promise<string> =>
      signClaims(claims, { ...elliptic, kid });
    assert.equal(await endOf("id-token", ofOtherKind), "algorithm");
    const critical = (token: string): string => {
      const [, payload = "", signature = ""] = token.split(".");
      return `${tokenPart({ alg: "RS256", kid, crit: ["b64"], b64: false })}.${payload}.${signature}`;
    };
    assert.equal(await endOf("id-token", critical), "malformed");
    const touched = (token: string): string => {
      const [header = "", payload = "", signature = ""] = token.split(".");
      const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
      return `${header}.${tokenPart({ ...claims, sub: "other" })}.${signature}`;
    };
    assert.equal(await endOf("id-token", touched), "signature");
  });

  it("OS-03 an access token in its place, or text, is refused", async () => {
    let access = "";
    town.simulator.federation.twist = {
      token: (kind, token) => {
        if (kind === "access-token") access = token;
        return kind === "id-token" ? access : token;
      },
    };
    const { result } = await town.login();
    assert.equal(result.outcome === "refused" && result.reason, "token-type");
    for (const text of ["", "x", "a.b.c", "....", `${"a".repeat(60_000)}.b.c`])
      assert.equal(await endOf("id-token", () => text), "malformed");
  });

  it("OS-03 the access token is the provider's, for us, and valid", async () => {
    for (const change of [
      (c: Claims) => ({ ...c, iss: "https://op.other.example" }),
      (c: Claims) => ({ ...c, client_id: "https://other.example" }),
      (c: Claims) => ({ ...c, exp: Number(c["iat"]) - 30 }),
      without("exp"),
    ])
      assert.equal(await endWithClaims(town, "access-token", change), "access-token");
    assert.equal(await endOf("access-token", () => "opaque"), "access-token");
  });
});

describe("the token endpoint's answer", () => {
  const reasonWithBody = async (change: (body: Claims) => Claims): Promise<string> => {
    town.simulator.federation.twist = { tokenAnswer: change };
    const { result } = await town.login();
    return result.outcome === "refused" ? `${result.reason} ${result.detail}` : result.outcome;
  };

  it("OS-03 lacks nothing", async () => {
    assert.equal(await reasonWithBody((b) => ({ ...b, token_type: "bearer" })), "accepted");
    assert.equal(
      await reasonWithBody((b) => ({ ...b, token_type: "mac" })),
      "token-response token_type",
    );
    assert.equal(await reasonWithBody(without("access_token")), "token-response access_token");
    assert.equal(await reasonWithBody(without("id_token")), "token-response id_token");
    assert.equal(await reasonWithBody((b) => ({ ...b, id_token: 7 })), "token-response id_token");
  });

  const answered = async (
    answer: { status: number; headers?: Record<string, string>; body?: string },
    at = "/op/token",
  ): Promise<string> => {
    town.simulator.federation.twist = { answer: (path) => (path === at ? answer : null) };
    const { result, exchanges } = await town.login();
    assert.equal(exchanges.length, at === "/op/token" ? 1 : 2);
    return result.outcome === "refused" ? result.reason : result.outcome;
  };
  const json = { "content-type": "application/json" };

  it("OS-03 errors, redirects, crowds of bytes and other kinds of content are refused", async () => {
    const elsewhere = { location: "https://evil.example/" };
    for (const status of [301, 302, 303, 307, 308])
      assert.equal(await answered({ status, headers: elsewhere }), "redirected");
    assert.equal(
      await answered({ status: 200, headers: json, body: "x".repeat(200_000) }),
      "oversize",
    );
    assert.equal(await answered({ status: 200, headers: json, body: "[]" }), "token-response");
    assert.equal(await answered({ status: 200, headers: json, body: "{" }), "token-response");
    assert.equal(
      await answered({ status: 200, headers: { "content-type": "text/html" }, body: "{}" }),
      "token-response",
    );
    assert.equal(
      await answered({ status: 400, headers: json, body: '{"error":"invalid_grant"}' }),
      "token-refused",
    );
    assert.equal(await answered({ status: 503 }), "token-refused");
  });

  it("OS-03 the same for userinfo", async () => {
    const at = "/op/userinfo";
    assert.equal(await answered({ status: 302, headers: { location: "/" } }, at), "redirected");
    assert.equal(await answered({ status: 200, body: "x".repeat(200_000) }, at), "oversize");
    assert.equal(await answered({ status: 401 }, at), "userinfo-status");
    assert.equal(await answered({ status: 200, headers: json, body: "{}" }, at), "content-type");
  });

  it("OS-03 a provider that does not answer is late or unreachable, never an exception", async () => {
    const { pending, parameters, provider } = await town.goThere();
    const code = parameters.get("code") ?? "";
    const never = {
      timeoutMs: 20,
      allowLoopbackHttp: true,
      fetch: async (_: URL, { signal }: RequestInit): Promise<Response> =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    };
    const late = await completeLogin({ ...town.caller(provider), outside: never }, code, pending);
    assert.equal(late.result.outcome === "refused" && late.result.reason, "late");
    const gone = {
      fetch: async (): Promise<Response> => {
        throw new TypeError("fetch failed");
      },
      allowLoopbackHttp: true,
    };
    const nobody = await completeLogin({ ...town.caller(provider), outside: gone }, code, pending);
    assert.equal(nobody.result.outcome === "refused" && nobody.result.reason, "unreachable");
    const plain = { fetch: town.outside.fetch };
    const refused = await completeLogin(
      { ...town.caller(provider), outside: plain },
      code,
      pending,
    );
    assert.equal(refused.result.outcome === "refused" && refused.result.reason, "address");
  });
});
