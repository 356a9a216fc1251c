// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import { checkPassword, hashPassword } from "#kernel/password.ts";
import { codeHash } from "../rules/one-time-code.ts";
import type { PasswordFault } from "../rules/password-policy.ts";
import { typedUsername } from "../rules/typed-username.ts";
import { accountsByIds, passwordHashOf, putPasswordHash } from "../sql/accounts.ts";
import { markAttemptRight } from "../sql/attempts.ts";
import { standingCode, takeStandingCode, withdrawCodes } from "../sql/one-time-codes.ts";
import { deleteHalfSignIns } from "../sql/second-factors.ts";
import { recordSecurity } from "../sql/security-events.ts";
import { endSessions } from "../sql/sessions.ts";
import type { TellAccess } from "./access-change.ts";
import { type Attempt, beginAttempt } from "./check-credentials.ts";
import { type JudgedPassword, judgePassword } from "./judge-password.ts";

export interface NewPassword extends JudgedPassword {
  /** of the browser's address, for the security log */
  readonly originHash: string;
  readonly tell: TellAccess;
}

export type ChosenPassword =
  | { outcome: "chosen"; accountId: string; username: string; isStaff: boolean }
  | { outcome: "weak"; fault: PasswordFault }
  | { outcome: "wrong" }
  | { outcome: "wait"; until: Moment };

/**
 * First password, by a letter's code and the user code on it (BO-01). A wrong code, an unknown user and a code that was
 * used look the same; trying is throttled as signing in is. A password that is refused leaves the code as it was.
 * `forFamilies`: does the town admit credentials? Staff accounts are not asked.
 */
export async function activateAccount(
  town: TenantDb,
  of: Attempt & NewPassword & { code: string; sealKey: string; forFamilies: boolean },
): Promise<ChosenPassword> {
  const begun = await beginAttempt(town, of);
  if (begun.outcome === "wait") return begun;
  const chosen = await chooseByCode(town, { ...of, purpose: "activation", secret: of.code });
  if (chosen.outcome !== "wrong") await town.write((tx) => markAttemptRight(tx, begun.id));
  return chosen;
}

/** A new password, by the link of an e-mail (MC-09). The second factor stays as it is; every session ends. */
export function resetPassword(
  town: TenantDb,
  of: NewPassword & { token: string; sealKey: string; forFamilies: boolean; now: Moment },
): Promise<ChosenPassword> {
  return chooseByCode(town, { ...of, purpose: "recovery", secret: of.token, username: null });
}

/** Whom a link is for, as long as it works. */
export async function standingRecovery(
  town: TenantDb,
  of: { token: string; sealKey: string; now: Moment },
): Promise<{ username: string } | null> {
  const { token: code, sealKey, now } = of;
  const hash = codeHash(sealKey, { tenantId: town.tenantId, purpose: "recovery", code });
  return town.read(async (tx) => {
    const found = await standingCode(tx, { purpose: "recovery", codeHash: hash, now });
    const [account] = found ? await accountsByIds(tx, [found.accountId]) : [];
    return account ? { username: account.username } : null;
  });
}

async function chooseByCode(
  town: TenantDb,
  of: NewPassword & {
    purpose: "activation" | "recovery";
    secret: string;
    /** as it was typed; `null`: the code alone says who it is */
    username: string | null;
    sealKey: string;
    forFamilies: boolean;
    now: Moment;
  },
): Promise<ChosenPassword> {
  const { purpose, now, password } = of;
  const { tenantId } = town;
  const hash = codeHash(of.sealKey, { tenantId, purpose, code: of.secret });
  const account = await town.read(async (tx) => {
    const found = await standingCode(tx, { purpose, codeHash: hash, now });
    const [known] = found ? await accountsByIds(tx, [found.accountId]) : [];
    return known;
  });
  const isNamed = of.username === null || account?.username === typedUsername(of.username);
  if (!account || !isNamed || !(account.isStaff || of.forFamilies)) return { outcome: "wrong" };
  const fault = await judgePassword(of, [account.displayName, account.username]);
  if (fault) return { outcome: "weak", fault };
  const passwordHash = await hashPassword(password);
  return town.write(async (tx): Promise<ChosenPassword> => {
    const accountId = await takeStandingCode(tx, { purpose, codeHash: hash, now });
    if (accountId !== account.id) return { outcome: "wrong" };
    const { displayName: name } = account;
    const { originHash } = of;
    await keep(tx, { accountId, passwordHash, how: purpose, now, name, originHash });
    // The first one of a new account changes nothing.
    if (purpose === "recovery" || account.hasPassword)
      await of.tell(tx, { accountId, change: "password" });
    const { username, isStaff } = account;
    return { outcome: "chosen", accountId, username, isStaff };
  });
}

/** Whatever else was out for this account works no longer: codes, links, sessions, half sign-ins. */
async function keep(
  tx: WriteTx,
  of: {
    accountId: string;
    passwordHash: string;
    how: "activation" | "recovery" | "change";
    name: string;
    originHash: string;
    now: Moment;
    exceptTokenHash?: string;
  },
): Promise<void> {
  const { accountId, passwordHash, how, now } = of;
  await putPasswordHash(tx, { accountId, passwordHash, changedAt: now });
  await withdrawCodes(tx, {
    accountIds: [accountId],
    purposes: ["activation", "recovery"],
    at: now,
  });
  await deleteHalfSignIns(tx, accountId);
  const kept = of.exceptTokenHash === undefined ? {} : { exceptTokenHash: of.exceptTokenHash };
  const ended = await endSessions(tx, { accountId, at: now, ...kept });
  await recordSecurity(tx, {
    kind: "password-changed",
    at: now,
    accountId,
    actorName: of.name,
    originHash: of.originHash,
    details: { how, sessionsEnded: ended },
  });
}

export type ChangedPassword =
  | { outcome: "changed" }
  | { outcome: "weak"; fault: PasswordFault }
  | { outcome: "wrong" }
  | { outcome: "wait"; until: Moment }
  /** whoever signs in by SPID or CIE only */
  | { outcome: "no-password" };

/** Utility > cambia password (PE-08): the present one is asked for, every other session ends. */
export async function changePassword(
  town: TenantDb,
  of: NewPassword & {
    accountId: string;
    current: string;
    origin: string;
    keepTokenHash: string;
    now: Moment;
  },
): Promise<ChangedPassword> {
  const { accountId, now, password } = of;
  const { account, stored } = await town.read(async (tx) => ({
    account: (await accountsByIds(tx, [accountId]))[0],
    stored: await passwordHashOf(tx, accountId),
  }));
  if (!account || stored === null) return { outcome: "no-password" };
  // A session left open must not become the place where a password is guessed.
  const knownBrowser = `change ${accountId}`;
  const { username } = account;
  const begun = await beginAttempt(town, { username, origin: of.origin, knownBrowser, now });
  if (begun.outcome === "wait") return begun;
  if (!(await checkPassword(of.current, stored))) return { outcome: "wrong" };
  await town.write((tx) => markAttemptRight(tx, begun.id));
  if (of.current.normalize("NFKC") === password.normalize("NFKC"))
    return { outcome: "weak", fault: "same" };
  const fault = await judgePassword(of, [account.displayName, username]);
  if (fault) return { outcome: "weak", fault };
  const passwordHash = await hashPassword(password);
  await town.write(async (tx) => {
    await keep(tx, {
      ...{ accountId, passwordHash, how: "change", name: account.displayName, now },
      originHash: of.originHash,
      exceptTokenHash: of.keepTokenHash,
    });
    await of.tell(tx, { accountId, change: "password" });
  });
  return { outcome: "changed" };
}
