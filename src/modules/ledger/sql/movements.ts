// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { LedgerMovement } from "../rules/year-payments.ts";
import { familyAccountsOf, type FamilyAccountQuery } from "./balances.ts";

/** Every movement of a holder's accounts, the oldest first: some thousands in a school career. */
export async function movementsOf(tx: ReadTx, of: FamilyAccountQuery): Promise<LedgerMovement[]> {
  const accounts = new Map((await familyAccountsOf(tx, of)).map((one) => [one.id, one]));
  const ids = [...accounts.keys()];
  const rows = await tx.rows<Omit<LedgerMovement, "childId" | "serviceId"> & { accountId: string }>(
    sql`
    select m.id as "transferId", m.account_id as "accountId", m.signed as "amountCents",
      m.happened_on as "happenedOn", m.kind, m.idempotency_key as key, m.reference, m.reverses_id as "reversesId",
      (select u.id from ledger_transfer u where u.tenant_id = ${tx.tenantId} and u.reverses_id = m.id)
        as "reversedById"
    from (
      select t.*, t.credit_account_id as account_id, t.amount_cents as signed from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.credit_account_id = any(${ids}::uuid[])
      union all
      select t.*, t.debit_account_id, -t.amount_cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.debit_account_id = any(${ids}::uuid[])) m
    order by m.happened_on, m.recorded_at, m.id, m.signed`,
  );
  return rows.map(({ accountId, ...row }) => ({
    ...row,
    childId: accounts.get(accountId)?.childId ?? null,
    serviceId: accounts.get(accountId)?.serviceId ?? null,
  }));
}
