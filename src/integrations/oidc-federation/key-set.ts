// SPDX-License-Identifier: EUPL-1.2
/** Public keys as others publish them (JWKS), and this installation's own. */
import { generateKeyPair as generateKeyPairCallback } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint, type JWK } from "jose";
import { z } from "zod";

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
   * All are published, the current one signs. A next key waits a day: a provider that keeps our old configuration so long
   * does not know it yet (seccons_bcps, "Modalità di aggiornamento dei Metadata OpenID Core").
   */
  readonly state: "current" | "next" | "former";
}

/** The federation keys sign what we say of ourselves, the core keys what we say to a provider (entity_configuration). */
export interface OwnKeys {
  readonly federation: readonly OwnKey[];
  readonly core: readonly OwnKey[];
}

/** A new RSA key (rules: at least 2048 bits, 4096 recommended). */
export async function newOwnKey(
  use: "sig" | "enc",
  state: OwnKey["state"] = "current",
  modulusBits = 3072,
): Promise<OwnKey> {
  if (modulusBits < MIN_BITS) throw new RangeError(`a key of at least ${MIN_BITS} bits`);
  const pair = await promisify(generateKeyPairCallback)("rsa", { modulusLength: modulusBits });
  const jwk = pair.privateKey.export({ format: "jwk" }) as JWK;
  const kid = await calculateJwkThumbprint(jwk, "sha256");
  const alg = use === "sig" ? "RS256" : undefined;
  return { use, state, privateJwk: { ...jwk, kid, use, ...(alg ? { alg } : {}) } };
}

/** A key as the town's store gives it back; `privatePart` is the private JWK as JSON. */
export interface StoredKey {
  readonly use: "sign" | "federation" | "decrypt";
  readonly state: OwnKey["state"] | "retired";
  readonly privatePart: string;
}

/** Keys out of the town's store; retired ones are left out. @throws SyntaxError, RangeError for what is no such key */
export function readOwnKeys(stored: readonly StoredKey[]): OwnKeys {
  const of = (...uses: readonly StoredKey["use"][]): OwnKey[] =>
    stored.flatMap(({ use, state, privatePart }) => {
      if (!uses.includes(use) || state === "retired") return [];
      const privateJwk = JSON.parse(privatePart) as JWK;
      if (privateJwk.kty !== "RSA" || !privateJwk.kid || !privateJwk.d)
        throw new RangeError("a private RSA key with its name");
      return [{ use: use === "decrypt" ? "enc" : "sig", state, privateJwk }];
    });
  return { federation: of("federation"), core: of("sign", "decrypt") };
}

/** The one that signs. @throws RangeError unless there is exactly one */
export function signingKey(keys: readonly OwnKey[]): OwnKey {
  const [key, ...others] = keys.filter(({ use, state }) => use === "sig" && state === "current");
  if (!key || others.length > 0) throw new RangeError("one key signs");
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
