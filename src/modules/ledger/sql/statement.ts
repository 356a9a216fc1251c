// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import { familyAccountsOf, type FamilyAccountQuery } from "./balances.ts";

export interface StatementRow {
  transferId: string;
  key: string;
  kind: string;
  happenedOn: Day;
  recordedAt: Moment;
  childId: string | null;
  serviceId: string | null;
  /** positive = in favour of the family */
  amountCents: bigint;
  /** of the chosen accounts together, after this row */
  balanceCents: bigint;
  reversesId: string | null;
  /** the transfer that undid this one */
  reversedById: string | null;
  reference: Record<string, unknown>;
}

export interface Statement {
  /** before the first day */
  openingCents: bigint;
  /** at the end of the last day */
  closingCents: bigint;
  rows: StatementRow[];
  /** pass as `after` for the next page; null = the last one */
  next: string | null;
}

export interface StatementQuery extends FamilyAccountQuery {
  /** both included */
  from: Day;
  to: Day;
  limit?: number | undefined;
  after?: string | null | undefined;
  newestFirst?: boolean | undefined;
}

type Row = Omit<StatementRow, "childId" | "serviceId"> & { side: string; accountId: string };

const MAX_ROWS = 500;

/** `<transfer id>/<c or d>`; anything else is no cursor of ours. */
function readCursor(after: string | null | undefined): { id: string; side: string } | null {
  const found = /^([0-9a-f-]{36})\/([cd])$/.exec(after ?? "");
  return found ? { id: found[1] ?? "", side: found[2] ?? "" } : null;
}

/** The ids are constants, not a join: see `sumsOf`. */
function movements(tx: ReadTx, ids: readonly string[]) {
  return sql`
    select t.*, 'c' as side, t.credit_account_id as account_id, t.amount_cents as signed
    from ledger_transfer t
    where t.tenant_id = ${tx.tenantId} and t.credit_account_id = any(${ids}::uuid[])
    union all
    select t.*, 'd', t.debit_account_id, -t.amount_cents from ledger_transfer t
    where t.tenant_id = ${tx.tenantId} and t.debit_account_id = any(${ids}::uuid[])`;
}

/**
 * A holder's movements between two days, with the balance after each, in pages of `limit` (≤ 500, default
 * 100). A transfer between two of the chosen accounts gives two rows.
 */
export async function statement(tx: ReadTx, of: StatementQuery): Promise<Statement> {
  const limit = Math.min(Math.max(of.limit ?? 100, 1), MAX_ROWS);
  const cursor = readCursor(of.after);
  const direction = of.newestFirst ? sql`desc` : sql`asc`;
  const beyond = of.newestFirst ? sql`<` : sql`>`;
  const paged = cursor
    ? sql`and (m.happened_on, m.recorded_at, m.id, m.side) ${beyond}
        (select c.happened_on, c.recorded_at, c.id, ${cursor.side}::text from ledger_transfer c
          where c.tenant_id = ${tx.tenantId} and c.id = ${cursor.id})`
    : sql``;
  const accounts = new Map((await familyAccountsOf(tx, of)).map((one) => [one.id, one]));
  const movement = movements(tx, [...accounts.keys()]);
  const rows = await tx.rows<Row>(sql`
    with movement as (${movement}),
    running as (
      select m.*, sum(m.signed) over (order by m.happened_on, m.recorded_at, m.id, m.side) as balance
      from movement m where m.happened_on <= ${of.to})
    select m.id as "transferId", m.idempotency_key as key, m.kind, m.happened_on as "happenedOn",
      m.recorded_at as "recordedAt", m.account_id as "accountId", m.signed as "amountCents",
      m.balance::bigint as "balanceCents", m.reverses_id as "reversesId",
      (select u.id from ledger_transfer u where u.tenant_id = ${tx.tenantId} and u.reverses_id = m.id)
        as "reversedById", m.reference, m.side
    from running m where m.happened_on >= ${of.from} ${paged}
    order by m.happened_on ${direction}, m.recorded_at ${direction}, m.id ${direction}, m.side ${direction}
    limit ${limit + 1}`);
  const ends = await tx.one<{ openingCents: bigint; closingCents: bigint }>(sql`
    select coalesce(sum(m.signed) filter (where m.happened_on < ${of.from}), 0)::bigint as "openingCents",
      coalesce(sum(m.signed), 0)::bigint as "closingCents"
    from (${movement}) m where m.happened_on <= ${of.to}`);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    ...ends,
    rows: page.map(({ side: _side, accountId, ...row }) => ({
      ...row,
      childId: accounts.get(accountId)?.childId ?? null,
      serviceId: accounts.get(accountId)?.serviceId ?? null,
    })),
    next: rows.length > limit && last ? `${last.transferId}/${last.side}` : null,
  };
}
