// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";

export interface LedgerViolation {
  rule:
    | "account-missing"
    | "account-key"
    | "sum-not-zero"
    | "reversal-unknown"
    | "reversal-mismatch"
    | "reversal-of-reversal"
    | "reversed-twice";
  /** transfer or account id, or the sum */
  subject: string;
}

/**
 * The ledger's invariants, computed anew from its rows although the schema enforces most of them: run at the
 * close of a day, by `campanella check`, and in tests. Empty = sound. At most 100 rows per rule.
 */
export function checkLedger(tx: ReadTx): Promise<LedgerViolation[]> {
  const reversal = sql`from ledger_transfer r join ledger_transfer t on t.tenant_id = r.tenant_id
    and t.id = r.reverses_id where r.tenant_id = ${tx.tenantId}`;
  return tx.rows<LedgerViolation>(sql`
    (select 'account-missing' as rule, t.id::text as subject from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and (
        not exists (select 1 from ledger_account a where a.tenant_id = ${tx.tenantId} and a.id = t.debit_account_id)
        or not exists (select 1 from ledger_account a where a.tenant_id = ${tx.tenantId} and a.id = t.credit_account_id))
      limit 100)
    union all
    (select 'account-key', a.id::text from ledger_account a
      where a.tenant_id = ${tx.tenantId} and a.key <> case a.kind
        when 'family' then 'family:' || a.holder_id || ':' || coalesce(a.child_id::text, '-') || ':'
          || coalesce(a.service_id::text, '-')
        when 'revenue' then 'revenue:' || a.service_id
        else a.kind end
      limit 100)
    union all
    (select 'sum-not-zero', sum(b.cents)::text from (
        select sum(t.amount_cents) as cents from ledger_transfer t
          join ledger_account a on a.tenant_id = t.tenant_id and a.id = t.credit_account_id
          where t.tenant_id = ${tx.tenantId}
        union all
        select -sum(t.amount_cents) from ledger_transfer t
          join ledger_account a on a.tenant_id = t.tenant_id and a.id = t.debit_account_id
          where t.tenant_id = ${tx.tenantId}) b
      having sum(b.cents) <> 0)
    union all
    (select 'reversal-unknown', r.id::text from ledger_transfer r
      where r.tenant_id = ${tx.tenantId} and r.reverses_id is not null and not exists (
        select 1 from ledger_transfer t where t.tenant_id = ${tx.tenantId} and t.id = r.reverses_id)
      limit 100)
    union all
    (select 'reversal-mismatch', r.id::text ${reversal}
      and (r.amount_cents, r.debit_account_id, r.credit_account_id)
        <> (t.amount_cents, t.credit_account_id, t.debit_account_id)
      limit 100)
    union all
    (select 'reversal-of-reversal', r.id::text ${reversal} and t.reverses_id is not null limit 100)
    union all
    (select 'reversed-twice', r.reverses_id::text from ledger_transfer r
      where r.tenant_id = ${tx.tenantId} and r.reverses_id is not null
      group by r.reverses_id having count(*) > 1 limit 100)`);
}
