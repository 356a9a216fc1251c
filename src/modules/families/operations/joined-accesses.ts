// SPDX-License-Identifier: EUPL-1.2
import {
  accountOfSession,
  accountsByIds,
  type Attempt,
  checkCredentials,
  hashToken,
  recordSecurityAll,
} from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, TenantDb, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  type ChildAccess,
  isSameMoment,
  joinedGroup,
  type Passwords,
} from "../rules/joined-group.ts";
import { personOfAccount } from "../sql/accounts.ts";
import {
  childAccessesOf,
  deleteJoined,
  holdChildAccesses,
  putJoined,
} from "../sql/joined-accesses.ts";

/** The adult a session is of; `onlyChildIds`: of credentials of one child (PE-04) that one, and those joined to it. */
export async function familyStanding(
  tx: ReadTx,
  accountId: string,
  verified: string | null = null,
): Promise<{ personId: string; onlyChildIds: string[] | null } | undefined> {
  const owner = await personOfAccount(tx, accountId, verified);
  if (!owner) return undefined;
  const { personId, onlyChildId, isJoined } = owner;
  if (onlyChildId === null || !isJoined)
    return { personId, onlyChildIds: onlyChildId === null ? null : [onlyChildId] };
  const { accesses, passwords } = await accessesOf(tx, personId);
  const group = joinedGroup(accesses, passwords, accountId);
  return { personId, onlyChildIds: [...new Set(group.map(({ childId }) => childId))] };
}

/** A code whose password was chosen anew since it was joined: it is apart from the others until it is joined again. */
export async function isLeftApart(tx: ReadTx, accountId: string): Promise<boolean> {
  const owner = await personOfAccount(tx, accountId);
  if (!owner?.isJoined) return false;
  const { accesses, passwords } = await accessesOf(tx, owner.personId);
  return joinedGroup(accesses, passwords, accountId).length === 1;
}

export interface JoinedAccess extends Pick<ChildAccess, "accountId" | "childId" | "joinedAt"> {
  readonly username: string;
}

/** The codes that were joined to the one somebody came in with. */
export async function joinedAccesses(tx: ReadTx, actor: Actor): Promise<JoinedAccess[]> {
  if (!mayJoin(actor)) return [];
  const { accesses, passwords, usernames } = await accessesOf(tx, actor.personId);
  const [, ...others] = joinedGroup(accesses, passwords, actor.id);
  return others.map((one) => ({ ...one, username: usernames.get(one.accountId) ?? "" }));
}

interface ChildActor extends Actor {
  readonly personId: string;
  readonly onlyChildIds: readonly string[];
}

/** A parent who came in with the code of one child: no delegate, no desk; who sees every child has nothing to join. */
export const mayJoin = (actor: Actor): actor is ChildActor =>
  actor.role === "guardian" &&
  actor.desk === null &&
  actor.personId !== null &&
  Boolean(actor.onlyChildIds);

export type JoinedAccessOutcome =
  | { outcome: "joined"; childId: string }
  | { outcome: "already-joined" | "not-allowed" }
  /** unknown code or wrong password: the same answer in the same time */
  | { outcome: "wrong" }
  | { outcome: "wait"; until: Moment }
  /** the very code that opened this session */
  | { outcome: "same" }
  /** right, but of another adult's account, or not of one child */
  | { outcome: "not-theirs"; accountId: string };

/**
 * Joins the code of another child of the same adult to the one somebody came in with (PE-04, OS-08): from now on each
 * opens the children of both, and of those that were joined to either. Never more than the codes show one by one: those of
 * another adult stay apart, also for the same child. Throttled as signing in is.
 */
export async function joinAccess(
  town: TenantDb,
  of: Attempt & { actor: Actor; sessionToken: string; password: string; originHash: string },
): Promise<JoinedAccessOutcome> {
  const { actor, now, originHash } = of;
  if (!mayJoin(actor)) return { outcome: "not-allowed" };
  const checked = await checkCredentials(town, of);
  if (checked.outcome !== "right") return checked;
  const { accountId, passwordChangedAt } = checked;
  if (accountId === actor.id) return { outcome: "same" };
  return town.write(async (tx): Promise<JoinedAccessOutcome> => {
    await holdChildAccesses(tx, actor.personId);
    const { accesses, passwords, usernames } = await accessesOf(tx, actor.personId);
    // Read after the passwords: one that was changed in between has ended this session.
    const isHere = (await accountOfSession(tx, hashToken(of.sessionToken))) === actor.id;
    if (!isHere || !passwords.has(actor.id)) return { outcome: "not-allowed" };
    const other = accesses.find((one) => one.accountId === accountId);
    if (!other || !passwords.has(accountId)) return { outcome: "not-theirs", accountId };
    // Chosen anew since it was typed.
    if (!isSameMoment(passwords.get(accountId) ?? null, passwordChangedAt))
      return { outcome: "wrong" };
    const own = joinedGroup(accesses, passwords, actor.id);
    const [mine] = own;
    if (!mine) return { outcome: "not-allowed" };
    if (own.some((one) => one.accountId === accountId)) return { outcome: "already-joined" };
    const members = [...own, ...joinedGroup(accesses, passwords, accountId)];
    const rows = members.map((one) => ({
      accountId: one.accountId,
      passwordChangedAt: passwords.get(one.accountId) ?? null,
      joinedAt: now,
    }));
    await putJoined(tx, rows, newId());
    const both = [mine, other] as const;
    await record(tx, { actor, now, originHash, kind: "access-joined", both, usernames });
    return { outcome: "joined", childId: other.childId };
  });
}

/** Divides a code from the others again (PE-04): it shows its own child, and the others no longer show that one. */
export async function splitAccess(
  tx: WriteTx,
  of: { actor: Actor; accountId: string; originHash: string; now: Moment },
): Promise<{ outcome: "split" | "not-joined" }> {
  const { actor, accountId, now, originHash } = of;
  if (!mayJoin(actor)) return { outcome: "not-joined" };
  await holdChildAccesses(tx, actor.personId);
  const { accesses, passwords, usernames } = await accessesOf(tx, actor.personId);
  const [own, ...others] = joinedGroup(accesses, passwords, actor.id);
  const other = others.find((one) => one.accountId === accountId);
  if (!own || !other) return { outcome: "not-joined" };
  await deleteJoined(tx, others.length === 1 ? [own.accountId, accountId] : [accountId]);
  const both = [own, other] as const;
  await record(tx, { actor, now, originHash, kind: "access-split", both, usernames });
  return { outcome: "split" };
}

async function accessesOf(
  tx: ReadTx,
  personId: string,
): Promise<{
  accesses: ChildAccess[];
  passwords: Passwords;
  usernames: ReadonlyMap<string, string>;
}> {
  const accesses = await childAccessesOf(tx, personId);
  const ids = accesses.map(({ accountId }) => accountId);
  const accounts = (await accountsByIds(tx, ids)).filter(({ demo, isStaff }) => !demo && !isStaff);
  return {
    accesses,
    passwords: new Map(accounts.map((one) => [one.id, one.passwordChangedAt])),
    usernames: new Map(accounts.map(({ id, username }) => [id, username])),
  };
}

/** In the log of either code, and among what was done with the data of either child. */
async function record(
  tx: WriteTx,
  of: {
    actor: ChildActor;
    now: Moment;
    originHash: string;
    kind: "access-joined" | "access-split";
    both: readonly [ChildAccess, ChildAccess];
    usernames: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const { actor, kind, now: at, originHash, usernames } = of;
  const [one, other] = of.both;
  const both = [
    [one, other],
    [other, one],
  ] as const;
  const action = `families.${kind}`;
  await recordAudit(tx, ...both.map(([{ childId }]) => ({ actor, at, action, childId })));
  await recordSecurityAll(
    tx,
    both.map(([{ accountId }, joined]) => ({
      ...{ kind, at, accountId, actorName: actor.name, originHash },
      details: { username: usernames.get(joined.accountId) ?? "" },
    })),
  );
}
