// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { lineKey, type OrderLine } from "../rules/order.ts";

export interface FrozenOrder {
  siteId: string;
  frozenAt: Moment;
  frozenBy: string;
}

export function frozenOrders(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<FrozenOrder[]> {
  return tx.rows<FrozenOrder>(sql`
    select site_id as "siteId", frozen_at as "frozenAt", frozen_by as "frozenBy" from frozen_order
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date}`);
}

export function frozenLines(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<OrderLine[]> {
  return tx.rows<OrderLine>(sql`
    select site_id as "siteId", class_id as "classId", meal, diet_code as "dietCode", meals
    from frozen_order_line
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date} order by line_key`);
}

/** Freezes sites that nobody froze before; returns how many. */
export async function insertFrozenOrders(
  tx: WriteTx,
  of: { serviceId: string; date: Day; frozenAt: Moment; frozenBy: string },
  orders: readonly { siteId: string; lines: readonly OrderLine[] }[],
): Promise<number> {
  if (orders.length === 0) return 0;
  const frozen = await tx.rows<{ siteId: string }>(sql`
    insert into frozen_order (tenant_id, service_id, site_id, date, frozen_at, frozen_by)
    select ${tx.tenantId}, ${of.serviceId}::uuid, r."siteId", ${of.date}::date, ${of.frozenAt}::timestamptz,
      ${of.frozenBy}::text
    from ${jsonRows(orders.map(({ siteId }) => ({ siteId })))} as r("siteId" uuid)
    on conflict do nothing returning site_id as "siteId"`);
  const now = new Set(frozen.map(({ siteId }) => siteId));
  const lines = orders.flatMap((order) => (now.has(order.siteId) ? order.lines : []));
  await tx.run(sql`
    insert into frozen_order_line (tenant_id, service_id, site_id, date, line_key, class_id, meal, diet_code, meals)
    select ${tx.tenantId}, ${of.serviceId}::uuid, r."siteId", ${of.date}::date, r.key, r."classId", r.meal,
      r."dietCode", r.meals
    from ${jsonRows(lines.map((line) => ({ ...line, key: lineKey(line) })))} as r(key text, "siteId" uuid,
      "classId" uuid, meal text, "dietCode" text, meals integer)`);
  return frozen.length;
}

export interface StaffMeals {
  siteId: string;
  meals: number;
  /** entered for the day, not the pattern of its weekday */
  entered: boolean;
  recordedAt: Moment | null;
}

/** Adults who eat at each site on a day: what was entered for the day, otherwise the pattern of its weekday. */
export function staffMealsOn(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<StaffMeals[]> {
  const bit = 1 << (of.date.dayOfWeek - 1);
  return tx.rows(sql`
    with pattern as (
      select site_id, sum(meals)::int as meals from staff_meal_pattern
      where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and weekdays & ${bit}::int <> 0
        and from_date <= ${of.date} and (to_date is null or to_date >= ${of.date})
      group by site_id),
    entered as (
      select site_id, meals, recorded_at from staff_meal
      where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date})
    select coalesce(e.site_id, p.site_id) as "siteId", coalesce(e.meals, p.meals) as meals,
      e.site_id is not null as entered, e.recorded_at as "recordedAt"
    from pattern p full join entered e on e.site_id = p.site_id`);
}

export function putStaffMeals(
  tx: WriteTx,
  row: { serviceId: string; siteId: string; date: Day; meals: number; by: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into staff_meal (tenant_id, service_id, site_id, date, meals, recorded_by, recorded_at)
    values (${tx.tenantId}, ${row.serviceId}, ${row.siteId}, ${row.date}, ${row.meals}, ${row.by}, ${row.at})
    on conflict (tenant_id, service_id, site_id, date) do update
      set meals = excluded.meals, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at`);
}

export function putStaffMealPatterns(
  tx: WriteTx,
  rows: readonly {
    id: string;
    serviceId: string;
    siteId: string;
    weekdays: number;
    meals: number;
    from: Day;
    to: Day | null;
  }[],
): Promise<number> {
  return tx.run(sql`
    insert into staff_meal_pattern (tenant_id, id, service_id, site_id, weekdays, meals, from_date, to_date)
    select ${tx.tenantId}, r.id, r."serviceId", r."siteId", r.weekdays, r.meals, r."from", r."to"
    from ${jsonRows(rows)} as r(id uuid, "serviceId" uuid, "siteId" uuid, weekdays smallint, meals integer,
      "from" date, "to" date)
    on conflict (tenant_id, id) do update set weekdays = excluded.weekdays, meals = excluded.meals,
      to_date = excluded.to_date`);
}

export interface Acknowledgement {
  digest: string;
  acknowledgedBy: string;
  acknowledgedAt: Moment;
}

export function acknowledgementsOn(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<Acknowledgement[]> {
  return tx.rows<Acknowledgement>(sql`
    select digest, acknowledged_by as "acknowledgedBy", acknowledged_at as "acknowledgedAt"
    from difference_acknowledgement
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date}
    order by acknowledged_at`);
}

export function insertAcknowledgement(
  tx: WriteTx,
  row: Acknowledgement & { id: string; serviceId: string; date: Day },
): Promise<number> {
  return tx.run(sql`
    insert into difference_acknowledgement
      (tenant_id, id, service_id, date, digest, acknowledged_by, acknowledged_at)
    values (${tx.tenantId}, ${row.id}, ${row.serviceId}, ${row.date}, ${row.digest}, ${row.acknowledgedBy},
      ${row.acknowledgedAt})`);
}
