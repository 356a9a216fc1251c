// SPDX-License-Identifier: EUPL-1.2
import {
  answerStranger,
  holdSubject,
  identityBySubject,
  linkIdentity,
  recordSecurity,
  type Stranger,
  strangerById,
} from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isOffice } from "../rules/may-edit.ts";
import { putPersonAccounts } from "../sql/accounts.ts";
import { childrenHeldFrom, putChildHolders, putGuardianships, putHolders } from "../sql/holders.ts";
import { accountsOfPerson, childrenOf, guardiansOf, holdersOfPerson } from "../sql/households.ts";
import { people, person, personByCodiceFiscale } from "../sql/people.ts";
import { accountOfAdult, grantMissing } from "./account-of-adult.ts";
import { correctCodiceFiscale } from "./correct-codice-fiscale.ts";
import { freePaymentCodes } from "./create-family.ts";
import { putPeople } from "./put-people.ts";

/** Who the stranger is: an adult the town knows without this codice fiscale, or a parent nobody had written down. */
export type LinkTarget =
  | { readonly kind: "adult"; readonly personId: string }
  | { readonly kind: "parent"; readonly childIds: readonly string[] };

export type LinkedStranger =
  | { outcome: "linked"; name: string; stranger: Stranger }
  /** nobody with that id, or nobody of a family */
  | { outcome: "unknown-person" }
  /** the adult has a valid codice fiscale, and it is another one */
  | { outcome: "has-other-code" }
  /** somebody else here has this codice fiscale already */
  | { outcome: "taken" }
  /** the access of this identity was closed by hand */
  | { outcome: "account-closed" }
  /** answered meanwhile, or never seen */
  | { outcome: "not-waiting" | "not-allowed" };

interface Given {
  readonly actor: Actor;
  readonly reason: string;
  readonly now: Moment;
}

/**
 * Ties a verified identity that nobody knew to a family. With SPID and CIE its codice fiscale goes on the adult, and the
 * next sign-in finds it; an identity of another country has none, and is tied to the adult's account.
 */
export async function linkStranger(
  tx: WriteTx,
  of: Given & { id: string; target: LinkTarget },
): Promise<LinkedStranger> {
  const { actor, now, target } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const seen = await strangerById(tx, of.id);
  if (seen) await holdSubject(tx, seen.subject);
  const stranger = await strangerById(tx, of.id);
  if (!stranger || stranger.answeredAt) return { outcome: "not-waiting" };
  const tied = await identityBySubject(tx, stranger.subject);
  if (tied && !tied.isInUse) return { outcome: "account-closed" };
  const code = codeOf(stranger);
  if (tied && code === null) return { outcome: "not-waiting" };
  const found =
    target.kind === "adult"
      ? await knownAdult(tx, { ...of, personId: target.personId, code })
      : await newParent(tx, { ...of, childIds: target.childIds, code, stranger });
  if (found.outcome !== "adult") return found;
  const { personId } = found;
  const name = `${stranger.givenName} ${stranger.surname}`;
  if (code === null) await openAccount(tx, { ...of, stranger, personId });
  const holders = await holdersOfPerson(tx, personId, dayOf(now));
  const entry = { actor, at: now, action: "families.link-identity", reason: of.reason };
  await recordAudit(
    tx,
    ...(holders.length > 0 ? holders : [null]).map((holderId) => ({ ...entry, holderId })),
  );
  const answer = { id: stranger.id, isLinked: true, answer: "", by: actor.name, at: now };
  await answerStranger(tx, answer);
  return { outcome: "linked", name, stranger };
}

const codeOf = ({ subject }: Stranger): string | null =>
  subject.startsWith("cf:") ? subject.slice(3) : null;

type FoundAdult =
  | { outcome: "adult"; personId: string }
  | Exclude<LinkedStranger, { outcome: "linked" }>;

async function knownAdult(
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

/** A guardian from today on of children the town knows; holder too of those for whom nobody pays. */
async function newParent(
  tx: WriteTx,
  of: Given & { childIds: readonly string[]; code: string | null; stranger: Stranger },
): Promise<FoundAdult> {
  const { code, now } = of;
  const childIds = [...new Set(of.childIds)];
  const children = (await people(tx, childIds)).filter(({ kind }) => kind === "child");
  if (childIds.length === 0 || children.length < childIds.length)
    return { outcome: "unknown-person" };
  const known = code === null ? undefined : await personByCodiceFiscale(tx, code);
  if (known && known.kind !== "adult") return { outcome: "taken" };
  const personId = known?.id ?? newId();
  const { givenName, surname, birthDate } = of.stranger;
  const adult = { id: personId, kind: "adult" as const, givenName, surname, birthDate };
  if (!known) await putPeople(tx, [{ ...adult, codiceFiscale: code }], now);
  const today = dayOf(now);
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
  if (unpaid.length > 0) await holdChildren(tx, { ...of, personId, childIds: unpaid, today });
  return { outcome: "adult", personId };
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

async function openAccount(
  tx: WriteTx,
  of: Given & { stranger: Stranger; personId: string },
): Promise<void> {
  const { actor, now, personId } = of;
  const { subject, givenName, surname } = of.stranger;
  const accountId = await accountOfAdult(tx, { personId, name: `${givenName} ${surname}`, now });
  await putPersonAccounts(tx, [{ accountId, personId }]);
  await grantMissing(tx, accountId, ["guardian"], dayOf(now));
  await linkIdentity(tx, { subject, accountId, givenName, surname, at: now, by: actor.name });
  await recordSecurity(tx, {
    ...{ kind: "identity-linked", at: now, accountId, actorName: actor.name },
    details: { means: "eidas" },
  });
}

/** The office says no, and why: whoever asked reads it at the next sign-in. */
export async function refuseLink(
  tx: WriteTx,
  of: Given & { id: string },
): Promise<
  { outcome: "refused"; stranger: Stranger } | { outcome: "not-waiting" | "not-allowed" }
> {
  const { actor, id, reason, now } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const stranger = await strangerById(tx, id);
  if (stranger) await holdSubject(tx, stranger.subject);
  const answer = { id, isLinked: false, answer: reason, by: actor.name, at: now };
  if (!stranger || !(await answerStranger(tx, answer))) return { outcome: "not-waiting" };
  const details = { requestId: id };
  await recordAudit(tx, { actor, at: now, action: "families.refuse-link", reason, details });
  return { outcome: "refused", stranger };
}
