// SPDX-License-Identifier: EUPL-1.2
/** What a town publishes of itself for the CIE federation: entity configuration, keys that change, the resolve endpoint. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import {
  answerResolve,
  configurationUrl,
  entityConfiguration,
  newOwnKey,
  readKeySet,
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
    const mark = { id: "https://registry.example/openid_relying_party/public", token: "a.b.c" };
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
    assert.deepEqual(claims["trust_marks"], [{ id: mark.id, trust_mark: mark.token }]);
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

  it("OS-03 while keys change both are published; the new one signs from its hour on", async () => {
    const hour = moment("2026-11-21T12:00:00Z");
    const federation = [...ownKeys.federation, await newOwnKey("sig", hour, 2048)];
    const core = [...ownKeys.core, await newOwnKey("sig", hour, 2048)];
    const party = partyOf({ keys: { federation, core } });
    const kids = federation.map(({ privateJwk }) => privateJwk.kid);
    const before = await entityConfiguration(party, hour.subtract({ seconds: 1 }));
    const from = await entityConfiguration(party, hour);
    assert.equal(partOf(before, 0)["kid"], kids[0]);
    assert.equal(partOf(from, 0)["kid"], kids[1]);
    for (const token of [before, from]) {
      const { jwks, metadata } = partOf(token, 1);
      assert.equal(readKeySet(jwks)?.keys.length, 2);
      const own = (metadata as Record<string, Claims>)["openid_relying_party"];
      assert.equal(readKeySet(own?.["jwks"])?.keys.length, 3);
    }
    // A key that must wait is better than none.
    const early = partyOf({ keys: { federation: federation.slice(1), core } });
    assert.equal(partOf(await entityConfiguration(early, NOON), 0)["kid"], kids[1]);
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
      { redirectUris: [] },
      { redirectUris: ["http://mensa.comune.example/callback"] },
      { entityId: "http://mensa.comune.example" },
      { entityId: "mensa" },
      { authorityHints: [] },
    ])
      await assert.rejects(entityConfiguration(partyOf(changes), NOON), RangeError);
    await assert.rejects(newOwnKey("sig", NOON, 1024), RangeError);
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
