// SPDX-License-Identifier: EUPL-1.2
import { type Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { checkPassword } from "#kernel/password.ts";
import { retryAt, WINDOW_MINUTES } from "../rules/throttle.ts";
import { accountForLogin, demoAccounts, insertAttempt, recentFailures } from "../sql/accounts.ts";
import { endSessionRow } from "../sql/sessions.ts";
import { hashToken, openSession } from "./open-session.ts";

export type SignedIn =
  | { outcome: "signed-in"; token: string; accountId: string }
  | { outcome: "wrong" }
  | { outcome: "wait"; until: Moment };

/**
 * Signs in with user code and password. Unknown users and wrong passwords get the same answer in the same time;
 * attempts are throttled per user, never locked out.
 */
export async function signIn(
  town: TenantDb,
  of: { username: string; password: string; origin: string; now: Moment },
): Promise<SignedIn> {
  const username = of.username.trim().toLowerCase();
  const usernameHash = hashToken(username);
  const since = of.now.subtract({ minutes: WINDOW_MINUTES });
  const { account, until } = await town.read(async (tx) => ({
    until: retryAt(await recentFailures(tx, { usernameHash, since }), of.now),
    account: await accountForLogin(tx, username),
  }));
  if (until) return { outcome: "wait", until };
  const right = await checkPassword(of.password, account?.passwordHash ?? null);
  return town.write(async (tx) => {
    const attempt = { usernameHash, originHash: hashToken(of.origin), at: of.now };
    await insertAttempt(tx, { id: newId(), ...attempt, succeeded: right });
    if (!right || !account) return { outcome: "wrong" };
    return {
      outcome: "signed-in",
      token: await openSession(tx, { accountId: account.id, means: "password", now: of.now }),
      accountId: account.id,
    };
  });
}

/** Demo mode only (the surface refuses it otherwise): a persona is chosen, no password is asked. */
export async function signInAsPersona(
  tx: WriteTx,
  of: { accountId: string; now: Moment },
): Promise<SignedIn> {
  const persona = (await demoAccounts(tx)).find(({ id }) => id === of.accountId);
  if (!persona) return { outcome: "wrong" };
  return {
    outcome: "signed-in",
    token: await openSession(tx, { accountId: persona.id, means: "persona", now: of.now }),
    accountId: persona.id,
  };
}

export const signOut = (tx: WriteTx, of: { token: string; now: Moment }): Promise<number> =>
  endSessionRow(tx, { tokenHash: hashToken(of.token), at: of.now });
