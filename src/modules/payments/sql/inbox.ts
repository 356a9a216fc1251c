// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type PlatformTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";

/** A receipt as it came. */
export interface InboxRow {
  id: string;
  recipientFiscalCode: string;
  receiptId: string;
  operation: "paSendRT" | "paSendRTV2" | "recovered" | "office";
  stationId: string;
  tenantId: string | null;
  noticeNumber: string;
  amountCents: Cents;
  /** the message, whole */
  raw: string;
  receivedAt: Moment;
}

/** False: that receipt is here already. One that was set aside as nobody's is taken up when it comes again as ours. */
export async function insertInbox(tx: PlatformTx, row: InboxRow): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into platform.pagopa_inbox (id, recipient_fiscal_code, receipt_id, operation, station_id, tenant_id,
      notice_number, amount_cents, raw, received_at, state, next_attempt_at)
    values (${row.id}, ${row.recipientFiscalCode}, ${row.receiptId}, ${row.operation}, ${row.stationId},
      ${row.tenantId}, ${row.noticeNumber}, ${row.amountCents}, ${row.raw}, ${row.receivedAt},
      ${row.tenantId === null ? "not-ours" : "received"}, ${row.receivedAt})
    on conflict (recipient_fiscal_code, receipt_id) do nothing`);
  if (inserted === 1 || row.tenantId === null) return inserted === 1;
  const taken = await tx.run(sql`
    update platform.pagopa_inbox set id = ${row.id}, operation = ${row.operation}, station_id = ${row.stationId},
      tenant_id = ${row.tenantId}, notice_number = ${row.noticeNumber}, amount_cents = ${row.amountCents},
      raw = ${row.raw}, received_at = ${row.receivedAt}, state = 'received', next_attempt_at = ${row.receivedAt}
    where recipient_fiscal_code = ${row.recipientFiscalCode} and receipt_id = ${row.receiptId}
      and state = 'not-ours'`);
  return taken === 1;
}

export interface DueReceipt {
  id: string;
  tenantId: string;
  operation: InboxRow["operation"];
  raw: string;
  attempts: number;
}

/** Receipts that wait to be applied, oldest first. */
export function dueReceipts(
  tx: PlatformTx,
  of: { now: Moment; limit: number },
): Promise<DueReceipt[]> {
  return tx.rows<DueReceipt>(sql`
    select id, tenant_id as "tenantId", operation, raw, attempts from platform.pagopa_inbox
    where state = 'received' and next_attempt_at <= ${of.now} and tenant_id is not null
    order by next_attempt_at, id limit ${of.limit}`);
}

/** Still to be applied? Whoever asks holds the row, so that two workers never post one receipt at once. */
export function claimReceipt(tx: WriteTx, id: string): Promise<{ id: string } | undefined> {
  return tx.maybe<{ id: string }>(sql`
    select id from platform.pagopa_inbox
    where id = ${id} and tenant_id = ${tx.tenantId} and state = 'received' for update`);
}

export function markApplied(tx: WriteTx, of: { id: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update platform.pagopa_inbox set state = 'applied', processed_at = ${of.at}, problem = ''
    where id = ${of.id} and tenant_id = ${tx.tenantId}`);
}

/** It failed: tried again later, never given up. */
export function postponeReceipt(
  tx: PlatformTx,
  of: { id: string; problem: string; nextAttemptAt: Moment },
): Promise<number> {
  return tx.run(sql`
    update platform.pagopa_inbox set attempts = attempts + 1, problem = ${of.problem},
      next_attempt_at = ${of.nextAttemptAt}
    where id = ${of.id} and state = 'received'`);
}

/** The message of receipts applied before then: what it proves stands in `payment_receipt`. Returns how many. */
export function forgetRawReceipts(
  tx: WriteTx,
  of: { before: Moment; limit: number },
): Promise<number> {
  return tx.run(sql`
    update platform.pagopa_inbox set raw = '' where id in (
      select id from platform.pagopa_inbox
      where tenant_id = ${tx.tenantId} and state = 'applied' and raw <> '' and processed_at < ${of.before}
      order by processed_at limit ${of.limit} for update skip locked)`);
}

/** The same of receipts that were nobody's of ours; they are known by their id, should they come again. */
export function forgetForeignReceipts(
  tx: PlatformTx,
  of: { before: Moment; limit: number },
): Promise<number> {
  return tx.run(sql`
    update platform.pagopa_inbox set raw = '' where id in (
      select id from platform.pagopa_inbox
      where state = 'not-ours' and raw <> '' and received_at < ${of.before}
      order by received_at limit ${of.limit} for update skip locked)`);
}

/** How many receipts wait, and since when: the operator's figure. */
export function waitingReceipts(
  tx: PlatformTx,
): Promise<{ count: number; failing: number; oldest: Moment | null }> {
  return tx.one(sql`
    select count(*)::int as count, (count(*) filter (where attempts > 0))::int as failing,
      min(received_at) as oldest
    from platform.pagopa_inbox where state = 'received'`);
}
