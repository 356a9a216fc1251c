// SPDX-License-Identifier: EUPL-1.2
import {
  holdSubject,
  identitiesToLink,
  identityBySubject,
  linkIdentity,
  oldestInUse,
  putAccounts,
  putRoleGrants,
  recordSecurity,
  roleGrantsOf,
} from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { tidyCodiceFiscale } from "#kernel/codice-fiscale.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { accountIdsOfPerson, putPersonAccounts } from "../sql/accounts.ts";
import { holderByPaymentCode } from "../sql/holders.ts";
import { childrenOf, holdersOfPerson } from "../sql/households.ts";
import { person, personByCodiceFiscale } from "../sql/people.ts";

const MOST_WAITING = 500;

export type LinkedForeignIdentity =
  | { outcome: "linked"; name: string }
  /** nobody with that code, or nobody of a family */
  | { outcome: "unknown-person" }
  /** linked meanwhile, or never seen */
  | { outcome: "not-waiting" };

/**
 * Ties an identity of another European country to an adult the town knows (eIDAS gives no codice fiscale): from then on it
 * opens that adult's account. `code`: the adult's codice fiscale, or the family's payment code.
 */
export async function linkForeignIdentity(
  tx: WriteTx,
  of: { actor: Actor; subject: string; code: string; reason: string; now: Moment },
): Promise<LinkedForeignIdentity> {
  const { actor, subject, now } = of;
  await holdSubject(tx, subject);
  const waiting = (await identitiesToLink(tx, MOST_WAITING)).find((one) => one.subject === subject);
  if (!waiting || (await identityBySubject(tx, subject))) return { outcome: "not-waiting" };
  const adult = await adultOf(tx, of.code);
  const today = dayOf(now);
  const [children, holders] = adult
    ? await Promise.all([childrenOf(tx, adult.id, today), holdersOfPerson(tx, adult.id, today)])
    : [[], []];
  if (!adult || (children.length === 0 && holders.length === 0))
    return { outcome: "unknown-person" };
  const name = `${adult.givenName} ${adult.surname}`;
  const accountId = await accountFor(tx, { personId: adult.id, name, now });
  const { givenName, surname } = waiting;
  await linkIdentity(tx, { subject, accountId, givenName, surname, at: now, by: actor.name });
  await recordSecurity(tx, {
    ...{ kind: "identity-linked", at: now, accountId, actorName: actor.name },
    details: { means: "eidas" },
  });
  const entry = { actor, at: now, action: "families.link-identity", reason: of.reason };
  await recordAudit(
    tx,
    ...(holders.length > 0 ? holders : [null]).map((holderId) => ({ ...entry, holderId })),
  );
  return { outcome: "linked", name };
}

async function adultOf(tx: WriteTx, code: string) {
  const holder = await holderByPaymentCode(tx, code.trim());
  const found = holder
    ? await person(tx, holder.personId)
    : await personByCodiceFiscale(tx, tidyCodiceFiscale(code));
  return found?.kind === "adult" ? found : undefined;
}

async function accountFor(
  tx: WriteTx,
  of: { personId: string; name: string; now: Moment },
): Promise<string> {
  const { personId, name: displayName, now } = of;
  const own = await oldestInUse(tx, await accountIdsOfPerson(tx, personId));
  const id = own ?? newId();
  if (!own) {
    const account = { id, username: `identity-${id}`, displayName, demo: false };
    await putAccounts(tx, [{ ...account, passwordHash: null }], now);
    await putPersonAccounts(tx, [{ accountId: id, personId }]);
  }
  const held = await roleGrantsOf(tx, { accountId: id, date: dayOf(now) });
  if (held.every(({ role }) => role !== "guardian")) {
    const everywhere = { siteId: null, classId: null, from: dayOf(now), to: null };
    await putRoleGrants(tx, [{ id: newId(), accountId: id, role: "guardian", ...everywhere }]);
  }
  return id;
}
