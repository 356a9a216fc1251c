// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { sql, type WriteTx } from "#kernel/db/index.ts";

/** From `date` on these children have no diet code; one that would never have begun is removed. */
export async function endDiets(tx: WriteTx, childIds: readonly string[], date: Day): Promise<void> {
  await tx.run(sql`delete from diet_assignment
    where tenant_id = ${tx.tenantId} and child_id = any(${childIds}::uuid[]) and from_date >= ${date}`);
  await tx.run(sql`update diet_assignment set to_date = ${date}::date - 1
    where tenant_id = ${tx.tenantId} and child_id = any(${childIds}::uuid[])
      and (to_date is null or to_date >= ${date})`);
}
