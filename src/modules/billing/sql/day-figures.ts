// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";

export interface DayFigures {
  siteId: string;
  date: Day;
  charged: number;
  exempt: number;
  unpriced: number;
  totalCents: Cents;
}

/** The closing invariant's right-hand side for every site and day of a span, in one statement. */
export function figuresOfDays(
  tx: ReadTx,
  of: { serviceId: string; from: Day; to: Day },
): Promise<DayFigures[]> {
  return tx.rows<DayFigures>(sql`
    with meal as (
      select c.site_id, c.date, c.child_id, sum(c.amount_cents)::bigint as cents from charge c
      where c.tenant_id = ${tx.tenantId} and c.service_id = ${of.serviceId}
        and c.date between ${of.from} and ${of.to} and c.kind = 'meal'
        and not exists (select 1 from charge r where r.tenant_id = c.tenant_id and r.reverses_id = c.id)
      group by c.site_id, c.date, c.child_id),
    priced as (
      select site_id, date, (count(*) filter (where cents > 0))::int as charged,
        (count(*) filter (where cents = 0))::int as exempt, sum(cents)::bigint as cents
      from meal group by site_id, date),
    open as (
      select u.site_id, u.date, count(*)::int as unpriced from unpriced_meal u
      where u.tenant_id = ${tx.tenantId} and u.service_id = ${of.serviceId}
        and u.date between ${of.from} and ${of.to} and u.kind = 'meal' and u.resolved_at is null
      group by u.site_id, u.date)
    select coalesce(p.site_id, o.site_id) as "siteId", coalesce(p.date, o.date) as date,
      coalesce(p.charged, 0) as charged, coalesce(p.exempt, 0) as exempt, coalesce(o.unpriced, 0) as unpriced,
      coalesce(p.cents, 0)::bigint as "totalCents"
    from priced p full join open o on o.site_id = p.site_id and o.date = p.date`);
}
