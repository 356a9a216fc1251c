// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";

/** When the payments behind some receipts, or behind some decided cases, were made; ids are unique over both. */
export function paidMoments(
  tx: ReadTx,
  ids: readonly string[],
): Promise<{ id: string; paidAt: Moment; traceable: boolean }[]> {
  return tx.rows(sql`
    select r.id, r.paid_at as "paidAt", r.traceable from payment_receipt r
    where r.tenant_id = ${tx.tenantId} and r.id = any(${ids}::uuid[])
    union all
    select c.id, r.paid_at, r.traceable from payment_case c
    join payment_receipt r on r.tenant_id = c.tenant_id and r.id = c.receipt_id
    where c.tenant_id = ${tx.tenantId} and c.id = any(${ids}::uuid[])`);
}
