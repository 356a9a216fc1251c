// SPDX-License-Identifier: EUPL-1.2
import type { Role } from "#kernel/actor.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface Account {
  id: string;
  username: string;
  displayName: string;
  demo: boolean;
  /** personas: who that is, for whoever chooses one */
  hint?: string;
}

export interface RoleGrant {
  id: string;
  accountId: string;
  role: Role;
  siteId: string | null;
  classId: string | null;
  /** a driver's */
  lineId?: string | null;
  from: Day;
  to: Day | null;
}

const COLUMNS = sql`a.id, a.username, a.display_name as "displayName", a.demo, a.hint`;

export async function putAccounts(
  tx: WriteTx,
  rows: readonly (Account & { passwordHash: string | null })[],
  at: Moment,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into account (tenant_id, id, username, display_name, password_hash, demo, hint, created_at)
    select ${tx.tenantId}, r.id, r.username, r."displayName", r."passwordHash", r.demo, coalesce(r.hint, ''), ${at}::timestamptz
    from ${jsonRows(rows)} as r(id uuid, username text, "displayName" text, "passwordHash" text, demo boolean, hint text)
    on conflict (tenant_id, username) do nothing`);
}

export async function putRoleGrants(tx: WriteTx, rows: readonly RoleGrant[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into role_grant (tenant_id, id, account_id, role, site_id, class_id, line_id, from_date, to_date)
    select ${tx.tenantId}, r.id, r."accountId", r.role, r."siteId", r."classId", r."lineId", r."from", r."to"
    from ${jsonRows(rows)} as r(id uuid, "accountId" uuid, role text, "siteId" uuid, "classId" uuid, "lineId" uuid,
      "from" date, "to" date)
    on conflict (tenant_id, id) do nothing`);
}

/**
 * Of these accounts the oldest that may still be used and never had a role at work: whoever can write a codice fiscale
 * into the registry must not come in as somebody of the office.
 */
export async function oldestInUse(tx: ReadTx, ids: readonly string[]): Promise<string | undefined> {
  const row = await tx.maybe<{ id: string }>(sql`
    select a.id from account a
    where a.tenant_id = ${tx.tenantId} and a.id = any(${ids}::uuid[]) and a.disabled_at is null
      and not exists (select 1 from role_grant g where g.tenant_id = a.tenant_id and g.account_id = a.id
        and g.role not in ('guardian', 'delegate'))
    order by a.created_at, a.id limit 1`);
  return row?.id;
}

/** The roles of an account that are in force on a day. */
export function roleGrantsOf(
  tx: ReadTx,
  of: { accountId: string; date: Day },
): Promise<Pick<RoleGrant, "id" | "role" | "siteId" | "classId">[]> {
  return tx.rows(sql`
    select id, role, site_id as "siteId", class_id as "classId" from role_grant
    where tenant_id = ${tx.tenantId} and account_id = ${of.accountId}
      and from_date <= ${of.date} and (to_date is null or to_date >= ${of.date})
    order by from_date, id`);
}

export function accountForLogin(
  tx: ReadTx,
  username: string,
): Promise<
  | (Account & { passwordHash: string | null } & Pick<CredentialState, "passwordChangedAt">)
  | undefined
> {
  return tx.maybe(sql`
    select ${COLUMNS}, a.password_hash as "passwordHash", a.password_changed_at as "passwordChangedAt" from account a
    where a.tenant_id = ${tx.tenantId} and a.username = ${username} and a.disabled_at is null`);
}

/** Personas of a demo town; in a real town there are none. */
export function demoAccounts(tx: ReadTx): Promise<(Account & { roles: Role[] })[]> {
  return tx.rows(sql`
    select ${COLUMNS}, array_agg(distinct g.role) as roles
    from account a join role_grant g on g.tenant_id = a.tenant_id and g.account_id = a.id
    where a.tenant_id = ${tx.tenantId} and a.demo and a.disabled_at is null
    group by a.tenant_id, a.id order by a.username`);
}

/** Whose accounts these are, the disabled ones too: logs name them. */
export async function signedInNames(
  tx: ReadTx,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; displayName: string }>(sql`
    select id, display_name as "displayName" from account
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])`);
  return new Map(rows.map(({ id, displayName }) => [id, displayName]));
}

/** Accounts by their ids, as sign-in means see them; the disabled ones are left out. */
export function accountsByIds(
  tx: ReadTx,
  ids: readonly string[],
): Promise<(Account & CredentialState)[]> {
  return tx.rows(sql`
    select ${COLUMNS}, a.password_hash is not null as "hasPassword", a.password_changed_at as "passwordChangedAt",
      exists (select 1 from role_grant g where g.tenant_id = a.tenant_id and g.account_id = a.id
        and g.role not in ('guardian', 'delegate')) as "isStaff"
    from account a
    where a.tenant_id = ${tx.tenantId} and a.id = any(${ids}::uuid[]) and a.disabled_at is null
    order by a.created_at, a.id`);
}

export interface CredentialState {
  hasPassword: boolean;
  passwordChangedAt: Moment | null;
  /** has, had or will have a role beside a family's: no letter ever opens such an account */
  isStaff: boolean;
}

/** Which of these user codes are taken. */
export async function takenUsernames(tx: ReadTx, usernames: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ username: string }>(sql`
    select username from account where tenant_id = ${tx.tenantId} and username = any(${usernames}::text[])`);
  return rows.map(({ username }) => username);
}

/** Gives accounts that had none a user code that people can type. */
export function putUsernames(
  tx: WriteTx,
  rows: readonly { id: string; username: string }[],
): Promise<number> {
  return tx.run(sql`
    update account a set username = r.username
    from ${jsonRows(rows)} as r(id uuid, username text)
    where a.tenant_id = ${tx.tenantId} and a.id = r.id`);
}

/** The hash of an account's password, if it has one and may be used. */
export async function passwordHashOf(tx: ReadTx, accountId: string): Promise<string | null> {
  const row = await tx.maybe<{ passwordHash: string | null }>(sql`
    select password_hash as "passwordHash" from account
    where tenant_id = ${tx.tenantId} and id = ${accountId} and disabled_at is null`);
  return row?.passwordHash ?? null;
}

/** A new password; `changedAt` absent: the same password, hashed anew. */
export function putPasswordHash(
  tx: WriteTx,
  of: { accountId: string; passwordHash: string; changedAt?: Moment; instead?: string },
): Promise<number> {
  const unchanged = of.instead === undefined ? sql`` : sql`and password_hash = ${of.instead}`;
  return tx.run(sql`
    update account set password_hash = ${of.passwordHash},
      password_changed_at = coalesce(${of.changedAt ?? null}::timestamptz, password_changed_at)
    where tenant_id = ${tx.tenantId} and id = ${of.accountId} and disabled_at is null ${unchanged}`);
}

/** From that day on these accounts have the role, those that do not have it already. */
export function grantMissing(
  tx: WriteTx,
  rows: readonly { id: string; accountId: string }[],
  of: { role: Role; from: Day },
): Promise<number> {
  return tx.run(sql`
    insert into role_grant (tenant_id, id, account_id, role, site_id, class_id, from_date, to_date)
    select ${tx.tenantId}, r.id, r."accountId", ${of.role}, null, null, ${of.from}::date, null
    from ${jsonRows(rows)} as r(id uuid, "accountId" uuid)
    where not exists (select 1 from role_grant g where g.tenant_id = ${tx.tenantId} and g.account_id = r."accountId"
      and g.role = ${of.role} and (g.to_date is null or g.to_date >= ${of.from}::date))`);
}
