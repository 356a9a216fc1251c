// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import { newestMembership } from "./memberships.ts";

export interface SchoolChild {
  childId: string;
  surname: string;
  givenName: string;
  classId: string;
}

/** Every child of a school on a day, enrolled in a service or not: whoever sits at the table can be named. */
export function schoolChildren(
  tx: ReadTx,
  of: { siteId: string; date: Day },
): Promise<SchoolChild[]> {
  return tx.rows<SchoolChild>(sql`
    select m.child_id as "childId", n.surname, n.given_name as "givenName", m.class_id as "classId"
    from class_membership m
    join v_class_site c on c.tenant_id = m.tenant_id and c.class_id = m.class_id
    join v_child_name n on n.tenant_id = m.tenant_id and n.child_id = m.child_id
    where m.tenant_id = ${tx.tenantId} and c.site_id = ${of.siteId}
      and m.from_date <= ${of.date} and (m.to_date is null or m.to_date >= ${of.date})
      and ${newestMembership(of.date)}
    order by n.surname, n.given_name, m.child_id`);
}
