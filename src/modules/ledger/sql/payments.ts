// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";

export interface PaidIn {
  holderId: string;
  childId: string | null;
  serviceId: string | null;
  amountCents: bigint;
}

/** What was paid into the family accounts of some holders, all in all; payments that were taken back do not count. */
export function paymentsInto(tx: ReadTx, holderIds: readonly string[]): Promise<PaidIn[]> {
  return tx.rows<PaidIn>(sql`
    select a.holder_id as "holderId", a.child_id as "childId", a.service_id as "serviceId",
      sum(t.amount_cents)::bigint as "amountCents"
    from ledger_account a
    join ledger_transfer t on t.tenant_id = a.tenant_id and t.credit_account_id = a.id and t.kind = 'credit'
    where a.tenant_id = ${tx.tenantId} and a.holder_id = any(${holderIds}::uuid[]) and a.kind = 'family'
      and not exists (select 1 from ledger_transfer r where r.tenant_id = t.tenant_id and r.reverses_id = t.id)
    group by a.tenant_id, a.holder_id, a.child_id, a.service_id`);
}
