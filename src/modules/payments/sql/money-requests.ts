// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { RequestKind, RequestOrigin, RequestState } from "../rules/money-request.ts";

export interface MoneyRequest {
  id: string;
  number: number;
  kind: RequestKind;
  origin: RequestOrigin;
  /** null: money of a payment case, which no account holds */
  holderId: string | null;
  fromChildId: string | null;
  fromServiceId: string | null;
  toChildId: string | null;
  toServiceId: string | null;
  paymentCaseId: string | null;
  amountCents: Cents;
  beneficiary: string;
  /** empty: the office has to ask for it */
  iban: string;
  reason: string;
  askedAt: Moment;
  askedBy: string;
  /** promised: answered and executed by then */
  dueOn: Day;
  state: RequestState;
  stateAt: Moment;
  answer: string;
  answeredAt: Moment | null;
  answeredBy: string | null;
  batchId: string | null;
  /** that file has gone to the bank */
  isSent: boolean;
  /** how often it was put into a bank's file */
  attempt: number;
  key: string;
  inputHash: string;
}

const COLUMNS = sql`r.id, r.number, r.kind, r.origin, r.holder_id as "holderId", r.from_child_id as "fromChildId",
  r.from_service_id as "fromServiceId", r.to_child_id as "toChildId", r.to_service_id as "toServiceId",
  r.payment_case_id as "paymentCaseId", r.amount_cents as "amountCents", r.beneficiary, r.iban, r.reason,
  r.asked_at as "askedAt", r.asked_by as "askedBy", r.due_on as "dueOn", r.state, r.state_at as "stateAt", r.answer,
  r.answered_at as "answeredAt", r.answered_by as "answeredBy", r.batch_id as "batchId", r.attempt,
  exists(select from refund_batch b where b.tenant_id = r.tenant_id and b.id = r.batch_id
    and b.sent_at is not null) as "isSent",
  r.idempotency_key as key, r.input_hash as "inputHash"`;

/** Everything of the money desk takes turns: numbers count up, and no credit is given away twice. */
export async function lockMoneyDesk(tx: WriteTx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId}, 32))`);
}

/** Under `lockMoneyDesk`; numbered in the order given. */
export async function insertRequests(
  tx: WriteTx,
  rows: readonly Omit<
    MoneyRequest,
    "number" | "batchId" | "isSent" | "attempt" | "answeredAt" | "answeredBy"
  >[],
): Promise<void> {
  await tx.run(sql`
    insert into money_request (tenant_id, id, number, kind, origin, holder_id, from_child_id, from_service_id,
      to_child_id, to_service_id, payment_case_id, amount_cents, beneficiary, iban, reason, asked_at, asked_by,
      due_on, state, state_at, answer, idempotency_key, input_hash)
    select ${tx.tenantId}, r.id, l.last + r.place, r.kind, r.origin, r."holderId", r."fromChildId",
      r."fromServiceId", r."toChildId", r."toServiceId", r."paymentCaseId", r."amountCents", r.beneficiary, r.iban,
      r.reason, r."askedAt", r."askedBy", r."dueOn", r.state, r."stateAt", r.answer, r.key, r."inputHash"
    from ${jsonRows(rows.map((row, index) => ({ ...row, place: index + 1 })))} as r(id uuid, kind text, origin text,
      "holderId" uuid, "fromChildId" uuid, "fromServiceId" uuid, "toChildId" uuid, "toServiceId" uuid,
      "paymentCaseId" uuid, "amountCents" bigint, beneficiary text, iban text, reason text, "askedAt" timestamptz,
      "askedBy" text, "dueOn" date, state text, "stateAt" timestamptz, answer text, key text, "inputHash" text,
      place integer)
    cross join (select coalesce(max(number), 0) as last from money_request where tenant_id = ${tx.tenantId}) l`);
}

const MOST_ON_A_PAGE = 1000;

/** By promised day, then number. Those that are named by id or key all of them, whatever their number. */
export function moneyRequests(
  tx: ReadTx,
  of: {
    ids?: readonly string[];
    holderIds?: readonly string[];
    states?: readonly RequestState[];
    batchId?: string;
    keys?: readonly string[];
    /** by what happened last instead, the newest first */
    newestFirst?: boolean;
    limit?: number;
  },
): Promise<MoneyRequest[]> {
  const where = [
    of.ids && sql`and r.id = any(${of.ids}::uuid[])`,
    of.holderIds && sql`and r.holder_id = any(${of.holderIds}::uuid[])`,
    of.states && sql`and r.state = any(${of.states}::text[])`,
    of.batchId && sql`and r.batch_id = ${of.batchId}`,
    of.keys && sql`and r.idempotency_key = any(${of.keys}::text[])`,
  ].filter((part) => part !== undefined && part !== "");
  const named = Math.max(of.ids?.length ?? 0, of.keys?.length ?? 0);
  return tx.rows<MoneyRequest>(sql`
    select ${COLUMNS} from money_request r
    where r.tenant_id = ${tx.tenantId} ${sql.join(where, sql` `)}
    order by ${of.newestFirst ? sql`r.state_at desc, r.number desc` : sql`r.due_on, r.number`} limit ${of.limit ?? Math.max(MOST_ON_A_PAGE, named)}`);
}

/** Locked until the transaction ends, in the order of their ids. */
export function lockRequests(tx: WriteTx, ids: readonly string[]): Promise<MoneyRequest[]> {
  return tx.rows<MoneyRequest>(sql`
    select ${COLUMNS} from money_request r
    where r.tenant_id = ${tx.tenantId} and r.id = any(${ids}::uuid[]) order by r.id for update`);
}

/** What waits for an answer on one account. */
export async function waitingCentsOf(
  tx: ReadTx,
  of: { holderId: string; childId: string | null; serviceId: string | null },
): Promise<Cents> {
  const { cents } = await tx.one<{ cents: bigint }>(sql`
    select coalesce(sum(amount_cents), 0)::bigint as cents from money_request
    where tenant_id = ${tx.tenantId} and holder_id = ${of.holderId} and state = 'received'
      and from_child_id is not distinct from ${of.childId}::uuid
      and from_service_id is not distinct from ${of.serviceId}::uuid`);
  return cents;
}

/** `from` guards against a state that changed meanwhile; returns how many moved. */
export function moveRequests(
  tx: WriteTx,
  of: {
    ids: readonly string[];
    from: RequestState;
    to: RequestState;
    at: Moment;
    answer?: { text: string; by: string } | undefined;
    batchId?: string | undefined;
    /** of a refund ordered again */
    payee?: { iban: string; beneficiary: string } | undefined;
  },
): Promise<number> {
  const { answer, batchId, payee } = of;
  const answered = answer
    ? sql`, answer = ${answer.text}, answered_at = ${of.at}, answered_by = ${answer.by}`
    : sql``;
  const ordered = batchId ? sql`, batch_id = ${batchId}, attempt = attempt + 1` : sql``;
  const payTo = payee ? sql`, iban = ${payee.iban}, beneficiary = ${payee.beneficiary}` : sql``;
  return tx.run(sql`
    update money_request set state = ${of.to}, state_at = ${of.at} ${answered} ${ordered} ${payTo}
    where tenant_id = ${tx.tenantId} and id = any(${of.ids}::uuid[]) and state = ${of.from}`);
}

/** Where a refund goes that is not in a bank's file; it moves nothing. */
export function setPayee(
  tx: WriteTx,
  of: { id: string; iban: string; beneficiary: string },
): Promise<number> {
  return tx.run(sql`
    update money_request set iban = ${of.iban}, beneficiary = ${of.beneficiary}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and state in ('received', 'approved')`);
}

export interface RequestEvent {
  requestId: string;
  state: RequestState;
  at: Moment;
  by: string;
  note: string;
}

export async function insertRequestEvents(
  tx: WriteTx,
  rows: readonly (RequestEvent & { id: string })[],
): Promise<void> {
  await tx.run(sql`
    insert into money_request_event (tenant_id, id, request_id, state, at, by, note)
    select ${tx.tenantId}, r.id, r."requestId", r.state, r.at, r.by, r.note
    from ${jsonRows(rows)} as r(id uuid, "requestId" uuid, state text, at timestamptz, by text, note text)`);
}

export function requestEvents(tx: ReadTx, requestIds: readonly string[]): Promise<RequestEvent[]> {
  return tx.rows<RequestEvent>(sql`
    select request_id as "requestId", state, at, by, note from money_request_event
    where tenant_id = ${tx.tenantId} and request_id = any(${requestIds}::uuid[]) order by at, id`);
}
