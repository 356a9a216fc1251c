// SPDX-License-Identifier: EUPL-1.2
/** Whom the federation vouches for: the way up to the pinned anchor, every link of it, and what it allows. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import {
  judgeTrustChain,
  listProviders,
  readKeySet,
  readProvider,
  type Resolve,
  resolveTrustChain,
  type Trusted,
} from "../../src/integrations/oidc-federation/index.ts";
import {
  type Claims,
  newSigner,
  signClaims,
} from "../../simulator/identity-provider/oidc/tokens.ts";
import type { TokenKind } from "../../simulator/identity-provider/oidc/twist.ts";
import { type CieTown, cieTown, NOON, pinned, without } from "../support/cie-oidc.ts";

let town: CieTown;
before(async () => {
  town = await cieTown();
});
after(async () => town.close());
beforeEach(async () => {
  town.simulator.federation.twist = {};
  town.now = NOON;
  await town.simulator.provider.join("anchor");
});

const wanted = (changes: Partial<Resolve> = {}): Resolve => ({
  subject: town.simulator.provider.id,
  entityType: "openid_provider",
  anchor: town.anchor,
  trustMark: "required",
  now: town.now,
  outside: town.outside,
  ...changes,
});

async function resolve(changes: Partial<Resolve> = {}): Promise<string> {
  const resolved = await resolveTrustChain(wanted(changes));
  return resolved.outcome === "refused" ? resolved.reason : resolved.outcome;
}

async function trusted(changes: Partial<Resolve> = {}): Promise<Trusted> {
  const resolved = await resolveTrustChain(wanted(changes));
  assert.equal(resolved.outcome, "trusted", JSON.stringify(resolved));
  return resolved;
}

/** Claims of one kind of token changed, and the provider taken in again where its mark is meant. */
async function reasonWith(
  kind: TokenKind,
  change: (claims: Claims) => Claims,
  about: "anchor" | "intermediate" = "anchor",
): Promise<string> {
  town.simulator.federation.twist = {
    claims: (what, claims) => (what === kind ? change(claims) : claims),
  };
  await town.simulator.provider.join(about);
  return resolve();
}

describe("the trust chain of a provider", () => {
  it("OS-03 directly below the anchor: metadata as the policy leaves them, until the first link ends", async () => {
    const chain = await trusted();
    assert.equal(chain.chain.length, 3);
    assert.equal(chain.metadata["issuer"], town.simulator.provider.id);
    // The policy takes away what it does not list, and sets what it wants said.
    assert.equal(chain.metadata["authorization_response_iss_parameter_supported"], true);
    assert.equal(chain.expiresAt.toString(), "2026-11-21T12:00:00Z");
    assert.deepEqual(
      chain.trustMarks.map(({ id }) => id),
      [town.simulator.federation.markId("openid_provider")],
    );
    const read = readProvider(chain, { now: town.now, allowLoopbackHttp: true });
    assert.equal(read.outcome, "provider");
  });

  it("OS-03 through an intermediate, with a mark the intermediate gave", async () => {
    await town.simulator.provider.join("intermediate");
    const chain = await trusted();
    assert.equal(chain.chain.length, 4);
    assert.equal(chain.anchor, town.simulator.anchor.entityId);
  });

  it("OS-03 what was stored is judged again without asking anybody", async () => {
    const { chain } = await trusted();
    const again = await judgeTrustChain(chain, wanted());
    assert.equal(again.outcome, "trusted");
    const reason = async (tokens: readonly string[], now = town.now): Promise<string> => {
      const judged = await judgeTrustChain(tokens, wanted({ now }));
      return judged.outcome === "refused" ? judged.reason : judged.outcome;
    };
    const [leaf = "", link = "", top = ""] = chain;
    assert.equal(await reason([leaf, top]), "foreign-anchor");
    assert.equal(await reason([link, leaf, top]), "unknown-key");
    assert.equal(await reason([leaf, top, top]), "subject");
    assert.equal(await reason([leaf, link, link, top]), "subject");
    assert.equal(
      await reason([leaf, ...Array.from({ length: 6 }, () => link), top]),
      "path-too-long",
    );
    assert.equal(await reason(chain, moment("2026-11-21T12:00:29Z")), "trusted");
    assert.equal(await reason(chain, moment("2026-11-21T12:00:30Z")), "expired");
    assert.equal(await reason(chain, moment("2026-11-20T11:59:30Z")), "trusted");
    assert.equal(await reason(chain, moment("2026-11-20T11:59:29Z")), "not-yet-valid");
  });

  it("OS-03 an anchor whose keys are not the pinned ones is none", async () => {
    const foreign = await newSigner();
    const keys = pinned(foreign.jwks);
    assert.equal(await resolve({ anchor: { ...town.anchor, keys } }), "unknown-key");
    const renamed = { keys: [{ ...foreign.jwks.keys[0], kid: town.anchor.keys.keys[0]?.kid }] };
    const pretending = readKeySet(renamed);
    assert.ok(pretending);
    assert.equal(await resolve({ anchor: { ...town.anchor, keys: pretending } }), "signature");
    const elsewhere = `${town.simulator.url}/sa`;
    assert.equal(
      await resolve({ anchor: { entityId: elsewhere, keys: town.anchor.keys } }),
      "unknown-key",
    );
  });

  it("OS-03 an anchor that changes its key is followed from one resolution to the next", async () => {
    const { signer } = town.simulator.federation.anchor;
    const next = await newSigner();
    const twist = (withNext: boolean) => ({
      claims: (kind: TokenKind, claims: Claims): Claims =>
        kind === "anchor-configuration"
          ? { ...claims, jwks: { keys: [...signer.jwks.keys, ...next.jwks.keys] } }
          : claims,
      token: async (kind: TokenKind, token: string, claims: Claims): Promise<string> =>
        withNext && (kind === "anchor-configuration" || claims["iss"] === town.anchor.entityId)
          ? signClaims(
              claims,
              next,
              kind === "trust-mark" ? "trust-mark+jwt" : "entity-statement+jwt",
            )
          : token,
    });
    town.simulator.federation.twist = twist(false);
    const { anchorKeys } = await trusted();
    town.simulator.federation.twist = twist(true);
    await town.simulator.provider.join("anchor");
    assert.equal(await resolve(), "unknown-key");
    assert.equal(await resolve({ anchor: { ...town.anchor, keys: anchorKeys } }), "trusted");
  });
});

describe("each link of the chain", () => {
  const times = (iat: number, exp: number) => (c: Claims) => ({
    ...c,
    iat: Number(c["iat"]) + iat,
    exp: Number(c["iat"]) + exp,
  });
  const cases: [string, TokenKind, string, (claims: Claims) => Claims][] = [
    ["an anchor's word that ended", "anchor-configuration", "expired", times(-100, -30)],
    ["a statement that ended", "statement", "expired", times(-100, -30)],
    ["a provider's word that ended", "provider-configuration", "expired", times(-100, -30)],
    ["a statement of tomorrow", "statement", "not-yet-valid", times(31, 100)],
    [
      "a statement by another",
      "statement",
      "issuer",
      (c) => ({ ...c, iss: "https://evil.example" }),
    ],
    [
      "a statement about another",
      "statement",
      "subject",
      (c) => ({ ...c, sub: "https://evil.example" }),
    ],
    [
      "a word about another",
      "provider-configuration",
      "subject",
      (c) => ({ ...c, sub: "https://evil.example" }),
    ],
    [
      "a word by another",
      "provider-configuration",
      "issuer",
      (c) => ({ ...c, iss: "https://evil.example" }),
    ],
    ["no keys", "statement", "claims", without("jwks")],
    ["no time", "statement", "claims", without("exp")],
    [
      "keys that nobody can use",
      "statement",
      "unknown-key",
      (c) => ({ ...c, jwks: { keys: [{ kty: "oct", k: "AA", kid: "x" }] } }),
    ],
    ["a claim that must be understood", "statement", "claims", (c) => ({ ...c, crit: ["new"] })],
    ["no superior", "provider-configuration", "foreign-anchor", without("authority_hints")],
    [
      "superiors elsewhere only",
      "provider-configuration",
      "foreign-anchor",
      (c) => ({ ...c, authority_hints: ["https://registry.evil.example"] }),
    ],
    [
      "no address to fetch from",
      "anchor-configuration",
      "no-endpoint",
      (c) => ({ ...c, metadata: {} }),
    ],
    [
      "an address that is not public",
      "anchor-configuration",
      "address",
      (c) => ({
        ...c,
        metadata: { federation_entity: { federation_fetch_endpoint: "http://10.0.0.1/fetch" } },
      }),
    ],
    [
      "no metadata of a provider",
      "provider-configuration",
      "entity-type",
      (c) => ({ ...c, metadata: { federation_entity: {} } }),
    ],
    [
      "kinds of entities the anchor excludes",
      "statement",
      "entity-type",
      (c) => ({ ...c, constraints: { allowed_leaf_entity_types: ["openid_relying_party"] } }),
    ],
    [
      "the same by its newer name",
      "anchor-configuration",
      "entity-type",
      (c) => ({ ...c, constraints: { allowed_entity_types: ["openid_relying_party"] } }),
    ],
    [
      "a policy nobody understands",
      "statement",
      "policy-operator",
      (c) => ({ ...c, metadata_policy: { openid_provider: { issuer: { regexp: ".*" } } } }),
    ],
    [
      "a policy in contradiction",
      "statement",
      "policy-conflict",
      (c) => ({
        ...c,
        metadata_policy: { openid_provider: { issuer: { one_of: ["a"], value: "b" } } },
      }),
    ],
    [
      "metadata the policy forbids",
      "statement",
      "policy-violated",
      (c) => ({
        ...c,
        metadata_policy: { openid_provider: { issuer: { one_of: ["https://other.example"] } } },
      }),
    ],
    [
      "metadata that lack what is essential",
      "statement",
      "policy-violated",
      (c) => ({ ...c, metadata_policy: { openid_provider: { logo_uri: { essential: true } } } }),
    ],
    [
      "a policy that is none",
      "statement",
      "policy-malformed",
      (c) => ({ ...c, metadata_policy: { openid_provider: { issuer: { one_of: 1 } } } }),
    ],
  ];
  for (const [what, kind, reason, change] of cases)
    it(`OS-03 ${what}: ${reason}`, async () => {
      assert.equal(await reasonWith(kind, change), reason);
    });

  it("OS-03 a provider that signs with keys of its own choice is refused", async () => {
    const foreign = await newSigner();
    town.simulator.federation.twist = {
      token: async (kind, token, claims) =>
        kind === "provider-configuration"
          ? signClaims({ ...claims, jwks: foreign.jwks }, foreign, "entity-statement+jwt")
          : token,
    };
    assert.equal(await resolve(), "unknown-key");
  });

  it("OS-03 another type of token is no statement", async () => {
    const { signer } = town.simulator.federation.anchor;
    town.simulator.federation.twist = {
      token: async (kind, token, claims) =>
        kind === "statement" ? signClaims(claims, signer, "trust-mark+jwt") : token,
    };
    assert.equal(await resolve(), "token-type");
  });

  it("OS-03 a superior corrects what its subordinate says", async () => {
    town.simulator.federation.twist = {
      claims: (kind, claims) =>
        kind === "statement"
          ? { ...claims, metadata: { openid_provider: { logo_uri: "https://a.example/l.svg" } } }
          : claims,
    };
    assert.equal((await trusted()).metadata["logo_uri"], "https://a.example/l.svg");
  });

  it("OS-03 an intermediate cannot allow what the anchor forbids", async () => {
    const widened = (c: Claims): Claims =>
      c["sub"] === town.simulator.provider.id
        ? {
            ...c,
            metadata_policy: { openid_provider: { response_types_supported: { add: ["token"] } } },
          }
        : {
            ...c,
            metadata_policy: {
              openid_provider: { response_types_supported: { subset_of: ["code"] } },
            },
          };
    assert.equal(await reasonWith("statement", widened, "intermediate"), "policy-conflict");
  });

  it("OS-03 more intermediates than the anchor allows are too many", async () => {
    const none = (c: Claims): Claims => ({ ...c, constraints: { max_path_length: 0 } });
    assert.equal(await reasonWith("anchor-configuration", none, "intermediate"), "path-too-long");
    assert.equal(await reasonWith("anchor-configuration", none, "anchor"), "trusted");
  });

  it("OS-03 superiors without end, in a circle or in a crowd end the search", async () => {
    let calls = 0;
    const outside = {
      allowLoopbackHttp: true,
      fetch: async (url: URL, init: RequestInit): Promise<Response> => {
        calls += 1;
        return fetch(url, init);
      },
    };
    const inCircle = (c: Claims): Claims => ({
      ...c,
      authority_hints: [`${town.simulator.url}/sa`, town.simulator.provider.id],
    });
    town.simulator.federation.twist = {
      claims: (kind, claims) => (kind.endsWith("configuration") ? inCircle(claims) : claims),
    };
    await town.simulator.provider.join("intermediate");
    assert.equal(await resolve({ outside }), "foreign-anchor");
    assert.ok(calls < 10, String(calls));
    calls = 0;
    const crowd = Array.from({ length: 40 }, (_, index) => `${town.simulator.url}/nobody/${index}`);
    town.simulator.federation.twist = {
      claims: (kind, claims) =>
        kind === "provider-configuration" ? { ...claims, authority_hints: crowd } : claims,
    };
    assert.equal(await resolve({ outside }), "foreign-anchor");
    assert.ok(calls <= 12, String(calls));
  });
});

describe("superiors that lead nowhere", () => {
  it("OS-03 one that does not know the provider is no way up", async () => {
    const { anchor, intermediate } = town.simulator.federation;
    await town.simulator.provider.join("intermediate");
    intermediate.subordinates.delete(town.simulator.provider.id);
    assert.equal(await resolve(), "foreign-anchor");
    assert.ok(anchor.subordinates.has(intermediate.id));
  });

  it("OS-03 a net of superiors costs 24 questions at most", async () => {
    const foreign = await newSigner();
    const iat = Math.floor(NOON.epochMilliseconds / 1000);
    const type = { "content-type": "application/entity-statement+jwt" };
    let calls = 0;
    const inNet = async (url: URL): Promise<Response> => {
      calls += 1;
      if (url.pathname === "/fetch") return new Response("a.b.c", { headers: type });
      const id = url.origin;
      const claims = {
        iss: id,
        sub: id,
        iat,
        exp: iat + 60,
        jwks: foreign.jwks,
        authority_hints: Array.from({ length: 8 }, (_, at) => id.replace("//", `//n${at}.`)),
        metadata: { federation_entity: { federation_fetch_endpoint: `${id}/fetch` } },
      };
      const token = await signClaims(claims, foreign, "entity-statement+jwt");
      return new Response(token, { headers: type });
    };
    const outside = {
      allowLoopbackHttp: true,
      fetch: async (url: URL, init: RequestInit): Promise<Response> =>
        url.hostname.endsWith("net.example") ? inNet(url) : fetch(url, init),
    };
    assert.equal(await resolve({ subject: "https://net.example", outside }), "path-too-long");
    assert.equal(calls, 23);
  });
});

describe("trust marks", () => {
  it("OS-03 without one that counts there is no provider", async () => {
    const wrong: [string, (claims: Claims) => Claims][] = [
      ["of another", (c) => ({ ...c, sub: "https://evil.example" })],
      [
        "for another role",
        (c) => ({ ...c, id: String(c["id"]).replace("provider", "relying_party") }),
      ],
      ["nobody may give", (c) => ({ ...c, id: "https://evil.example/openid_provider/public" })],
      ["by nobody known", (c) => ({ ...c, iss: "https://evil.example" })],
      ["past", (c) => ({ ...c, exp: Number(c["iat"]) - 30 })],
      ["of tomorrow", (c) => ({ ...c, iat: Number(c["iat"]) + 31 })],
      ["without end", without("exp")],
    ];
    for (const [what, change] of wrong)
      assert.equal(await reasonWith("trust-mark", change), "no-trust-mark", what);
    assert.equal(
      await reasonWith("provider-configuration", (c) => ({ ...c, trust_marks: [] })),
      "no-trust-mark",
    );
    assert.equal(
      await reasonWith("provider-configuration", (c) => ({
        ...c,
        trust_marks: ["x", { id: "y" }, null],
      })),
      "no-trust-mark",
    );
    assert.equal(
      await reasonWith("anchor-configuration", (c) => ({ ...c, trust_mark_issuers: {} })),
      "no-trust-mark",
    );
  });

  it("OS-03 signed with another key it does not count; by its newer name it does", async () => {
    const foreign = await newSigner();
    const { kid } = town.simulator.federation.anchor.signer;
    town.simulator.federation.twist = {
      token: async (kind, token, claims) =>
        kind === "trust-mark" ? signClaims(claims, { ...foreign, kid }, "trust-mark+jwt") : token,
    };
    await town.simulator.provider.join("anchor");
    assert.equal(await resolve(), "no-trust-mark");
    assert.equal(await resolve({ trustMark: "not-asked" }), "trusted");
    assert.equal(
      await reasonWith("trust-mark", ({ id, ...rest }) => ({ ...rest, trust_mark_type: id })),
      "trusted",
    );
  });

  it("OS-03 when the mark ends before the statements, so does the trust", async () => {
    assert.equal(
      await reasonWith("trust-mark", (c) => ({ ...c, exp: Number(c["iat"]) + 60 })),
      "trusted",
    );
    assert.equal((await trusted()).expiresAt.toString(), "2026-11-20T12:01:00Z");
  });
});

describe("asking the federation", () => {
  const answered = async (
    path: string,
    answer: { status: number; headers?: Record<string, string>; body?: string },
  ): Promise<string> => {
    town.simulator.federation.twist = { answer: (at) => (at === path ? answer : null) };
    return resolve();
  };
  const statement = { "content-type": "application/entity-statement+jwt" };

  it("OS-03 redirects, errors, crowds of bytes and other content are no statement", async () => {
    for (const path of [
      "/ta/.well-known/openid-federation",
      "/op/.well-known/openid-federation",
      "/ta/fetch",
    ]) {
      const away = { location: `${town.simulator.url}/ta/fetch` };
      assert.equal(await answered(path, { status: 302, headers: away }), "redirected");
      assert.equal(await answered(path, { status: 404, headers: statement }), "status");
      assert.equal(await answered(path, { status: 200, body: "x.y.z" }), "content-type");
      assert.equal(
        await answered(path, { status: 200, headers: statement, body: "x".repeat(140_000) }),
        "oversize",
      );
      const text = await answered(path, { status: 200, headers: statement, body: "x.y.z" });
      assert.ok(["malformed", "claims"].includes(text), text);
    }
  });

  it("OS-03 only public https addresses are asked", async () => {
    let asked = 0;
    const outside = {
      fetch: async (): Promise<Response> => {
        asked += 1;
        return new Response("");
      },
    };
    for (const entityId of [
      "http://registry.example",
      "https://127.0.0.1",
      "https://[::1]/",
      "https://localhost",
      "https://intranet",
      "https://user:word@registry.example",
      "https://registry.example/#part",
      "file:///etc/passwd",
      "text",
      `https://registry.example/${"a".repeat(3000)}`,
    ])
      assert.equal(
        await resolve({ outside, anchor: { ...town.anchor, entityId } }),
        "address",
        entityId,
      );
    assert.equal(asked, 0);
  });

  it("OS-03 the anchor lists its providers", async () => {
    const listed = await listProviders({
      anchor: town.anchor,
      now: town.now,
      outside: town.outside,
    });
    assert.deepEqual(listed, { outcome: "listed", providers: [town.simulator.provider.id] });
    const reason = async (keys = town.anchor.keys): Promise<string> => {
      const { anchor, now, outside } = town;
      const refused = await listProviders({ anchor: { ...anchor, keys }, now, outside });
      return refused.outcome === "refused" ? refused.reason : refused.outcome;
    };
    for (const [answer, expected] of [
      [{ status: 200, body: "{" }, "malformed"],
      [{ status: 200, body: "{}" }, "malformed"],
      [{ status: 200, body: JSON.stringify(Array.from({ length: 1001 }, () => "x")) }, "malformed"],
      [{ status: 500 }, "status"],
      [{ status: 307, headers: { location: "/" } }, "redirected"],
    ] as const) {
      town.simulator.federation.twist = { answer: (path) => (path === "/ta/list" ? answer : null) };
      assert.equal(await reason(), expected);
    }
    town.simulator.federation.twist = {
      claims: (kind, claims) =>
        kind === "anchor-configuration" ? { ...claims, metadata: {} } : claims,
    };
    assert.equal(await reason(), "no-endpoint");
    assert.equal(await reason(pinned((await newSigner()).jwks)), "unknown-key");
  });

  it("OS-03 a provider that lacks an address, a key or a means is not used", async () => {
    const chain = await trusted();
    const reason = (changes: Claims, now = town.now): string => {
      const read = readProvider(
        { ...chain, metadata: { ...chain.metadata, ...changes } },
        { now, allowLoopbackHttp: true },
      );
      return read.outcome === "refused" ? `${read.reason} ${read.detail}`.trim() : read.outcome;
    };
    const { id } = town.simulator.provider;
    assert.equal(reason({ issuer: `${id}/` }), "provider");
    assert.equal(reason({ issuer: "https://other.example" }), "provider-metadata issuer");
    assert.equal(reason({ token_endpoint: undefined }), "provider-metadata token_endpoint");
    assert.equal(reason({ token_endpoint: "http://x.example" }), "provider-metadata tokenEndpoint");
    assert.equal(reason({ jwks: { keys: [] } }), "provider-metadata jwks");
    assert.equal(
      reason({ code_challenge_methods_supported: ["plain"] }),
      "provider-unable code_challenge_methods",
    );
    assert.equal(reason({}, chain.expiresAt), "expired");
  });
});
