// SPDX-License-Identifier: EUPL-1.2
import { type Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import { demoAccounts } from "../sql/accounts.ts";
import { endSessionRow } from "../sql/sessions.ts";
import { type Attempt, checkCredentials } from "./check-credentials.ts";
import { hashToken, openSession } from "./open-session.ts";
import { openOrHalve } from "./second-factor.ts";

export type SignedIn =
  | { outcome: "signed-in"; token: string; accountId: string }
  /** the password was right: `token` is of the half sign-in that a second factor finishes */
  | { outcome: "second-factor"; token: string; accountId: string }
  | { outcome: "wrong" }
  | { outcome: "wait"; until: Moment };

/**
 * Signs in with user code and password. Unknown users and wrong passwords get the same answer in the same time;
 * attempts are throttled by user code and by address, a browser known before apart; nobody is locked out.
 */
export async function signIn(
  town: TenantDb,
  of: Attempt & { password: string; seenAs?: string },
): Promise<SignedIn> {
  const checked = await checkCredentials(town, of);
  if (checked.outcome !== "right") return checked;
  const { accountId } = checked;
  const first = { means: "password", provider: null } as const;
  const session = { accountId, ...first, seenAs: of.seenAs ?? "", now: of.now };
  return town.write((tx) => openOrHalve(tx, session));
}

/** Demo mode only (the surface refuses it otherwise): a persona is chosen, no password is asked. */
export async function signInAsPersona(
  tx: WriteTx,
  of: { accountId: string; seenAs?: string; now: Moment },
): Promise<SignedIn> {
  const persona = (await demoAccounts(tx)).find(({ id }) => id === of.accountId);
  if (!persona) return { outcome: "wrong" };
  return {
    outcome: "signed-in",
    token: await openSession(tx, {
      ...{ accountId: persona.id, means: "persona" as const },
      ...{ seenAs: of.seenAs ?? "", now: of.now },
    }),
    accountId: persona.id,
  };
}

export const signOut = (tx: WriteTx, of: { token: string; now: Moment }): Promise<number> =>
  endSessionRow(tx, { tokenHash: hashToken(of.token), at: of.now });
