// SPDX-License-Identifier: EUPL-1.2
import { jsonRows, sql, type WriteTx } from "#kernel/db/index.ts";
import type { PayerShare } from "../rules/rows.ts";

/** Puts these shares in the place of all that the child has for that service (`null` = the general ones). */
export async function replaceShares(
  tx: WriteTx,
  of: { childId: string; serviceId: string | null },
  rows: readonly PayerShare[],
): Promise<void> {
  await tx.run(sql`delete from payer_share
    where tenant_id = ${tx.tenantId} and child_id = ${of.childId}
      and service_id is not distinct from ${of.serviceId}::uuid`);
  await tx.run(sql`
    insert into payer_share (tenant_id, id, child_id, service_id, holder_id, basis_points, from_date,
      to_date)
    select ${tx.tenantId}, r.id, r."childId", r."serviceId", r."holderId", r."basisPoints", r."from",
      r."to"
    from ${jsonRows(rows)} as r(id uuid, "childId" uuid, "serviceId" uuid, "holderId" uuid,
      "basisPoints" integer, "from" date, "to" date)`);
}
