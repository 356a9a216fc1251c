// SPDX-License-Identifier: EUPL-1.2
import type { Channel } from "#kernel/actor.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { MealAct, Refusal } from "../rules/decide-meal-change.ts";

export type ReceiptAct = MealAct | "absence" | "resume";
export type ReceiptOutcome = "done" | Refusal;

/** What the act does to the charge; the page adds the amount in force. */
export interface ReceiptEffect {
  model: "prepaid" | "postpaid" | "fixed-fee";
  charge: "none" | "kept" | "unchanged";
  /** service days the act covers, when there are several */
  mealDays?: number;
  /** absence or return: the first service day it really holds for */
  effectiveFrom?: string;
  /** refused as late, but it counts for this later day (a town's rule) */
  countsFor?: string;
  /** that day had been cancelled before: this receipt changed nothing */
  wasOff?: true;
}

export interface Receipt {
  id: string;
  number: string;
  checkCode: string;
  act: ReceiptAct;
  outcome: ReceiptOutcome;
  childId: string;
  serviceId: string;
  from: Day;
  to: Day | null;
  channel: Channel;
  actorId: string;
  actorName: string;
  receivedAt: Moment;
  recordedAt: Moment;
  cutoffAt: Moment | null;
  effect: ReceiptEffect;
  idempotencyKey: string;
  inputHash: string;
}

const COLUMNS = sql`id, number, check_code as "checkCode", act, outcome, child_id as "childId",
  service_id as "serviceId", from_date as "from", to_date as "to", channel, actor_id as "actorId",
  actor_name as "actorName", received_at as "receivedAt", recorded_at as "recordedAt", cutoff_at as "cutoffAt",
  effect, idempotency_key as "idempotencyKey", input_hash as "inputHash"`;

export async function insertReceipts(tx: WriteTx, rows: readonly Receipt[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into receipt (tenant_id, id, number, check_code, act, outcome, child_id, service_id, from_date, to_date,
      channel, actor_id, actor_name, received_at, recorded_at, cutoff_at, effect, idempotency_key, input_hash)
    select ${tx.tenantId}, r.id, r.number, r."checkCode", r.act, r.outcome, r."childId", r."serviceId", r."from",
      r."to", r.channel, r."actorId", r."actorName", r."receivedAt", r."recordedAt", r."cutoffAt", r.effect,
      r."idempotencyKey", r."inputHash"
    from ${jsonRows(rows)} as r(id uuid, number text, "checkCode" text, act text, outcome text, "childId" uuid,
      "serviceId" uuid, "from" date, "to" date, channel text, "actorId" text, "actorName" text,
      "receivedAt" timestamptz, "recordedAt" timestamptz, "cutoffAt" timestamptz, effect jsonb,
      "idempotencyKey" text, "inputHash" text)`);
}

export function receiptsByKeys(tx: ReadTx, keys: readonly string[]): Promise<Receipt[]> {
  return tx.rows<Receipt>(sql`
    select ${COLUMNS} from receipt where tenant_id = ${tx.tenantId}
      and idempotency_key = any(${keys}::text[])`);
}

export async function receiptsByIds(tx: ReadTx, ids: readonly string[]): Promise<Receipt[]> {
  if (ids.length === 0) return [];
  return tx.rows<Receipt>(sql`
    select ${COLUMNS} from receipt where tenant_id = ${tx.tenantId}
      and id = any(${ids}::uuid[])`);
}

export function receiptByNumber(tx: ReadTx, number: string): Promise<Receipt | undefined> {
  return tx.maybe<Receipt>(
    sql`select ${COLUMNS} from receipt where tenant_id = ${tx.tenantId} and number = ${number}`,
  );
}

/** The receipts of some children, newest first; of one day when `date` is given. */
export function receiptsOfChildren(
  tx: ReadTx,
  of: { childIds: readonly string[]; date?: Day; limit: number },
): Promise<Receipt[]> {
  const onDay =
    of.date === undefined
      ? sql``
      : sql`and ((from_date <= ${of.date} and coalesce(to_date,
          case when act = 'absence' then ${of.date} else from_date end) >= ${of.date})
          or effect ->> 'countsFor' = ${of.date.toString()})`;
  return tx.rows<Receipt>(sql`
    select ${COLUMNS} from receipt where tenant_id = ${tx.tenantId}
      and child_id = any(${of.childIds}::uuid[]) ${onDay}
    order by recorded_at desc, id desc limit ${of.limit}`);
}

/** Late cancellations of some days that counted for another day, newest first. */
export function countedReceipts(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId: string; dates: readonly Day[] },
): Promise<Receipt[]> {
  return tx.rows<Receipt>(sql`
    select ${COLUMNS} from receipt where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and child_id = any(${of.childIds}::uuid[]) and from_date = any(${of.dates.map(String)}::date[])
      and effect ->> 'countsFor' is not null
    order by recorded_at desc, id desc`);
}
