// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { renewToken, setDesk } from "../sql/sessions.ts";
import { hashToken } from "./open-session.ts";

/**
 * Opens the desk on a family, or closes it (`null`), for one session. What the session may do changes, so its token does
 * too (ASVS 7.2.4): the answer is the new one, the old one is dead. `null`: the session has ended, or another request
 * was faster.
 */
export async function switchDesk(
  tx: WriteTx,
  of: { token: string; desk: { holderId: string; reason: string } | null; now: Moment },
): Promise<string | null> {
  const token = randomBytes(32).toString("base64url");
  const tokenHash = hashToken(token);
  const renewed = await renewToken(tx, { tokenHash: hashToken(of.token), newTokenHash: tokenHash });
  if (renewed === 0) return null;
  const { holderId = null, reason = null } = of.desk ?? {};
  await setDesk(tx, { tokenHash, holderId, reason, at: of.now });
  return token;
}
