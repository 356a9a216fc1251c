// SPDX-License-Identifier: EUPL-1.2
import {
  holdSubject,
  identityBySubject,
  linkIdentity,
  recordSecurity,
  type StrangerIdentity,
} from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { personOfAccount, putPersonAccounts } from "../sql/accounts.ts";
import { childrenHeldFrom, putChildHolders, putGuardianships, putHolders } from "../sql/holders.ts";
import { accountsOfPerson, childrenOf, guardiansOf, holdersOfPerson } from "../sql/households.ts";
import { person, personByCodiceFiscale } from "../sql/people.ts";
import { accountOfAdult, grantMissing } from "./account-of-adult.ts";
import { correctCodiceFiscale } from "./correct-codice-fiscale.ts";
import { freePaymentCodes } from "./create-family.ts";
import { putPeople } from "./put-people.ts";

export interface Given {
  readonly actor: Actor;
  readonly reason: string;
  readonly now: Moment;
}

export type FoundAdult =
  | { outcome: "adult"; personId: string }
  /** nobody with that id, or nobody of a family */
  | { outcome: "unknown-person" }
  /** the adult has a valid codice fiscale, and it is another one */
  | { outcome: "has-other-code" }
  /** somebody else here has this codice fiscale already */
  | { outcome: "taken" };

/** What SPID and CIE vouch for; an identity of another country has none. */
export const codeOf = ({ subject }: Pick<StrangerIdentity, "subject">): string | null =>
  subject.startsWith("cf:") ? subject.slice(3) : null;

/** An adult of a family here: the verified code goes on who had none; a valid other one is never overwritten. */
export async function knownAdult(
  tx: WriteTx,
  of: Given & { personId: string; code: string | null },
): Promise<FoundAdult> {
  const { actor, personId, code, reason, now } = of;
  const today = dayOf(now);
  const adult = await person(tx, personId);
  const [children, holders] = await Promise.all([
    childrenOf(tx, personId, today),
    holdersOfPerson(tx, personId, today),
  ]);
  if (adult?.kind !== "adult" || (children.length === 0 && holders.length === 0))
    return { outcome: "unknown-person" };
  if (code === null || adult.codiceFiscale === code) return { outcome: "adult", personId };
  if (adult.codiceFiscaleState === "valid") return { outcome: "has-other-code" };
  const change = { actor, personId, codiceFiscale: code, reason, at: now };
  const corrected = await correctCodiceFiscale(tx, change);
  return corrected.outcome === "saved" ? { outcome: "adult", personId } : { outcome: "taken" };
}

/** Who has the identity's codice fiscale here, or a new adult with what the provider said. */
export async function adultOfIdentity(
  tx: WriteTx,
  of: Given & {
    identity: StrangerIdentity;
    contacts?: { readonly email: string; readonly phone: string };
  },
): Promise<FoundAdult> {
  const code = codeOf(of.identity);
  const known = code === null ? undefined : await personByCodiceFiscale(tx, code);
  if (known && known.kind !== "adult") return { outcome: "taken" };
  if (known) return { outcome: "adult", personId: known.id };
  const { givenName, surname, birthDate } = of.identity;
  const adult = { id: newId(), kind: "adult" as const, givenName, surname, birthDate };
  await putPeople(tx, [{ ...adult, ...of.contacts, codiceFiscale: code }], of.now);
  return { outcome: "adult", personId: adult.id };
}

/**
 * The adult that a verified identity is here from now on, by its next sign-in: the one the office chose (`personId`), the
 * one with its codice fiscale, or a new one.
 */
export async function registerIdentity(
  tx: WriteTx,
  of: Parameters<typeof adultOfIdentity>[1] & { personId: string | null },
): Promise<FoundAdult | { outcome: "account-closed" }> {
  const { identity, personId } = of;
  await holdSubject(tx, identity.subject);
  const tied = await identityBySubject(tx, identity.subject);
  if (tied && !tied.isInUse) return { outcome: "account-closed" };
  const code = codeOf(identity);
  const owner = tied && code === null && (await personOfAccount(tx, tied.accountId));
  if (owner) return { outcome: "adult", personId: owner.personId };
  const found =
    personId === null
      ? await adultOfIdentity(tx, of)
      : await knownAdult(tx, { ...of, personId, code });
  if (found.outcome === "adult" && code === null) await openAccount(tx, { ...of, ...found });
  return found;
}

/** A guardian of these children from today on; holder too of those for whom nobody pays. */
export async function becomeParent(
  tx: WriteTx,
  of: Given & { personId: string; childIds: readonly string[] },
): Promise<void> {
  const { personId, childIds } = of;
  const today = dayOf(of.now);
  const before = await guardiansOf(tx, childIds, today);
  const isGuardian = new Set(before.filter(({ id }) => id === personId).map((row) => row.childId));
  const spell = { guardianId: personId, role: "genitore", from: today, to: null };
  await putGuardianships(
    tx,
    childIds
      .filter((childId) => !isGuardian.has(childId))
      .map((childId) => ({ id: newId(), childId, ...spell })),
  );
  // A holder who begins later stays, and with it the task that nobody pays today.
  const held = await childrenHeldFrom(tx, { childIds, date: today });
  const unpaid = childIds.filter((childId) => !held.includes(childId));
  if (unpaid.length > 0) await holdChildren(tx, { ...of, childIds: unpaid, today });
}

async function holdChildren(
  tx: WriteTx,
  of: Given & { personId: string; childIds: readonly string[]; today: Day },
): Promise<void> {
  const { personId, today: from } = of;
  const own = (await accountsOfPerson(tx, personId, from))[0];
  const holderId = own ?? newId();
  if (!own) {
    const [paymentCode] = await freePaymentCodes(tx, 1);
    if (paymentCode === undefined) throw new Error("no payment code was made");
    await putHolders(tx, [{ id: holderId, personId, paymentCode, from, to: null }]);
  }
  const tie = { holderId, from, to: null };
  await putChildHolders(
    tx,
    of.childIds.map((childId) => ({ id: newId(), childId, ...tie })),
  );
  const entry = { actor: of.actor, at: of.now, action: "families.change-holder", holderId };
  const details = { from: from.toString(), before: null, after: holderId };
  await recordAudit(
    tx,
    ...of.childIds.map((childId) => ({ ...entry, childId, reason: of.reason, details })),
  );
}

/** An identity without codice fiscale is tied to the adult's account, by which it comes in. */
export async function openAccount(
  tx: WriteTx,
  of: Given & { identity: StrangerIdentity; personId: string },
): Promise<void> {
  const { actor, now, personId } = of;
  const { subject, givenName, surname } = of.identity;
  const accountId = await accountOfAdult(tx, { personId, name: `${givenName} ${surname}`, now });
  await putPersonAccounts(tx, [{ accountId, personId }]);
  await grantMissing(tx, accountId, ["guardian"], dayOf(now));
  await linkIdentity(tx, { subject, accountId, givenName, surname, at: now, by: actor.name });
  await recordSecurity(tx, {
    ...{ kind: "identity-linked", at: now, accountId, actorName: actor.name },
    details: { means: "eidas" },
  });
}
