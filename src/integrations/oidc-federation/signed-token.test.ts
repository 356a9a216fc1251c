// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CompactSign, exportJWK, generateKeyPair } from "jose";
import { moment } from "#kernel/dates.ts";
import { judgeTrustChain } from "./judge-trust-chain.ts";
import { newOwnKey, publicKeys, readKeySet } from "./key-set.ts";
import { isFuture, isPast, signToken, unverifiedClaims, verifyToken } from "./signed-token.ts";
import { judgeUserinfo } from "./userinfo.ts";

const NOON = moment("2026-11-20T12:00:00Z");
const own = await newOwnKey("sig", "current", 2048);
const enc = await newOwnKey("enc", "current", 2048);
const keys = readKeySet(publicKeys([own])) ?? { keys: [] };
const good = await signToken({ sub: "x" }, [own]);
const reasonOf = async (token: unknown, by = keys, types = [null] as (string | null)[]) => {
  const verified = await verifyToken(token, by, types);
  return verified.outcome === "refused" ? verified.reason : verified.outcome;
};

describe("the gate for signatures", () => {
  it("OS-03 takes what is signed by the named key and nothing else", async () => {
    assert.equal(await reasonOf(good), "verified");
    assert.equal(await reasonOf("x".repeat(200_000)), "oversize");
    assert.equal(await reasonOf(7), "malformed");
    assert.equal(await reasonOf(undefined), "malformed");
    assert.equal(await reasonOf(`${good}.${good}`), "malformed");
    assert.equal(await reasonOf(` ${good}`), "malformed");
    assert.equal(await reasonOf(good, keys, ["jwt"]), "token-type");
    assert.equal(await reasonOf(good, { keys: [] }), "unknown-key");
    const [key] = keys.keys;
    assert.ok(key);
    assert.equal(await reasonOf(good, { keys: [key, key] }), "unknown-key");
    assert.equal(await reasonOf(good, { keys: [{ ...key, use: "enc" }] }), "unknown-key");
    assert.equal(await reasonOf(good, { keys: [{ ...key, alg: "PS256" }] }), "algorithm");
    assert.equal(await reasonOf(good, { keys: [{ ...key, kty: "EC" }] }), "algorithm");
    assert.equal(await reasonOf(good, { keys: [{ ...key, n: "AQAB" }] }), "signature");
  });

  it("OS-03 understands every algorithm the rules list; a payload must be an object", async () => {
    for (const alg of ["RS256", "RS512", "PS256", "PS512", "ES256", "ES512"]) {
      const pair = await generateKeyPair(alg);
      const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k" };
      const sign = async (payload: string): Promise<string> =>
        new CompactSign(new TextEncoder().encode(payload))
          .setProtectedHeader({ alg, kid: "k" })
          .sign(pair.privateKey);
      const by = readKeySet({ keys: [jwk] }) ?? keys;
      assert.equal(await reasonOf(await sign("{}"), by), "verified", alg);
      for (const payload of ["[]", "null", "7", "text", ""])
        assert.equal(await reasonOf(await sign(payload), by), "malformed", payload);
    }
  });

  it("OS-03 a key set keeps public parts of keys one can use", () => {
    const { privateJwk } = own;
    const [read] = readKeySet({ keys: [privateJwk] })?.keys ?? [];
    assert.ok(read && !("d" in read) && read.n === privateJwk.n);
    assert.equal(readKeySet({ keys: [{ kty: "oct", k: "AA", kid: "s" }] }), null);
    assert.equal(readKeySet({ keys: [{ ...privateJwk, kid: undefined }] }), null);
    assert.equal(readKeySet({ keys: Array.from({ length: 33 }, () => privateJwk) }), null);
    for (const none of [null, {}, [], "keys", { keys: {} }]) assert.equal(readKeySet(none), null);
  });

  it("OS-03 the last second counts, the next one does not", () => {
    const at = (seconds: number) => NOON.add({ seconds });
    const noon = NOON.epochMilliseconds / 1000;
    assert.equal(isPast(noon, at(29)), false);
    assert.equal(isPast(noon, at(30)), true);
    assert.equal(isFuture(noon, at(-30)), false);
    assert.equal(isFuture(noon, at(-31)), true);
  });

  it("OS-03 no text is ever taken for a token, and none breaks anything", async () => {
    const [header = "", payload = "", signature = ""] = good.split(".");
    const touched = fc
      .tuple(fc.nat(good.length - 1), fc.constantFrom(..."AZaz09-_.=+/ é"))
      .map(([at, sign]) => good.slice(0, at) + sign + good.slice(at + 1))
      // The last sign of a part carries bits that mean nothing.
      .filter((text) => !sameBytes(text, good));
    const parts = fc
      .array(fc.oneof(fc.constantFrom(header, payload, signature, ""), fc.base64String()), {
        maxLength: 6,
      })
      .map((all) => all.join("."))
      .filter((text) => !sameBytes(text, good));
    const party = { keys: { federation: [own], core: [own, enc] }, entityId: "x" };
    await fc.assert(
      fc.asyncProperty(fc.oneof(touched, parts, fc.string()), async (text) => {
        assert.notEqual(await reasonOf(text), "verified");
        unverifiedClaims(text);
        const info = await judgeUserinfo(
          text,
          { relyingParty: party, provider: { issuer: "i", keys }, now: NOON } as never,
          "s",
        );
        assert.equal(info.outcome, "refused");
        const chain = await judgeTrustChain([text, text, text], {
          subject: "s",
          entityType: "openid_provider",
          anchor: { entityId: "a", keys },
          trustMark: "required",
          now: NOON,
        });
        assert.equal(chain.outcome, "refused");
      }),
      { numRuns: 500 },
    );
  });
});

const sameBytes = (a: string, b: string): boolean => {
  const bytes = (text: string): string =>
    text
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("hex"))
      .join(".");
  return bytes(a) === bytes(b);
};
