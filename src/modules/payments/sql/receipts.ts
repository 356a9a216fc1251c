// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { CaseKind } from "../rules/case-messages.ts";
import type { Verdict } from "../rules/match-receipt.ts";

export interface Receipt {
  id: string;
  inboxId: string;
  creditorFiscalCode: string;
  receiptId: string;
  noticeNumber: string;
  iuv: string;
  noticeId: string | null;
  verdict: Verdict;
  amountCents: Cents;
  /** what the payer gave the PSP on top */
  feeCents: Cents | null;
  paidAt: Moment;
  appliedOn: Day | null;
  transferredOn: Day | null;
  pspId: string;
  pspName: string;
  pspFiscalCode: string;
  channel: string;
  method: string;
  traceable: boolean;
  payerFiscalCode: string;
  payerName: string;
  description: string;
  transfers: unknown;
  /** what of it must reach the town's bank */
  ownCents: Cents;
  standIn: boolean;
  storedAt: Moment;
}

const COLUMNS = sql`id, inbox_id as "inboxId", creditor_fiscal_code as "creditorFiscalCode",
  receipt_id as "receiptId", notice_number as "noticeNumber", iuv, notice_id as "noticeId", verdict,
  amount_cents as "amountCents", fee_cents as "feeCents", paid_at as "paidAt", applied_on as "appliedOn",
  transferred_on as "transferredOn", psp_id as "pspId", psp_name as "pspName",
  psp_fiscal_code as "pspFiscalCode", channel, method, traceable, payer_fiscal_code as "payerFiscalCode",
  payer_name as "payerName", description, transfers, own_cents as "ownCents", stand_in as "standIn", stored_at as "storedAt"`;

/** False: it is stored already. */
export async function insertReceipt(tx: WriteTx, row: Receipt): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into payment_receipt (tenant_id, id, inbox_id, creditor_fiscal_code, receipt_id, notice_number, iuv,
      notice_id, verdict, amount_cents, fee_cents, paid_at, applied_on, transferred_on, psp_id, psp_name,
      psp_fiscal_code, channel, method, traceable, payer_fiscal_code, payer_name, description, transfers, own_cents,
      stand_in, stored_at)
    select ${tx.tenantId}, r.* from ${jsonRows([row])} as r(id uuid, "inboxId" uuid, "creditorFiscalCode" text,
      "receiptId" text, "noticeNumber" text, iuv text, "noticeId" uuid, verdict text, "amountCents" bigint,
      "feeCents" bigint, "paidAt" timestamptz, "appliedOn" date, "transferredOn" date, "pspId" text,
      "pspName" text, "pspFiscalCode" text, channel text, method text, traceable boolean, "payerFiscalCode" text,
      "payerName" text, description text, transfers jsonb, "ownCents" bigint, "standIn" boolean, "storedAt" timestamptz)
    on conflict do nothing`);
  return inserted === 1;
}

/** First the one that paid the notice, then what came on top. */
export function receiptsOfNotices(tx: ReadTx, noticeIds: readonly string[]): Promise<Receipt[]> {
  return tx.rows<Receipt>(sql`
    select ${COLUMNS} from payment_receipt
    where tenant_id = ${tx.tenantId} and notice_id = any(${noticeIds}::uuid[])
    order by verdict = 'duplicate', stored_at, id`);
}

export function receiptById(tx: ReadTx, id: string): Promise<Receipt | undefined> {
  return tx.maybe<Receipt>(
    sql`select ${COLUMNS} from payment_receipt where tenant_id = ${tx.tenantId} and id = ${id}`,
  );
}

export function receiptsById(tx: ReadTx, ids: readonly string[]): Promise<Receipt[]> {
  return tx.rows<Receipt>(sql`
    select ${COLUMNS} from payment_receipt
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[]) order by stored_at, id`);
}

/** revoked: its PSP took the money back */
type CaseResolution = "credited" | "to-refund" | "revoked";

export interface PaymentCase {
  id: string;
  kind: CaseKind;
  receiptId: string;
  amountCents: Cents;
  openedAt: Moment;
  resolvedAt: Moment | null;
  resolvedBy: string | null;
  resolution: CaseResolution | null;
  reason: string;
}

/** What became of a payment that credited nobody by itself. */
export interface CaseStanding {
  receiptId: string;
  /** null: the office has not decided yet */
  resolution: CaseResolution | null;
  openedAt: Moment;
  decidedAt: Moment | null;
  /** the bank has paid the refund */
  isRefunded: boolean;
  refundDueOn: Day | null;
}

export function caseStandings(tx: ReadTx, receiptIds: readonly string[]): Promise<CaseStanding[]> {
  return tx.rows<CaseStanding>(sql`
    select c.receipt_id as "receiptId", c.resolution, c.opened_at as "openedAt", c.resolved_at as "decidedAt",
      coalesce(m.state = 'paid', false) as "isRefunded", m.due_on as "refundDueOn"
    from payment_case c
    left join money_request m on m.tenant_id = c.tenant_id and m.payment_case_id = c.id
    where c.tenant_id = ${tx.tenantId} and c.receipt_id = any(${receiptIds}::uuid[])`);
}

const CASE = sql`id, kind, receipt_id as "receiptId", amount_cents as "amountCents", opened_at as "openedAt",
  resolved_at as "resolvedAt", resolved_by as "resolvedBy", resolution, reason`;

export async function insertCase(
  tx: WriteTx,
  row: Pick<PaymentCase, "id" | "kind" | "receiptId" | "amountCents" | "openedAt">,
): Promise<void> {
  await tx.run(sql`
    insert into payment_case (tenant_id, id, kind, receipt_id, amount_cents, opened_at)
    values (${tx.tenantId}, ${row.id}, ${row.kind}, ${row.receiptId}, ${row.amountCents}, ${row.openedAt})`);
}

/** Oldest first; all of them, or one page. */
export function openCases(
  tx: ReadTx,
  page?: { readonly limit: number; readonly offset: number },
): Promise<PaymentCase[]> {
  return tx.rows<PaymentCase>(sql`
    select ${CASE} from payment_case
    where tenant_id = ${tx.tenantId} and resolved_at is null order by opened_at, id
    ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}`);
}

/** How many there are, what lies in them, since when the oldest waits. */
export function openCaseSum(
  tx: ReadTx,
): Promise<{ count: number; cents: Cents; oldestAt: Moment | null }> {
  return tx.one(sql`
    select count(*)::int as count, coalesce(sum(amount_cents), 0)::bigint as cents, min(opened_at) as "oldestAt"
    from payment_case where tenant_id = ${tx.tenantId} and resolved_at is null`);
}

export function openCase(tx: ReadTx, id: string): Promise<PaymentCase | undefined> {
  return tx.maybe<PaymentCase>(sql`
    select ${CASE} from payment_case
    where tenant_id = ${tx.tenantId} and id = ${id} and resolved_at is null`);
}

export function caseById(tx: WriteTx, id: string): Promise<PaymentCase | undefined> {
  return tx.maybe<PaymentCase>(sql`
    select ${CASE} from payment_case where tenant_id = ${tx.tenantId} and id = ${id} for update`);
}

export function closeCase(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string; resolution: CaseResolution; reason: string },
): Promise<number> {
  return tx.run(sql`
    update payment_case set resolved_at = ${of.at}, resolved_by = ${of.by}, resolution = ${of.resolution},
      reason = ${of.reason}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and resolved_at is null`);
}
