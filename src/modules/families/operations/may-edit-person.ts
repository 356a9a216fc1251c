// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isOffice } from "../rules/may-edit.ts";
import { actsFor } from "../sql/households.ts";

/** `family`: the adult himself or herself, or who acts for the child; `office`: on the record. */
export async function mayEditPerson(
  tx: ReadTx,
  question: { actor: Actor; personId: string; at: Moment },
): Promise<"family" | "office" | null> {
  const { actor, personId, at } = question;
  if (isOffice(actor)) return "office";
  if (actor.role !== "guardian" && actor.role !== "delegate") return null;
  if (actor.personId === null) return null;
  if (actor.personId === personId) return "family";
  // A delegate has contacts of his or her own, and nobody else's (BO-23).
  if (actor.role === "delegate") return null;
  const own = { personId: actor.personId, childId: personId, date: dayOf(at) };
  return (await actsFor(tx, own)) === null ? null : "family";
}
