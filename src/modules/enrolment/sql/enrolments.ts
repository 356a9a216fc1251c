// SPDX-License-Identifier: EUPL-1.2
import { batches } from "#kernel/batches.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { ClassMembership, DietAssignment, Enrolment, PayerShare } from "../rules/rows.ts";

/** Inserts memberships; for one that exists only its end may change. */
export async function putMemberships(tx: WriteTx, rows: readonly ClassMembership[]): Promise<void> {
  for (const batch of batches(rows))
    await tx.run(sql`
      insert into class_membership (tenant_id, id, child_id, class_id, from_date, to_date)
      select ${tx.tenantId}, r.id, r."childId", r."classId", r."from", r."to"
      from ${jsonRows(batch)} as r(id uuid, "childId" uuid, "classId" uuid, "from" date, "to" date)
      on conflict (tenant_id, id) do update set to_date = excluded.to_date`);
}

/** Inserts enrolments; for one that exists its end and weekdays may change. */
export async function putEnrolments(
  tx: WriteTx,
  rows: readonly Enrolment[],
  at: Moment,
): Promise<void> {
  for (const batch of batches(rows))
    await tx.run(sql`
      insert into enrolment (tenant_id, id, child_id, service_id, year, from_date, to_date, weekdays, created_at)
      select ${tx.tenantId}, r.id, r."childId", r."serviceId", r.year, r."from", r."to", r.weekdays,
        ${at}::timestamptz
      from ${jsonRows(batch)} as r(id uuid, "childId" uuid, "serviceId" uuid, year integer, "from" date, "to" date,
        weekdays smallint)
      on conflict (tenant_id, id) do update set to_date = excluded.to_date, weekdays = excluded.weekdays`);
}

export async function putDiets(
  tx: WriteTx,
  rows: readonly DietAssignment[],
  at: Moment,
): Promise<void> {
  for (const batch of batches(rows))
    await tx.run(sql`
      insert into diet_assignment (tenant_id, id, child_id, code, from_date, to_date, source, created_at)
      select ${tx.tenantId}, r.id, r."childId", r.code, r."from", r."to", r.source, ${at}::timestamptz
      from ${jsonRows(batch)} as r(id uuid, "childId" uuid, code text, "from" date, "to" date, source text)
      on conflict (tenant_id, id) do update set to_date = excluded.to_date`);
}

/** Child → diet code in force on a day; children without one are absent. */
export async function dietsOn(
  tx: ReadTx,
  childIds: readonly string[],
  date: Day,
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ childId: string; code: string }>(sql`
    select child_id as "childId", code from diet_assignment
    where tenant_id = ${tx.tenantId} and child_id = any(${childIds}::uuid[])
      and from_date <= ${date} and (to_date is null or to_date >= ${date})
    order by from_date, id`);
  return new Map(rows.map((row) => [row.childId, row.code]));
}

export async function putPayerShares(tx: WriteTx, rows: readonly PayerShare[]): Promise<void> {
  for (const batch of batches(rows))
    await tx.run(sql`
      insert into payer_share (tenant_id, id, child_id, service_id, holder_id, basis_points, from_date, to_date)
      select ${tx.tenantId}, r.id, r."childId", r."serviceId", r."holderId", r."basisPoints", r."from", r."to"
      from ${jsonRows(batch)} as r(id uuid, "childId" uuid, "serviceId" uuid, "holderId" uuid, "basisPoints" integer,
        "from" date, "to" date)
      on conflict (tenant_id, id) do update set to_date = excluded.to_date`);
}

/** Shares in force on a day, of every service: those of some children, or those that one account pays. */
export function sharesInForce(
  tx: ReadTx,
  of: ({ childIds: readonly string[] } | { holderId: string }) & { date: Day },
): Promise<PayerShare[]> {
  const whose =
    "holderId" in of
      ? sql`holder_id = ${of.holderId}`
      : sql`child_id = any(${of.childIds}::uuid[])`;
  return tx.rows<PayerShare>(sql`
    select id, child_id as "childId", service_id as "serviceId", holder_id as "holderId",
      basis_points as "basisPoints", from_date as "from", to_date as "to"
    from payer_share
    where tenant_id = ${tx.tenantId} and ${whose}
      and from_date <= ${of.date} and (to_date is null or to_date >= ${of.date})
    order by child_id, from_date, id`);
}

/** Shares in force on a day, in the order they were entered; those of one service before those of all. */
export function sharesOn(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId: string; date: Day },
): Promise<PayerShare[]> {
  return tx.rows<PayerShare>(sql`
    select id, child_id as "childId", service_id as "serviceId", holder_id as "holderId",
      basis_points as "basisPoints", from_date as "from", to_date as "to"
    from payer_share
    where tenant_id = ${tx.tenantId} and child_id = any(${of.childIds}::uuid[])
      and (service_id is null or service_id = ${of.serviceId})
      and from_date <= ${of.date} and (to_date is null or to_date >= ${of.date})
    order by (service_id is null), from_date, id`);
}
