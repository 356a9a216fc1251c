// SPDX-License-Identifier: EUPL-1.2
import {
  holdSubject,
  identityBySubject,
  linkIdentity,
  recordSecurity,
  roleGrantsOf,
  subjectOf,
  touchIdentity,
} from "#identity";
import type { Role } from "#kernel/actor.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type IdentityFault, judgeIdentity } from "../rules/judge-identity.ts";
import { personOfAccount, putPersonAccounts } from "../sql/accounts.ts";
import { delegationsInForce } from "../sql/delegates.ts";
import { childrenOf, holdersOfPerson } from "../sql/households.ts";
import { personByCodiceFiscale } from "../sql/people.ts";
import { accountOfAdult, grantMissing } from "./account-of-adult.ts";
import { putPeople } from "./put-people.ts";

/** Who somebody is by the word of SPID or CIE. */
export interface VerifiedIdentity {
  readonly codiceFiscale: string;
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: Day | null;
}

export type EnteredWithIdentity =
  /** an account to open a session for; `isFirst`: it was made, or tied to this identity, just now */
  | { outcome: "known"; accountId: string; isFirst: boolean; codiceFiscale: string }
  /** verified, and of nobody here: neither holder, guardian, delegate nor staff; or the account was disabled */
  | { outcome: "unknown"; codiceFiscale: string }
  | { outcome: "refused"; fault: IdentityFault };

/**
 * Finds who a verified identity is here (MC-06, OS-08): holder or guardian, delegate (BO-23), or staff tied to it before.
 * The first time an account is made, or the person's own is tied to the identity. One codice fiscale, one account.
 */
export async function enterWithIdentity(
  tx: WriteTx,
  given: VerifiedIdentity,
  now: Moment,
): Promise<EnteredWithIdentity> {
  const today = dayOf(now);
  const judged = judgeIdentity(given, today);
  if (judged.outcome === "refused") return judged;
  const identity = { ...given, codiceFiscale: judged.codiceFiscale };
  const subject = subjectOf(identity.codiceFiscale);
  await holdSubject(tx, subject);
  const [tied, standing] = await Promise.all([
    identityBySubject(tx, subject),
    standingHere(tx, identity.codiceFiscale, today),
  ]);
  const { codiceFiscale } = identity;
  const unknown = { outcome: "unknown", codiceFiscale } as const;
  if (tied && !tied.isInUse) return unknown;
  const known = tied && (await isStillOf(tx, tied, standing)) ? tied : undefined;
  const isStaff = known !== undefined && (await isStaffAccount(tx, known.accountId, today));
  if (standing.roles.length === 0 && !isStaff) return unknown;
  const personId =
    standing.personId ??
    (isStaff && standing.roles.length === 0 ? null : await newPerson(tx, identity, now));
  const accountId = known?.accountId ?? (await accountFor(tx, { identity, personId, now }));
  if (personId) await putPersonAccounts(tx, [{ accountId, personId }]);
  await grantMissing(tx, accountId, standing.roles, today);
  await touchIdentity(tx, { ...identity, subject, at: now });
  return { outcome: "known", accountId, isFirst: known === undefined, codiceFiscale };
}

/**
 * An account belongs to one person. When the registry was corrected, the account of the person who carried this codice
 * fiscale before is no longer the way in.
 */
async function isStillOf(
  tx: WriteTx,
  tied: { accountId: string },
  standing: { personId: string | null },
): Promise<boolean> {
  const owner = await personOfAccount(tx, tied.accountId);
  return owner === undefined || owner.personId === standing.personId;
}

/** The adult with that codice fiscale, if the town knows one, and what he or she is to a family on the day. */
async function standingHere(
  tx: WriteTx,
  codiceFiscale: string,
  date: Day,
): Promise<{ personId: string | null; roles: Role[] }> {
  const [person, delegations] = await Promise.all([
    personByCodiceFiscale(tx, codiceFiscale),
    delegationsInForce(tx, { codiceFiscale, date }),
  ]);
  const personId = person?.kind === "adult" ? person.id : null;
  const [children, holders] = personId
    ? await Promise.all([childrenOf(tx, personId, date), holdersOfPerson(tx, personId, date)])
    : [[], []];
  if (children.length > 0 || holders.length > 0) return { personId, roles: ["guardian"] };
  // Whoever came of age, and is still written down as a pupil, may be a delegate.
  if (delegations.length > 0) return { personId: person?.id ?? null, roles: ["delegate"] };
  return { personId, roles: [] };
}

async function isStaffAccount(tx: WriteTx, accountId: string, date: Day): Promise<boolean> {
  const grants = await roleGrantsOf(tx, { accountId, date });
  return grants.some(({ role }) => role !== "guardian" && role !== "delegate");
}

/** A delegate the town has never heard of: acts are recorded, and payments made, in somebody's name. */
async function newPerson(tx: WriteTx, identity: VerifiedIdentity, now: Moment): Promise<string> {
  const id = newId();
  await putPeople(tx, [{ id, kind: "adult", ...identity }], now);
  return id;
}

/** The person's account, tied to the identity. */
async function accountFor(
  tx: WriteTx,
  of: { identity: VerifiedIdentity; personId: string | null; now: Moment },
): Promise<string> {
  const { givenName, surname, codiceFiscale } = of.identity;
  const name = `${givenName} ${surname}`;
  const id = await accountOfAdult(tx, { personId: of.personId, name, now: of.now });
  const link = { subject: subjectOf(codiceFiscale), accountId: id, givenName, surname };
  await linkIdentity(tx, { ...link, at: of.now, by: "identity" });
  await recordSecurity(tx, { kind: "identity-linked", at: of.now, accountId: id, actorName: name });
  return id;
}
