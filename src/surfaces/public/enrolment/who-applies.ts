// SPDX-License-Identifier: EUPL-1.2
import { createHmac } from "node:crypto";
import { type Application, type Applying, isOfAge } from "#enrolment";
import { familyStanding } from "#families";
import {
  eidasOf,
  identityBySubject,
  type SignInMeans,
  type StrangerIdentity,
  subjectOf,
} from "#identity";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isMeansAdmitted } from "../../web/login-means.ts";
import type { Visit } from "../../web/visit.ts";
import { presentedStranger } from "../federation/stranger.ts";

export interface Applicant {
  readonly kind: "applicant";
  readonly applying: Applying;
  /** the adult here; `null`: a stranger whom a provider vouched for */
  readonly personId: string | null;
  /** came in by the code of one child (PE-04): this one, and those joined to it */
  readonly onlyChildIds: readonly string[] | null;
  readonly name: string;
}

export type Here =
  | Applicant
  /** signed in by a way that the town does not admit for this (OS-17) */
  | { readonly kind: "other-means" }
  /** the office at its desk, somebody at work or a minor: nobody who may apply for a child */
  | { readonly kind: "not-a-parent" }
  | { readonly kind: "nobody" };

/** Who would apply: the session's parent, or whom a provider vouched for just now. Nothing of it is typed. */
export async function whoApplies(visit: Visit, tx: ReadTx): Promise<Here> {
  const { session } = visit;
  const admitted = visit.townSettings.login.enrolment;
  if (!session) {
    const stranger = presentedStranger(visit);
    if (!stranger) return { kind: "nobody" };
    return isOfAge(stranger.birthDate, visit.today)
      ? asThemselves(visit, stranger)
      : { kind: "not-a-parent" };
  }
  const { accountId, codiceFiscale, displayName, means, deskHolderId } = session.row;
  const isParent = session.roles.includes("guardian") && deskHolderId === null;
  const standing = isParent && (await familyStanding(tx, accountId, codiceFiscale));
  if (!standing && deskHolderId === null && codiceFiscale !== null) {
    const subject = subjectOf(codiceFiscale);
    const known = await identityBySubject(tx, subject);
    if (known) return asThemselves(visit, { ...known, means });
  }
  if (!standing) return { kind: "not-a-parent" };
  if (!isMeansAdmitted(means, admitted)) return { kind: "other-means" };
  const { personId, onlyChildIds } = standing;
  const foreign = means === "eidas" ? await eidasOf(tx, accountId) : undefined;
  // What a code sent is its own; another child's code reads nothing of it.
  const code = onlyChildIds === null ? "" : `:${accountId}`;
  const nowhere = { siteIds: null, classIds: null, desk: null };
  const actor = { role: "guardian", id: accountId, name: displayName, personId } as const;
  return {
    kind: "applicant",
    applying: {
      subject: codiceFiscale ? subjectOf(codiceFiscale) : (foreign ?? `person:${personId}${code}`),
      means,
      who: { actor: { ...actor, onlyChildIds, ...nowhere } },
    },
    personId,
    onlyChildIds,
    name: displayName,
  };
}

/** Of no family here as a parent: unknown, or a delegate, or at work for the town; a provider vouches for the name. */
function asThemselves(
  { townSettings }: Visit,
  of: Pick<StrangerIdentity, "subject" | "givenName" | "surname"> & {
    birthDate?: Day | null;
    means: SignInMeans;
  },
): Here {
  const { subject, givenName, surname, birthDate = null, means } = of;
  if (!isMeansAdmitted(means, townSettings.login.enrolment)) return { kind: "other-means" };
  return {
    kind: "applicant",
    applying: { subject, means, who: { givenName, surname, birthDate } },
    personId: null,
    onlyChildIds: null,
    name: `${givenName} ${surname}`,
  };
}

/** What they sent, by whatever way they came in then; by the code of one child, of the others only what it sent itself. */
export function isTheirs(
  { applying, personId, onlyChildIds }: Applicant,
  one: Application,
): boolean {
  if (one.subject === applying.subject) return true;
  if (personId === null || one.personId !== personId) return false;
  return onlyChildIds === null || (one.childId !== null && onlyChildIds.includes(one.childId));
}

/** Whose form it was, in the form itself: what is held for one identity is never shown to another. */
export const markOf = ({ app, tenant }: Visit, { applying }: Applicant): string =>
  createHmac("sha256", app.sealKey)
    .update(JSON.stringify(["applicant", tenant.id, applying.subject]))
    .digest("base64url")
    .slice(0, 22);
