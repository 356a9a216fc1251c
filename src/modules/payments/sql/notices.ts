// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { PositionKind } from "../rules/match-receipt.ts";
import type { NoticeState } from "../rules/notice-state.ts";
import type { TransferMetadata } from "../rules/transfer-metadata.ts";
import { replanRemotePositions } from "./remote-sync.ts";

export interface PositionRow {
  id: string;
  kind: PositionKind;
  holderId: string;
  key: string;
  inputHash: string;
}

export interface NoticeRow {
  id: string;
  positionId: string;
  instalment: number | null;
  holderId: string;
  creditorFiscalCode: string;
  noticeNumber: string;
  debtorFiscalCode: string;
  debtorName: string;
  /** what is paid, in public words: no child's name */
  subject: string;
  amountCents: Cents;
  dueOn: Day | null;
  payableAfterDue: boolean;
}

export interface NoticeLine {
  noticeId: string;
  line: number;
  /** the family account that is credited */
  holderId: string;
  accountChildId: string | null;
  accountServiceId: string | null;
  /** whom and what it is for */
  childId: string | null;
  serviceId: string;
  billId: string | null;
  amountCents: Cents;
  transfer: number;
}

export interface TransferRow {
  noticeId: string;
  transfer: number;
  fiscalCode: string;
  name: string;
  iban: string;
  postalIban: string | null;
  amountCents: Cents;
  category: string;
  /** what the accounts office books by, told to pagoPA */
  metadata: readonly TransferMetadata[];
  remittance: string;
}

export interface Notice extends NoticeRow {
  kind: PositionKind;
  state: NoticeState;
  stateAt: Moment;
  issuedAt: Moment;
  issuedBy: string;
  replacedById: string | null;
  /** its number: what is to be paid instead */
  replacedByNumber: string | null;
  /** a cart sent or a payment asked for at a counter, the latest; null: never, or it came back without one */
  lastAttemptAt: Moment | null;
  /** the same without what was asked for during a cart of ours whose browser came back saying that nothing was paid */
  openAttemptAt: Moment | null;
  /** when the latest such browser came back */
  gaveUpAt: Moment | null;
  /** pagoPA itself answers for it (GPD) and does not have it yet: nobody can pay it */
  inPreparation: boolean;
  /** its PSP took the payment back, all of it or one of its transfers: what it paid is owed again */
  isRevoked: boolean;
}

export const EVENT_KINDS = [
  "issued",
  "cart",
  "asked",
  "paid",
  "reported",
  "settled",
  "expired",
  "cancelled",
  "replaced",
  "paid-elsewhere",
  /** the PSP took the payment back, and its credit was undone; the state stays */
  "revoked",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Did its PSP take the payment of notice `n` back? */
const IS_REVOKED = sql`exists(
  select from receipt_revocation v join payment_receipt r on r.tenant_id = v.tenant_id and r.id = v.receipt_id
  where v.tenant_id = n.tenant_id and v.notice_id = n.id
    and r.verdict in ('exact', 'cancelled-top-up', 'other-amount'))`;
/** Was notice `n` paid with another sum, and has the office decided where that goes? What is left is owed anew. */
const IS_DECIDED = sql`exists(
  select from payment_receipt r join payment_case c on c.tenant_id = r.tenant_id and c.receipt_id = r.id
  where r.tenant_id = n.tenant_id and r.notice_id = n.id and r.verdict = 'other-amount' and c.resolved_at is not null)`;
const COLUMNS = sql`n.id, n.position_id as "positionId", n.instalment, n.holder_id as "holderId",
  n.creditor_fiscal_code as "creditorFiscalCode", n.notice_number as "noticeNumber",
  n.debtor_fiscal_code as "debtorFiscalCode", n.debtor_name as "debtorName", n.subject,
  n.amount_cents as "amountCents", n.due_on as "dueOn", n.payable_after_due as "payableAfterDue", p.kind, n.state,
  n.state_at as "stateAt", n.issued_at as "issuedAt", n.issued_by as "issuedBy",
  n.replaced_by_id as "replacedById",
  (select x.notice_number from payment_notice x where x.tenant_id = n.tenant_id and x.id = n.replaced_by_id)
    as "replacedByNumber", a.last as "lastAttemptAt", a.open as "openAttemptAt",
  a.gave_up as "gaveUpAt",
  exists(select from remote_position r where r.tenant_id = n.tenant_id and r.notice_id = n.id
    and r.channel <> 'aca' and r.told in ('nothing', 'unsure')) as "inPreparation",
  ${IS_REVOKED} as "isRevoked"`;
const FROM = sql`from payment_notice n join debt_position p on p.tenant_id = n.tenant_id and p.id = n.position_id
  cross join lateral (
    with own_cart as (
      select c.started_at, c.returned_at, coalesce(c.returned_as, '') in ('error', 'cancel') as gave_up
      from payment_cart_notice x join payment_cart c on c.tenant_id = x.tenant_id and c.id = x.cart_id
      where x.tenant_id = n.tenant_id and x.notice_id = n.id and c.state <> 'refused')
    select max(b.at) as last, max(b.at) filter (where not b.gave_up) as open,
      (select max(returned_at) from own_cart where gave_up) as gave_up
    from (
      select e.at, exists(select from own_cart
        where gave_up and e.at >= started_at and e.at < returned_at) as gave_up
      from payment_notice_event e
      where e.tenant_id = n.tenant_id and e.notice_id = n.id and e.kind = 'asked'
      union all
      select started_at, false from own_cart where not gave_up) b) a`;

export async function insertPositions(
  tx: WriteTx,
  rows: readonly PositionRow[],
  by: { name: string; at: Moment },
): Promise<void> {
  await tx.run(sql`
    insert into debt_position (tenant_id, id, kind, holder_id, idempotency_key, input_hash, created_at, created_by)
    select ${tx.tenantId}, r.id, r.kind, r."holderId", r.key, r."inputHash", ${by.at}::timestamptz, ${by.name}::text
    from ${jsonRows(rows)} as r(id uuid, kind text, "holderId" uuid, key text, "inputHash" text)`);
}

export function positionsByKey(tx: ReadTx, keys: readonly string[]): Promise<PositionRow[]> {
  return tx.rows<PositionRow>(sql`
    select id, kind, holder_id as "holderId", idempotency_key as key, input_hash as "inputHash"
    from debt_position where tenant_id = ${tx.tenantId} and idempotency_key = any(${keys}::text[])`);
}

/** Of these keys those whose notices were all deleted, or ask for nothing any more: it may be asked for again. */
export async function deletedKeys(tx: ReadTx, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ key: string }>(sql`
    select p.idempotency_key as key
    from debt_position p join payment_notice n on n.tenant_id = p.tenant_id and n.position_id = p.id
    where p.tenant_id = ${tx.tenantId} and p.idempotency_key = any(${keys}::text[])
    group by p.idempotency_key having bool_and(n.state = 'cancelled' or ${IS_REVOKED} or ${IS_DECIDED})`);
  return new Set(rows.map(({ key }) => key));
}

export async function insertNotices(
  tx: WriteTx,
  rows: readonly NoticeRow[],
  by: { name: string; at: Moment },
): Promise<void> {
  await tx.run(sql`
    insert into payment_notice (tenant_id, id, position_id, instalment, holder_id, creditor_fiscal_code,
      notice_number, debtor_fiscal_code, debtor_name, subject, amount_cents, due_on, payable_after_due, state,
      state_at, issued_at, issued_by)
    select ${tx.tenantId}, r.id, r."positionId", r.instalment, r."holderId", r."creditorFiscalCode",
      r."noticeNumber", r."debtorFiscalCode", r."debtorName", r.subject, r."amountCents", r."dueOn",
      r."payableAfterDue", 'issued', ${by.at}::timestamptz, ${by.at}::timestamptz, ${by.name}::text
    from ${jsonRows(rows)} as r(id uuid, "positionId" uuid, instalment integer, "holderId" uuid,
      "creditorFiscalCode" text, "noticeNumber" text, "debtorFiscalCode" text, "debtorName" text, subject text,
      "amountCents" bigint, "dueOn" date, "payableAfterDue" boolean)`);
}

export async function insertLines(tx: WriteTx, rows: readonly NoticeLine[]): Promise<void> {
  await tx.run(sql`
    insert into payment_notice_line (tenant_id, notice_id, line, holder_id, account_child_id, account_service_id,
      child_id, service_id, bill_id, amount_cents, transfer)
    select ${tx.tenantId}, r."noticeId", r.line, r."holderId", r."accountChildId", r."accountServiceId",
      r."childId", r."serviceId", r."billId", r."amountCents", r.transfer
    from ${jsonRows(rows)} as r("noticeId" uuid, line integer, "holderId" uuid, "accountChildId" uuid,
      "accountServiceId" uuid, "childId" uuid, "serviceId" uuid, "billId" uuid, "amountCents" bigint,
      transfer integer)`);
}

export async function insertTransfers(tx: WriteTx, rows: readonly TransferRow[]): Promise<void> {
  await tx.run(sql`
    insert into payment_notice_transfer (tenant_id, notice_id, transfer, creditor_fiscal_code, creditor_name, iban,
      postal_iban, amount_cents, category, metadata, remittance)
    select ${tx.tenantId}, r."noticeId", r.transfer, r."fiscalCode", r.name, r.iban, r."postalIban",
      r."amountCents", r.category, r.metadata, r.remittance
    from ${jsonRows(rows)} as r("noticeId" uuid, transfer integer, "fiscalCode" text, name text, iban text,
      "postalIban" text, "amountCents" bigint, category text, metadata jsonb, remittance text)`);
}

export async function insertEvents(
  tx: WriteTx,
  rows: readonly {
    id: string;
    noticeId: string;
    kind: EventKind;
    details?: Record<string, unknown>;
  }[],
  by: { name: string; at: Moment },
): Promise<void> {
  await tx.run(sql`
    insert into payment_notice_event (tenant_id, id, notice_id, kind, at, by, details)
    select ${tx.tenantId}, r.id, r."noticeId", r.kind, ${by.at}::timestamptz, ${by.name}::text,
      coalesce(r.details, '{}')
    from ${jsonRows(rows)} as r(id uuid, "noticeId" uuid, kind text, details jsonb)`);
}

/** The notice a station is asked for; with `lock`, nobody else changes it until the transaction ends. */
export function noticeByNumber(
  tx: ReadTx,
  of: { creditorFiscalCode: string; noticeNumber: string },
  lock: "" | "lock" = "",
): Promise<Notice | undefined> {
  return tx.maybe<Notice>(sql`
    select ${COLUMNS} ${FROM}
    where n.tenant_id = ${tx.tenantId} and n.creditor_fiscal_code = ${of.creditorFiscalCode}
      and n.notice_number = ${of.noticeNumber} ${lock === "lock" ? sql`for update of n` : sql``}`);
}

/** By number alone; two creditors of a town may have the same one. */
export function noticesOfNumber(tx: ReadTx, noticeNumber: string): Promise<Notice[]> {
  return tx.rows<Notice>(sql`
    select ${COLUMNS} ${FROM}
    where n.tenant_id = ${tx.tenantId} and n.notice_number = ${noticeNumber} order by n.issued_at`);
}

/**
 * Locked in the order of their ids, when they are to be changed; read once that is done: a cart that somebody began while
 * we waited stands in another table, which a statement that waits does not look at again (X-05).
 */
export async function noticesById(
  tx: ReadTx,
  ids: readonly string[],
  lock: "" | "lock" = "",
): Promise<Notice[]> {
  if (lock === "lock")
    await tx.rows(sql`
      select id from payment_notice where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])
      order by id for update`);
  return tx.rows<Notice>(sql`
    select ${COLUMNS} ${FROM}
    where n.tenant_id = ${tx.tenantId} and n.id = any(${ids}::uuid[]) order by n.id`);
}

export function noticesOfPositions(tx: ReadTx, ids: readonly string[]): Promise<Notice[]> {
  return tx.rows<Notice>(sql`
    select ${COLUMNS} ${FROM}
    where n.tenant_id = ${tx.tenantId} and n.position_id = any(${ids}::uuid[])
    order by n.position_id, n.instalment nulls first`);
}

/** Newest first; of a holder's own notices and those with a line for one of his accounts. */
export function noticesOfHolders(tx: ReadTx, holderIds: readonly string[]): Promise<Notice[]> {
  return tx.rows<Notice>(sql`
    select ${COLUMNS} ${FROM}
    where n.tenant_id = ${tx.tenantId} and n.holder_id = any(${holderIds}::uuid[])
    order by n.issued_at desc, n.notice_number desc`);
}

export function linesOf(tx: ReadTx, noticeIds: readonly string[]): Promise<NoticeLine[]> {
  return tx.rows<NoticeLine>(sql`
    select notice_id as "noticeId", line, holder_id as "holderId", account_child_id as "accountChildId",
      account_service_id as "accountServiceId", child_id as "childId", service_id as "serviceId",
      bill_id as "billId", amount_cents as "amountCents", transfer
    from payment_notice_line where tenant_id = ${tx.tenantId} and notice_id = any(${noticeIds}::uuid[])
    order by notice_id, line`);
}

export function transfersOf(tx: ReadTx, noticeIds: readonly string[]): Promise<TransferRow[]> {
  return tx.rows<TransferRow>(sql`
    select notice_id as "noticeId", transfer, creditor_fiscal_code as "fiscalCode", creditor_name as name, iban,
      postal_iban as "postalIban", amount_cents as "amountCents", category, metadata, remittance
    from payment_notice_transfer where tenant_id = ${tx.tenantId} and notice_id = any(${noticeIds}::uuid[])
    order by notice_id, transfer`);
}

/** The notices that ask for these bills, whatever their state. */
export function noticesOfBills(
  tx: ReadTx,
  billIds: readonly string[],
): Promise<
  {
    billId: string;
    noticeId: string;
    noticeNumber: string;
    instalment: number | null;
    state: NoticeState;
    isRevoked: boolean;
    /** paid with another sum, and decided: what is left of the bill is asked for anew */
    isDecided: boolean;
  }[]
> {
  return tx.rows(sql`
    select distinct l.bill_id as "billId", l.notice_id as "noticeId", n.notice_number as "noticeNumber",
      n.instalment, n.state, ${IS_REVOKED} as "isRevoked", ${IS_DECIDED} as "isDecided"
    from payment_notice_line l join payment_notice n on n.tenant_id = l.tenant_id and n.id = l.notice_id
    where l.tenant_id = ${tx.tenantId} and l.bill_id = any(${billIds}::uuid[])`);
}

/**
 * The rule has decided; `from` guards against a state that changed meanwhile. Every change of state comes through here,
 * so pagoPA hears of each.
 */
export async function moveNotices(
  tx: WriteTx,
  of: {
    ids: readonly string[];
    from: NoticeState;
    to: NoticeState;
    at: Moment;
    replacedById?: string;
  },
): Promise<number> {
  const moved = await tx.run(sql`
    update payment_notice set state = ${of.to}, state_at = ${of.at},
      replaced_by_id = coalesce(${of.replacedById ?? null}::uuid, replaced_by_id)
    where tenant_id = ${tx.tenantId} and id = any(${of.ids}::uuid[]) and state = ${of.from}`);
  if (moved > 0) await replanRemotePositions(tx, { noticeIds: of.ids, at: of.at });
  return moved;
}

export interface NoticeEvent {
  kind: EventKind;
  at: Moment;
  by: string;
  details: Record<string, unknown>;
}

export function eventsOf(tx: ReadTx, noticeId: string): Promise<NoticeEvent[]> {
  return tx.rows<NoticeEvent>(sql`
    select kind, at, by, details from payment_notice_event
    where tenant_id = ${tx.tenantId} and notice_id = ${noticeId} order by at, id`);
}
