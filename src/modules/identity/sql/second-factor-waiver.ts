// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/**
 * Does the role of a grant (`g`) need a second factor? Those of the office do, unless the town does without; the
 * administrator, who decides that, always does.
 */
export const NEEDS_FACTOR = sql`(g.role = 'administrator' or (g.role = any(${OFFICE_ROLES}::text[])
  and not exists (select 1 from second_factor_waiver w where w.tenant_id = g.tenant_id and w.ended_at is null)))`;

/** Why a town does without the office's second factor, since when and who said so. */
export interface FactorWaiver {
  reason: string;
  beganAt: Moment;
  beganBy: string;
}

/** `undefined`: the office shows one, as everywhere. */
export function standingWaiver(tx: ReadTx): Promise<FactorWaiver | undefined> {
  return tx.maybe<FactorWaiver>(sql`
    select reason, began_at as "beganAt", began_by as "beganBy" from second_factor_waiver
    where tenant_id = ${tx.tenantId} and ended_at is null`);
}

/** False: there is one already. */
export async function insertWaiver(
  tx: WriteTx,
  row: { id: string; reason: string; at: Moment; by: string },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into second_factor_waiver (tenant_id, id, reason, began_at, began_by)
    values (${tx.tenantId}, ${row.id}, ${row.reason}, ${row.at}, ${row.by})
    on conflict (tenant_id) where ended_at is null do nothing`);
  return inserted === 1;
}

/** False: there is none. */
export async function closeWaiver(tx: WriteTx, of: { at: Moment; by: string }): Promise<boolean> {
  const closed = await tx.run(sql`
    update second_factor_waiver set ended_at = ${of.at}, ended_by = ${of.by}
    where tenant_id = ${tx.tenantId} and ended_at is null`);
  return closed === 1;
}
