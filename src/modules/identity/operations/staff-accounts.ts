// SPDX-License-Identifier: EUPL-1.2
/** Who works for the town (PE-06, X-15): the administrator's alone. Each act is a security event and ends sessions. */
import type { Actor, StaffRole } from "#kernel/actor.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { isEmail } from "#kernel/email.ts";
import { newId } from "#kernel/ids.ts";
import { putRoleGrants } from "../sql/accounts.ts";
import { recordSecurity, type SecurityEventKind } from "../sql/security-events.ts";
import { endSessions } from "../sql/sessions.ts";
import {
  endGrant,
  hasOtherAdministrator,
  holdStaff,
  insertAccount,
  putDisabled,
  type StaffAccount,
  staffAccounts,
} from "../sql/staff-accounts.ts";
import type { TellAccess } from "./access-change.ts";
import { makeCodes } from "./one-time-codes.ts";
import { resetSecondFactor } from "./second-factor.ts";

/** A code that is handed over is used within days. */
export const STAFF_CODE_DAYS = 7;

/**
 * Where a role holds; all `null`: everywhere. School, kitchen and caterer are narrowed to schools, only the first to a
 * class; a driver has a line, or none.
 */
export interface StaffScope {
  readonly siteId: string | null;
  readonly classId: string | null;
  /** a driver's line */
  readonly lineId?: string | null;
}

export interface StaffAct {
  readonly by: Actor;
  readonly sealKey: string;
  readonly now: Moment;
}

/** The account, with the staff held for this transaction; `undefined`: not allowed, or nobody's id. */
export async function heldStaff(
  tx: WriteTx,
  of: Pick<StaffAct, "by" | "now"> & { accountId: string },
): Promise<StaffAccount | undefined> {
  if (of.by.role !== "administrator") return undefined;
  await holdStaff(tx);
  const [account] = await staffAccounts(tx, { date: dayOf(of.now), id: of.accountId });
  return account;
}

export const tellOfStaff = (
  tx: WriteTx,
  of: Pick<StaffAct, "by" | "now"> & { accountId: string },
  kind: SecurityEventKind,
  details: Record<string, string | number | boolean | null>,
): Promise<number> =>
  recordSecurity(tx, {
    ...{ kind, at: of.now, accountId: of.accountId, actorName: of.by.name, details },
  });

/** On paper, from the page that shows it once; or by e-mail, where nobody in the office reads it. */
export type CodeWay = "shown" | "e-mail";

async function makeActivation(
  tx: WriteTx,
  of: StaffAct & { accountId: string; way: CodeWay },
): Promise<string> {
  const codes = await makeCodes(tx, {
    ...{ accountIds: [of.accountId], purpose: "activation", kind: "readable", replaces: true },
    expiresAt: of.now.add({ hours: 24 * STAFF_CODE_DAYS }),
    ...{ by: of.by.name, sealKey: of.sealKey, now: of.now },
  });
  await tellOfStaff(tx, of, "code-sent", { purpose: "activation", how: of.way });
  return codes.get(of.accountId)!;
}

export type CreatedStaff =
  | { outcome: "created"; accountId: string; code: string }
  | {
      outcome:
        | "username-taken"
        | "username-wrong"
        | "name-missing"
        | "email-wrong"
        | "email-missing"
        | "forbidden";
    };

/** An account with its first role and a code for its first password, which is told once: the caller shows or sends it. */
export async function createStaff(
  tx: WriteTx,
  of: StaffAct & {
    username: string;
    displayName: string;
    /** may be empty */
    email: string;
    role: StaffRole;
    scope: StaffScope;
    way: CodeWay;
  },
): Promise<CreatedStaff> {
  if (of.by.role !== "administrator") return { outcome: "forbidden" };
  const username = of.username.trim().toLowerCase();
  const displayName = of.displayName.trim();
  if (!/^[a-z][a-z0-9._-]{2,39}$/.test(username)) return { outcome: "username-wrong" };
  if (displayName === "") return { outcome: "name-missing" };
  if (of.email !== "" && !isEmail(of.email)) return { outcome: "email-wrong" };
  if (of.email === "" && of.way === "e-mail") return { outcome: "email-missing" };
  const id = newId();
  const row = { id, username, displayName, email: of.email, kind: "person", at: of.now } as const;
  if (!(await insertAccount(tx, row))) return { outcome: "username-taken" };
  const act = { ...of, accountId: id };
  await tellOfStaff(tx, act, "account-made", { username });
  await insertGrant(tx, { ...act, from: dayOf(of.now) });
  return { outcome: "created", accountId: id, code: await makeActivation(tx, act) };
}

async function insertGrant(
  tx: WriteTx,
  of: StaffAct & { accountId: string; role: StaffRole; scope: StaffScope; from: Day },
): Promise<void> {
  const { accountId, role, from } = of;
  const isNarrowed = role === "school" || role === "kitchen" || role === "caterer";
  const siteId = isNarrowed ? of.scope.siteId : null;
  const classId = role === "school" ? of.scope.classId : null;
  const lineId = role === "driver" ? (of.scope.lineId ?? null) : null;
  const where = { role, siteId, classId, lineId };
  await putRoleGrants(tx, [{ id: newId(), accountId, ...where, from, to: null }]);
  await tellOfStaff(tx, of, "role-granted", { ...where, from: from.toString() });
}

/** Another role, from a day on. */
export async function grantRole(
  tx: WriteTx,
  of: StaffAct & { accountId: string; role: StaffRole; scope: StaffScope; from: Day },
): Promise<{ outcome: "granted" | "not-found" }> {
  if (!(await heldStaff(tx, of))) return { outcome: "not-found" };
  await insertGrant(tx, of);
  await endSessions(tx, { accountId: of.accountId, at: of.now });
  return { outcome: "granted" };
}

export type ChangedStaff = { outcome: "done" | "not-found" | "last-administrator" };

/** Is it the town's only one? Then nobody would be left to look after the accounts. */
const isLast = async (
  tx: WriteTx,
  of: { accountId: string; now: Moment },
  account: StaffAccount,
): Promise<boolean> =>
  account.grants.some(({ role }) => role === "administrator") &&
  !(await hasOtherAdministrator(tx, { accountId: of.accountId, date: dayOf(of.now) }));

/** A role ends at once: yesterday was its last day. */
export async function endRole(
  tx: WriteTx,
  of: Omit<StaffAct, "sealKey"> & { accountId: string; grantId: string },
): Promise<ChangedStaff> {
  const account = await heldStaff(tx, of);
  const grant = account?.grants.find(({ id }) => id === of.grantId);
  if (!account || !grant) return { outcome: "not-found" };
  if (grant.role === "administrator" && (await isLast(tx, of, account)))
    return { outcome: "last-administrator" };
  const lastDay = dayOf(of.now).subtract({ days: 1 });
  await endGrant(tx, { accountId: of.accountId, grantId: of.grantId, lastDay });
  const { role, siteId, classId, lineId } = grant;
  await tellOfStaff(tx, of, "role-ended", { role, siteId, classId, lineId });
  await endSessions(tx, { accountId: of.accountId, at: of.now });
  return { outcome: "done" };
}

/** Nobody signs in with it any more; what was done with it keeps its name. */
export async function disableStaff(
  tx: WriteTx,
  of: Omit<StaffAct, "sealKey"> & { accountId: string },
): Promise<ChangedStaff> {
  const account = await heldStaff(tx, of);
  if (!account || account.disabledAt) return { outcome: "not-found" };
  if (await isLast(tx, of, account)) return { outcome: "last-administrator" };
  await putDisabled(tx, { accountId: of.accountId, at: of.now, by: of.by.name });
  const ended = await endSessions(tx, { accountId: of.accountId, at: of.now });
  await tellOfStaff(tx, of, "account-disabled", { sessionsEnded: ended });
  return { outcome: "done" };
}

/** A new code for the password: a first one that was lost, or one that was forgotten. It is told once. */
export async function renewActivation(
  tx: WriteTx,
  of: StaffAct & { accountId: string; way: CodeWay },
): Promise<
  { outcome: "made"; code: string; account: StaffAccount } | { outcome: "not-found" | "no-address" }
> {
  const account = await heldStaff(tx, of);
  if (!account || account.disabledAt) return { outcome: "not-found" };
  if (of.way === "e-mail" && account.email === "") return { outcome: "no-address" };
  return { outcome: "made", code: await makeActivation(tx, of), account };
}

/** The telephone was lost, or belongs to somebody else now. */
export async function resetStaffFactor(
  tx: WriteTx,
  of: Omit<StaffAct, "sealKey"> & { accountId: string; tell: TellAccess },
): Promise<{ outcome: "done" | "not-found" }> {
  if (!(await heldStaff(tx, of))) return { outcome: "not-found" };
  const { accountId, by, tell, now } = of;
  await resetSecondFactor(tx, { accountId, by: by.name, tell, now });
  return { outcome: "done" };
}
