// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";

export interface PaidIn {
  holderId: string;
  childId: string | null;
  serviceId: string | null;
  amountCents: bigint;
}

/**
 * What was paid into the family accounts of some holders, all in all: payments, transfers from a sibling, debts that
 * the town wrote off; less what went back out as a refund or to a sibling. What was taken back does not count.
 */
export function paymentsInto(tx: ReadTx, holderIds: readonly string[]): Promise<PaidIn[]> {
  return tx.rows<PaidIn>(sql`
    select a.holder_id as "holderId", a.child_id as "childId", a.service_id as "serviceId",
      sum(m.cents)::bigint as "amountCents"
    from ledger_account a
    cross join lateral (
      select t.id, t.amount_cents as cents from ledger_transfer t
      where t.tenant_id = a.tenant_id and t.credit_account_id = a.id and t.reverses_id is null
        and t.kind in ('credit', 'transfer', 'write-off')
      union all
      select t.id, -t.amount_cents from ledger_transfer t
      where t.tenant_id = a.tenant_id and t.debit_account_id = a.id and t.reverses_id is null
        and t.kind in ('refund', 'transfer')) m
    where a.tenant_id = ${tx.tenantId} and a.holder_id = any(${holderIds}::uuid[]) and a.kind = 'family'
      and not exists (select 1 from ledger_transfer r where r.tenant_id = a.tenant_id and r.reverses_id = m.id)
    group by a.tenant_id, a.holder_id, a.child_id, a.service_id`);
}
