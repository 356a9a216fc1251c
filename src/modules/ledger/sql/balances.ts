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

/** Which family accounts: a holder's, of one child or service if said. Unused ones do not exist. */
export interface FamilyAccountQuery {
  holderId: string;
  childId?: string | undefined;
  serviceId?: string | undefined;
}

export interface FamilyAccountRow {
  id: string;
  holderId: string;
  childId: string | null;
  serviceId: string | null;
}

const accountColumns = sql`a.id, a.holder_id as "holderId", a.child_id as "childId",
  a.service_id as "serviceId"`;

export function familyAccountsOf(
  tx: ReadTx,
  { holderId, childId, serviceId }: FamilyAccountQuery,
): Promise<FamilyAccountRow[]> {
  const ofChild = childId === undefined ? sql`` : sql`and a.child_id = ${childId}`;
  const ofService = serviceId === undefined ? sql`` : sql`and a.service_id = ${serviceId}`;
  return tx.rows<FamilyAccountRow>(sql`
    select ${accountColumns} from ledger_account a
    where a.tenant_id = ${tx.tenantId} and a.kind = 'family' and a.holder_id = ${holderId}
      ${ofChild} ${ofService}
    order by a.key`);
}

function familyAccountsById(tx: ReadTx, ids: readonly string[]): Promise<FamilyAccountRow[]> {
  return tx.rows<FamilyAccountRow>(sql`
    select ${accountColumns} from ledger_account a
    where a.tenant_id = ${tx.tenantId} and a.kind = 'family' and a.id = any(${ids}::uuid[])
    order by a.key`);
}

/**
 * Account id → credits − debits. The ids are constants of the statement, not a join: revenue accounts hold
 * most rows, so a join's average says nothing about a family's account and may read the whole ledger.
 */
async function sumsOf(
  tx: ReadTx,
  ids: readonly string[],
  until: Day | undefined,
): Promise<Map<string, bigint>> {
  const rows = await tx.rows<{ id: string; cents: bigint }>(sql`
    select m.id, sum(m.cents)::bigint as cents from (
      select t.credit_account_id as id, t.amount_cents as cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.credit_account_id = any(${ids}::uuid[]) ${upTo(until)}
      union all
      select t.debit_account_id, -t.amount_cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId} and t.debit_account_id = any(${ids}::uuid[]) ${upTo(until)}) m
    group by m.id`);
  return new Map(rows.map(({ id, cents }) => [id, cents]));
}

const toBalance = (
  { holderId, childId, serviceId }: FamilyAccountRow,
  balanceCents: bigint,
): Balance => ({ holderId, childId, serviceId, balanceCents });

/**
 * Balances of the family accounts of one holder, or of the given ones; `until` = at the end of that day. An
 * account that was never used is absent.
 */
export async function balances(
  tx: ReadTx,
  of: ({ holderId: string } | { accounts: readonly FamilyAccount[] }) & { until?: Day | undefined },
): Promise<Balance[]> {
  const accounts =
    "holderId" in of
      ? await familyAccountsOf(tx, { holderId: of.holderId })
      : await familyAccountsById(
          tx,
          of.accounts.map((one) => accountId(tx.tenantId, accountKey(one))),
        );
  if (accounts.length === 0) return [];
  const sums = await sumsOf(
    tx,
    accounts.map(({ id }) => id),
    of.until,
  );
  return accounts.map((account) => toBalance(account, sums.get(account.id) ?? 0n));
}

/** Credits − debits of any one account; 0 when it was never used. */
export async function balanceOf(tx: ReadTx, account: AccountRef): Promise<bigint> {
  const id = accountId(tx.tenantId, accountKey(account));
  return (await sumsOf(tx, [id], undefined)).get(id) ?? 0n;
}

/**
 * The family accounts on one side of zero. One pass over the ledger, then the accounts by id: a join of both would
 * depend on statistics that the embedded database does not gather.
 */
async function balancesBeyond(tx: ReadTx, side: "below" | "above"): Promise<Balance[]> {
  const beyond = side === "below" ? sql`sum(m.cents) < 0` : sql`sum(m.cents) > 0`;
  const found = await tx.rows<{ id: string; cents: bigint }>(sql`
    select m.id, sum(m.cents)::bigint as cents from (
      select t.credit_account_id as id, t.amount_cents as cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId}
      union all
      select t.debit_account_id, -t.amount_cents from ledger_transfer t
      where t.tenant_id = ${tx.tenantId}) m
    group by m.id having ${beyond}`);
  const sums = new Map(found.map(({ id, cents }) => [id, cents]));
  const accounts = await familyAccountsById(tx, [...sums.keys()]);
  return accounts.map((account) => toBalance(account, sums.get(account.id) ?? 0n));
}

/** The family accounts below zero, the lowest first: the office's list. */
export async function negativeBalances(tx: ReadTx, limit = 1000): Promise<Balance[]> {
  return (await balancesBeyond(tx, "below"))
    .sort((a, b) =>
      a.balanceCents < b.balanceCents ? -1 : a.balanceCents > b.balanceCents ? 1 : 0,
    )
    .slice(0, limit);
}

/** Every family account with credit, in the order of their keys. */
export const positiveBalances = (tx: ReadTx): Promise<Balance[]> => balancesBeyond(tx, "above");
