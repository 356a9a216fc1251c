// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import { newestMembership } from "./memberships.ts";
import type { RosterRow } from "./roster.ts";

/** A child's place in a class. */
export type Seat = Pick<RosterRow, "childId" | "classId" | "weekdays">;

/** Who of some classes is enrolled in a service on a day: by the rules of `roster`, in no order and without names. */
export function seats(
  tx: ReadTx,
  of: { serviceId: string; date: Day; classIds: readonly string[] },
): Promise<Seat[]> {
  const { serviceId, date, classIds } = of;
  return tx.rows<Seat>(sql`
    select m.child_id as "childId", m.class_id as "classId", e.weekdays
    from class_membership m
    join enrolment e on e.tenant_id = m.tenant_id and e.child_id = m.child_id
      and e.service_id = ${serviceId}
      and e.from_date <= ${date} and (e.to_date is null or e.to_date >= ${date})
    where m.tenant_id = ${tx.tenantId} and m.class_id = any(${classIds}::uuid[])
      and m.from_date <= ${date} and (m.to_date is null or m.to_date >= ${date})
      and ${newestMembership(date)}
      and not exists (select 1 from enrolment x
        where x.tenant_id = ${tx.tenantId} and x.child_id = e.child_id and x.service_id = e.service_id
          and x.from_date <= ${date} and (x.to_date is null or x.to_date >= ${date})
          and (x.from_date, x.id) > (e.from_date, e.id))`);
}
