// SPDX-License-Identifier: EUPL-1.2
/** JSON Web Tokens: one gate for every signature that comes in, one pen for every token that goes out. */
import { compactVerify, decodeProtectedHeader, importJWK, SignJWT } from "jose";
import type { Moment } from "#kernel/dates.ts";
import { type KeySet, type OwnKey, type PublicKey, signingKey } from "./key-set.ts";
import { type Refusal, refused } from "./refusal.ts";

export type Claims = Readonly<Record<string, unknown>>;
export type TokenFault =
  | "oversize"
  | "malformed"
  | "token-type"
  | "algorithm"
  | "unknown-key"
  | "signature";

export interface Verified {
  readonly outcome: "verified";
  readonly algorithm: string;
  readonly claims: Claims;
}

/** cryptographic_algos: what must and what may be supported; `none` and HS* must not. */
const SIGNATURES: Readonly<Record<string, "RSA" | "EC">> = {
  RS256: "RSA",
  RS512: "RSA",
  PS256: "RSA",
  PS512: "RSA",
  ES256: "EC",
  ES512: "EC",
};

const MAX_TOKEN_LENGTH = 128 * 1024;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** Seconds since 1970, as every claim has them. */
export const secondsOf = (at: Moment): number => Math.floor(at.epochMilliseconds / 1000);

/** Clocks of others may be this far off, either way. */
export const SKEW_SECONDS = 30;

/**
 * Verifies a signed token by one of the given keys and nothing else: the header chooses among them by `kid`, it brings no key
 * of its own, and an algorithm that is not of the key's kind is refused before any arithmetic. Never throws.
 * @param types allowed `typ`, in lower case; `null` = absent
 */
export async function verifyToken(
  token: unknown,
  { keys }: KeySet,
  types: readonly (string | null)[],
): Promise<Verified | Refusal<TokenFault>> {
  if (typeof token !== "string") return refused("malformed", "not a text");
  if (token.length > MAX_TOKEN_LENGTH) return refused("oversize");
  const header = readHeader(token);
  if (!header || !COMPACT.test(token)) return refused("malformed", "not a signed token");
  if (header["crit"] !== undefined) return refused("malformed", "crit");
  const typ = header["typ"];
  const type = typeof typ === "string" ? typ.toLowerCase() : null;
  if (!types.includes(type)) return refused("token-type", String(type));
  const algorithm = typeof header["alg"] === "string" ? header["alg"] : "";
  const kind = Object.hasOwn(SIGNATURES, algorithm) ? SIGNATURES[algorithm] : undefined;
  if (!kind) return refused("algorithm", algorithm.slice(0, 20));
  const key = keyOf(keys, header["kid"]);
  if (!key) return refused("unknown-key");
  if (key.kty !== kind || (key.alg !== undefined && key.alg !== algorithm))
    return refused("algorithm", `${algorithm} with a key for ${key.alg ?? key.kty}`);
  return await checkSignature(token, key, algorithm);
}

const keyOf = (keys: readonly PublicKey[], kid: unknown): PublicKey | null => {
  const named = keys.filter((key) => key.kid === kid && key.use !== "enc");
  // Two keys of one name: nobody knows which one is meant.
  return named.length === 1 ? (named[0] ?? null) : null;
};

async function checkSignature(
  token: string,
  key: PublicKey,
  algorithm: string,
): Promise<Verified | Refusal<TokenFault>> {
  let payload: Uint8Array;
  try {
    const imported = await importJWK({ ...key } as Parameters<typeof importJWK>[0], algorithm);
    ({ payload } = await compactVerify(token, imported, { algorithms: [algorithm] }));
  } catch {
    return refused("signature");
  }
  const claims = parseObject(new TextDecoder().decode(payload));
  return claims ? { outcome: "verified", algorithm, claims } : refused("malformed", "claims");
}

/** The claims of a token that nobody verified: to find one's way, never to believe. `null` when there are none. */
export function unverifiedClaims(token: string): Claims | null {
  const payload = token.length <= MAX_TOKEN_LENGTH ? token.split(".")[1] : undefined;
  return payload === undefined
    ? null
    : parseObject(Buffer.from(payload, "base64url").toString("utf8"));
}

function readHeader(token: string): Claims | null {
  try {
    return decodeProtectedHeader(token) as Claims;
  } catch {
    return null;
  }
}

export function parseObject(json: string): Claims | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : null;
  } catch {
    return null;
  }
}

/** Valid now? The last second inside counts, the next one does not. */
export function isPast(exp: number, now: Moment): boolean {
  return secondsOf(now) >= exp + SKEW_SECONDS;
}

export function isFuture(iat: number, now: Moment): boolean {
  return iat > secondsOf(now) + SKEW_SECONDS;
}

/** Signs claims with the current key. @param typ only where a token must have one */
export async function signToken(
  claims: Claims,
  keys: readonly OwnKey[],
  typ?: string,
): Promise<string> {
  const { privateJwk } = signingKey(keys);
  return new SignJWT({ ...claims })
    .setProtectedHeader({
      alg: "RS256",
      kid: String(privateJwk.kid),
      ...(typ === undefined ? {} : { typ }),
    })
    .sign(await importJWK(privateJwk, "RS256"));
}
