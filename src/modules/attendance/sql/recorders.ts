// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";

/** When the marks of one child's day arrived, and when they were written down. */
export function markTimes(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day },
): Promise<{ receivedAt: Moment; recordedAt: Moment }[]> {
  return tx.rows(sql`
    select received_at as "receivedAt", recorded_at as "recordedAt"
    from attendance_mark where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and date = ${of.date} and child_id = ${of.childId}`);
}
