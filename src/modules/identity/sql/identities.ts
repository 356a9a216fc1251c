// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** A verified identity and the account it opens. */
export interface LinkedIdentity {
  /** `cf:<codice fiscale>`, `eidas:<identifier>`, or `oidc:<issuer>#<subject>` */
  subject: string;
  accountId: string;
  givenName: string;
  surname: string;
}

export const subjectOf = (codiceFiscale: string): string => `cf:${codiceFiscale}`;

/** `isInUse`: false where the account was disabled. */
export function identityBySubject(
  tx: ReadTx,
  subject: string,
): Promise<(LinkedIdentity & { isInUse: boolean }) | undefined> {
  return tx.maybe(sql`
    select i.subject, i.account_id as "accountId", i.given_name as "givenName", i.surname,
      a.disabled_at is null as "isInUse"
    from account_identity i join account a on a.tenant_id = i.tenant_id and a.id = i.account_id
    where i.tenant_id = ${tx.tenantId} and i.subject = ${subject}`);
}

/** Which accounts these subjects open, disabled ones too: who acted stays named. */
export function accountsOfSubjects(
  tx: ReadTx,
  subjects: readonly string[],
): Promise<{ subject: string; accountId: string }[]> {
  return tx.rows(sql`
    select subject, account_id as "accountId" from account_identity
    where tenant_id = ${tx.tenantId} and subject = any(${subjects}::text[])`);
}

/** Of two first sign-ins at once the second waits here, and then finds what the first one made. */
export async function holdSubject(tx: WriteTx, subject: string): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId} identity ${subject}`}::text, 0))`,
  );
}

/**
 * Ties an identity to an account. One codice fiscale opens one account, and an account is opened by one: ties that said
 * otherwise go, and with them the sessions that SPID or CIE had opened by them.
 */
export async function linkIdentity(
  tx: WriteTx,
  row: LinkedIdentity & { at: Moment; by: string },
): Promise<void> {
  const left = await tx.rows<{ accountId: string }>(sql`
    delete from account_identity
    where tenant_id = ${tx.tenantId} and (subject = ${row.subject}
      or (account_id = ${row.accountId} and starts_with(subject, 'cf:') and starts_with(${row.subject}::text, 'cf:')))
    returning account_id as "accountId"`);
  const accountIds = left.map(({ accountId }) => accountId);
  if (accountIds.length > 0)
    await tx.run(sql`
      update session set ended_at = ${row.at}
      where tenant_id = ${tx.tenantId} and account_id = any(${accountIds}::uuid[]) and ended_at is null
        and means in ('spid', 'cie')`);
  await tx.run(sql`
    insert into account_identity (tenant_id, subject, account_id, given_name, surname, linked_at, linked_by)
    values (${tx.tenantId}, ${row.subject}, ${row.accountId}, ${row.givenName}, ${row.surname}, ${row.at}, ${row.by})`);
}

export function touchIdentity(
  tx: WriteTx,
  of: { subject: string; givenName: string; surname: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update account_identity set last_used_at = ${of.at}, given_name = ${of.givenName}, surname = ${of.surname}
    where tenant_id = ${tx.tenantId} and subject = ${of.subject}`);
}

/** The foreign identity that the office tied to an account. */
export async function eidasOf(tx: ReadTx, accountId: string): Promise<string | undefined> {
  const tied = await tx.maybe<{ subject: string }>(sql`
    select subject from account_identity
    where tenant_id = ${tx.tenantId} and account_id = ${accountId} and starts_with(subject, 'eidas:')
    order by linked_at desc limit 1`);
  return tied?.subject;
}

/** The account that the office tied to a foreign identifier. */
export async function openEidas(tx: ReadTx, identifier: string): Promise<string | undefined> {
  const known = await identityBySubject(tx, `eidas:${identifier}`);
  return known?.isInUse ? known.accountId : undefined;
}
