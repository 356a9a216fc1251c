// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isOffice } from "../rules/may-edit.ts";
import { insertChanges, person as personRow, putContactsProtected } from "../sql/people.ts";

export type ProtectedContacts =
  | { outcome: "saved" }
  | { outcome: "unchanged" }
  | { outcome: "not-allowed" }
  | { outcome: "unknown-person" };

/**
 * The office keeps somebody's contacts from the child's other adults, or gives them free again (a separated parent must
 * not learn where the other one lives). Recorded without the family's account: whoever is kept out reads nothing of it.
 */
export async function protectContacts(
  tx: WriteTx,
  of: { actor: Actor; personId: string; isProtected: boolean; at: Moment; reason: string },
): Promise<ProtectedContacts> {
  const { actor, personId, isProtected, at, reason } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const person = await personRow(tx, personId);
  if (!person) return { outcome: "unknown-person" };
  if (person.contactsProtected === isProtected) return { outcome: "unchanged" };
  await putContactsProtected(tx, { personId, isProtected });
  const [oldValue, newValue] = isProtected ? ["", "true"] : ["true", ""];
  await insertChanges(tx, [
    {
      ...{ id: newId(), personId, field: "contactsProtected", oldValue, newValue },
      ...{ changedAt: at, changedBy: actor.name, reason },
    },
  ]);
  const details = { personId, isProtected };
  await recordAudit(tx, { actor, at, action: "families.protect-contacts", reason, details });
  return { outcome: "saved" };
}
