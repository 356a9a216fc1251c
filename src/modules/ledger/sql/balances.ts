// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import { type AccountRef, accountKey, type FamilyAccount } from "../rules/account-key.ts";
import { accountId } from "./accounts.ts";

export interface Balance {
  holderId: string;
  childId: string | null;
  serviceId: string | null;
  /** credits − debits: positive = credit, negative = owed */
  balanceCents: bigint;
}

const upTo = (until: Day | undefined) =>
  until === undefined ? sql`` : sql`and t.happened_on <= ${until}`;

/**
 * Sums account by account along the two indexes, whatever the planner knows: the embedded database gathers no
 * statistics by itself, and a join over all transfers then takes a hundred times as long.
 */
function familyBalances(tx: ReadTx, until?: Day) {
  return sql`
    select a.holder_id as "holderId", a.child_id as "childId", a.service_id as "serviceId", a.id, a.key,
      (coalesce(c.cents, 0) - coalesce(d.cents, 0))::bigint as "balanceCents"
    from ledger_account a
    cross join lateral (select sum(t.amount_cents) as cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.credit_account_id = a.id ${upTo(until)}) c
    cross join lateral (select sum(t.amount_cents) as cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.debit_account_id = a.id ${upTo(until)}) d
    where a.tenant_id = ${tx.tenantId} and a.kind = 'family'`;
}

/**
 * Balances of the family accounts of one holder, or of the given ones; `until` = at the end of that day. An
 * account that was never used is absent.
 */
export function balances(
  tx: ReadTx,
  of: ({ holderId: string } | { accounts: readonly FamilyAccount[] }) & { until?: Day | undefined },
): Promise<Balance[]> {
  const which =
    "holderId" in of
      ? sql`b."holderId" = ${of.holderId}`
      : sql`b.id = any(${of.accounts.map((one) => accountId(tx.tenantId, accountKey(one)))}::uuid[])`;
  return tx.rows<Balance>(sql`
    select b."holderId", b."childId", b."serviceId", b."balanceCents"
    from (${familyBalances(tx, of.until)}) b
    where ${which} order by b.key`);
}

/** Credits − debits of any one account; 0 when it was never used. */
export async function balanceOf(tx: ReadTx, account: AccountRef): Promise<bigint> {
  const id = accountId(tx.tenantId, accountKey(account));
  const { cents } = await tx.one<{ cents: bigint }>(sql`
    select (coalesce((select sum(t.amount_cents) from ledger_transfer t
        where t.tenant_id = ${tx.tenantId} and t.credit_account_id = ${id}), 0)
      - coalesce((select sum(t.amount_cents) from ledger_transfer t
        where t.tenant_id = ${tx.tenantId} and t.debit_account_id = ${id}), 0))::bigint as cents`);
  return cents;
}

/** The family accounts below zero, the lowest first: the office's list. */
export function negativeBalances(tx: ReadTx, limit = 1000): Promise<Balance[]> {
  return tx.rows<Balance>(sql`
    select b."holderId", b."childId", b."serviceId", b."balanceCents"
    from (${familyBalances(tx)}) b
    where b."balanceCents" < 0
    order by b."balanceCents", b.key
    limit ${limit}`);
}
