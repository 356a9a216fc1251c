// SPDX-License-Identifier: EUPL-1.2
import { childrenOf, childrenOfHolder } from "#families";
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

/**
 * May the actor change the meals of all these children? A family its own children; the office only with the desk
 * open on that family.
 */
export async function mayActFor(
  tx: ReadTx,
  actor: Actor,
  childIds: readonly string[],
  date: Day,
): Promise<boolean> {
  const own = new Set((await ownChildren(tx, actor, date)).map(({ id }) => id));
  return childIds.length > 0 && childIds.every((id) => own.has(id));
}

function ownChildren(tx: ReadTx, actor: Actor, date: Day): Promise<{ id: string }[]> {
  if (actor.desk) return childrenOfHolder(tx, actor.desk.holderId, date);
  if (actor.personId) return childrenOf(tx, actor.personId, date);
  return Promise.resolve([]);
}
