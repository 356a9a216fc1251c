// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { OrderedDay } from "../rules/month.ts";

/** The frozen orders of several days in numbers, with the adults whom the school entered for the day. */
export function orderedOfDays(
  tx: ReadTx,
  of: { serviceId: string; siteIds: readonly string[]; from: Day; to: Day },
): Promise<OrderedDay[]> {
  const within = sql`service_id = ${of.serviceId}::uuid
    and site_id = any(${of.siteIds}::uuid[]) and date between ${of.from}::date and ${of.to}::date`;
  return tx.rows(sql`
    with line as (
      select site_id, date, sum(meals) filter (where meal <> 'staff') as children,
        sum(meals) filter (where meal = 'staff') as adults
      from frozen_order_line where tenant_id = ${tx.tenantId} and ${within} group by site_id, date),
    entered as (select site_id, date, meals from staff_meal where tenant_id = ${tx.tenantId} and ${within})
    select o.site_id as "siteId", o.date, coalesce(l.children, 0)::int as children,
      coalesce(l.adults, 0)::int as adults, e.meals as "adultsEntered"
    from (select site_id, date from frozen_order where tenant_id = ${tx.tenantId} and ${within}) o
    left join line l on l.site_id = o.site_id and l.date = o.date
    left join entered e on e.site_id = o.site_id and e.date = o.date`);
}
