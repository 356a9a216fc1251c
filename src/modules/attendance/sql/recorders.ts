// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql } from "#kernel/db/index.ts";

/** In which role some children's days were corrected, by the instant the correction was recorded. */
export function correctionRoles(
  tx: ReadTx,
  of: readonly { childId: string; recordedAt: Moment }[],
): Promise<{ childId: string; recordedAt: Moment; role: string }[]> {
  return tx.rows(sql`
    select distinct a.child_id as "childId", a.at as "recordedAt", a.actor_role as role
    from ${jsonRows(of)} as r("childId" uuid, "recordedAt" timestamptz)
    join audit_entry a on a.tenant_id = ${tx.tenantId} and a.child_id = r."childId" and a.at = r."recordedAt"
    where a.action = 'attendance.correct'`);
}

/** The same for every correction of one child's day, by the instant it arrived. */
export function markRoles(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day },
): Promise<{ receivedAt: Moment; role: string }[]> {
  return tx.rows(sql`
    select m.received_at as "receivedAt", a.actor_role as role
    from attendance_mark m
    join audit_entry a on a.tenant_id = ${tx.tenantId} and a.child_id = m.child_id and a.at = m.recorded_at
    where m.tenant_id = ${tx.tenantId} and m.service_id = ${of.serviceId} and m.date = ${of.date}
      and m.child_id = ${of.childId} and m.phase = 'correction' and a.action = 'attendance.correct'`);
}
