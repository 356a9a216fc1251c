// SPDX-License-Identifier: EUPL-1.2
/** What closing reads and writes of a site's day. */
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { type AttendanceRow, attendanceRows, COLUMNS } from "./attendance.ts";

/** Has anybody's attendance been written down at that site and day, presumed or reported? */
export async function isAttendanceRecorded(
  tx: ReadTx,
  of: { serviceId: string; siteId: string; date: Day },
): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (select 1 from attendance where tenant_id = ${tx.tenantId}
      and service_id = ${of.serviceId} and site_id = ${of.siteId} and date = ${of.date}) as found`);
  return found;
}

/** Writes down the children of whom nothing is known yet that day; returns how many. */
export async function insertPresumed(
  tx: WriteTx,
  of: { serviceId: string; date: Day },
  rows: readonly AttendanceRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  return tx.run(sql`
    insert into attendance (tenant_id, service_id, date, child_id, site_id, class_id, status, walk_in, plain,
      billable, source, recorded_by, recorded_at)
    select ${tx.tenantId}, ${of.serviceId}::uuid, ${of.date}::date, r."childId", r."siteId", r."classId", r.status,
      r."walkIn", r.plain, r.billable, r.source, r."recordedBy", r."recordedAt"
    from ${attendanceRows(rows)}
    on conflict (tenant_id, child_id, date, service_id) do nothing`);
}

/** Before a day is closed again: what was presumed then may have changed since. */
export function deletePresumed(
  tx: WriteTx,
  of: { serviceId: string; siteId: string; date: Day },
): Promise<number> {
  return tx.run(sql`
    delete from attendance where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and site_id = ${of.siteId} and date = ${of.date} and source = 'presumed'`);
}

/** Does this very closing still run? If so it cannot end before the transaction does. */
export async function holdClosing(
  tx: WriteTx,
  of: { serviceId: string; siteId: string; date: Day; closingNumber: number },
): Promise<boolean> {
  const held = await tx.maybe(sql`
    select 1 as held from service_day where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and site_id = ${of.siteId} and date = ${of.date} and state = 'closing'
      and closing_number = ${of.closingNumber} for share`);
  return held !== undefined;
}

/** Until the transaction ends nobody opens one of these days, closes it or corrects who was there. */
export async function holdServiceDays(
  tx: WriteTx,
  of: { serviceId: string; from: Day; to: Day },
): Promise<void> {
  await tx.rows(sql`
    select 1 as held from service_day where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and date between ${of.from} and ${of.to} order by date, site_id for share`);
}

/** How many meals of a site's day are to be paid. */
export async function countBillable(
  tx: ReadTx,
  of: { serviceId: string; siteId: string; date: Day },
): Promise<number> {
  const { meals } = await tx.one<{ meals: number }>(sql`
    select count(*)::int as meals from attendance where tenant_id = ${tx.tenantId}
      and service_id = ${of.serviceId} and site_id = ${of.siteId} and date = ${of.date} and billable`);
  return meals;
}

/** Meals to be paid at one site and day, by child, in pages: memory stays flat however large the school. */
export function billableMeals(
  tx: ReadTx,
  of: { serviceId: string; siteId: string; date: Day; after: string | null; limit: number },
): Promise<AttendanceRow[]> {
  return tx.rows<AttendanceRow>(sql`
    select ${COLUMNS} from attendance
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and site_id = ${of.siteId}
      and date = ${of.date} and billable and (${of.after}::uuid is null or child_id > ${of.after})
    order by child_id limit ${of.limit}`);
}
