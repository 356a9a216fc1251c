// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";
import { accountKey, type AccountRef } from "../rules/account-key.ts";
import { accountId } from "./accounts.ts";

/** Credits − debits of one account by what posted it: the first part of the idempotency keys (`pagopa-receipt`, …). */
export async function sumsByKey(tx: ReadTx, account: AccountRef): Promise<Map<string, bigint>> {
  const id = accountId(tx.tenantId, accountKey(account));
  const rows = await tx.rows<{ prefix: string; cents: bigint }>(sql`
    select split_part(m.key, ':', 1) as prefix, sum(m.cents)::bigint as cents from (
      select t.idempotency_key as key, t.amount_cents as cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.credit_account_id = ${id}
      union all
      select t.idempotency_key, -t.amount_cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.debit_account_id = ${id}) m
    group by 1`);
  return new Map(rows.map(({ prefix, cents }) => [prefix, cents]));
}
