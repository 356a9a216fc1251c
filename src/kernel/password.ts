// SPDX-License-Identifier: EUPL-1.2
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
/** OWASP's second row for scrypt: N = 2^16, r = 8, p = 2; 64 MiB each. */
const COST = { N: 65_536, r: 8, p: 2, maxmem: 128 * 1024 * 1024 };
const KEY_BYTES = 32;

export const MIN_PASSWORD_LENGTH = 12;

/** `scrypt$<salt>$<key>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password.normalize("NFKC"), salt, KEY_BYTES, COST);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Takes as long for an unknown user (`null`) as for a known one with a wrong password. */
export async function checkPassword(password: string, stored: string | null): Promise<boolean> {
  const [, salt, key] = (stored ?? `scrypt$${"A".repeat(22)}$${"A".repeat(43)}`).split("$");
  const expected = Buffer.from(key ?? "", "base64url");
  const salted = Buffer.from(salt ?? "", "base64url");
  const actual = await derive(password.normalize("NFKC"), salted, KEY_BYTES, COST);
  const same = expected.length === actual.length && timingSafeEqual(expected, actual);
  return same && stored !== null;
}
