// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { checkPassword, hashPassword, isOutdatedHash } from "#kernel/password.ts";
import { retryAt, WINDOW_MINUTES } from "../rules/throttle.ts";
import { typedUsername } from "../rules/typed-username.ts";
import { accountForLogin, putPasswordHash } from "../sql/accounts.ts";
import {
  holdAttempts,
  insertAttempt,
  markAttemptRight,
  originFailures,
  recentFailures,
} from "../sql/attempts.ts";
import { hashToken } from "./open-session.ts";

export interface Attempt {
  readonly username: string;
  /** the browser's address */
  readonly origin: string;
  /** this browser has signed in with this user code before: it is throttled apart */
  readonly knownBrowser?: string | null | undefined;
  readonly now: Moment;
}

/** An attempt that was let in, or how long to wait. */
export type BegunAttempt = { outcome: "begun"; id: string } | { outcome: "wait"; until: Moment };

/** Counts the attempt as a failure before anything is looked at: a hundred at once are a hundred. */
export async function beginAttempt(town: TenantDb, of: Attempt): Promise<BegunAttempt> {
  const { origin, knownBrowser, now } = of;
  const name = typedUsername(of.username);
  const bucket = knownBrowser ? "browser" : "account";
  const usernameHash = hashToken(knownBrowser ? `${name}\n${knownBrowser}` : name);
  const originHash = hashToken(origin);
  const since = now.subtract({ minutes: WINDOW_MINUTES });
  return town.write(async (tx): Promise<BegunAttempt> => {
    await holdAttempts(tx, usernameHash);
    const ofName = retryAt(await recentFailures(tx, { usernameHash, since }), now, bucket);
    const ofOrigin = knownBrowser
      ? null
      : retryAt(await originFailures(tx, { originHash, since }), now, "origin");
    const [until] = [ofName, ofOrigin]
      .filter((at) => at !== null)
      .toSorted((a, b) => Temporal.Instant.compare(b, a));
    if (until) return { outcome: "wait", until };
    const id = newId();
    await insertAttempt(tx, { id, usernameHash, originHash, at: now });
    return { outcome: "begun", id };
  });
}

export type CheckedCredentials =
  | { outcome: "right"; accountId: string; passwordChangedAt: Moment | null }
  | { outcome: "wrong" }
  | { outcome: "wait"; until: Moment };

/**
 * Is this the password of that user code? Unknown users and wrong passwords get the same answer in the same time. A
 * password that is right is hashed anew where it was hashed at another cost. Opens nothing.
 */
export async function checkCredentials(
  town: TenantDb,
  of: Attempt & { password: string },
): Promise<CheckedCredentials> {
  const begun = await beginAttempt(town, of);
  if (begun.outcome === "wait") return begun;
  const account = await town.read((tx) => accountForLogin(tx, typedUsername(of.username)));
  const stored = account?.passwordHash ?? null;
  const right = await checkPassword(of.password, stored);
  if (!right || !account || !stored) return { outcome: "wrong" };
  const { id: accountId, passwordChangedAt } = account;
  const passwordHash = isOutdatedHash(stored) ? await hashPassword(of.password) : null;
  await town.write(async (tx) => {
    await markAttemptRight(tx, begun.id);
    if (passwordHash) await putPasswordHash(tx, { accountId, passwordHash, instead: stored });
  });
  return { outcome: "right", accountId, passwordChangedAt };
}
