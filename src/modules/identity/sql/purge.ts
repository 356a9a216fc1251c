// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { sql, type WriteTx } from "#kernel/db/index.ts";

/** Sessions that were over, and attempts that were made, before a moment are deleted. */
export async function purgeSignIns(tx: WriteTx, before: Moment): Promise<void> {
  await tx.run(sql`
    delete from session
    where tenant_id = ${tx.tenantId} and least(ended_at, expires_at) < ${before}::timestamptz`);
  await tx.run(sql`
    delete from login_attempt where tenant_id = ${tx.tenantId} and at < ${before}::timestamptz`);
}
