// SPDX-License-Identifier: EUPL-1.2
import { createHmac } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Moment } from "#kernel/dates.ts";

/** What every authenticator app knows (RFC 6238 with its defaults): six digits, thirty seconds, SHA-1. */
const PERIOD_SECONDS = 30;
const DIGITS = 6;
/** A clock that is half a minute wrong is still right. */
const STEPS_AROUND = 1;
/** 160 bits, as RFC 4226 wants them. */
const SECRET_BYTES = 20;

/**
 * The secret that is offered to one browser while codes are set up, in Base32. It is drawn from the browser's own token, so
 * nothing is stored before a first code proves that the app has it, and no other browser is ever offered the same.
 */
export function offeredSecret(
  sealKey: string,
  of: { tenantId: string; token: string; offer: string },
): string {
  const bytes = createHmac("sha256", sealKey)
    .update(JSON.stringify(["one-time password", of.tenantId, of.token, of.offer]))
    .digest()
    .subarray(0, SECRET_BYTES);
  return new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32;
}

const totp = (secret: string, of: { issuer?: string; label?: string } = {}): TOTP =>
  new TOTP({ ...of, secret, digits: DIGITS, period: PERIOD_SECONDS, algorithm: "SHA1" });

/** What the QR code says: `otpauth://totp/…`. */
export const secretUri = (secret: string, of: { issuer: string; label: string }): string =>
  totp(secret, of).toString();

/** The step a code belongs to, half a minute each since 1970; `null`: wrong, or of another time. */
export function stepOfCode(secret: string, code: string, now: Moment): number | null {
  const token = code.replaceAll(/[\s.-]/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const timestamp = now.epochMilliseconds;
  const delta = totp(secret).validate({ token, timestamp, window: STEPS_AROUND });
  return delta === null ? null : TOTP.counter({ period: PERIOD_SECONDS, timestamp }) + delta;
}
