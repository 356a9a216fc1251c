// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

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

export function insertUnknownWalkIn(
  tx: WriteTx,
  row: Omit<UnknownWalkIn, "childId">,
): Promise<number> {
  return tx.run(sql`
    insert into unknown_walk_in (tenant_id, id, service_id, site_id, date, description, recorded_by, recorded_at)
    values (${tx.tenantId}, ${row.id}, ${row.serviceId}, ${row.siteId}, ${row.date}, ${row.description},
      ${row.recordedBy}, ${row.recordedAt}) on conflict do nothing`);
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
