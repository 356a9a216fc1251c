// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { AbsenceSpan, Choice } from "../rules/meal-state.ts";

/**
 * First statement of every change: nobody else changes these children's bookings, and closing a day of this service
 * waits. It must be a statement of its own: the next one then sees what the others committed.
 */
export async function lockForChange(
  tx: WriteTx,
  of: { childIds: readonly string[]; serviceId: string },
): Promise<void> {
  await tx.run(sql`
    select pg_advisory_xact_lock(hashtextextended(${tx.tenantId} || child, 7)),
      pg_advisory_xact_lock_shared(hashtextextended(${tx.tenantId + of.serviceId}, 8))
    from unnest(${[...of.childIds].sort()}::text[]) as child`);
}

/** For facts that must not change while a day of the service is being closed, beside bookings. */
export async function lockAgainstClosing(tx: WriteTx, serviceId: string): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock_shared(hashtextextended(${tx.tenantId + serviceId}, 8))`,
  );
}

/** Closing's side of `lockForChange`: waits for running changes and holds new ones until the transaction ends. */
export async function lockForClosing(tx: WriteTx, serviceIds: readonly string[]): Promise<void> {
  await tx.run(sql`
    select pg_advisory_xact_lock(hashtextextended(${tx.tenantId} || service, 8))
    from unnest(${[...serviceIds].sort()}::text[]) as service`);
}

export interface ChoiceRow {
  childId: string;
  date: Day;
  choice: Choice;
  receiptId: string;
}

export function choicesOf(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId: string; from: Day; to: Day },
): Promise<ChoiceRow[]> {
  return tx.rows<ChoiceRow>(sql`
    select child_id as "childId", date, choice, receipt_id as "receiptId"
    from meal_choice where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId}
      and child_id = any(${of.childIds}::uuid[]) and date between ${of.from} and ${of.to}`);
}

/** Every choice of some services between two days. */
export function choicesBetween(
  tx: ReadTx,
  of: { serviceIds: readonly string[]; from: Day; to: Day },
): Promise<{ serviceId: string; childId: string; date: Day; choice: Choice }[]> {
  return tx.rows(sql`
    select service_id as "serviceId", child_id as "childId", date, choice from meal_choice
    where tenant_id = ${tx.tenantId} and service_id = any(${of.serviceIds}::uuid[])
      and date between ${of.from} and ${of.to}`);
}

/** Every absence period of some services that touches [from, to]. */
export function absencesBetween(
  tx: ReadTx,
  of: { serviceIds: readonly string[]; from: Day; to: Day },
): Promise<(AbsenceSpan & { serviceId: string; childId: string })[]> {
  return tx.rows(sql`
    select service_id as "serviceId", child_id as "childId", from_date as "from", to_date as "to"
    from absence_period where tenant_id = ${tx.tenantId} and service_id = any(${of.serviceIds}::uuid[])
      and from_date <= ${of.to} and (to_date is null or to_date >= ${of.from})`);
}

/** Every choice of one service and day, whoever the child is. */
export function choicesOn(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<{ childId: string; choice: Choice; decidedAt: Moment }[]> {
  return tx.rows(sql`
    select child_id as "childId", choice, decided_at as "decidedAt"
    from meal_choice where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date = ${of.date}`);
}

export interface AbsenceRow extends AbsenceSpan {
  id: string;
  childId: string;
  serviceId: string;
  receiptId: string;
  createdAt: Moment;
}

/** Absence periods that touch [from, to]; all children of the service, or only some. */
export function absencesTouching(
  tx: ReadTx,
  of: { serviceId: string; from: Day; to: Day; childIds?: readonly string[] },
): Promise<AbsenceRow[]> {
  const ofChildren =
    of.childIds === undefined ? sql`` : sql`and child_id = any(${of.childIds}::uuid[])`;
  return tx.rows<AbsenceRow>(sql`
    select id, child_id as "childId", service_id as "serviceId", from_date as "from", to_date as "to",
      receipt_id as "receiptId", created_at as "createdAt"
    from absence_period where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} ${ofChildren}
      and from_date <= ${of.to} and (to_date is null or to_date >= ${of.from})
    order by from_date, id`);
}

/** Days of [from, to] whose bookings closing has already read, per site. */
export function locksBetween(
  tx: ReadTx,
  of: { serviceId: string; from: Day; to: Day },
): Promise<{ siteId: string; date: Day }[]> {
  return tx.rows(sql`
    select site_id as "siteId", date from booking_lock
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and date between ${of.from} and ${of.to}`);
}

export function insertLock(
  tx: WriteTx,
  day: { serviceId: string; siteId: string; date: Day; at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into booking_lock (tenant_id, service_id, site_id, date, locked_at)
    values (${tx.tenantId}, ${day.serviceId}, ${day.siteId}, ${day.date}, ${day.at}) on conflict do nothing`);
}

export function deleteLock(
  tx: WriteTx,
  day: { serviceId: string; siteId: string; date: Day },
): Promise<number> {
  return tx.run(sql`
    delete from booking_lock where tenant_id = ${tx.tenantId} and service_id = ${day.serviceId}
      and site_id = ${day.siteId} and date = ${day.date}`);
}

export interface NewChoice {
  childId: string;
  serviceId: string;
  date: Day;
  choice: Choice;
  receiptId: string;
}

export async function saveChoices(
  tx: WriteTx,
  rows: readonly NewChoice[],
  decidedAt: Moment,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into meal_choice (tenant_id, service_id, date, child_id, choice, receipt_id, decided_at)
    select ${tx.tenantId}, r."serviceId", r.date, r."childId", r.choice, r."receiptId", ${decidedAt}::timestamptz
    from ${jsonRows(rows)} as r("serviceId" uuid, date date, "childId" uuid, choice text, "receiptId" uuid)
    on conflict (tenant_id, service_id, date, child_id) do update
      set choice = excluded.choice, receipt_id = excluded.receipt_id, decided_at = excluded.decided_at`);
}

/** A new absence period takes the place of single choices inside it. */
export function clearChoices(
  tx: WriteTx,
  of: { serviceId: string; to: Day | null },
  rows: readonly { childId: string; from: Day }[],
): Promise<number> {
  return tx.run(sql`
    delete from meal_choice c using ${jsonRows(rows)} as r("childId" uuid, "from" date)
    where c.tenant_id = ${tx.tenantId} and c.child_id = r."childId" and c.service_id = ${of.serviceId}
      and c.date >= r."from" and (${of.to}::date is null or c.date <= ${of.to})`);
}

export function insertAbsences(
  tx: WriteTx,
  of: { serviceId: string; to: Day | null; at: Moment },
  rows: readonly { id: string; childId: string; from: Day; receiptId: string }[],
): Promise<number> {
  return tx.run(sql`
    insert into absence_period (tenant_id, id, child_id, service_id, from_date, to_date, receipt_id, created_at)
    select ${tx.tenantId}, r.id, r."childId", ${of.serviceId}::uuid, r."from", ${of.to}::date, r."receiptId",
      ${of.at}::timestamptz
    from ${jsonRows(rows)} as r(id uuid, "childId" uuid, "from" date, "receiptId" uuid)`);
}

/**
 * Ends periods the day before a child's first day back (`from`); one that had not begun by then ends before its first
 * day, i.e. never runs.
 */
export async function endAbsences(
  tx: WriteTx,
  rows: readonly { id: string; from: Day; receiptId: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    update absence_period a set to_date = r."from" - 1, resumed_receipt_id = r."receiptId"
    from ${jsonRows(rows)} as r(id uuid, "from" date, "receiptId" uuid)
    where a.tenant_id = ${tx.tenantId} and a.id = r.id`);
}
