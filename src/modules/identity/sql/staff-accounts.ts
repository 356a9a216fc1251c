// SPDX-License-Identifier: EUPL-1.2
import type { Role } from "#kernel/actor.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface StaffGrant {
  id: string;
  role: Role;
  siteId: string | null;
  classId: string | null;
  lineId: string | null;
  /** as JSON says days */
  from: string;
  to: string | null;
}

export interface StaffAccount {
  id: string;
  username: string;
  displayName: string;
  email: string;
  demo: boolean;
  disabledAt: Moment | null;
  hasPassword: boolean;
  secondFactorRequired: boolean;
  hasCodes: boolean;
  passkeys: number;
  lastSignInAt: Moment | null;
  /** in force, and to come */
  grants: StaffGrant[];
}

/** Those at work for the town: neither families nor tablets. One, or all of them by name. */
export function staffAccounts(tx: ReadTx, of: { date: Day; id?: string }): Promise<StaffAccount[]> {
  const one = of.id === undefined ? sql`` : sql`and a.id = ${of.id}`;
  return tx.rows<StaffAccount>(sql`
    select a.id, a.username, a.display_name as "displayName", a.email, a.demo, a.disabled_at as "disabledAt",
      a.password_hash is not null as "hasPassword", a.second_factor_required as "secondFactorRequired",
      exists (select 1 from one_time_password_device d where d.tenant_id = a.tenant_id and d.account_id = a.id
        and d.confirmed_at is not null) as "hasCodes",
      (select count(*)::int from passkey p where p.tenant_id = a.tenant_id and p.account_id = a.id
        and p.removed_at is null) as passkeys,
      (select max(s.created_at) from session s where s.tenant_id = a.tenant_id and s.account_id = a.id) as "lastSignInAt",
      coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'role', g.role, 'siteId', g.site_id,
          'classId', g.class_id, 'lineId', g.line_id, 'from', g.from_date, 'to', g.to_date) order by g.from_date, g.id)
        from role_grant g where g.tenant_id = a.tenant_id and g.account_id = a.id
          and (g.to_date is null or g.to_date >= ${of.date}::date)), '[]') as grants
    from account a
    where a.tenant_id = ${tx.tenantId} and a.kind = 'person' ${one}
      and exists (select 1 from role_grant g where g.tenant_id = a.tenant_id and g.account_id = a.id
        and g.role not in ('guardian', 'delegate'))
    order by a.disabled_at is not null, a.display_name, a.id`);
}

/** Two who take administrators away from each other stand in line. */
export async function holdStaff(tx: WriteTx): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId} staff`}::text, 0))`,
  );
}

/** Is there another administrator, today and for good, who may sign in? */
export async function hasOtherAdministrator(
  tx: ReadTx,
  of: { accountId: string; date: Day },
): Promise<boolean> {
  const row = await tx.maybe(sql`
    select 1 from role_grant g join account a on a.tenant_id = g.tenant_id and a.id = g.account_id
    where g.tenant_id = ${tx.tenantId} and g.role = 'administrator' and g.account_id <> ${of.accountId}
      and g.from_date <= ${of.date} and g.to_date is null and a.disabled_at is null limit 1`);
  return row !== undefined;
}

/** False: the user code is taken. */
export async function insertAccount(
  tx: WriteTx,
  row: {
    id: string;
    username: string;
    displayName: string;
    email: string;
    kind: "person" | "device";
    at: Moment;
  },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into account (tenant_id, id, username, display_name, password_hash, demo, email, kind, created_at)
    values (${tx.tenantId}, ${row.id}, ${row.username}, ${row.displayName}, null, false, ${row.email}, ${row.kind},
      ${row.at}) on conflict (tenant_id, username) do nothing`);
  return inserted === 1;
}

/** The last day of a role; the day before its first: it never counted. */
export function endGrant(
  tx: WriteTx,
  of: { accountId: string; grantId: string; lastDay: Day },
): Promise<number> {
  return tx.run(sql`
    update role_grant set to_date = ${of.lastDay}
    where tenant_id = ${tx.tenantId} and id = ${of.grantId} and account_id = ${of.accountId}`);
}

/** `null`: may sign in again. */
export function putDisabled(
  tx: WriteTx,
  of: { accountId: string; at: Moment | null; by: string | null },
): Promise<number> {
  return tx.run(sql`
    update account set disabled_at = ${of.at}::timestamptz, disabled_by = ${of.by}
    where tenant_id = ${tx.tenantId} and id = ${of.accountId}`);
}

/** A second factor at each sign-in, whatever the roles ask. False: so it was already. */
export async function putFactorRequired(
  tx: WriteTx,
  of: { accountId: string; isRequired: boolean },
): Promise<boolean> {
  const changed = await tx.run(sql`
    update account set second_factor_required = ${of.isRequired}
    where tenant_id = ${tx.tenantId} and id = ${of.accountId} and second_factor_required <> ${of.isRequired}`);
  return changed === 1;
}

export function putStaffEmail(
  tx: WriteTx,
  of: { accountId: string; email: string },
): Promise<number> {
  return tx.run(sql`
    update account set email = ${of.email} where tenant_id = ${tx.tenantId} and id = ${of.accountId}`);
}
