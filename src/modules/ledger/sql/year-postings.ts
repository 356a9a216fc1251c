// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";

/** Did any money move from `from` to `to`, both days included? Wallet scope and payment model freeze then. */
export async function hasPostings(tx: ReadTx, period: { from: Day; to: Day }): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (select 1 from ledger_transfer t where t.tenant_id = ${tx.tenantId}
      and t.happened_on between ${period.from} and ${period.to}) as found`);
  return found;
}
