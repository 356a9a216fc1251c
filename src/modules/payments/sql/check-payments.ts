// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";

export interface PaymentViolation {
  rule: string;
  /** id of the row, or a sum in cents */
  subject: string;
}

const MOST = 100;
const CREDITS = sql`('exact', 'cancelled-top-up')`;
const PAYS = sql`('exact', 'cancelled-top-up', 'other-amount')`;
const IS_PAID = sql`('paid', 'reported', 'settled')`;

/** Receipts and what they did: raw message, posting, notice, case. At most 100 rows per rule. */
export function checkReceipts(tx: ReadTx): Promise<PaymentViolation[]> {
  const posted = sql`(
    select p.subject, sum(p.amount_cents) as cents, coalesce(sum(p.amount_cents) filter (where p.is_reversed), 0) as undone
    from v_ledger_posting p where p.tenant_id = ${tx.tenantId} and p.origin = 'pagopa-receipt' group by p.subject)`;
  return tx.rows<PaymentViolation>(sql`
    (select 'applied-without-receipt' as rule, i.id::text as subject from platform.pagopa_inbox i
      where i.tenant_id = ${tx.tenantId} and i.state = 'applied' and not exists (
        select 1 from payment_receipt r where r.tenant_id = ${tx.tenantId} and r.receipt_id = i.receipt_id)
      limit ${MOST})
    union all
    (select 'receipt-posting', r.id::text from payment_receipt r left join ${posted} p on p.subject = r.id::text
      where r.tenant_id = ${tx.tenantId} and p.cents is distinct from r.amount_cents limit ${MOST})
    union all
    (select 'posting-without-receipt', p.subject from ${posted} p where not exists (
        select 1 from payment_receipt r where r.tenant_id = ${tx.tenantId} and r.id::text = p.subject)
      limit ${MOST})
    union all
    (select 'revocation-posting', coalesce(v.receipt, p.subject) from (
        select receipt_id::text as receipt, sum(amount_cents) as cents from receipt_revocation
        where tenant_id = ${tx.tenantId} group by receipt_id) v
      full join (select * from ${posted} q where q.undone > 0) p on p.subject = v.receipt
      where p.undone is distinct from v.cents limit ${MOST})
    union all
    (select 'own-cents', r.id::text from payment_receipt r where r.tenant_id = ${tx.tenantId}
      and r.own_cents <> (select case when r.verdict in ${CREDITS}
          then coalesce(sum((t->>'amountCents')::bigint) filter (where t->>'fiscalCodePA' = r.creditor_fiscal_code), 0)
          else greatest(r.amount_cents - coalesce(sum((t->>'amountCents')::bigint)
            filter (where t->>'fiscalCodePA' <> r.creditor_fiscal_code), 0), 0) end
        from jsonb_array_elements(r.transfers) t) limit ${MOST})
    union all
    (select 'receipt-of-unpaid-notice', r.id::text from payment_receipt r
      join payment_notice n on n.tenant_id = r.tenant_id and n.id = r.notice_id
      where r.tenant_id = ${tx.tenantId} and r.verdict in ${PAYS} and n.state not in ${IS_PAID} limit ${MOST})
    union all
    (select 'case-missing', r.id::text from payment_receipt r
      where r.tenant_id = ${tx.tenantId} and r.verdict not in ${CREDITS} and not exists (
        select 1 from payment_case c where c.tenant_id = r.tenant_id and c.receipt_id = r.id) limit ${MOST})`);
}

/** Positions and their proofs; money of the desk; flows and what stands for them. At most 100 rows per rule. */
export function checkNotices(tx: ReadTx): Promise<PaymentViolation[]> {
  return tx.rows<PaymentViolation>(sql`
    (select 'paid-without-receipt' as rule, n.id::text as subject from payment_notice n
      where n.tenant_id = ${tx.tenantId} and n.state in ${IS_PAID} and not exists (
        select 1 from payment_receipt r where r.tenant_id = n.tenant_id and r.notice_id = n.id
          and r.verdict in ${PAYS}) limit ${MOST})
    union all
    (select 'paid-elsewhere-without-payment', n.id::text from payment_notice n
      where n.tenant_id = ${tx.tenantId} and n.state = 'paid-elsewhere' and not exists (
        select 1 from desk_payment d where d.tenant_id = n.tenant_id and d.notice_id = n.id) limit ${MOST})
    union all
    (select 'notice-sum', n.id::text from payment_notice n
      left join (select notice_id, sum(amount_cents) as cents from payment_notice_line
        where tenant_id = ${tx.tenantId} group by notice_id) l on l.notice_id = n.id
      left join (select notice_id, sum(amount_cents) as cents from payment_notice_transfer
        where tenant_id = ${tx.tenantId} group by notice_id) t on t.notice_id = n.id
      where n.tenant_id = ${tx.tenantId}
        and (l.cents is distinct from n.amount_cents or t.cents is distinct from n.amount_cents) limit ${MOST})
    union all
    (select 'desk-payment-posting', d.id::text from desk_payment d
      left join (select p.subject, sum(p.amount_cents) as cents from v_ledger_posting p
        where p.tenant_id = ${tx.tenantId} and p.origin = 'desk-payment' group by p.subject) p on p.subject = d.id::text
      where d.tenant_id = ${tx.tenantId} and p.cents is distinct from d.amount_cents limit ${MOST})
    union all
    (select 'flow-posting', coalesce(f.flow_code, p.idempotency_key) from (
        select * from settlement_flow where tenant_id = ${tx.tenantId} and posted_cents <> 0) f
      full join (select * from v_ledger_posting where tenant_id = ${tx.tenantId} and origin = 'settlement'
        and not is_reversed) p on p.idempotency_key = f.posting_key
      where abs(f.posted_cents) is distinct from p.amount_cents limit ${MOST})
    union all
    (select 'flow-part', f.flow_code from settlement_flow f
      join settlement_report s on s.tenant_id = f.tenant_id and s.flow_id = f.id and s.revision = f.revision
      left join (select flow_id, revision, sum(amount_cents) as cents from settlement_payment
        where tenant_id = ${tx.tenantId} group by flow_id, revision) p
        on p.flow_id = f.id and p.revision = f.revision
      where f.tenant_id = ${tx.tenantId} and coalesce(p.cents, 0) <> s.own_cents limit ${MOST})`);
}

/** Receipts that no flow names, all of them looked at; and what open cases and refunds promise. */
export function openSums(
  tx: ReadTx,
): Promise<{ waitingCount: number; suspenseCents: Cents; refundCents: Cents }> {
  return tx.one(sql`
    select (
      select count(*)::int from payment_receipt r where r.tenant_id = ${tx.tenantId} and r.own_cents > 0
        and not exists (
          select 1 from settlement_payment p join settlement_flow f on f.tenant_id = p.tenant_id
            and f.id = p.flow_id and f.revision = p.revision
          where p.tenant_id = ${tx.tenantId} and p.receipt_id = r.id
            and p.standing in ('matched', 'amount-differs', 'reported-twice'))) as "waitingCount", (
      select coalesce(sum(amount_cents), 0)::bigint from payment_case
        where tenant_id = ${tx.tenantId} and resolved_at is null) as "suspenseCents", (
      select coalesce(sum(amount_cents), 0)::bigint from money_request where tenant_id = ${tx.tenantId}
        and kind = 'refund' and state in ('approved', 'ordered', 'returned')) as "refundCents"`);
}
