// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { SiblingRule } from "../rules/rank-siblings.ts";

export interface HouseholdRow {
  holderId: string;
  childId: string;
  birthDate: string | null;
}

/** All children of these account holders on a day. */
export function householdsOn(
  tx: ReadTx,
  of: { holderIds: readonly string[]; date: Day },
): Promise<HouseholdRow[]> {
  return tx.rows<HouseholdRow>(sql`
    select h.holder_id as "holderId", h.child_id as "childId", h.birth_date::text as "birthDate"
    from v_household_child h
    where h.tenant_id = ${tx.tenantId} and h.holder_id = any(${of.holderIds}::uuid[])
      and h.from_date <= ${of.date} and (h.to_date is null or h.to_date >= ${of.date})`);
}

/**
 * Which of these children are enrolled, in the service or in any, on the day on which the rule counts: the
 * day itself, or the first day on which anyone was enrolled in the service that school year.
 */
export async function enrolledChildren(
  tx: ReadTx,
  of: {
    childIds: readonly string[];
    serviceId: string;
    date: Day;
    schoolYear: number;
    rule: SiblingRule;
  },
): Promise<Set<string>> {
  const { serviceId, date, rule } = of;
  const countedOn =
    rule.asOf === "day"
      ? sql`${date}::date`
      : sql`(select coalesce(min(y.from_date), ${date}::date) from v_enrolled_child y
          where y.tenant_id = ${tx.tenantId} and y.service_id = ${serviceId}
            and y.year = ${of.schoolYear})`;
  const inService = rule.count === "same-service" ? sql`and e.service_id = ${serviceId}` : sql``;
  const rows = await tx.rows<{ childId: string }>(sql`
    select distinct e.child_id as "childId" from v_enrolled_child e
    where e.tenant_id = ${tx.tenantId} and e.child_id = any(${of.childIds}::uuid[]) ${inService}
      and e.from_date <= ${countedOn} and (e.to_date is null or e.to_date >= ${countedOn})`);
  return new Set(rows.map(({ childId }) => childId));
}
