// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** What a worklist entry is about: a meal that was served, or the fee of a period (its date: the first day). */
type Kind = "meal" | "fixed-fee";

export async function noteUnpriced(
  tx: WriteTx,
  of: { kind: Kind; serviceId: string; date: Day; at: Moment },
  rows: readonly { childId: string; siteId: string; reason: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into unpriced_meal (tenant_id, service_id, date, child_id, site_id, reason, noted_at, kind)
    select ${tx.tenantId}, ${of.serviceId}::uuid, ${of.date}::date, r."childId", r."siteId", r.reason,
      ${of.at}::timestamptz, ${of.kind}::text
    from ${jsonRows(rows)} as r("childId" uuid, "siteId" uuid, reason text)
    on conflict (tenant_id, service_id, date, child_id) do update
      set reason = excluded.reason, site_id = excluded.site_id, kind = excluded.kind, resolved_at = null`);
}

/** Days with a meal that was served and has no price. */
export async function unpricedDays(
  tx: ReadTx,
  of: { serviceId: string; from: Day; to: Day; childIds?: readonly string[] },
): Promise<Day[]> {
  const ofChildren =
    of.childIds === undefined ? sql`` : sql`and child_id = any(${of.childIds}::uuid[])`;
  const rows = await tx.rows<{ date: Day }>(sql`
    select distinct date from unpriced_meal
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date between ${of.from} and ${of.to}
      and kind = 'meal' and resolved_at is null ${ofChildren} order by date`);
  return rows.map(({ date }) => date);
}

/**
 * The worklist shrinks by itself: what got its charge, or is no longer due, is resolved. Of a whole service and day,
 * or of one site or some children if given.
 */
export function resolveUnpriced(
  tx: WriteTx,
  of: {
    kind: Kind;
    serviceId: string;
    date: Day;
    at: Moment;
    siteId?: string;
    childIds?: readonly string[];
  },
): Promise<number> {
  const inSite = of.siteId === undefined ? sql`` : sql`and u.site_id = ${of.siteId}`;
  const ofChildren =
    of.childIds === undefined ? sql`` : sql`and u.child_id = any(${of.childIds}::uuid[])`;
  return tx.run(sql`
    update unpriced_meal u set resolved_at = ${of.at}
    where u.tenant_id = ${tx.tenantId} and u.service_id = ${of.serviceId} and u.date = ${of.date}
      and u.kind = ${of.kind} and u.resolved_at is null ${inSite} ${ofChildren}`);
}

export interface Unpriced {
  kind: Kind;
  serviceId: string;
  date: Day;
  childId: string;
  siteId: string;
  reason: string;
}

export function openUnpriced(tx: ReadTx, limit: number): Promise<Unpriced[]> {
  return tx.rows<Unpriced>(sql`
    select kind, service_id as "serviceId", date, child_id as "childId", site_id as "siteId", reason
    from unpriced_meal where tenant_id = ${tx.tenantId} and resolved_at is null
    order by date, child_id limit ${limit}`);
}
