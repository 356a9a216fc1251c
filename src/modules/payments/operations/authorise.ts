// SPDX-License-Identifier: EUPL-1.2
import { accountsOfPerson } from "#families";
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

/** The accounts an actor may pay for and see: a family its own, the office the one its desk is open on. */
export async function accountsOf(tx: ReadTx, actor: Actor, date: Day): Promise<string[]> {
  if (actor.desk) return [actor.desk.holderId];
  return actor.personId ? accountsOfPerson(tx, actor.personId, date) : [];
}
