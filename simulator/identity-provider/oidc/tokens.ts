// SPDX-License-Identifier: EUPL-1.2
/** Keys and tokens of the simulated federation, written apart from the product's own. */
import { createECDH, createHash } from "node:crypto";
import {
  calculateJwkThumbprint,
  compactVerify,
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from "jose";

export type Moment = Temporal.Instant;
export type Claims = Record<string, unknown>;
export interface Jwks {
  readonly keys: readonly JWK[];
}

export const seconds = (at: Moment): number => Math.floor(at.epochMilliseconds / 1000);

/** A key pair with its public half as a JWKS. */
export interface Signer {
  readonly alg: "RS256" | "ES256";
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwks: Jwks;
}

export async function newSigner(alg: Signer["alg"] = "RS256"): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { alg, kid, privateKey, jwks: { keys: [{ ...jwk, kid, alg, use: "sig" }] } };
}

/** The same key for the same seed: what was signed before a restart stays true after it. */
export async function seededSigner(seed: string): Promise<Signer> {
  const secret = createHash("sha256").update(seed).digest();
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  const part = (from: number): string => point.subarray(from, from + 32).toString("base64url");
  const alg = "ES256";
  const jwk = { kty: "EC", crv: "P-256", x: part(1), y: part(33) };
  const kid = await calculateJwkThumbprint(jwk);
  const privateKey = await importJWK({ ...jwk, d: secret.toString("base64url") }, alg);
  return {
    ...{ alg, kid, jwks: { keys: [{ ...jwk, kid, alg, use: "sig" }] } },
    privateKey: privateKey as CryptoKey,
  };
}

export async function signClaims(claims: Claims, signer: Signer, typ?: string): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: signer.alg, kid: signer.kid, ...(typ ? { typ } : {}) })
    .sign(signer.privateKey);
}

/** Claims of a token signed by one of the keys. @throws when it is not */
export async function openSigned(token: string, jwks: Jwks): Promise<Claims> {
  const { kid, alg } = decodeProtectedHeader(token);
  const key = jwks.keys.find((one) => one.kid === kid);
  if (!key || !alg) throw new Error("signed with a key nobody published");
  const { payload } = await compactVerify(token, await importJWK(key, alg), {
    algorithms: ["RS256", "ES256"],
  });
  return JSON.parse(new TextDecoder().decode(payload)) as Claims;
}

export const claimsOf = (token: string): Claims => decodeJwt(token);
