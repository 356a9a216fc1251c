// SPDX-License-Identifier: EUPL-1.2
import {
  answerStranger,
  holdSubject,
  identityBySubject,
  type Stranger,
  strangerById,
} from "#identity";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { isOffice } from "../rules/may-edit.ts";
import { holdersOfPerson } from "../sql/households.ts";
import { people } from "../sql/people.ts";
import {
  adultOfIdentity,
  becomeParent,
  codeOf,
  type FoundAdult,
  type Given,
  knownAdult,
  openAccount,
} from "./adult-of-identity.ts";

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
      : await newParent(tx, { ...of, childIds: target.childIds, stranger });
  if (found.outcome !== "adult") return found;
  const { personId } = found;
  const name = `${stranger.givenName} ${stranger.surname}`;
  if (code === null) await openAccount(tx, { ...of, identity: stranger, personId });
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

/** A guardian from today on of children the town knows; holder too of those for whom nobody pays. */
async function newParent(
  tx: WriteTx,
  of: Given & { childIds: readonly string[]; stranger: Stranger },
): Promise<FoundAdult> {
  const childIds = [...new Set(of.childIds)];
  const children = (await people(tx, childIds)).filter(({ kind }) => kind === "child");
  if (childIds.length === 0 || children.length < childIds.length)
    return { outcome: "unknown-person" };
  const found = await adultOfIdentity(tx, { ...of, identity: of.stranger });
  if (found.outcome === "adult") await becomeParent(tx, { ...of, ...found, childIds });
  return found;
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
