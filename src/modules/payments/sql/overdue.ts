// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";

const PAID = sql`('paid', 'reported', 'settled', 'paid-elsewhere')`;

/**
 * Notices of debts whose day is past, that nobody paid and that can still be paid; with the latest receipt that names
 * them. Of a position with instalments only the instalments: who may pay later is not late with the whole.
 */
export function overdueRows(
  tx: ReadTx,
  today: Day,
): Promise<{ id: string; receiptAt: Moment | null }[]> {
  return tx.rows<{ id: string; receiptAt: Moment | null }>(sql`
    select n.id, (select max(r.stored_at) from payment_receipt r
      where r.tenant_id = n.tenant_id and r.notice_id = n.id) as "receiptAt"
    from payment_notice n join debt_position p on p.tenant_id = n.tenant_id and p.id = n.position_id
    where n.tenant_id = ${tx.tenantId} and n.state = 'issued' and n.payable_after_due and n.due_on < ${today}
      and p.kind in ('bill', 'fixed-fee', 'old-debt')
      and not exists (select from payment_notice s
        where s.tenant_id = n.tenant_id and s.position_id = n.position_id and s.id <> n.id
          and (case when n.instalment is null then s.state = 'issued' or s.state in ${PAID}
            else s.instalment is null and s.state in ${PAID} end))
    order by n.due_on, n.id`);
}
