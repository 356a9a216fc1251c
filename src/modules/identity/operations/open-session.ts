// SPDX-License-Identifier: EUPL-1.2
import { createHash, randomBytes } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { insertSession, type NewSession } from "../sql/sessions.ts";

/** Whoever does nothing for so long has to sign in again; and after so many hours in any case (ASVS 7.3). */
export const IDLE_MINUTES = 60;
export const SESSION_HOURS = 12;

export const hashToken = (token: string): string =>
  createHash("sha256").update(token).digest("hex");

/** A session of a new random token, 256 bits; only its hash is stored. Nobody is asked here whether they may. */
export async function openSession(
  tx: WriteTx,
  of: Omit<NewSession, "tokenHash" | "expiresAt" | "at"> & { now: Moment; hours?: number },
): Promise<string> {
  const { now, hours = SESSION_HOURS, ...row } = of;
  const token = randomBytes(32).toString("base64url");
  const expiresAt = now.add({ hours });
  await insertSession(tx, { ...row, tokenHash: hashToken(token), at: now, expiresAt });
  return token;
}
