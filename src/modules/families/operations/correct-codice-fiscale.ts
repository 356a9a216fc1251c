// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { CodiceFiscaleFault, CodiceFiscaleField } from "#kernel/codice-fiscale.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type CodiceFiscaleState, judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";
import { holderOf, holdersOfPerson } from "../sql/households.ts";
import { insertChanges, person as personRow, personByCodiceFiscale } from "../sql/people.ts";
import { mayEditPerson } from "./may-edit-person.ts";
import { putPeople } from "./put-people.ts";

export type CorrectedCodiceFiscale =
  | { outcome: "saved"; state: CodiceFiscaleState; disagrees: CodiceFiscaleField[] }
  | { outcome: "unchanged" }
  | { outcome: "invalid"; fault: CodiceFiscaleFault }
  /** the code belongs to someone else in this town; parents are not told whom */
  | { outcome: "taken"; personId: string }
  | { outcome: "not-allowed" }
  | { outcome: "unknown-person" };

/**
 * Sets or corrects a codice fiscale; the old one stays in the history. A parent may fill in a missing or provisional
 * one (BO-04); a valid one only the office corrects. A code that disagrees with the person is saved as a task.
 */
export async function correctCodiceFiscale(
  tx: WriteTx,
  change: {
    actor: Actor;
    personId: string;
    codiceFiscale: string;
    reason: string;
    at: Moment;
  },
): Promise<CorrectedCodiceFiscale> {
  const { actor, personId, reason, at } = change;
  const person = await personRow(tx, personId);
  const as = await mayEditPerson(tx, change);
  if (as === null) return { outcome: "not-allowed" };
  if (!person) return { outcome: "unknown-person" };
  if (as === "family" && person.codiceFiscaleState === "valid") return { outcome: "not-allowed" };
  const judged = judgeCodiceFiscale(change.codiceFiscale, person);
  if (judged.outcome === "invalid") return judged;
  const { codiceFiscale, state, disagrees } = judged;
  if (codiceFiscale === person.codiceFiscale && state === person.codiceFiscaleState) {
    return { outcome: "unchanged" };
  }
  const other = codiceFiscale ? await personByCodiceFiscale(tx, codiceFiscale) : undefined;
  if (other && other.id !== personId) return { outcome: "taken", personId: other.id };
  await putPeople(tx, [{ ...person, codiceFiscale, codiceFiscaleState: state }], person.createdAt);
  await insertChanges(tx, [
    {
      id: newId(),
      personId,
      field: "codiceFiscale",
      oldValue: person.codiceFiscale,
      newValue: codiceFiscale,
      changedAt: at,
      changedBy: actor.name,
      reason,
    },
  ]);
  if (as === "office") {
    const isChild = person.kind === "child";
    const holderId = isChild
      ? await holderOf(tx, personId, dayOf(at))
      : ((await holdersOfPerson(tx, personId, dayOf(at)))[0] ?? null);
    await recordAudit(tx, {
      actor,
      at,
      action: "families.correct-codice-fiscale",
      holderId,
      childId: isChild ? personId : null,
      reason,
      details: { personId, state },
    });
  }
  return { outcome: "saved", state, disagrees };
}
