// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { DeskMethod, FileType } from "../rules/desk-payment.ts";

export interface DeskPayment {
  id: string;
  number: number;
  method: DeskMethod;
  traceable: boolean;
  holderId: string;
  accountChildId: string | null;
  accountServiceId: string | null;
  childId: string | null;
  serviceId: string | null;
  /** a notice of ours that it paid */
  noticeId: string | null;
  amountCents: Cents;
  paidOn: Day;
  payerName: string;
  payerFiscalCode: string;
  receiptRef: string;
  place: string;
  note: string;
  voucherCount: number | null;
  voucherCents: Cents | null;
  recordedAt: Moment;
  recordedBy: string;
  /** name of the receipt handed in; null: none */
  fileName: string | null;
  /** number of the notice whose receipt pagoPA sent afterwards: it took this payment's place; null: it stands */
  replacedByNotice: string | null;
}

const COLUMNS = sql`p.id, p.number, p.method, p.traceable, p.holder_id as "holderId",
  p.account_child_id as "accountChildId", p.account_service_id as "accountServiceId", p.child_id as "childId",
  p.service_id as "serviceId", p.notice_id as "noticeId", p.amount_cents as "amountCents", p.paid_on as "paidOn",
  p.payer_name as "payerName", p.payer_fiscal_code as "payerFiscalCode", p.receipt_ref as "receiptRef", p.place,
  p.note, p.voucher_count as "voucherCount", p.voucher_cents as "voucherCents", p.recorded_at as "recordedAt",
  p.recorded_by as "recordedBy", f.file_name as "fileName", (
    select r.notice_number from v_ledger_posting g
    join payment_receipt r on r.tenant_id = g.tenant_id and r.receipt_id = p.receipt_ref
    where g.tenant_id = p.tenant_id and g.idempotency_key = 'desk-payment:' || p.id || ':1' and g.is_reversed
    limit 1) as "replacedByNotice"`;
const FROM = sql`from desk_payment p left join desk_payment_file f on f.tenant_id = p.tenant_id
  and f.payment_id = p.id`;

/** Under `lockMoneyDesk`. */
export async function insertDeskPayment(
  tx: WriteTx,
  row: Omit<DeskPayment, "number" | "fileName" | "replacedByNotice"> & { key: string },
): Promise<void> {
  await tx.run(sql`
    insert into desk_payment (tenant_id, id, number, method, traceable, holder_id, account_child_id,
      account_service_id, child_id, service_id, notice_id, amount_cents, paid_on, payer_name, payer_fiscal_code,
      receipt_ref, place, note, voucher_count, voucher_cents, idempotency_key, recorded_at, recorded_by)
    select ${tx.tenantId}, ${row.id}::uuid,
      coalesce((select max(number) from desk_payment where tenant_id = ${tx.tenantId}), 0) + 1,
      ${row.method}::text, ${row.traceable}::boolean, ${row.holderId}::uuid, ${row.accountChildId}::uuid,
      ${row.accountServiceId}::uuid, ${row.childId}::uuid, ${row.serviceId}::uuid, ${row.noticeId}::uuid,
      ${row.amountCents}::bigint, ${row.paidOn}::date, ${row.payerName}::text, ${row.payerFiscalCode}::text,
      ${row.receiptRef}::text, ${row.place}::text, ${row.note}::text, ${row.voucherCount}::integer,
      ${row.voucherCents}::bigint, ${row.key}::text, ${row.recordedAt}::timestamptz, ${row.recordedBy}::text`);
}

export async function insertDeskFile(
  tx: WriteTx,
  row: { paymentId: string; name: string; type: FileType; bytes: Uint8Array },
): Promise<void> {
  const content = Buffer.from(row.bytes).toString("base64");
  await tx.run(sql`
    insert into desk_payment_file (tenant_id, payment_id, file_name, media_type, content)
    values (${tx.tenantId}, ${row.paymentId}, ${row.name}, ${row.type}, decode(${content}::text, 'base64'))`);
}

/** Newest first. */
export function deskPayments(
  tx: ReadTx,
  of: {
    id?: string;
    key?: string;
    holderId?: string;
    receipt?: { method: DeskMethod; ref: string };
  },
): Promise<DeskPayment[]> {
  const where = [
    of.id !== undefined ? sql`and p.id = ${of.id}` : sql``,
    of.key !== undefined ? sql`and p.idempotency_key = ${of.key}` : sql``,
    of.holderId !== undefined ? sql`and p.holder_id = ${of.holderId}` : sql``,
    of.receipt
      ? sql`and p.method = ${of.receipt.method} and p.receipt_ref = ${of.receipt.ref}`
      : sql``,
  ];
  return tx.rows<DeskPayment>(sql`
    select ${COLUMNS} ${FROM} where p.tenant_id = ${tx.tenantId} ${sql.join(where, sql` `)}
    order by p.recorded_at desc, p.number desc limit 200`);
}

export async function deskFile(
  tx: ReadTx,
  paymentId: string,
): Promise<{ name: string; type: FileType; bytes: Uint8Array } | null> {
  const row = await tx.maybe<{ name: string; type: FileType; content: string }>(sql`
    select file_name as name, media_type as type, encode(content, 'base64') as content from desk_payment_file
    where tenant_id = ${tx.tenantId} and payment_id = ${paymentId}`);
  return row
    ? { name: row.name, type: row.type, bytes: new Uint8Array(Buffer.from(row.content, "base64")) }
    : null;
}

/** Registered by hand from the paper of that very receipt, before pagoPA sent it. */
export function deskPaymentOfReceipt(
  tx: ReadTx,
  receiptId: string,
): Promise<{ id: string; noticeId: string | null; paidOn: Day } | undefined> {
  return tx.maybe(sql`
    select id, notice_id as "noticeId", paid_on as "paidOn" from desk_payment
    where tenant_id = ${tx.tenantId} and method = 'other-portal' and receipt_ref = ${receiptId}`);
}

/** A receipt of pagoPA that this town has under the same identifier. */
export async function isReceivedFromPagopa(tx: ReadTx, receiptId: string): Promise<string | null> {
  const row = await tx.maybe<{ noticeNumber: string }>(sql`
    select notice_number as "noticeNumber" from payment_receipt
    where tenant_id = ${tx.tenantId} and receipt_id = ${receiptId} order by stored_at limit 1`);
  return row?.noticeNumber ?? null;
}
