// SPDX-License-Identifier: EUPL-1.2
import type { Role } from "#kernel/actor.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";

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
    insert into role_grant (tenant_id, id, account_id, role, site_id, class_id, from_date, to_date)
    select ${tx.tenantId}, r.id, r."accountId", r.role, r."siteId", r."classId", r."from", r."to"
    from ${jsonRows(rows)} as r(id uuid, "accountId" uuid, role text, "siteId" uuid, "classId" uuid, "from" date,
      "to" date)
    on conflict (tenant_id, id) do nothing`);
}

export function accountForLogin(
  tx: ReadTx,
  username: string,
): Promise<(Account & { passwordHash: string | null }) | undefined> {
  return tx.maybe(sql`
    select ${COLUMNS}, a.password_hash as "passwordHash" from account a
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

export async function recentFailures(
  tx: ReadTx,
  of: { usernameHash: string; since: Moment },
): Promise<Moment[]> {
  const rows = await tx.rows<{ at: Moment; succeeded: boolean }>(sql`
    select at, succeeded from login_attempt
    where tenant_id = ${tx.tenantId} and username_hash = ${of.usernameHash} and at > ${of.since} order by at`);
  const lastSuccess = rows.findLastIndex(({ succeeded }) => succeeded);
  return rows.slice(lastSuccess + 1).map(({ at }) => at);
}

export function insertAttempt(
  tx: WriteTx,
  row: { id: string; usernameHash: string; originHash: string; at: Moment; succeeded: boolean },
): Promise<number> {
  return tx.run(sql`
    insert into login_attempt (tenant_id, id, username_hash, origin_hash, at, succeeded)
    values (${tx.tenantId}, ${row.id}, ${row.usernameHash}, ${row.originHash}, ${row.at}, ${row.succeeded})`);
}

export interface SessionRow {
  accountId: string;
  displayName: string;
  createdAt: Moment;
  lastSeenAt: Moment;
  expiresAt: Moment;
  deskHolderId: string | null;
  deskReason: string | null;
  grants: { role: Role; siteId: string | null; classId: string | null }[];
}

export function insertSession(
  tx: WriteTx,
  row: { tokenHash: string; accountId: string; at: Moment; expiresAt: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into session (tenant_id, token_hash, id, account_id, created_at, last_seen_at, expires_at)
    values (${tx.tenantId}, ${row.tokenHash}, ${newId()}, ${row.accountId}, ${row.at}, ${row.at}, ${row.expiresAt})`);
}

/** A live session with its account and the roles in force on the day. */
export function sessionByToken(
  tx: ReadTx,
  of: { tokenHash: string; now: Moment; idleSince: Moment; today: Day },
): Promise<SessionRow | undefined> {
  return tx.maybe<SessionRow>(sql`
    select s.account_id as "accountId", a.display_name as "displayName", s.created_at as "createdAt",
      s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.desk_holder_id as "deskHolderId",
      s.desk_reason as "deskReason",
      coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'siteId', g.site_id, 'classId', g.class_id))
        from role_grant g where g.tenant_id = s.tenant_id and g.account_id = s.account_id
          and g.from_date <= ${of.today} and (g.to_date is null or g.to_date >= ${of.today})), '[]') as grants
    from session s join account a on a.tenant_id = s.tenant_id and a.id = s.account_id
    where s.tenant_id = ${tx.tenantId} and s.token_hash = ${of.tokenHash} and s.ended_at is null
      and s.expires_at > ${of.now} and s.last_seen_at > ${of.idleSince} and a.disabled_at is null`);
}

/**
 * Whose session this was, expired or not; one that the person ended counts no more (D1), nor one with a desk open: a
 * new session begins without it, and the same form would be about another family.
 */
export async function accountOfSession(tx: ReadTx, tokenHash: string): Promise<string | undefined> {
  const row = await tx.maybe<{ accountId: string }>(sql`
    select account_id as "accountId" from session
    where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash} and ended_at is null
      and desk_holder_id is null`);
  return row?.accountId;
}

export function touchSession(tx: WriteTx, of: { tokenHash: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update session set last_seen_at = ${of.at}
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash}`);
}

export function endSessionRow(tx: WriteTx, of: { tokenHash: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update session set ended_at = ${of.at}
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash} and ended_at is null`);
}

/** Opens or closes (`null`) the desk on a family for this session only. */
export function setDesk(
  tx: WriteTx,
  of: { tokenHash: string; holderId: string | null; reason: string | null; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update session set desk_holder_id = ${of.holderId}, desk_reason = ${of.reason}, desk_opened_at = ${of.at}
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash}`);
}
