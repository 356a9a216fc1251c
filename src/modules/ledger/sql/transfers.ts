// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { arrayRows, jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** A transfer as stored: accounts by id. */
export interface TransferRow {
  id: string;
  key: string;
  debitId: string;
  creditId: string;
  amountCents: bigint;
  kind: string;
  happenedOn: Day;
  reversesId: string | null;
  reference: Record<string, unknown>;
}

/** Inserts transfers whose keys are new; one that stands ends the transaction. */
export async function insertNewTransfers(
  tx: WriteTx,
  rows: readonly TransferRow[],
  recordedAt: Moment,
): Promise<void> {
  await tx.run(insertOf(tx, rows, recordedAt));
}

/**
 * Inserts, in the order of the keys, the transfers whose key is new; returns how many. A transaction that
 * posts the same key at the same time is waited for.
 */
export function insertTransfers(
  tx: WriteTx,
  rows: readonly TransferRow[],
  recordedAt: Moment,
): Promise<number> {
  return tx.run(sql`${insertOf(tx, rows, recordedAt)}
    order by r.key collate "C"
    on conflict (tenant_id, idempotency_key) do nothing`);
}

const insertOf = (tx: WriteTx, rows: readonly TransferRow[], recordedAt: Moment) => sql`
    insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id, amount_cents, kind,
      happened_on, recorded_at, idempotency_key, reverses_id, reference)
    select ${tx.tenantId}, r.id, r.debit, r.credit, r.amount, r.kind, r.happened_on, ${recordedAt}, r.key,
      r.reverses, r.reference
    from ${arrayRows(rows, {
      id: "uuid",
      debitId: "uuid",
      creditId: "uuid",
      amountCents: "bigint",
      kind: "text",
      happenedOn: "date",
      key: "text",
      reversesId: "uuid",
      reference: "jsonb",
    })} as r(id, debit, credit, amount, kind, happened_on, key, reverses, reference)`;

/** Which of these keys stand in the ledger with other money than given here. */
export async function conflictingKeys(tx: ReadTx, rows: readonly TransferRow[]): Promise<string[]> {
  const found = await tx.rows<{ key: string }>(sql`
    select t.idempotency_key as key
    from ${jsonRows(rows)} as r(key text, "debitId" uuid, "creditId" uuid, "amountCents" bigint, kind text,
      "happenedOn" date, "reversesId" uuid)
    join ledger_transfer t on t.tenant_id = ${tx.tenantId} and t.idempotency_key = r.key
    where (t.debit_account_id, t.credit_account_id, t.amount_cents, t.kind, t.happened_on)
        <> (r."debitId", r."creditId", r."amountCents", r.kind, r."happenedOn")
      or t.reverses_id is distinct from r."reversesId"
    order by 1`);
  return found.map(({ key }) => key);
}

/** A transfer that may be reversed, and whether it was. */
export interface ReversibleRow {
  id: string;
  key: string;
  /** it undoes another one itself */
  isReversal: boolean;
  isReversed: boolean;
}

export function transfersByKey(tx: ReadTx, keys: readonly string[]): Promise<ReversibleRow[]> {
  return tx.rows<ReversibleRow>(sql`
    select t.id, t.idempotency_key as key, t.reverses_id is not null as "isReversal",
      exists (select 1 from ledger_transfer u
        where u.tenant_id = ${tx.tenantId} and u.reverses_id = t.id) as "isReversed"
    from ledger_transfer t
    where t.tenant_id = ${tx.tenantId} and t.idempotency_key = any(${keys}::text[])`);
}

/** Whose family accounts these transfers credit. */
export async function holdersCredited(tx: ReadTx, keys: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ holderId: string }>(sql`
    select distinct a.holder_id as "holderId" from ledger_transfer t
    join ledger_account a on a.tenant_id = t.tenant_id and a.id = t.credit_account_id
    where t.tenant_id = ${tx.tenantId} and t.idempotency_key = any(${keys}::text[]) and a.kind = 'family'
    order by 1`);
  return rows.map(({ holderId }) => holderId);
}

/** Of which service the family accounts are that these transfers credit; a family's one account is of none. */
export async function servicesCredited(
  tx: ReadTx,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ key: string; serviceId: string }>(sql`
    select t.idempotency_key as key, a.service_id as "serviceId" from ledger_transfer t
    join ledger_account a on a.tenant_id = t.tenant_id and a.id = t.credit_account_id
    where t.tenant_id = ${tx.tenantId} and t.idempotency_key = any(${keys}::text[]) and a.service_id is not null`);
  return new Map(rows.map(({ key, serviceId }) => [key, serviceId]));
}

/**
 * Posts the opposite of each transfer, once: `reversesId` of the rows that were new. Whoever reversed one
 * at the same time wins, and it is absent here.
 */
export async function insertReversals(
  tx: WriteTx,
  of: {
    rows: readonly { id: string; key: string; reversesId: string }[];
    happenedOn: Day;
    recordedAt: Moment;
    reference: Record<string, unknown>;
  },
): Promise<Set<string>> {
  const posted = await tx.rows<{ reversesId: string }>(sql`
    insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id, amount_cents, kind,
      happened_on, recorded_at, idempotency_key, reverses_id, reference)
    select ${tx.tenantId}, r.id, t.credit_account_id, t.debit_account_id, t.amount_cents, 'reversal',
      ${of.happenedOn}, ${of.recordedAt}, r.key, t.id,
      t.reference || ${JSON.stringify(of.reference)}::text::jsonb
    from ${jsonRows(of.rows)} as r(id uuid, key text, "reversesId" uuid)
    join ledger_transfer t on t.tenant_id = ${tx.tenantId} and t.id = r."reversesId"
    order by r.key
    on conflict do nothing
    returning reverses_id as "reversesId"`);
  return new Set(posted.map(({ reversesId }) => reversesId));
}

/** Has the town posted anything on these days? Payment model and wallet scope freeze then. */
export async function hasPostings(tx: ReadTx, of: { from: Day; to: Day }): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (select 1 from ledger_transfer t where t.tenant_id = ${tx.tenantId}
      and t.happened_on >= ${of.from} and t.happened_on <= ${of.to}) as found`);
  return found;
}
