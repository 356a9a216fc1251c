// SPDX-License-Identifier: EUPL-1.2
import { accountsOfPerson, familyOfPerson } from "#families";
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

/**
 * The accounts an actor may pay for and see: a family its own, the office the one its desk is open on. An adult
 * without an account pays for the children he or she is responsible for, as any adult of the family may (MC-07).
 */
export async function accountsOf(tx: ReadTx, actor: Actor, date: Day): Promise<string[]> {
  if (actor.desk) return [actor.desk.holderId];
  if (!actor.personId) return [];
  const own = await accountsOfPerson(tx, actor.personId, date);
  if (own.length > 0) return own;
  return (await familyOfPerson(tx, actor.personId, date))?.holderIds ?? [];
}

/**
 * The accounts that an actor may take money out of: the holder's own, or the one the desk is open on. Any adult of the
 * family may pay; where credit goes only the holder says.
 */
export async function heldAccountsOf(tx: ReadTx, actor: Actor, date: Day): Promise<string[]> {
  if (actor.desk) return [actor.desk.holderId];
  return actor.personId ? accountsOfPerson(tx, actor.personId, date) : [];
}
