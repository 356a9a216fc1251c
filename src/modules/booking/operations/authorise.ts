// SPDX-License-Identifier: EUPL-1.2
import { childrenInReach } from "#families";
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

/**
 * May the actor change the meals of all these children? A family its own children, a delegate those of the families that
 * let them (BO-23); the office only with the desk open on that family.
 */
export async function mayActFor(
  tx: ReadTx,
  actor: Actor,
  childIds: readonly string[],
  date: Day,
): Promise<boolean> {
  const own = await childrenInReach(tx, actor, date, "absences");
  const ids = new Set(own.map(({ id }) => id));
  return childIds.length > 0 && childIds.every((id) => ids.has(id));
}

/**
 * Of these children, those whose days the actor changes for somebody else: at the desk all, by delegation those that
 * are not the actor's own (BO-23). Such acts go on record beside their receipts.
 */
export async function childrenOfOthers(
  tx: ReadTx,
  actor: Actor,
  childIds: readonly string[],
  date: Day,
): Promise<string[]> {
  if (actor.desk) return [...childIds];
  if ((actor.delegations ?? []).length === 0) return [];
  const own = await childrenInReach(tx, { ...actor, delegations: [] }, date);
  const ids = new Set(own.map(({ id }) => id));
  return childIds.filter((id) => !ids.has(id));
}
