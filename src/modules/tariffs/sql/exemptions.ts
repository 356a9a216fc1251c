// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface Exemption {
  id: string;
  childId: string;
  /** null = every service */
  serviceId: string | null;
  code: string;
  fromDate: Day;
  toDate: Day | null;
}

/** Adds or replaces, by id. */
export function putExemptions(tx: WriteTx, exemptions: readonly Exemption[]): Promise<number> {
  return tx.run(sql`
    insert into exemption (tenant_id, id, child_id, service_id, code, from_date, to_date)
    select ${tx.tenantId}, r.id, r."childId", r."serviceId", r.code, r."fromDate", r."toDate"
    from ${jsonRows(exemptions)} as r(id uuid, "childId" uuid, "serviceId" uuid, code text, "fromDate" date,
      "toDate" date)
    on conflict (tenant_id, id) do update set service_id = excluded.service_id, code = excluded.code,
      from_date = excluded.from_date, to_date = excluded.to_date`);
}

/** Exemption codes of each child that hold on a day for the service; sorted. Children without one are absent. */
export async function exemptionsOn(
  tx: ReadTx,
  of: { serviceId: string; date: Day; childIds: readonly string[] },
): Promise<Map<string, string[]>> {
  const rows = await tx.rows<{ childId: string; codes: string[] }>(sql`
    select x.child_id as "childId", array_agg(distinct x.code order by x.code) as codes from exemption x
    where x.tenant_id = ${tx.tenantId} and x.child_id = any(${of.childIds}::uuid[])
      and (x.service_id is null or x.service_id = ${of.serviceId}) and x.from_date <= ${of.date}
      and (x.to_date is null or x.to_date >= ${of.date})
    group by x.child_id`);
  return new Map(rows.map(({ childId, codes }) => [childId, codes]));
}
