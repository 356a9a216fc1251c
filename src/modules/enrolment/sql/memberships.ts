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

/** Enrolments of these children in a school year, the oldest first. */
export function enrolmentsOf(
  tx: ReadTx,
  childIds: readonly string[],
  year: number,
): Promise<Enrolment[]> {
  return tx.rows<Enrolment>(sql`
    select ${ENROLMENT} from enrolment e
    where e.tenant_id = ${tx.tenantId} and e.year = ${year} and e.child_id = any(${childIds}::uuid[])
    order by e.from_date, e.id`);
}

/** All enrolments of the school year that cover the day or begin after it. */
export function enrolmentsFrom(tx: ReadTx, year: number, date: Day): Promise<Enrolment[]> {
  return tx.rows<Enrolment>(sql`
    select ${ENROLMENT} from enrolment e
    where e.tenant_id = ${tx.tenantId} and e.year = ${year} and (e.to_date is null or e.to_date >= ${date})
    order by e.from_date, e.id`);
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
