// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** A child who ate and whom nobody could name. */
export interface UnknownWalkIn {
  id: string;
  serviceId: string;
  siteId: string;
  date: Day;
  description: string;
  recordedBy: string;
  recordedAt: Moment;
  childId: string | null;
}

export function unknownWalkIns(
  tx: ReadTx,
  of: { from: Day; to: Day; onlyOpen: boolean },
): Promise<UnknownWalkIn[]> {
  const open = of.onlyOpen ? sql`and resolved_at is null` : sql``;
  return tx.rows<UnknownWalkIn>(sql`
    select id, service_id as "serviceId", site_id as "siteId", date, description, recorded_by as "recordedBy",
      recorded_at as "recordedAt", child_id as "childId"
    from unknown_walk_in where tenant_id = ${tx.tenantId} and date between ${of.from} and ${of.to} ${open}
    order by date, recorded_at, id`);
}

/** Its id comes from the form's key. */
export async function isUnknownWalkInWritten(tx: ReadTx, id: string): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (select 1 from unknown_walk_in where tenant_id = ${tx.tenantId} and id = ${id}) as found`);
  return found;
}

/** Was this very word about a child written already? Its id comes from the form's key. */
export async function isMarkWritten(tx: ReadTx, id: string): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (select 1 from attendance_mark where tenant_id = ${tx.tenantId} and id = ${id}) as found`);
  return found;
}

export async function insertUnknownWalkIns(
  tx: WriteTx,
  rows: readonly Omit<UnknownWalkIn, "childId">[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into unknown_walk_in (tenant_id, id, service_id, site_id, date, description, recorded_by, recorded_at)
    select ${tx.tenantId}, r.id, r."serviceId", r."siteId", r.date, r.description, r."recordedBy", r."recordedAt"
    from ${jsonRows(rows)} as r(id uuid, "serviceId" uuid, "siteId" uuid, date date, description text,
      "recordedBy" text, "recordedAt" timestamptz)
    on conflict do nothing`);
}

export function resolveUnknownWalkIn(
  tx: WriteTx,
  of: { id: string; childId: string | null; by: string; at: Moment },
): Promise<{ serviceId: string; siteId: string; date: Day } | undefined> {
  return tx.maybe(sql`
    update unknown_walk_in set child_id = ${of.childId}, resolved_by = ${of.by}, resolved_at = ${of.at}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and resolved_at is null
    returning service_id as "serviceId", site_id as "siteId", date`);
}
