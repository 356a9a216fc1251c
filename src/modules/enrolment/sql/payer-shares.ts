// SPDX-License-Identifier: EUPL-1.2
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
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

/** Of these accounts, those that pay, paid or will pay a share for another child. */
export async function holdersSharing(
  tx: ReadTx,
  of: { holderIds: readonly string[]; childIds: readonly string[] },
): Promise<string[]> {
  const rows = await tx.rows<{ holderId: string }>(sql`
    select distinct holder_id as "holderId" from payer_share
    where tenant_id = ${tx.tenantId} and holder_id = any(${of.holderIds}::uuid[])
      and child_id <> all(${of.childIds}::uuid[])`);
  return rows.map(({ holderId }) => holderId);
}
