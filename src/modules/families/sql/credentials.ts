// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";

/** Who a letter with credentials goes to. */
export interface LetterHolder {
  holderId: string;
  personId: string;
  paymentCode: string;
  givenName: string;
  surname: string;
  email: string;
  language: Lang;
  address: string;
  postalCode: string;
  city: string;
  contactsProtected: boolean;
}

/** Account holders of that day. */
export function letterHolders(
  tx: ReadTx,
  of: { holderIds: readonly string[]; date: Day },
): Promise<LetterHolder[]> {
  return tx.rows<LetterHolder>(sql`
    select h.id as "holderId", p.id as "personId", h.payment_code as "paymentCode", p.given_name as "givenName",
      p.surname, p.email, p.language, p.address, p.postal_code as "postalCode", p.city,
      p.contacts_protected as "contactsProtected"
    from account_holder h join person p on p.tenant_id = h.tenant_id and p.id = h.person_id
    where h.tenant_id = ${tx.tenantId} and h.id = any(${of.holderIds}::uuid[])
      and h.from_date <= ${of.date} and (h.to_date is null or h.to_date >= ${of.date})
    order by h.id`);
}

export interface PersonAccount {
  accountId: string;
  personId: string;
  /** for this child only (PE-04) */
  childId: string | null;
}

export function accountsOfPeople(
  tx: ReadTx,
  personIds: readonly string[],
): Promise<PersonAccount[]> {
  return tx.rows<PersonAccount>(sql`
    select account_id as "accountId", person_id as "personId", child_id as "childId" from person_account
    where tenant_id = ${tx.tenantId} and person_id = any(${personIds}::uuid[])`);
}

/** Where somebody is written to about an account. */
export interface ReachableAccount {
  accountId: string;
  personId: string;
  childId: string | null;
  holderId: string;
  email: string;
  language: Lang;
}

/** Accounts of account holders with an e-mail: one by its id, or all with that address. */
export function reachableAccounts(
  tx: ReadTx,
  of: ({ accountId: string } | { email: string }) & { date: Day },
): Promise<ReachableAccount[]> {
  const which =
    "accountId" in of
      ? sql`a.account_id = ${of.accountId}`
      : sql`lower(p.email) = ${of.email.toLowerCase()}`;
  return tx.rows<ReachableAccount>(sql`
    select a.account_id as "accountId", a.person_id as "personId", a.child_id as "childId", h.id as "holderId", p.email,
      p.language
    from person_account a
    join person p on p.tenant_id = a.tenant_id and p.id = a.person_id and p.kind = 'adult' and p.email <> ''
    join lateral (select h.id from account_holder h
      where h.tenant_id = a.tenant_id and h.person_id = p.id and h.from_date <= ${of.date}
        and (h.to_date is null or h.to_date >= ${of.date})
      order by h.from_date, h.id limit 1) h on true
    where a.tenant_id = ${tx.tenantId} and ${which}
    order by a.account_id`);
}
