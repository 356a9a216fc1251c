// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { RosterRow } from "./roster.ts";

/** A child's place in a class. */
export type Seat = Pick<RosterRow, "childId" | "classId" | "weekdays">;

/** The class of each child whose memberships overlap on a day, by child: the newest counts. Most days nobody's do. */
export async function overlappingSeats(
  tx: ReadTx,
  date: Day,
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.rows<Pick<Seat, "childId" | "classId">>(sql`
    with present as (
      select m.child_id, m.class_id, m.from_date, m.id from class_membership m
      where m.tenant_id = ${tx.tenantId} and m.from_date <= ${date}
        and (m.to_date is null or m.to_date >= ${date}))
    select distinct on (p.child_id) p.child_id as "childId", p.class_id as "classId" from present p
    where p.child_id in (select child_id from present group by child_id having count(*) > 1)
    order by p.child_id, p.from_date desc, p.id desc`);
  return new Map(rows.map(({ childId, classId }) => [childId, classId]));
}

/**
 * Who of some classes is enrolled in a service on a day: by the rules of `roster`, in no order and without names.
 * `overlapping`: the day's `overlappingSeats`, so that each batch of classes need not look at the others.
 */
export async function seats(
  tx: ReadTx,
  of: {
    serviceId: string;
    date: Day;
    classIds: readonly string[];
    overlapping: ReadonlyMap<string, string>;
  },
): Promise<Seat[]> {
  const { serviceId, date, classIds, overlapping } = of;
  const rows = await tx.rows<Seat>(sql`
    select distinct on (m.child_id) m.child_id as "childId", m.class_id as "classId", e.weekdays
    from class_membership m
    join enrolment e on e.tenant_id = m.tenant_id and e.child_id = m.child_id
      and e.service_id = ${serviceId}
      and e.from_date <= ${date} and (e.to_date is null or e.to_date >= ${date})
    where m.tenant_id = ${tx.tenantId} and m.class_id = any(${classIds}::uuid[])
      and m.from_date <= ${date} and (m.to_date is null or m.to_date >= ${date})
    order by m.child_id, m.from_date desc, m.id desc, e.from_date desc, e.id desc`);
  // A child that has gone to another class since belongs to that one.
  return rows.filter(({ childId, classId }) => (overlapping.get(childId) ?? classId) === classId);
}
