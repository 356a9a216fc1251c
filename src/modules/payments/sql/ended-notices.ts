// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { sql, type WriteTx } from "#kernel/db/index.ts";

/**
 * Open notices that cannot be paid any more: their last day is past, or they are top-ups without one, made before
 * `madeBefore`. Not those that somebody began to pay after `begunAfter`. Locked; what others hold waits for next time.
 */
export async function endedNotices(
  tx: WriteTx,
  of: { today: Day; madeBefore: Moment; begunAfter: Moment; limit: number },
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select n.id from payment_notice n
    join debt_position p on p.tenant_id = n.tenant_id and p.id = n.position_id
    where n.tenant_id = ${tx.tenantId} and n.state = 'issued'
      and ((n.due_on < ${of.today} and not n.payable_after_due)
        or (n.due_on is null and p.kind = 'top-up' and n.issued_at < ${of.madeBefore}))
      and not exists (select from payment_notice_event e
        where e.tenant_id = n.tenant_id and e.notice_id = n.id and e.kind in ('cart', 'asked')
          and e.at > ${of.begunAfter})
    order by n.id limit ${of.limit} for update of n skip locked`);
  return rows.map(({ id }) => id);
}
