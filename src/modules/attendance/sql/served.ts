// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";

/**
 * Children who ate, by site and day: of closed days only, without names. Whoever was served and never named counts; an
 * absence that is to be paid does not.
 */
export function servedOfDays(
  tx: ReadTx,
  of: { serviceId: string; siteIds: readonly string[]; from: Day; to: Day },
): Promise<{ siteId: string; date: Day; served: number }[]> {
  const within = sql`service_id = ${of.serviceId}::uuid
    and site_id = any(${of.siteIds}::uuid[]) and date between ${of.from}::date and ${of.to}::date`;
  return tx.rows(sql`
    with named as (
      select site_id, date, count(*)::int as children from attendance
      where tenant_id = ${tx.tenantId} and ${within} and status = 'present' group by site_id, date),
    unnamed as (
      select site_id, date, count(*)::int as children from unknown_walk_in
      where tenant_id = ${tx.tenantId} and ${within} and child_id is null group by site_id, date)
    select d.site_id as "siteId", d.date, coalesce(n.children, 0) + coalesce(u.children, 0) as served
    from (select site_id, date from service_day where tenant_id = ${tx.tenantId} and ${within} and state = 'closed') d
    left join named n on n.site_id = d.site_id and n.date = d.date
    left join unnamed u on u.site_id = d.site_id and u.date = d.date`);
}
