// SPDX-License-Identifier: EUPL-1.2
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
/** OWASP's second row for scrypt: N = 2^16, r = 8, p = 2; 64 MiB each. */
const COST = { log2N: 16, r: 8, p: 2 };
type Cost = typeof COST;
const KEY_BYTES = 32;

export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 200;

/** `scrypt$16.8.2$<salt>$<key>`, salt and key base64url; `cost`: tests make the hash of an older program. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16);
  const key = await keyOf(password, salt, cost);
  const named = [cost.log2N, cost.r, cost.p].join(".");
  return `scrypt$${named}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Takes as long for an unknown user (`null`) as for a known one with a wrong password. */
export async function checkPassword(password: string, stored: string | null): Promise<boolean> {
  const { cost, salt, key } = partsOf(stored ?? `scrypt$${"A".repeat(22)}$${"A".repeat(43)}`);
  const actual = await keyOf(password, salt, cost);
  const same = key.length === actual.length && timingSafeEqual(key, actual);
  return same && stored !== null;
}

/** Was it made at another cost than passwords are made at now? Then it is made anew when it is next known. */
export function isOutdatedHash(stored: string): boolean {
  const { cost } = partsOf(stored);
  return cost.log2N !== COST.log2N || cost.r !== COST.r || cost.p !== COST.p;
}

const keyOf = (password: string, salt: Buffer, { log2N, r, p }: Cost): Promise<Buffer> =>
  derive(password.normalize("NFKC"), salt, KEY_BYTES, {
    ...{ N: 2 ** log2N, r, p },
    maxmem: 256 * 2 ** log2N * r,
  });

/** The first ones did not name their cost: it is the one of today. */
function partsOf(stored: string): { cost: Cost; salt: Buffer; key: Buffer } {
  const parts = stored.split("$");
  const [log2N = COST.log2N, r = COST.r, p = COST.p] =
    parts.length === 4 ? (parts[1] ?? "").split(".").map(Number) : [];
  const [salt = "", key = ""] = parts.slice(-2);
  return {
    cost: { log2N, r, p },
    salt: Buffer.from(salt, "base64url"),
    key: Buffer.from(key, "base64url"),
  };
}
