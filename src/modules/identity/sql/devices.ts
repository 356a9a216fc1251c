// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { StaffGrant } from "./staff-accounts.ts";

export interface Device {
  id: string;
  accountId: string;
  name: string;
  madeAt: Moment;
  madeBy: string;
  /** somebody opened its link on the device itself */
  enrolledAt: Moment | null;
  revokedAt: Moment | null;
  revokedBy: string | null;
  lastSeenAt: Moment | null;
  grants: StaffGrant[];
}

/** Tablets and screens of the town, those in use first; one, or that of an account. */
export function devices(
  tx: ReadTx,
  of: { date: Day; id?: string; accountId?: string },
): Promise<Device[]> {
  const one = of.id === undefined ? sql`` : sql`and d.id = ${of.id}`;
  const ofAccount = of.accountId === undefined ? sql`` : sql`and d.account_id = ${of.accountId}`;
  return tx.rows<Device>(sql`
    select d.id, d.account_id as "accountId", d.name, d.made_at as "madeAt", d.made_by as "madeBy",
      d.enrolled_at as "enrolledAt", d.revoked_at as "revokedAt", d.revoked_by as "revokedBy",
      (select max(s.last_seen_at) from session s where s.tenant_id = d.tenant_id and s.account_id = d.account_id)
        as "lastSeenAt",
      coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'role', g.role, 'siteId', g.site_id,
          'classId', g.class_id, 'lineId', g.line_id, 'from', g.from_date, 'to', g.to_date) order by g.id)
        from role_grant g where g.tenant_id = d.tenant_id and g.account_id = d.account_id
          and (g.to_date is null or g.to_date >= ${of.date}::date)), '[]') as grants
    from device d where d.tenant_id = ${tx.tenantId} ${one} ${ofAccount}
    order by d.revoked_at is not null, d.name, d.id`);
}

export function insertDevice(
  tx: WriteTx,
  row: { id: string; accountId: string; name: string; at: Moment; by: string },
): Promise<number> {
  return tx.run(sql`
    insert into device (tenant_id, id, account_id, name, made_at, made_by)
    values (${tx.tenantId}, ${row.id}, ${row.accountId}, ${row.name}, ${row.at}, ${row.by})`);
}

export function markEnrolled(tx: WriteTx, of: { accountId: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update device set enrolled_at = ${of.at}
    where tenant_id = ${tx.tenantId} and account_id = ${of.accountId} and revoked_at is null`);
}

/** How many it revoked: none, if it was already. */
export function markRevoked(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string },
): Promise<number> {
  return tx.run(sql`
    update device set revoked_at = ${of.at}, revoked_by = ${of.by}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and revoked_at is null`);
}
