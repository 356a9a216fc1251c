// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { ClassMembership, Enrolment } from "../rules/rows.ts";

const MEMBERSHIP = sql.raw(
  `m.id, m.child_id as "childId", m.class_id as "classId", m.from_date as "from", m.to_date as "to"`,
);
const ENROLMENT = sql.raw(
  `e.id, e.child_id as "childId", e.service_id as "serviceId", e.year, e.from_date as "from",
   e.to_date as "to", e.weekdays`,
);

/** Memberships that cover the day or begin after it, of the whole town. */
export function membershipsFrom(tx: ReadTx, date: Day): Promise<ClassMembership[]> {
  return tx.rows<ClassMembership>(sql`
    select ${MEMBERSHIP} from class_membership m
    where m.tenant_id = ${tx.tenantId} and (m.to_date is null or m.to_date >= ${date})
    order by m.from_date, m.id`);
}

/** Every membership of these children, the oldest first. */
export function membershipsOf(tx: ReadTx, childIds: readonly string[]): Promise<ClassMembership[]> {
  return tx.rows<ClassMembership>(sql`
    select ${MEMBERSHIP} from class_membership m
    where m.tenant_id = ${tx.tenantId} and m.child_id = any(${childIds}::uuid[])
    order by m.from_date, m.id`);
}

/** Child → class on a day. A child in no class is absent. */
export async function classesOn(
  tx: ReadTx,
  childIds: readonly string[],
  date: Day,
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ childId: string; classId: string }>(sql`
    select m.child_id as "childId", m.class_id as "classId" from class_membership m
    where m.tenant_id = ${tx.tenantId} and m.child_id = any(${childIds}::uuid[])
      and m.from_date <= ${date} and (m.to_date is null or m.to_date >= ${date})
    order by m.from_date, m.id`);
  return new Map(rows.map((row) => [row.childId, row.classId]));
}

/** Is `m` the newest of the memberships that its child has on the day? A condition of one day's query. */
export const newestMembership = (date: Day): ReturnType<typeof sql> => sql`
  not exists (select 1 from class_membership y
    where y.tenant_id = m.tenant_id and y.child_id = m.child_id
      and y.from_date <= ${date} and (y.to_date is null or y.to_date >= ${date})
      and (y.from_date, y.id) > (m.from_date, m.id))`;

/** Enrolments of these children, of one school year or of all, the oldest first. */
export function enrolmentsOf(
  tx: ReadTx,
  childIds: readonly string[],
  year?: number,
): Promise<Enrolment[]> {
  const ofYear = year === undefined ? sql`` : sql`and e.year = ${year}`;
  return tx.rows<Enrolment>(sql`
    select ${ENROLMENT} from enrolment e
    where e.tenant_id = ${tx.tenantId} ${ofYear} and e.child_id = any(${childIds}::uuid[])
    order by e.from_date, e.id`);
}

/** All enrolments, of whatever school year, that cover the day or begin after it. */
export function enrolmentsFrom(tx: ReadTx, date: Day): Promise<Enrolment[]> {
  return tx.rows<Enrolment>(sql`
    select ${ENROLMENT} from enrolment e
    where e.tenant_id = ${tx.tenantId} and (e.to_date is null or e.to_date >= ${date})
    order by e.from_date, e.id`);
}

/** Until the transaction ends, nobody else enrols this child, and no import is applied. */
export async function lockChildEnrolments(tx: WriteTx, childId: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock_shared(hashtextextended(${tx.tenantId}, 12))`);
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId + childId}, 12))`);
}

/** Until the transaction ends, nobody else enrols anybody: an import has compared its file with the whole town. */
export async function lockAllEnrolments(tx: WriteTx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId}, 12))`);
}

/** From `date` on these memberships are over; one that would never have begun is removed. */
export async function endMemberships(
  tx: WriteTx,
  ids: readonly string[],
  date: Day,
): Promise<void> {
  await tx.run(sql`delete from class_membership
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[]) and from_date >= ${date}`);
  await tx.run(sql`update class_membership set to_date = ${date}::date - 1
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])
      and (to_date is null or to_date >= ${date})`);
}

/** From `date` on these enrolments are over; one that would never have begun is removed. */
export async function endEnrolments(tx: WriteTx, ids: readonly string[], date: Day): Promise<void> {
  await tx.run(sql`delete from enrolment
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[]) and from_date >= ${date}`);
  await tx.run(sql`update enrolment set to_date = ${date}::date - 1
    where tenant_id = ${tx.tenantId} and id = any(${ids}::uuid[])
      and (to_date is null or to_date >= ${date})`);
}
