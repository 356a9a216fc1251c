// SPDX-License-Identifier: EUPL-1.2
import { type Day, momentAt } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { CreditedCase, PaidRow } from "../rules/accounting-export.ts";
import { isAwaited } from "./bank-movements.ts";

/** So many, of that much, the oldest of that day. */
export interface Pile {
  count: number;
  cents: Cents;
  oldestOn: Day | null;
}

const PAID_ON = sql`(r.paid_at at time zone 'Europe/Rome')::date`;
/** In a flow that counts. Looked up one by one: there are few to look up, and very many in flows. */
const NOT_REPORTED = sql`(
  select p.receipt_id from settlement_payment p
  join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
  where p.tenant_id = r.tenant_id and p.receipt_id = r.id
    and p.standing in ('matched', 'amount-differs', 'reported-twice') limit 1) is null`;
const WAITING_COLUMNS = sql`r.tenant_id, r.id, r.own_cents, r.paid_at, r.notice_number, r.receipt_id, r.psp_name`;
/**
 * Receipts that no flow names yet, found without reading all there are: of notices that are not settled; that paid no
 * notice; that a revision named which counts no more. Every other receipt lies in a flow (`checkPayments` proves it).
 */
const WAITING = (tx: ReadTx) => sql`(
  select * from (
    select ${WAITING_COLUMNS} from payment_notice n
      join payment_receipt r on r.tenant_id = n.tenant_id and r.notice_id = n.id
      where n.tenant_id = ${tx.tenantId} and n.state in ('paid', 'reported')
    union
    select ${WAITING_COLUMNS} from payment_receipt r
      where r.tenant_id = ${tx.tenantId} and r.verdict not in ('exact', 'cancelled-top-up')
    union
    select ${WAITING_COLUMNS} from settlement_flow f
      join settlement_payment p on p.tenant_id = f.tenant_id and p.flow_id = f.id and p.revision < f.revision
      join payment_receipt r on r.tenant_id = p.tenant_id and r.id = p.receipt_id
      where f.tenant_id = ${tx.tenantId} and f.revision > 1) r
  where r.own_cents > 0 and ${NOT_REPORTED})`;

/** Receipts that no flow names yet, and what must reach the town's bank for all receipts there ever were. */
export async function receiptPiles(tx: ReadTx): Promise<{ waiting: Pile; allCents: Cents }> {
  const waiting = await tx.one<Pile>(sql`
    select count(*)::int as count, coalesce(sum(r.own_cents), 0)::bigint as cents, min(${PAID_ON}) as "oldestOn"
    from ${WAITING(tx)} r`);
  const { allCents } = await tx.one<{ allCents: Cents }>(sql`
    select coalesce(sum(own_cents), 0)::bigint as "allCents" from payment_receipt where tenant_id = ${tx.tenantId}`);
  return { waiting, allCents };
}

export interface WaitingReceipt {
  id: string;
  noticeNumber: string;
  receiptId: string;
  pspName: string;
  paidOn: Day;
  cents: Cents;
}

/** Oldest first. */
export function waitingForFlow(tx: ReadTx, limit: number): Promise<WaitingReceipt[]> {
  return tx.rows<WaitingReceipt>(sql`
    select r.id, r.notice_number as "noticeNumber", r.receipt_id as "receiptId", r.psp_name as "pspName",
      ${PAID_ON} as "paidOn", r.own_cents as cents
    from ${WAITING(tx)} r
    order by r.paid_at, r.id limit ${limit}`);
}

/** Our part of the flows by state; `unsound`: flows whose payments do not add up to what they state. */
export function flowPiles(tx: ReadTx): Promise<
  {
    state: "reported" | "settled";
    count: number;
    cents: Cents;
    oldestOn: Day | null;
    unsound: number;
  }[]
> {
  return tx.rows(sql`
    select f.state, (count(*) filter (where s.own_count > 0))::int as count,
      coalesce(sum(s.own_cents), 0)::bigint as cents,
      min(s.settled_on) filter (where s.own_count > 0) as "oldestOn",
      (count(*) filter (where not s.adds_up))::int as unsound
    from settlement_flow f
    join settlement_report s on s.tenant_id = f.tenant_id and s.flow_id = f.id and s.revision = f.revision
    where f.tenant_id = ${tx.tenantId} group by f.state`);
}

/** What stands in the ledger for flows, as the flows remember it. */
export async function postedCents(tx: ReadTx): Promise<Cents> {
  const { cents } = await tx.one<{ cents: Cents }>(sql`
    select coalesce(sum(posted_cents), 0)::bigint as cents from settlement_flow where tenant_id = ${tx.tenantId}`);
  return cents;
}

type QuestionPile = Pile & { explained: boolean; awaited: boolean };

/** Payments of ours in flows that no receipt explains; `explained`: by somebody of the office. */
export function paymentPiles(tx: ReadTx): Promise<QuestionPile[]> {
  return tx.rows<QuestionPile>(sql`
    select x.explained, false as awaited, count(*)::int as count, sum(x.cents)::bigint as cents,
      min(x.paid_on) as "oldestOn"
    from (
      select p.amount_cents as cents, p.paid_on, exists (
        select 1 from settlement_note n where n.tenant_id = p.tenant_id
          and n.subject = 'payment:' || p.flow_id || ':' || p.iur || ':' || p.iuv || ':' || p.transfer) as explained
      from settlement_payment p
      join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
      where p.tenant_id = ${tx.tenantId} and p.standing <> 'matched') x
    group by x.explained`);
}

/** Movements of the bank that belong to no flow we know; `awaited`: since `awaitedFrom`, their flow may still come. */
export function movementPiles(tx: ReadTx, awaitedFrom: Day): Promise<QuestionPile[]> {
  return tx.rows<QuestionPile>(sql`
    select x.explained, x.awaited and not x.explained as awaited, count(*)::int as count,
      sum(x.cents)::bigint as cents, min(x.moved_on) as "oldestOn"
    from (
      select m.amount_cents as cents, m.moved_on,
        ${isAwaited(awaitedFrom)} as awaited, exists (
        select 1 from settlement_note n where n.tenant_id = m.tenant_id
          and n.subject = 'movement:' || m.id) as explained
      from bank_movement m where m.tenant_id = ${tx.tenantId} and m.standing <> 'matched') x
    group by 1, 2`);
}

/**
 * Money in suspense that the office credited in the period: from that day, or from that of its credit at the bank, it is
 * a service's.
 */
export function creditedCases(
  tx: ReadTx,
  of: { from: Day; to: Day; by: "paid" | "banked" },
): Promise<CreditedCase[]> {
  const decidedOn = sql`(c.resolved_at at time zone 'Europe/Rome')::date`;
  const days =
    of.by === "paid"
      ? sql`select ${decidedOn} as date, false as undone
        union all
        select (v.revoked_at at time zone 'Europe/Rome')::date, true from receipt_revocation v
        where v.tenant_id = r.tenant_id and v.receipt_id = r.id`
      : sql`select greatest(${decidedOn}, max(f.banked_on)), false from settlement_payment p
        join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
        where p.tenant_id = r.tenant_id and p.receipt_id = r.id and f.state = 'settled'
          and p.standing in ('matched', 'amount-differs')
        having count(*) > 0
        union all
        select f.banked_on, true from receipt_revocation v
        join settlement_flow f on f.tenant_id = v.tenant_id and f.id = v.flow_id
        where v.tenant_id = r.tenant_id and v.receipt_id = r.id and f.state = 'settled'`;
  return tx.rows<CreditedCase>(sql`
    select c.id, d.date, d.undone as "isUndone", c.amount_cents as cents,
      r.creditor_fiscal_code as "creditorCode", l.services[1] as "serviceId", coalesce(l.categories[1], '') as category
    from payment_case c
    join payment_receipt r on r.tenant_id = c.tenant_id and r.id = c.receipt_id
    cross join lateral (${days}) d(date, undone)
    left join lateral (
      select array_agg(distinct n.service_id) as services, array_agg(distinct t.category) as categories
      from payment_notice_line n
      join payment_notice_transfer t on t.tenant_id = n.tenant_id and t.notice_id = n.notice_id
        and t.transfer = n.transfer
      where n.tenant_id = r.tenant_id and n.notice_id = r.notice_id
      having count(distinct n.service_id) = 1) l on true
    where c.tenant_id = ${tx.tenantId} and c.resolution = 'credited' and d.date between ${of.from} and ${of.to}`);
}

const REVOKED = sql`from receipt_revocation v
  join payment_receipt r on r.tenant_id = v.tenant_id and r.id = v.receipt_id`;

/**
 * What was paid, by service, day, taxonomy code and pagoPA's metadata. By day of payment: every receipt; by day of
 * credit: what a flow that the bank has paid contains. A revoked payment that was undone is taken off on the day on which
 * it was undone, or on which the bank took it back: a period that was exported before stays as it was.
 */
export function accountingRows(
  tx: ReadTx,
  of: { from: Day; to: Day; by: "paid" | "banked" },
): Promise<PaidRow[]> {
  // Each way by the index of its day: the receipts of the period, then what is in them.
  const receipts =
    of.by === "paid"
      ? sql`select r.*, ${PAID_ON} as date, null::integer as revoked from payment_receipt r
          where r.tenant_id = ${tx.tenantId} and r.paid_at >= ${momentAt(of.from, "00:00")}
            and r.paid_at < ${momentAt(of.to.add({ days: 1 }), "00:00")}
        union all
        select r.*, (v.revoked_at at time zone 'Europe/Rome')::date, v.transfer ${REVOKED}
          where v.tenant_id = ${tx.tenantId} and v.revoked_at >= ${momentAt(of.from, "00:00")}
            and v.revoked_at < ${momentAt(of.to.add({ days: 1 }), "00:00")}`
      : sql`select r.*, max(f.banked_on) as date, null::integer as revoked from settlement_flow f
          join settlement_payment p on p.tenant_id = f.tenant_id and p.flow_id = f.id and p.revision = f.revision
          join payment_receipt r on r.tenant_id = p.tenant_id and r.id = p.receipt_id
          where f.tenant_id = ${tx.tenantId} and f.state = 'settled' and f.banked_on between ${of.from} and ${of.to}
            and p.standing in ('matched', 'amount-differs')
            and not exists (select from settlement_payment q join settlement_flow g on g.tenant_id = q.tenant_id
                and g.id = q.flow_id and g.revision = q.revision
              where q.tenant_id = r.tenant_id and q.receipt_id = r.id and g.state = 'settled'
                and q.standing in ('matched', 'amount-differs') and g.banked_on > ${of.to})
          group by r.tenant_id, r.id
        union all
        select r.*, f.banked_on, v.transfer ${REVOKED}
          join settlement_flow f on f.tenant_id = v.tenant_id and f.id = v.flow_id
          where v.tenant_id = ${tx.tenantId} and f.state = 'settled' and f.banked_on between ${of.from} and ${of.to}`;
  // What pagoPA gave back with the receipt; a receipt that leaves it out: what was told with the notice. Amounts of
  // parts and resting accounts are no code of the books.
  const codes = (entries: typeof PAID_ON) => sql`(
    select string_agg(distinct (m->>'key') || '=' || (m->>'value'), '; ') from (${entries}) e(m)
    where m->>'key' <> 'IBANAPPOGGIO' and left(m->>'key', 7) <> 'RC_IMP_')`;
  const metadata = sql`coalesce(
    ${codes(sql`select m from jsonb_array_elements(r.transfers) t, jsonb_array_elements(coalesce(t->'metadata', '[]')) m
      where (t->>'id')::integer = x.transfer`)},
    ${codes(sql`select m from jsonb_array_elements(x.metadata) m`)}, '')`;
  return tx.rows<PaidRow>(sql`
    select y."serviceId", y.date, y.category, y.beneficiary, y.metadata,
      (count(distinct y.id) filter (where y.cents > 0))::int as payments, sum(y.cents)::bigint as cents
    from (
      select r.id, x.service_id as "serviceId", r.date, coalesce(x.category, '') as category,
        coalesce(x.beneficiary, r.creditor_fiscal_code) as beneficiary, ${metadata} as metadata,
        coalesce(x.amount_cents, r.amount_cents) * case when r.revoked is null then 1 else -1 end as cents
      from (${receipts}) r
      left join lateral (
        select l.service_id, l.amount_cents, l.transfer, t.category, t.creditor_fiscal_code as beneficiary,
          t.metadata
        from payment_notice_line l
        join payment_notice_transfer t on t.tenant_id = l.tenant_id and t.notice_id = l.notice_id
          and t.transfer = l.transfer
        where l.tenant_id = r.tenant_id and l.notice_id = r.notice_id
          and l.transfer = coalesce(r.revoked, l.transfer)
          and r.verdict in ('exact', 'cancelled-top-up')) x on true
      where r.tenant_id = ${tx.tenantId}) y
    group by 1, 2, 3, 4, 5 order by 2, 3, 1`);
}
