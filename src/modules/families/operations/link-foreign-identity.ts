// SPDX-License-Identifier: EUPL-1.2
import {
  holdSubject,
  identitiesToLink,
  identityBySubject,
  linkIdentity,
  recordSecurity,
} from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { tidyCodiceFiscale } from "#kernel/codice-fiscale.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { putPersonAccounts } from "../sql/accounts.ts";
import { holderByPaymentCode } from "../sql/holders.ts";
import { childrenOf, holdersOfPerson } from "../sql/households.ts";
import { person, personByCodiceFiscale } from "../sql/people.ts";
import { accountOfAdult, grantMissing } from "./account-of-adult.ts";

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
  const accountId = await accountOfAdult(tx, { personId: adult.id, name, now });
  await putPersonAccounts(tx, [{ accountId, personId: adult.id }]);
  await grantMissing(tx, accountId, ["guardian"], today);
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
