// SPDX-License-Identifier: EUPL-1.2
/** Staff as the municipality's own provider knows them: tied by issuer and subject (ADR 24). */
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** How `account_identity` names somebody of a provider. */
export const staffSubject = (of: { issuer: string; subject: string }): string =>
  `oidc:${of.issuer}#${of.subject}`;

export interface StaffIdentityRow {
  subject: string;
  accountId: string;
  linkedAt: Moment;
  lastUsedAt: Moment | null;
  refusedAt: Moment | null;
  refusedBy: string | null;
}

const COLUMNS = sql`i.subject, i.account_id as "accountId", i.linked_at as "linkedAt",
  i.last_used_at as "lastUsedAt", i.refused_at as "refusedAt", i.refused_by as "refusedBy"`;

/** `isInUse`: false where the account was disabled. */
export function staffIdentity(
  tx: ReadTx,
  subject: string,
): Promise<(StaffIdentityRow & { isInUse: boolean }) | undefined> {
  return tx.maybe(sql`
    select ${COLUMNS}, a.disabled_at is null as "isInUse"
    from account_identity i join account a on a.tenant_id = i.tenant_id and a.id = i.account_id
    where i.tenant_id = ${tx.tenantId} and i.subject = ${subject}`);
}

/** The newest first, those that were turned away too. */
export function staffIdentitiesOf(tx: ReadTx, accountId: string): Promise<StaffIdentityRow[]> {
  return tx.rows<StaffIdentityRow>(sql`
    select ${COLUMNS} from account_identity i
    where i.tenant_id = ${tx.tenantId} and i.account_id = ${accountId} and starts_with(i.subject, 'oidc:')
    order by i.linked_at desc, i.subject`);
}

/** Accounts of people at work on that day who may sign in and have this e-mail address; two are one too many. */
export async function staffByEmail(
  tx: ReadTx,
  of: { email: string; date: Day },
): Promise<{ accountId: string; displayName: string }[]> {
  return tx.rows(sql`
    select a.id as "accountId", a.display_name as "displayName" from account a
    where a.tenant_id = ${tx.tenantId} and lower(a.email) = lower(${of.email}::text) and a.kind = 'person'
      and a.disabled_at is null and exists (select 1 from role_grant g
        where g.tenant_id = a.tenant_id and g.account_id = a.id and g.role not in ('guardian', 'delegate')
          and g.from_date <= ${of.date} and (g.to_date is null or g.to_date >= ${of.date}))
    order by a.id limit 2`);
}

export function insertStaffIdentity(
  tx: WriteTx,
  row: { subject: string; accountId: string; name: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into account_identity (tenant_id, subject, account_id, given_name, surname, linked_at, linked_by, last_used_at)
    values (${tx.tenantId}, ${row.subject}, ${row.accountId}, ${row.name}, '', ${row.at}, 'e-mail', ${row.at})`);
}

export function touchStaffIdentity(
  tx: WriteTx,
  of: { subject: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update account_identity set last_used_at = ${of.at}
    where tenant_id = ${tx.tenantId} and subject = ${of.subject}`);
}

/** False: there is no such tie, or it was turned away before. */
export async function refuseIdentity(
  tx: WriteTx,
  of: { accountId: string; subject: string; at: Moment; by: string },
): Promise<boolean> {
  const refused = await tx.run(sql`
    update account_identity set refused_at = ${of.at}, refused_by = ${of.by}
    where tenant_id = ${tx.tenantId} and subject = ${of.subject} and account_id = ${of.accountId}
      and refused_at is null and starts_with(subject, 'oidc:')`);
  return refused === 1;
}

/** Whoever was turned away, or is tied to an account out of use, may be tied anew, by e-mail as before. False: nobody is. */
export async function forgetIdentity(
  tx: WriteTx,
  of: { accountId: string; subject: string },
): Promise<boolean> {
  const forgotten = await tx.run(sql`
    delete from account_identity i using account a
    where i.tenant_id = ${tx.tenantId} and i.subject = ${of.subject} and i.account_id = ${of.accountId}
      and starts_with(i.subject, 'oidc:') and a.tenant_id = i.tenant_id and a.id = i.account_id
      and (i.refused_at is not null or a.disabled_at is not null)`);
  return forgotten === 1;
}
