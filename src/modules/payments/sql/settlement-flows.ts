// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { batches } from "#kernel/batches.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { SettlementPosting } from "../rules/post-settlement.ts";
import type { ReceivedReport, ReportedOutcome } from "../rules/settlement-report.ts";

export const LINE_STANDINGS = [
  "receipt-missing",
  "matched",
  "amount-differs",
  "reported-twice",
  "revoked",
] as const;
export type LineStanding = (typeof LINE_STANDINGS)[number];

/** A flow as its highest revision tells of it. */
export interface Flow {
  id: string;
  creditorFiscalCode: string;
  senderId: string;
  flowCode: string;
  revision: number;
  state: "reported" | "settled";
  bankedOn: Day | null;
  postedCents: Cents;
  postedOn: Day | null;
  postingKey: string;
  postings: number;
  pspId: string;
  pspName: string;
  bankTransferCode: string;
  settledOn: Day;
  totalCents: Cents;
  paymentCount: number;
  ownCents: Cents;
  ownCount: number;
  addsUp: boolean;
  receivedAt: Moment;
}

const COLUMNS = sql`f.id, f.creditor_fiscal_code as "creditorFiscalCode", f.sender_id as "senderId",
  f.flow_code as "flowCode", f.revision, f.state, f.banked_on as "bankedOn", f.posted_cents as "postedCents",
  f.posted_on as "postedOn", f.posting_key as "postingKey", f.postings, r.psp_id as "pspId", r.psp_name as "pspName",
  r.bank_transfer_code as "bankTransferCode", r.settled_on as "settledOn", r.total_cents as "totalCents",
  r.payment_count as "paymentCount", r.own_cents as "ownCents", r.own_count as "ownCount",
  r.adds_up as "addsUp", r.received_at as "receivedAt"`;
const FROM = sql`from settlement_flow f join settlement_report r on r.tenant_id = f.tenant_id and r.flow_id = f.id
  and r.revision = f.revision`;

/** The row of a flow is held from here on; a higher revision is judged anew, a lower one leaves it as it is. */
export async function touchFlow(
  tx: WriteTx,
  row: Pick<Flow, "id" | "creditorFiscalCode" | "senderId" | "flowCode" | "revision">,
): Promise<void> {
  await tx.run(sql`
    insert into settlement_flow as f (tenant_id, id, creditor_fiscal_code, sender_id, flow_code, revision)
    values (${tx.tenantId}, ${row.id}, ${row.creditorFiscalCode}, ${row.senderId}, ${row.flowCode}, ${row.revision})
    on conflict (tenant_id, id) do update set revision = greatest(f.revision, excluded.revision),
      state = case when excluded.revision > f.revision then 'reported' else f.state end`);
}

/** False: that revision is here already. */
export async function insertReport(
  tx: WriteTx,
  row: {
    flowId: string;
    report: ReceivedReport;
    ownCents: Cents;
    ownCount: number;
    addsUp: boolean;
    source: "fdr" | "file";
    receivedAt: Moment;
  },
): Promise<boolean> {
  const { report } = row;
  const inserted = await tx.run(sql`
    insert into settlement_report (tenant_id, flow_id, revision, psp_id, psp_name, bank_transfer_code, settled_on,
      flow_at, published_at, total_cents, payment_count, own_cents, own_count, adds_up, source, received_at)
    values (${tx.tenantId}, ${row.flowId}, ${report.revision}, ${report.pspId}, ${report.pspName},
      ${report.bankTransferCode}, ${report.settledOn}, ${report.flowAt}, ${report.publishedAt}, ${report.totalCents},
      ${report.paymentCount}, ${row.ownCents}, ${row.ownCount}, ${row.addsUp}, ${row.source}, ${row.receivedAt})
    on conflict do nothing`);
  return inserted === 1;
}

export interface PaymentRow {
  line: number;
  iuv: string;
  iur: string;
  transfer: number;
  amountCents: Cents;
  paidOn: Day;
  outcome: ReportedOutcome;
}

export async function insertPayments(
  tx: WriteTx,
  of: { flowId: string; revision: number; rows: readonly PaymentRow[] },
): Promise<void> {
  // house-allow query-in-loop: one statement per 5,000 rows
  for (const rows of batches(of.rows))
    await tx.run(sql`
      insert into settlement_payment (tenant_id, flow_id, revision, line, iuv, iur, transfer, amount_cents, paid_on,
        outcome, standing)
      select ${tx.tenantId}, ${of.flowId}::uuid, ${of.revision}::integer, r.line, r.iuv, r.iur, r.transfer,
        r."amountCents", r."paidOn", r.outcome,
        case when r.outcome = 'REVOKED' then 'revoked' else 'receipt-missing' end
      from ${jsonRows(rows)} as r(line integer, iuv text, iur text, transfer integer, "amountCents" bigint,
        "paidOn" date, outcome text)`);
}

/** Which revisions of which flows are here, to ask pagoPA only for the others. */
export function knownReports(
  tx: ReadTx,
  creditorFiscalCode: string,
  flowCodes: readonly string[],
): Promise<{ pspId: string; flowCode: string; revision: number }[]> {
  return tx.rows(sql`
    select r.psp_id as "pspId", f.flow_code as "flowCode", r.revision
    from settlement_flow f join settlement_report r on r.tenant_id = f.tenant_id and r.flow_id = f.id
    where f.tenant_id = ${tx.tenantId} and f.creditor_fiscal_code = ${creditorFiscalCode}
      and f.flow_code = any(${flowCodes}::text[])`);
}

/** The highest revision of a flow, with what tells whether a file repeats it. */
export function latestReport(
  tx: ReadTx,
  flowId: string,
): Promise<{ revision: number; flowAt: Moment } | undefined> {
  return tx.maybe(sql`
    select r.revision, r.flow_at as "flowAt" from settlement_report r
    where r.tenant_id = ${tx.tenantId} and r.flow_id = ${flowId} order by r.revision desc limit 1`);
}

/** What may still find its movement or lose it: everything since `since`, and all that waits. Held until the end. */
export function flowsToMatch(tx: WriteTx, since: Day): Promise<Flow[]> {
  return tx.rows<Flow>(sql`
    select ${COLUMNS} ${FROM}
    where f.tenant_id = ${tx.tenantId} and f.id in (
      select w.id from settlement_flow w where w.tenant_id = ${tx.tenantId} and w.state = 'reported'
      union all
      select l.flow_id from settlement_report l where l.tenant_id = ${tx.tenantId} and l.settled_on >= ${since})
    order by f.id for update of f`);
}

/** All that waits for the bank. */
export function flowsWaiting(tx: ReadTx): Promise<Flow[]> {
  return tx.rows<Flow>(sql`
    select ${COLUMNS} ${FROM}
    where f.tenant_id = ${tx.tenantId} and f.state = 'reported' order by f.id`);
}

export function flowById(tx: ReadTx, id: string): Promise<Flow | undefined> {
  return tx.maybe<Flow>(
    sql`select ${COLUMNS} ${FROM} where f.tenant_id = ${tx.tenantId} and f.id = ${id}`,
  );
}

/** Flows with payments of ours (or, `any`, all of them), latest transfer first. */
export function flowsIn(tx: ReadTx, of: { state: Flow["state"]; limit: number }): Promise<Flow[]> {
  return tx.rows<Flow>(sql`
    select ${COLUMNS} ${FROM}
    where f.tenant_id = ${tx.tenantId} and f.state = ${of.state} and r.own_count > 0
    order by r.settled_on ${of.state === "settled" ? sql`desc` : sql`asc`}, f.flow_code limit ${of.limit}`);
}

/** A creditor's flows of that total that the bank has not paid: what an unexplained movement may be. */
export function flowsOfTotal(
  tx: ReadTx,
  of: { creditorFiscalCode: string; totalCents: Cents },
): Promise<Flow[]> {
  return tx.rows<Flow>(sql`
    select ${COLUMNS} ${FROM}
    where f.tenant_id = ${tx.tenantId} and f.creditor_fiscal_code = ${of.creditorFiscalCode}
      and f.state = 'reported' and r.total_cents = ${of.totalCents}
    order by r.settled_on desc, f.flow_code limit 20`);
}

export interface FlowPayment extends PaymentRow {
  flowId: string;
  standing: LineStanding;
  receiptId: string | null;
  noticeNumber: string | null;
  /** what the receipt says of that transfer */
  receiptCents: Cents | null;
  recovery: "waiting" | "recovered" | "given-up" | null;
  note: string | null;
}

/** The amount of one transfer of receipt `r` to its creditor; a receipt with one such transfer needs no number. */
const RECEIPT_CENTS = sql`(
  select coalesce(
    max((t->>'amountCents')::bigint) filter (where (t->>'id')::integer = p.transfer),
    case when count(*) = 1 then max((t->>'amountCents')::bigint) end)
  from jsonb_array_elements(r.transfers) t where t->>'fiscalCodePA' = r.creditor_fiscal_code)`;

const PAYMENT = sql`p.flow_id as "flowId", p.line, p.iuv, p.iur, p.transfer, p.amount_cents as "amountCents",
  p.paid_on as "paidOn", p.outcome, p.standing, p.receipt_id as "receiptId", r.notice_number as "noticeNumber",
  ${RECEIPT_CENTS} as "receiptCents", y.state as recovery, (
    select n.reason from settlement_note n where n.tenant_id = p.tenant_id
      and n.subject = 'payment:' || p.flow_id || ':' || p.iur || ':' || p.iuv || ':' || p.transfer
    order by n.noted_at desc limit 1) as note`;
const PAYMENT_FROM = sql`from settlement_payment p
  join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
  left join payment_receipt r on r.tenant_id = p.tenant_id and r.id = p.receipt_id
  left join receipt_recovery y on y.tenant_id = p.tenant_id
    and y.creditor_fiscal_code = f.creditor_fiscal_code and y.iur = p.iur and y.iuv = p.iuv`;

export function paymentsOfFlow(tx: ReadTx, flowId: string): Promise<FlowPayment[]> {
  return tx.rows<FlowPayment>(sql`
    select ${PAYMENT} ${PAYMENT_FROM}
    where p.tenant_id = ${tx.tenantId} and p.flow_id = ${flowId} order by p.line`);
}

/** Lines of ours that nobody can explain yet, oldest first. */
export function openPayments(tx: ReadTx, limit: number): Promise<FlowPayment[]> {
  return tx.rows<FlowPayment>(sql`
    select * from (select ${PAYMENT} ${PAYMENT_FROM}
      where p.tenant_id = ${tx.tenantId} and p.standing <> 'matched') open
    where note is null order by "paidOn", iur limit ${limit}`);
}

/**
 * Line ↔ receipt, by iur, iuv and transfer: anew for all that is open and for what shares a receipt with it. The second
 * line of one transfer is `reported-twice`, in the order of the bank's days. Returns how many changed.
 */
export function matchPayments(tx: WriteTx): Promise<number> {
  return tx.run(sql`
    with open as (
      select distinct p.iur from settlement_payment p
      where p.tenant_id = ${tx.tenantId} and p.standing <> 'matched'),
    found as (
      select p.flow_id, p.revision, p.line, p.amount_cents, r.id as receipt_id, ${RECEIPT_CENTS} as receipt_cents,
        row_number() over (partition by f.creditor_fiscal_code, p.iur, p.iuv, p.transfer
          order by s.settled_on, f.sender_id, f.flow_code, p.line) as place
      from settlement_payment p
      join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
      join settlement_report s on s.tenant_id = p.tenant_id and s.flow_id = p.flow_id and s.revision = p.revision
      left join payment_receipt r on r.tenant_id = p.tenant_id
        and r.creditor_fiscal_code = f.creditor_fiscal_code and r.receipt_id = p.iur and r.iuv = p.iuv
      where p.tenant_id = ${tx.tenantId} and p.iur in (select iur from open) and p.outcome <> 'REVOKED'),
    judged as (
      select flow_id, revision, line, receipt_id, case
        when receipt_id is null then 'receipt-missing'
        when place > 1 then 'reported-twice'
        when receipt_cents is distinct from amount_cents then 'amount-differs'
        else 'matched' end as standing
      from found)
    update settlement_payment p set standing = j.standing, receipt_id = j.receipt_id
    from judged j
    where p.tenant_id = ${tx.tenantId} and p.flow_id = j.flow_id and p.revision = j.revision and p.line = j.line
      and (p.standing <> j.standing or p.receipt_id is distinct from j.receipt_id)`);
}

/** Flows found at the bank, or no more. */
export async function bankFlows(
  tx: WriteTx,
  rows: readonly { id: string; bankedOn: Day | null }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    update settlement_flow f set banked_on = r."bankedOn",
      state = case when r."bankedOn" is null then 'reported' else 'settled' end
    from ${jsonRows(rows)} as r(id uuid, "bankedOn" date)
    where f.tenant_id = ${tx.tenantId} and f.id = r.id`);
}

export async function markPosted(tx: WriteTx, rows: readonly SettlementPosting[]): Promise<void> {
  if (rows.length === 0) return;
  const plain = rows.map(({ flowId, postedCents, postedOn, postingKey, postings }) => ({
    flowId,
    postedCents,
    postedOn,
    postingKey,
    postings,
  }));
  await tx.run(sql`
    update settlement_flow f set posted_cents = r."postedCents", posted_on = r."postedOn", posting_key = r."postingKey",
      postings = r.postings
    from ${jsonRows(plain)} as r("flowId" uuid, "postedCents" bigint, "postedOn" date, "postingKey" text,
      postings integer)
    where f.tenant_id = ${tx.tenantId} and f.id = r."flowId"`);
}

/**
 * Notices that may go on: `reported` when a flow names their receipt, `settled` when every transfer of it to the
 * creditor lies in a flow that the bank has paid.
 */
export function noticesToMove(
  tx: ReadTx,
): Promise<{ id: string; from: "paid" | "reported"; to: "reported" | "settled" }[]> {
  return tx.rows(sql`
    select n.id, n.state as from, case when x.settled >= x.own then 'settled' else 'reported' end as to
    from payment_notice n
    join payment_receipt r on r.tenant_id = n.tenant_id and r.notice_id = n.id
      and r.verdict in ('exact', 'cancelled-top-up', 'other-amount')
    join lateral (
      select count(*) as named, count(*) filter (where f.state = 'settled') as settled, (
          select count(*) from jsonb_array_elements(r.transfers) t
          where t->>'fiscalCodePA' = r.creditor_fiscal_code) as own
      from settlement_payment p
      join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
      where p.tenant_id = n.tenant_id and p.receipt_id = r.id and p.standing in ('matched', 'amount-differs')) x
      on x.named > 0
    where n.tenant_id = ${tx.tenantId} and n.state in ('paid', 'reported')
      and (n.state = 'paid' or x.settled >= x.own)`);
}
