// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";

/**
 * The days after `from`, up to `to`, from which a meal of one of these children may cost something else: a new tariff,
 * an ISEE that begins or ends, an exemption, a change in the household or in its enrolments, a sibling who comes of age.
 * Between two of them one look at the price is enough. Residency is told by its own module and is not in here.
 */
export async function priceChangeDays(
  tx: ReadTx,
  of: { serviceId: string; childIds: readonly string[]; from: Day; to: Day },
): Promise<Day[]> {
  const rows = await tx.rows<{ day: Day }>(sql`
    with household as (
      select h.child_id, h.birth_date, h.from_date, h.to_date from v_household_child h
      where h.tenant_id = ${tx.tenantId} and h.holder_id in (
        select o.holder_id from v_household_child o
        where o.tenant_id = ${tx.tenantId} and o.child_id = any(${of.childIds}::uuid[]))
    ), change as (
      select v.valid_from as day from tariff_version v
      where v.tenant_id = ${tx.tenantId} and v.service_id = ${of.serviceId}
      union all
      select unnest(array[i.applies_from, i.valid_from, i.valid_to + 1]) from isee i
      where i.tenant_id = ${tx.tenantId} and i.child_id = any(${of.childIds}::uuid[])
      union all
      select unnest(array[x.from_date, x.to_date + 1]) from exemption x
      where x.tenant_id = ${tx.tenantId} and x.child_id = any(${of.childIds}::uuid[])
      union all
      select unnest(array[h.from_date, h.to_date + 1, (h.birth_date + interval '18 years')::date])
      from household h
      union all
      select unnest(array[e.from_date, e.to_date + 1]) from v_enrolled_child e
      where e.tenant_id = ${tx.tenantId} and e.child_id in (select h.child_id from household h)
    )
    select distinct day from change where day > ${of.from} and day <= ${of.to} order by day`);
  return rows.map(({ day }) => day);
}
