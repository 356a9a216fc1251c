// SPDX-License-Identifier: EUPL-1.2
/** Public keys as others publish them (JWKS), and this installation's own. */
import { generateKeyPair as generateKeyPairCallback } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint, type JWK } from "jose";
import { z } from "zod";
import type { Moment } from "#kernel/dates.ts";

const MAX_KEYS = 32;
const MIN_BITS = 2048;
const text = z.string().min(1).max(2048);

/** Only public parts are read: a private one that somebody publishes by mistake is dropped. */
const publicKey = z.object({
  kid: z.string().min(1).max(256),
  kty: z.string().max(16),
  use: z.string().max(16).optional(),
  alg: z.string().max(32).optional(),
  n: text.optional(),
  e: text.optional(),
  crv: z.string().max(16).optional(),
  x: text.optional(),
  y: text.optional(),
});
export type PublicKey = z.infer<typeof publicKey>;

/** Keys of kinds nobody here can use (symmetric, future ones) are left out, not refused. */
export const keySetShape = z
  .object({ keys: z.array(z.unknown()).max(MAX_KEYS) })
  .transform(({ keys }): KeySet => {
    const read = keys.map((key) => publicKey.safeParse(key)).filter(({ success }) => success);
    return { keys: read.flatMap(({ data }) => (data && isAsymmetric(data) ? [data] : [])) };
  });

export interface KeySet {
  readonly keys: readonly PublicKey[];
}

const isAsymmetric = (key: PublicKey): boolean =>
  (key.kty === "RSA" && key.n !== undefined && key.e !== undefined) ||
  (key.kty === "EC" && key.crv !== undefined && key.x !== undefined && key.y !== undefined);

/** Reads a JWKS that an administrator pinned or the database kept. `null` when it is none. */
export function readKeySet(json: unknown): KeySet | null {
  const read = keySetShape.safeParse(json);
  return read.success && read.data.keys.length > 0 ? read.data : null;
}

/** One of our own keys. Store `privateJwk` sealed. */
export interface OwnKey {
  readonly use: "sig" | "enc";
  /** RFC 7638 thumbprint is its `kid` */
  readonly privateJwk: JWK;
  /**
   * Published at once, used for signing from then on only: a provider that keeps our old configuration (up to a day) does
   * not know a new key yet (seccons_bcps, "Modalità di aggiornamento dei Metadata OpenID Core").
   */
  readonly signsFrom: Moment;
}

/** The federation keys sign what we say of ourselves, the core keys what we say to a provider (entity_configuration). */
export interface OwnKeys {
  readonly federation: readonly OwnKey[];
  readonly core: readonly OwnKey[];
}

/** A new RSA key (rules: at least 2048 bits, 4096 recommended). */
export async function newOwnKey(
  use: "sig" | "enc",
  signsFrom: Moment,
  modulusBits = 3072,
): Promise<OwnKey> {
  if (modulusBits < MIN_BITS) throw new RangeError(`a key of at least ${MIN_BITS} bits`);
  const pair = await promisify(generateKeyPairCallback)("rsa", { modulusLength: modulusBits });
  const jwk = pair.privateKey.export({ format: "jwk" }) as JWK;
  const kid = await calculateJwkThumbprint(jwk, "sha256");
  const alg = use === "sig" ? "RS256" : undefined;
  return { use, signsFrom, privateJwk: { ...jwk, kid, use, ...(alg ? { alg } : {}) } };
}

/** The newest signing key whose time has come; before anybody's time, the oldest. @throws RangeError without any */
export function signingKey(keys: readonly OwnKey[], now: Moment): OwnKey {
  const signing = keys
    .filter(({ use }) => use === "sig")
    .toSorted((a, b) => Temporal.Instant.compare(b.signsFrom, a.signsFrom));
  const ready = signing.find(({ signsFrom }) => Temporal.Instant.compare(signsFrom, now) <= 0);
  const key = ready ?? signing.at(-1);
  if (!key) throw new RangeError("no signing key");
  return key;
}

/** What is published: every key of the list without its secret. */
export function publicKeys(keys: readonly OwnKey[]): { keys: Record<string, string>[] } {
  return {
    keys: keys.map(({ privateJwk, use }) => ({
      kty: "RSA",
      use,
      kid: String(privateJwk.kid),
      n: String(privateJwk.n),
      e: String(privateJwk.e),
      ...(use === "sig" ? { alg: "RS256" } : {}),
    })),
  };
}
