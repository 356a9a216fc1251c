// SPDX-License-Identifier: EUPL-1.2
import type { Actor, DelegateScope } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import {
  accountsOfPerson,
  childrenOf,
  childrenOfDelegators,
  childrenOfHolder,
  holdersOfOtherChildren,
  holdersOfPerson,
  type HouseholdChild,
} from "../sql/households.ts";
import { type FamilyChild, withSlugs } from "./family.ts";

/**
 * Where somebody stands among a town's families: the one answer to "whose children, whose money?" for families,
 * delegates (BO-23), accounts of one child (PE-04) and the office's desk.
 */

/** The children an actor may see, or change the days of. */
export async function childrenInReach(
  tx: ReadTx,
  actor: Actor,
  date: Day,
  scope: DelegateScope = "view",
): Promise<FamilyChild[]> {
  return withSlugs(await reached(tx, actor, date, scope));
}

async function reached(
  tx: ReadTx,
  actor: Actor,
  date: Day,
  scope: DelegateScope,
): Promise<HouseholdChild[]> {
  if (actor.desk) return childrenOfHolder(tx, actor.desk.holderId, date);
  const delegated = delegatedHolders(actor, scope);
  const [own, others] = await Promise.all([
    actor.personId ? childrenOf(tx, actor.personId, date) : [],
    // Whoever acts by delegation has the children of whoever gave it, also those of the other parent's account.
    delegated.length > 0 ? childrenOfDelegators(tx, delegated, date) : [],
  ]);
  const mine = new Set(own.map(({ id }) => id));
  const all = [...own, ...others.filter(({ id }) => !mine.has(id))];
  const { onlyChildIds } = actor;
  return onlyChildIds ? all.filter(({ id }) => onlyChildIds.includes(id)) : all;
}

/**
 * The accounts whose money an actor may see and pay: a family its own, the desk's, a delegate's with that scope. An adult
 * without an account pays for the children he or she is responsible for, as any adult of the family may (MC-07).
 */
export async function accountsInReach(tx: ReadTx, actor: Actor, date: Day): Promise<string[]> {
  if (actor.desk) return [actor.desk.holderId];
  const delegated = delegatedHolders(actor, "payments");
  if (!actor.personId) return delegated;
  const own = await accountsOfPerson(tx, actor.personId, date);
  const seen = own.length > 0 ? own : await holdersOfPerson(tx, actor.personId, date);
  return [...new Set([...seen, ...delegated])];
}

/**
 * The accounts that an actor may take money out of: the holder's own, the one the desk is open on, or one whose holder
 * gave a delegate every scope (BO-23: all that the paying parent may). Any adult of the family may pay; where credit goes
 * only these say.
 */
export async function accountsHeld(tx: ReadTx, actor: Actor, date: Day): Promise<string[]> {
  if (actor.desk) return [actor.desk.holderId];
  const own = actor.personId ? await accountsOfPerson(tx, actor.personId, date) : [];
  const full = (actor.delegations ?? []).filter(
    ({ scopes }) => scopes.includes("payments") && scopes.includes("absences"),
  );
  return [...new Set([...own, ...full.map(({ holderId }) => holderId)])];
}

/**
 * Of the accounts in reach, those that also pay, or paid, for children out of reach: shown in part only. `sharing` finds
 * those that do so by an agreed share, of the same accounts and children.
 */
export async function accountsInPart(
  tx: ReadTx,
  actor: Actor,
  of: {
    holderIds: readonly string[];
    childIds: readonly string[];
    date: Day;
    sharing: (of: { holderIds: string[]; childIds: readonly string[] }) => Promise<string[]>;
  },
): Promise<string[]> {
  if (actor.desk || !actor.personId) return [];
  const own = await accountsOfPerson(tx, actor.personId, of.date);
  if (own.length > 0 && !actor.onlyChildIds) return [];
  const delegated = delegatedHolders(actor, "payments");
  const holderIds = of.holderIds.filter((id) => !delegated.includes(id));
  const among = { holderIds, childIds: of.childIds };
  const found = await Promise.all([holdersOfOtherChildren(tx, among), of.sharing(among)]);
  return [...new Set(found.flat())];
}

function delegatedHolders(actor: Actor, scope: DelegateScope): string[] {
  const may = (actor.delegations ?? []).filter(({ scopes }) => scopes.includes(scope));
  return [...new Set(may.map(({ holderId }) => holderId))];
}
