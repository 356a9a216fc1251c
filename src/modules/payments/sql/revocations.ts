// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { PaymentCase, Receipt } from "./receipts.ts";

export type RevocableReceipt = Pick<
  Receipt,
  "id" | "noticeId" | "noticeNumber" | "verdict" | "amountCents" | "paidAt" | "receiptId"
>;

/** The receipt of a flow's line. */
export function receiptOfLine(
  tx: ReadTx,
  of: { creditorFiscalCode: string; iur: string; iuv: string },
): Promise<RevocableReceipt | undefined> {
  return tx.maybe<RevocableReceipt>(sql`
    select id, notice_id as "noticeId", notice_number as "noticeNumber", verdict, amount_cents as "amountCents",
      paid_at as "paidAt", receipt_id as "receiptId"
    from payment_receipt where tenant_id = ${tx.tenantId} and creditor_fiscal_code = ${of.creditorFiscalCode}
      and receipt_id = ${of.iur} and iuv = ${of.iuv}`);
}

/** With `lock`, held until the end: the office may be deciding on it elsewhere. */
export function caseOfReceipt(
  tx: ReadTx,
  receiptId: string,
  lock: "" | "lock" = "",
): Promise<Pick<PaymentCase, "id" | "amountCents" | "resolution"> | undefined> {
  return tx.maybe(sql`
    select id, amount_cents as "amountCents", resolution from payment_case
    where tenant_id = ${tx.tenantId} and receipt_id = ${receiptId}
    ${lock === "lock" ? sql`for update` : sql``}`);
}

/** False: it was undone before. */
export async function insertRevocation(
  tx: WriteTx,
  row: {
    id: string;
    receiptId: string;
    transfer: number;
    noticeId: string | null;
    flowId: string;
    amountCents: Cents;
    reason: string;
    at: Moment;
    by: string;
  },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into receipt_revocation (tenant_id, id, receipt_id, transfer, notice_id, flow_id, amount_cents, reason,
      revoked_at, revoked_by)
    values (${tx.tenantId}, ${row.id}, ${row.receiptId}, ${row.transfer}, ${row.noticeId}, ${row.flowId},
      ${row.amountCents}, ${row.reason}, ${row.at}, ${row.by})
    on conflict (tenant_id, receipt_id, transfer) do nothing`);
  return inserted === 1;
}

export async function isUndone(
  tx: ReadTx,
  of: { receiptId: string; transfer: number },
): Promise<boolean> {
  const { undone } = await tx.one<{ undone: boolean }>(sql`
    select exists (select from receipt_revocation where tenant_id = ${tx.tenantId}
      and receipt_id = ${of.receiptId} and transfer = ${of.transfer}) as undone`);
  return undone;
}
