// SPDX-License-Identifier: EUPL-1.2
import { type ReadTx, sql } from "#kernel/db/index.ts";

export interface EnrolmentViolation {
  rule: "memberships-overlap" | "enrolments-overlap" | "payer-shares-unbalanced";
  /** the child's id, and the day for shares */
  subject: string;
}

/**
 * A child is in one class and has a service once on any day; payer shares make a whole on each day on which there are
 * some (looked at where one begins or has just ended). Empty = sound; at most 100 per rule.
 */
export function checkEnrolments(tx: ReadTx): Promise<EnrolmentViolation[]> {
  return tx.rows<EnrolmentViolation>(sql`
    (select distinct 'memberships-overlap' as rule, a.child_id::text as subject
      from class_membership a join class_membership b on b.tenant_id = ${tx.tenantId}
        and b.child_id = a.child_id and b.id > a.id
        and (b.to_date is null or b.to_date >= a.from_date)
        and (a.to_date is null or a.to_date >= b.from_date)
      where a.tenant_id = ${tx.tenantId} limit 100)
    union all
    (select distinct 'enrolments-overlap', a.child_id::text
      from enrolment a join enrolment b on b.tenant_id = ${tx.tenantId} and b.child_id = a.child_id
        and b.service_id = a.service_id and b.id > a.id
        and (b.to_date is null or b.to_date >= a.from_date)
        and (a.to_date is null or a.to_date >= b.from_date)
      where a.tenant_id = ${tx.tenantId} limit 100)
    union all
    (select 'payer-shares-unbalanced', p.child_id || ' ' || p.date
      from (
        select child_id, service_id, from_date as date from payer_share where tenant_id = ${tx.tenantId}
        union
        select child_id, service_id, to_date + 1 from payer_share
          where tenant_id = ${tx.tenantId} and to_date is not null) p
      join payer_share s on s.tenant_id = ${tx.tenantId} and s.child_id = p.child_id
        and s.service_id is not distinct from p.service_id
        and s.from_date <= p.date and (s.to_date is null or s.to_date >= p.date)
      group by p.child_id, p.service_id, p.date
      having sum(s.basis_points) <> 10000
      limit 100)`);
}
