// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface OpenAbsence {
  id: string;
  childId: string;
  from: Day;
  to: Day | null;
  lastReminderOn: Day | null;
}

/** Absences without an end that have begun before `today`. */
export function openAbsences(
  tx: ReadTx,
  of: { serviceId: string; today: Day },
): Promise<OpenAbsence[]> {
  return tx.rows<OpenAbsence>(sql`
    select id, child_id as "childId", from_date as "from", to_date as "to",
      last_reminder_on as "lastReminderOn"
    from absence_period where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and to_date is null and from_date < ${of.today}
    order by from_date, id`);
}

export function markReminded(tx: WriteTx, ids: readonly string[], today: Day): Promise<number> {
  return tx.run(sql`
    update absence_period set last_reminder_on = ${today}
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])`);
}
