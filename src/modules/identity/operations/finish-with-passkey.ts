// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { secondFactorsOf, takeHalfSignIn } from "../sql/second-factors.ts";
import type { TellAccess } from "./access-change.ts";
import { hashToken } from "./open-session.ts";
import { checkNewPasskey, type RelyingParty } from "./passkeys.ts";
import { openWhole, standingHalf } from "./second-factor.ts";

export type FinishedWithPasskey =
  | { outcome: "signed-in"; token: string; accountId: string; username: string }
  | { outcome: "refused" }
  /** too late, or there is a factor by now: from the beginning */
  | { outcome: "over" };

/**
 * A passkey made at the first sign-in, in place of an app's codes: it is kept and the session opened in one transaction, for
 * accounts without any second factor only.
 */
export async function finishWithPasskey(
  town: TenantDb,
  of: {
    token: string;
    party: RelyingParty;
    browserToken: string;
    /** JSON, as the browser gave it */
    answer: string;
    name: string;
    seenAs: string;
    tell: TellAccess;
    now: Moment;
  },
): Promise<FinishedWithPasskey> {
  const { token, now } = of;
  const half = await standingHalf(town, { token, now });
  if (half?.has !== "none") return { outcome: "over" };
  const { accountId, username, displayName: by } = half;
  const keep = await checkNewPasskey(town, { ...of, accountId, by });
  if (!keep) return { outcome: "refused" };
  return town.write(async (tx): Promise<FinishedWithPasskey> => {
    if (!(await takeHalfSignIn(tx, hashToken(token)))) return { outcome: "over" };
    const factors = await secondFactorsOf(tx, { accountId, date: dayOf(now) });
    if (factors.hasCodes || factors.passkeys > 0) return { outcome: "over" };
    if (!(await keep(tx))) return { outcome: "refused" };
    const opened = await openWhole(tx, half, { seenAs: of.seenAs, secondFactor: "passkey", now });
    return { outcome: "signed-in", token: opened, accountId, username };
  });
}
