// SPDX-License-Identifier: EUPL-1.2
/** What a town publishes of itself for the CIE federation: entity configuration, keys that change, the resolve endpoint. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  answerResolve,
  configurationUrl,
  entityConfiguration,
  newOwnKey,
  readKeySet,
  readOwnKeys,
  resolveTrustChain,
} from "../../src/integrations/oidc-federation/index.ts";
import { type Claims, openSigned } from "../../simulator/identity-provider/oidc/tokens.ts";
import {
  type CieTown,
  cieTown,
  ENTITY_ID,
  NOON,
  ownKeys,
  partOf,
  partyOf,
} from "../support/cie-oidc.ts";

const privateParts = /"(d|p|q|dp|dq|qi)":/;

describe("the entity configuration", () => {
  it("OS-03 has every claim the rules require, and no secret", async () => {
    const mark = { id: "https://registry.example/openid_relying_party/public", trustMark: "a.b.c" };
    const token = await entityConfiguration(partyOf({ trustMarks: [mark] }), NOON);
    const header = partOf(token, 0);
    const claims = partOf(token, 1);
    assert.deepEqual(header, {
      alg: "RS256",
      kid: ownKeys.federation[0]?.privateJwk.kid,
      typ: "entity-statement+jwt",
    });
    assert.deepEqual(Object.keys(claims).toSorted(), [
      "authority_hints",
      "exp",
      "iat",
      "iss",
      "jwks",
      "metadata",
      "sub",
      "trust_marks",
    ]);
    assert.equal(claims["iss"], ENTITY_ID);
    assert.equal(claims["sub"], ENTITY_ID);
    assert.equal(Number(claims["exp"]) - Number(claims["iat"]), 86_400);
    assert.deepEqual(claims["trust_marks"], [{ id: mark.id, trust_mark: mark.trustMark }]);
    assert.doesNotMatch(JSON.stringify(claims), privateParts);
    await openSigned(token, claims["jwks"] as Parameters<typeof openSigned>[1]);
    const metadata = claims["metadata"] as Record<string, Claims>;
    // metadata_oidc_rp, both tables
    assert.deepEqual(Object.keys(metadata["federation_entity"] ?? {}).toSorted(), [
      "contacts",
      "federation_resolve_endpoint",
      "homepage_uri",
      "logo_uri",
      "organization_name",
      "policy_uri",
    ]);
    const { jwks, ...party } = metadata["openid_relying_party"] ?? {};
    assert.deepEqual(party, {
      application_type: "web",
      client_name: "Comune di Prova",
      contacts: ["protocollo@pec.comune.example"],
      redirect_uris: [`${ENTITY_ID}/oidc/callback`],
      grant_types: ["authorization_code", "refresh_token"],
      id_token_signed_response_alg: "RS256",
      userinfo_signed_response_alg: "RS256",
      userinfo_encrypted_response_alg: "RSA-OAEP-256",
      userinfo_encrypted_response_enc: "A256CBC-HS512",
      token_endpoint_auth_method: "private_key_jwt",
      client_id: ENTITY_ID,
      client_registration_types: ["automatic"],
      response_types: ["code"],
      subject_type: "pairwise",
    });
    const uses = (jwks as { keys: Claims[] }).keys.map(({ use }) => use);
    assert.deepEqual(uses, ["sig", "enc"]);
  });

  it("OS-03 lies where the rules put it", () => {
    assert.equal(
      configurationUrl("https://rp.example.it"),
      "https://rp.example.it/.well-known/openid-federation",
    );
    assert.equal(
      configurationUrl("https://rp.example.it/oidc/"),
      "https://rp.example.it/oidc/.well-known/openid-federation",
    );
  });

  it("OS-03 while keys change all are published and one signs", async () => {
    const [sig, enc] = ownKeys.core;
    const [old] = ownKeys.federation;
    assert.ok(sig && enc && old);
    const next = await newOwnKey("sig", "next", 2048);
    const coming = await newOwnKey("sig", "next", 2048);
    const before = partyOf({
      keys: { federation: [old, next], core: [sig, coming, enc] },
    });
    const after = partyOf({
      keys: {
        federation: [
          { ...old, state: "former" },
          { ...next, state: "current" },
        ],
        core: [{ ...sig, state: "former" }, { ...coming, state: "current" }, enc],
      },
    });
    for (const [party, signer] of [
      [before, old],
      [after, next],
    ] as const) {
      const token = await entityConfiguration(party, NOON);
      assert.equal(partOf(token, 0)["kid"], signer.privateJwk.kid);
      const { jwks, metadata } = partOf(token, 1);
      assert.equal(readKeySet(jwks)?.keys.length, 2);
      const own = (metadata as Record<string, Claims>)["openid_relying_party"];
      assert.equal(readKeySet(own?.["jwks"])?.keys.length, 3);
      assert.doesNotMatch(JSON.stringify(partOf(token, 1)), privateParts);
    }
  });

  it("OS-03 keys come out of the store as they went in, without the retired", () => {
    const stored = [
      ...ownKeys.federation.map((key) => ({ ...key, use: "federation" as const })),
      ...ownKeys.core.map((key) => ({
        ...key,
        use: key.use === "sig" ? ("sign" as const) : ("decrypt" as const),
      })),
    ].map(({ use, state, privateJwk }) => ({
      use,
      state,
      privatePart: JSON.stringify(privateJwk),
    }));
    assert.deepEqual(readOwnKeys(stored), ownKeys);
    const retired = stored.map((key) => ({ ...key, state: "retired" as const }));
    assert.deepEqual(readOwnKeys(retired), { federation: [], core: [] });
    for (const privatePart of ['{"kty":"RSA","kid":"x"}', '{"kty":"oct","k":"AA","kid":"x"}', "{"])
      assert.throws(() => readOwnKeys([{ use: "sign", state: "current", privatePart }]));
  });

  it("OS-03 a logo is recommended, not required", async () => {
    const { organization } = partyOf();
    const bare = partyOf({ organization: { ...organization, logoUrl: null } });
    const { metadata } = partOf(await entityConfiguration(bare, NOON), 1);
    assert.ok(!("logo_uri" in ((metadata as Record<string, Claims>)["federation_entity"] ?? {})));
  });

  it("OS-03 what no federation would take is a bug", async () => {
    const { federation, core } = ownKeys;
    const [sig, enc] = core;
    assert.ok(sig && enc);
    for (const changes of [
      { keys: { federation, core: [sig] } },
      { keys: { federation, core: [enc] } },
      { keys: { federation: [], core } },
      { keys: { federation: [enc], core } },
      { keys: { federation: [sig], core } },
      { keys: { federation: federation.map((key) => ({ ...key, state: "next" as const })), core } },
      { redirectUris: [] },
      { redirectUris: ["http://mensa.comune.example/callback"] },
      { entityId: "http://mensa.comune.example" },
      { entityId: "mensa" },
      { authorityHints: [] },
    ])
      await assert.rejects(entityConfiguration(partyOf(changes), NOON), RangeError);
    await assert.rejects(newOwnKey("sig", "current", 1024), RangeError);
  });
});

describe("the resolve endpoint", () => {
  let town: CieTown;
  before(async () => {
    town = await cieTown();
  });
  after(async () => town.close());

  it("OS-03 gives what was resolved before, of oneself one's own word, of others nothing", async () => {
    const { party, anchor, now, outside } = town;
    const subject = town.simulator.provider.id;
    const common = { anchor, now, outside, trustMark: "required" } as const;
    const known = await resolveTrustChain({ ...common, subject, entityType: "openid_provider" });
    assert.equal(known.outcome, "trusted");
    const of = { sub: subject, trust_anchor: anchor.entityId };
    const answer = await answerResolve(party, [known], of, now);
    assert.equal(answer.status, 200);
    assert.equal(answer.contentType, "application/resolve-response+jwt");
    const claims = partOf(answer.body, 1);
    assert.equal(claims["iss"], ENTITY_ID);
    assert.equal(claims["sub"], subject);
    assert.equal((claims["trust_chain"] as string[]).length, 3);
    assert.equal((claims["trust_marks"] as unknown[]).length, 1);
    assert.equal(partOf(answer.body, 0)["typ"], "resolve-response+jwt");

    const status = async (query: Record<string, unknown>, at = now): Promise<number> =>
      (await answerResolve(party, [known], query, at)).status;
    assert.equal(await status({ sub: subject, anchor: anchor.entityId }), 200);
    assert.equal(await status({ ...of, sub: "https://other.example" }), 404);
    assert.equal(await status({ ...of, trust_anchor: "https://other.example" }), 404);
    assert.equal(await status(of, known.expiresAt), 404);
    assert.equal(await status({ sub: subject }), 400);
    assert.equal(await status({ sub: [subject], trust_anchor: anchor.entityId }), 400);

    const self = await answerResolve(party, [], { ...of, sub: ENTITY_ID }, now);
    assert.equal((partOf(self.body, 1)["trust_chain"] as string[]).length, 1);
  });

  it("OS-03 once the anchor knows the town, its own chain is resolved, too", async () => {
    const { party, anchor, now, outside } = town;
    const own = await resolveTrustChain({
      subject: ENTITY_ID,
      entityType: "openid_relying_party",
      anchor,
      trustMark: "required",
      now,
      outside,
      configuration: await entityConfiguration(party, now),
    });
    assert.equal(own.outcome, "trusted", JSON.stringify(own));
    const query = { sub: ENTITY_ID, trust_anchor: anchor.entityId };
    const answer = await answerResolve(party, [own], query, now);
    const { metadata, trust_chain: chain } = partOf(answer.body, 1);
    assert.equal((chain as string[]).length, 3);
    assert.deepEqual(Object.keys(metadata as object), ["openid_relying_party"]);
  });
});
