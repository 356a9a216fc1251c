// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  CONTACT_FIELDS,
  checkContacts,
  type ContactFault,
  type ContactField,
  type Contacts,
} from "../rules/contacts.ts";
import type { Person } from "../rules/person.ts";
import { areContactsProtected, holderOf, holdersOfPerson } from "../sql/households.ts";
import { insertChanges, person as personRow } from "../sql/people.ts";
import { mayEditPerson } from "./may-edit-person.ts";
import { putPeople } from "./put-people.ts";

export type UpdatedContacts =
  | { outcome: "saved"; changed: ContactField[] }
  | { outcome: "unchanged" }
  | { outcome: "invalid"; faults: Partial<Record<ContactField, ContactFault>> }
  /** a child's, kept by the office: no adult of the family reads or writes them */
  | { outcome: "protected" }
  | { outcome: "not-allowed" }
  | { outcome: "unknown-person" };

/**
 * Changes e-mail, phone or address of an adult or a child (BO-25, PE-05, MC-10). A parent changes his or her own and
 * the children's he or she acts for; the office anybody's, logged. Every change keeps the old value.
 */
export async function updateContacts(
  tx: WriteTx,
  change: { actor: Actor; personId: string; at: Moment; reason?: string } & Partial<Contacts>,
): Promise<UpdatedContacts> {
  const { actor, personId, at } = change;
  const person = await personRow(tx, personId);
  const as = await mayEditPerson(tx, change);
  if (as === null) return { outcome: "not-allowed" };
  if (!person) return { outcome: "unknown-person" };
  const keeps = { childId: personId, date: dayOf(at) };
  if (as === "family" && person.kind === "child" && (await areContactsProtected(tx, keeps)))
    return { outcome: "protected" };
  const checked = checkContacts(change);
  if (checked.outcome === "invalid") return checked;
  const changed = CONTACT_FIELDS.filter((field) => {
    const value = checked.contacts[field];
    return value !== undefined && value !== person[field];
  });
  if (changed.length === 0) return { outcome: "unchanged" };
  await putPeople(tx, [{ ...person, ...checked.contacts }], person.createdAt);
  await insertChanges(
    tx,
    changed.map((field) => ({
      id: newId(),
      personId,
      field,
      oldValue: person[field],
      newValue: checked.contacts[field] ?? "",
      changedAt: at,
      changedBy: actor.name,
      reason: change.reason ?? actor.desk?.reason ?? "",
    })),
  );
  // Two guardians act for a child: each can see what the other changed.
  if (as === "office" || person.kind === "child") await audit(tx, { actor, person, at, changed });
  return { outcome: "saved", changed };
}

async function audit(
  tx: WriteTx,
  entry: { actor: Actor; person: Person; at: Moment; changed: ContactField[] },
): Promise<void> {
  const { actor, person, at, changed } = entry;
  const isChild = person.kind === "child";
  const holderIds = isChild
    ? [await holderOf(tx, person.id, dayOf(at))]
    : await holdersOfPerson(tx, person.id, dayOf(at));
  await recordAudit(
    tx,
    ...(holderIds.length > 0 ? holderIds : [null]).map((holderId) => ({
      actor,
      at,
      action: "families.update-contacts",
      holderId,
      childId: isChild ? person.id : null,
      details: { personId: person.id, fields: changed },
    })),
  );
}
