// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import type { BillableCharge } from "../rules/draw-bills.ts";

export interface Bill {
  id: string;
  number: string;
  serviceId: string;
  holderId: string;
  childId: string | null;
  /** first day of the month it is for */
  month: Day;
  totalCents: Cents;
  meals: number;
  state: "drawn" | "issued" | "paid" | "cancelled";
  drawnAt: Moment;
  dueOn: Day;
}

const COLUMNS = sql`id, number, service_id as "serviceId", holder_id as "holderId", child_id as "childId", month,
  total_cents as "totalCents", meals, state, drawn_at as "drawnAt", due_on as "dueOn"`;

const BILLABLE = sql`c.id, c.child_id as "childId", c.holder_id as "holderId", c.amount_cents as "amountCents",
  case c.kind when 'meal' then 1 when 'reversal' then -1 else 0 end as meals`;

/**
 * Charges up to a day that a bill is to ask for and none has: those of the month, and what was carried forward or
 * corrected. What a prepaid account or a fee's own receivable already took is not among them.
 */
export function unbilledCharges(
  tx: ReadTx,
  of: { serviceId: string; until: Day; holderId?: string },
): Promise<BillableCharge[]> {
  const ofHolder = of.holderId === undefined ? sql`` : sql`and c.holder_id = ${of.holderId}`;
  return tx.rows<BillableCharge>(sql`
    select ${BILLABLE}
    from charge c
    where c.tenant_id = ${tx.tenantId} and c.service_id = ${of.serviceId} and c.date <= ${of.until}
      and c.billable ${ofHolder}
      and not exists (select 1 from bill_line l where l.tenant_id = c.tenant_id and l.charge_id = c.id and not l.released)
    order by c.holder_id, c.child_id, c.date, c.id`);
}

/** The charges that a bill asks for. */
export function billedCharges(tx: ReadTx, billId: string): Promise<BillableCharge[]> {
  return tx.rows<BillableCharge>(sql`
    select ${BILLABLE}
    from bill_line l join charge c on c.tenant_id = l.tenant_id and c.id = l.charge_id
    where l.tenant_id = ${tx.tenantId} and l.bill_id = ${billId}
    order by c.child_id, c.date, c.id`);
}

/** The bill is over; its lines stay to be read, and its charges may stand on another. 0: it was over before. */
export async function cancelBill(
  tx: WriteTx,
  of: { id: string; reason: string; by: string; at: Moment },
): Promise<number> {
  const cancelled = await tx.run(sql`
    update bill set state = 'cancelled', cancelled_at = ${of.at}, cancelled_by = ${of.by}, cancel_reason = ${of.reason}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and state <> 'cancelled'`);
  if (cancelled > 0)
    await tx.run(sql`
      update bill_line set released = true where tenant_id = ${tx.tenantId} and bill_id = ${of.id}`);
  return cancelled;
}

export async function nameSuccessor(
  tx: WriteTx,
  of: { id: string; replacedById: string },
): Promise<void> {
  await tx.run(sql`
    update bill set replaced_by_id = ${of.replacedById} where tenant_id = ${tx.tenantId} and id = ${of.id}`);
}

export interface Cancellation {
  at: Moment;
  by: string;
  reason: string;
  /** number of the bill that took its place; null: what was left is carried forward */
  replacedBy: string | null;
}

export function cancellationOf(tx: ReadTx, billId: string): Promise<Cancellation | undefined> {
  return tx.maybe<Cancellation>(sql`
    select b.cancelled_at as at, b.cancelled_by as by, b.cancel_reason as reason, n.number as "replacedBy"
    from bill b left join bill n on n.tenant_id = b.tenant_id and n.id = b.replaced_by_id
    where b.tenant_id = ${tx.tenantId} and b.id = ${billId} and b.state = 'cancelled'`);
}

/** What a next bill asks an account holder for, by child and service; never below zero. */
export function unbilledOf(
  tx: ReadTx,
  holderId: string,
): Promise<{ childId: string; serviceId: string; cents: Cents }[]> {
  return tx.rows<{ childId: string; serviceId: string; cents: Cents }>(sql`
    select c.child_id as "childId", c.service_id as "serviceId", sum(c.amount_cents)::bigint as cents
    from charge c
    where c.tenant_id = ${tx.tenantId} and c.holder_id = ${holderId} and c.billable
      and not exists (select 1 from bill_line l where l.tenant_id = c.tenant_id and l.charge_id = c.id and not l.released)
    group by c.child_id, c.service_id having sum(c.amount_cents) > 0`);
}

/** Of each month, the oldest first: has it bills, has it charges that a bill still has to ask for? */
export function monthsBilling(
  tx: ReadTx,
  of: { serviceId: string; from: Day; to: Day },
): Promise<{ month: Day; billed: boolean; waiting: boolean }[]> {
  return tx.rows<{ month: Day; billed: boolean; waiting: boolean }>(sql`
    select m.month::date as month,
      exists (select 1 from bill b where b.tenant_id = ${tx.tenantId} and b.service_id = ${of.serviceId}
        and b.month = m.month::date) as billed,
      exists (select 1 from charge c where c.tenant_id = ${tx.tenantId} and c.service_id = ${of.serviceId}
        and c.date >= m.month::date and c.date < (m.month + interval '1 month')::date and c.billable
        and not exists (select 1 from bill_line l
          where l.tenant_id = c.tenant_id and l.charge_id = c.id and not l.released)) as waiting
    from generate_series(${of.from}::timestamp, ${of.to}::timestamp, interval '1 month') as m(month)
    order by m.month`);
}

/**
 * Of the given months those that would have a bill (`rules/draw-bills.ts`): an account holder, or child, with a charge of
 * the month whose unbilled charges up to its end come to the least total. The rest is carried forward.
 */
export async function drawableMonths(
  tx: ReadTx,
  of: {
    serviceId: string;
    months: readonly { month: Day; perChild: boolean; leastCents: Cents }[];
  },
): Promise<Day[]> {
  const rows = await tx.rows<{ month: Day }>(sql`
    select m.month from ${jsonRows(of.months)} as m(month date, "perChild" boolean, "leastCents" bigint)
    where exists (
      select 1 from charge c
      where c.tenant_id = ${tx.tenantId} and c.service_id = ${of.serviceId} and c.billable
        and c.date < (m.month + interval '1 month')::date
        and c.holder_id in (select o.holder_id from charge o
          where o.tenant_id = ${tx.tenantId} and o.service_id = ${of.serviceId} and o.billable
            and o.date >= m.month and o.date < (m.month + interval '1 month')::date)
        and not exists (select 1 from bill_line l
          where l.tenant_id = c.tenant_id and l.charge_id = c.id and not l.released)
      group by c.holder_id, case when m."perChild" then c.child_id end
      having sum(c.amount_cents) >= m."leastCents")
    order by m.month`);
  return rows.map(({ month }) => month);
}

/** One bill run of a town at a time: numbers have no gaps and no charge gets on two bills. */
export async function lockBilling(tx: WriteTx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId}, 9))`);
}

export async function lastBillNumber(tx: ReadTx, year: number): Promise<number> {
  const row = await tx.one<{ last: number }>(sql`
    select coalesce(max(split_part(number, '/', 2)::int), 0) as last from bill
    where tenant_id = ${tx.tenantId} and number like ${`${year}/%`}`);
  return row.last;
}

export async function insertBills(
  tx: WriteTx,
  bills: readonly (Omit<Bill, "state"> & { billKey: string; chargeIds: readonly string[] })[],
  by: string,
): Promise<void> {
  if (bills.length === 0) return;
  await tx.run(sql`
    insert into bill (tenant_id, id, number, service_id, holder_id, child_id, month, total_cents, meals, state,
      drawn_at, drawn_by, due_on, bill_key)
    select ${tx.tenantId}, r.id, r.number, r."serviceId", r."holderId", r."childId", r.month, r."totalCents", r.meals,
      'drawn', r."drawnAt", ${by}::text, r."dueOn", r."billKey"
    from ${jsonRows(bills)} as r(id uuid, number text, "serviceId" uuid, "holderId" uuid, "childId" uuid, month date,
      "totalCents" bigint, meals integer, "drawnAt" timestamptz, "dueOn" date, "billKey" text)`);
  const lines = bills.flatMap((bill) =>
    bill.chargeIds.map((chargeId) => ({ billId: bill.id, chargeId })),
  );
  await tx.run(sql`
    insert into bill_line (tenant_id, charge_id, bill_id)
    select ${tx.tenantId}, r."chargeId", r."billId" from ${jsonRows(lines)} as r("chargeId" uuid, "billId" uuid)`);
}

export function billRowsOf(
  tx: ReadTx,
  of: {
    ids?: readonly string[];
    holderId?: string;
    holderIds?: readonly string[];
    month?: Day;
    serviceId?: string;
  },
): Promise<Bill[]> {
  const ofIds = of.ids === undefined ? sql`` : sql`and id = any(${of.ids}::uuid[])`;
  const ofHolder = of.holderId === undefined ? sql`` : sql`and holder_id = ${of.holderId}`;
  const ofHolders =
    of.holderIds === undefined ? sql`` : sql`and holder_id = any(${of.holderIds}::uuid[])`;
  const ofMonth = of.month === undefined ? sql`` : sql`and month = ${of.month}`;
  const ofService = of.serviceId === undefined ? sql`` : sql`and service_id = ${of.serviceId}`;
  return tx.rows<Bill>(sql`
    select ${COLUMNS} from bill where tenant_id = ${tx.tenantId} ${ofIds} ${ofHolder} ${ofHolders} ${ofMonth} ${ofService}
    order by month desc, number`);
}

export function billRowByNumber(tx: ReadTx, number: string): Promise<Bill | undefined> {
  return tx.maybe<Bill>(
    sql`select ${COLUMNS} from bill where tenant_id = ${tx.tenantId} and number = ${number}`,
  );
}

export interface BillLine {
  chargeId: string;
  childId: string | null;
  kind: "meal" | "fixed-fee" | "reversal";
  date: Day;
  amountCents: Cents;
  reason: string;
}

export function billLines(tx: ReadTx, billId: string): Promise<BillLine[]> {
  return tx.rows<BillLine>(sql`
    select c.id as "chargeId", c.child_id as "childId", c.kind, c.date, c.amount_cents as "amountCents", c.reason
    from bill_line l join charge c on c.tenant_id = l.tenant_id and c.id = l.charge_id
    where l.tenant_id = ${tx.tenantId} and l.bill_id = ${billId} order by c.date, c.posted_at, c.id`);
}

/** What the charges of each child come to on these bills, whose oldest charge comes first. */
export function childPartsOf(
  tx: ReadTx,
  billIds: readonly string[],
): Promise<{ billId: string; childId: string | null; amountCents: Cents }[]> {
  return tx.rows(sql`
    select l.bill_id as "billId", c.child_id as "childId", sum(c.amount_cents)::bigint as "amountCents"
    from bill_line l join charge c on c.tenant_id = l.tenant_id and c.id = l.charge_id
    where l.tenant_id = ${tx.tenantId} and l.bill_id = any(${billIds}::uuid[])
    group by l.bill_id, c.child_id order by l.bill_id, min(c.date), c.child_id`);
}
