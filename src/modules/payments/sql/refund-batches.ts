// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";

/** Refunds that go to the bank in one file. */
export interface RefundBatch {
  id: string;
  /** of the file: the bank knows it by this */
  messageId: string;
  executionOn: Day;
  debtorName: string;
  debtorIban: string;
  madeAt: Moment;
  madeBy: string;
  sentAt: Moment | null;
  sentBy: string | null;
  /** it never went to the bank: its refunds wait for another file */
  discardedAt: Moment | null;
  discardedBy: string | null;
  discardReason: string;
}

const COLUMNS = sql`id, message_id as "messageId", execution_on as "executionOn", debtor_name as "debtorName",
  debtor_iban as "debtorIban", made_at as "madeAt", made_by as "madeBy", sent_at as "sentAt", sent_by as "sentBy",
  discarded_at as "discardedAt", discarded_by as "discardedBy", discard_reason as "discardReason"`;

export async function insertBatch(
  tx: WriteTx,
  row: Pick<
    RefundBatch,
    "id" | "messageId" | "executionOn" | "debtorName" | "debtorIban" | "madeAt" | "madeBy"
  >,
): Promise<void> {
  await tx.run(sql`
    insert into refund_batch (tenant_id, id, message_id, execution_on, debtor_name, debtor_iban, made_at, made_by)
    values (${tx.tenantId}, ${row.id}, ${row.messageId}, ${row.executionOn}, ${row.debtorName}, ${row.debtorIban},
      ${row.madeAt}, ${row.madeBy})`);
}

/** What the file asks the bank to pay; it stays as it was, whatever becomes of the request. */
export interface BatchLine {
  requestId: string;
  number: number;
  attempt: number;
  amountCents: Cents;
  beneficiary: string;
  iban: string;
}

export async function insertBatchLines(
  tx: WriteTx,
  batchId: string,
  rows: readonly BatchLine[],
): Promise<void> {
  await tx.run(sql`
    insert into refund_batch_line (tenant_id, batch_id, request_id, request_number, attempt, amount_cents,
      beneficiary, iban)
    select ${tx.tenantId}, ${batchId}::uuid, r."requestId", r.number, r.attempt, r."amountCents", r.beneficiary,
      r.iban
    from ${jsonRows(rows)} as r("requestId" uuid, number integer, attempt integer, "amountCents" bigint,
      beneficiary text, iban text)`);
}

export function batchLines(tx: ReadTx, batchId: string): Promise<BatchLine[]> {
  return tx.rows<BatchLine>(sql`
    select request_id as "requestId", request_number as number, attempt, amount_cents as "amountCents", beneficiary,
      iban
    from refund_batch_line where tenant_id = ${tx.tenantId} and batch_id = ${batchId} order by request_number`);
}

/** Newest first. */
export function refundBatches(tx: ReadTx, limit = 50): Promise<RefundBatch[]> {
  return tx.rows<RefundBatch>(sql`
    select ${COLUMNS} from refund_batch where tenant_id = ${tx.tenantId}
    order by made_at desc, id limit ${limit}`);
}

export function refundBatch(tx: ReadTx, id: string): Promise<RefundBatch | undefined> {
  return tx.maybe<RefundBatch>(
    sql`select ${COLUMNS} from refund_batch where tenant_id = ${tx.tenantId} and id = ${id}`,
  );
}

/** 0: it was sent before, or there is none. */
export function sendBatch(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string },
): Promise<number> {
  return tx.run(sql`
    update refund_batch set sent_at = ${of.at}, sent_by = ${of.by}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and sent_at is null and discarded_at is null`);
}

/** 0: it was sent or discarded before, or there is none. */
export function discardBatch(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string; reason: string },
): Promise<number> {
  return tx.run(sql`
    update refund_batch set discarded_at = ${of.at}, discarded_by = ${of.by}, discard_reason = ${of.reason}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and sent_at is null and discarded_at is null`);
}
