// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { RosterRow } from "./roster.ts";

/** A child's place in a class. */
export type Seat = Pick<RosterRow, "childId" | "classId" | "weekdays">;

/** Who of some classes is enrolled in a service on a day: by the rules of `roster`, in no order and without names. */
export async function seats(
  tx: ReadTx,
  of: { serviceId: string; date: Day; classIds: readonly string[] },
): Promise<Seat[]> {
  const { serviceId, date, classIds } = of;
  const rows = await tx.rows<Seat>(sql`
    select distinct on (m.child_id) m.child_id as "childId", newest.class_id as "classId", e.weekdays
    from class_membership m
    join class_membership newest on newest.tenant_id = m.tenant_id and newest.child_id = m.child_id
      and newest.from_date <= ${date} and (newest.to_date is null or newest.to_date >= ${date})
    join enrolment e on e.tenant_id = m.tenant_id and e.child_id = m.child_id
      and e.service_id = ${serviceId}
      and e.from_date <= ${date} and (e.to_date is null or e.to_date >= ${date})
    where m.tenant_id = ${tx.tenantId} and m.class_id = any(${classIds}::uuid[])
      and m.from_date <= ${date} and (m.to_date is null or m.to_date >= ${date})
    order by m.child_id, newest.from_date desc, newest.id desc, e.from_date desc, e.id desc`);
  // A child that has gone to another class since belongs to that one.
  const asked = new Set(classIds);
  return rows.filter(({ classId }) => asked.has(classId));
}
