// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";

export interface WriteOff {
  id: string;
  holderId: string;
  childId: string | null;
  serviceId: string | null;
  amountCents: Cents;
  reason: string;
  proposedAt: Moment;
  proposedById: string;
  proposedBy: string;
  decidedAt: Moment | null;
  decidedBy: string | null;
  decision: "approved" | "refused" | null;
  decisionReason: string;
}

const COLUMNS = sql`id, holder_id as "holderId", child_id as "childId", service_id as "serviceId",
  amount_cents as "amountCents", reason, proposed_at as "proposedAt", proposed_by_id as "proposedById",
  proposed_by as "proposedBy", decided_at as "decidedAt", decided_by as "decidedBy", decision,
  decision_reason as "decisionReason"`;

/** False: the same form was sent before. */
export async function insertWriteOff(
  tx: WriteTx,
  row: Omit<WriteOff, "decidedAt" | "decidedBy" | "decision" | "decisionReason"> & { key: string },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into write_off (tenant_id, id, holder_id, child_id, service_id, amount_cents, reason, proposed_at,
      proposed_by_id, proposed_by, idempotency_key)
    values (${tx.tenantId}, ${row.id}, ${row.holderId}, ${row.childId}, ${row.serviceId}, ${row.amountCents},
      ${row.reason}, ${row.proposedAt}, ${row.proposedById}, ${row.proposedBy}, ${row.key})
    on conflict (tenant_id, idempotency_key) do nothing`);
  return inserted === 1;
}

/** Those that wait first, then the newest. */
export function writeOffs(
  tx: ReadTx,
  of: { holderId?: string; onlyOpen?: boolean } = {},
): Promise<WriteOff[]> {
  const ofHolder = of.holderId === undefined ? sql`` : sql`and holder_id = ${of.holderId}`;
  const open = of.onlyOpen ? sql`and decided_at is null` : sql``;
  return tx.rows<WriteOff>(sql`
    select ${COLUMNS} from write_off where tenant_id = ${tx.tenantId} ${ofHolder} ${open}
    order by decided_at is not null, proposed_at desc, id limit 500`);
}

/** What was written off of these holders' debts: on which accounts, and when. */
export function approvedWriteOffs(
  tx: ReadTx,
  holderIds: readonly string[],
): Promise<(Pick<WriteOff, "holderId" | "childId" | "serviceId"> & { decidedAt: Moment })[]> {
  return tx.rows(sql`
    select holder_id as "holderId", child_id as "childId", service_id as "serviceId", decided_at as "decidedAt"
    from write_off
    where tenant_id = ${tx.tenantId} and holder_id = any(${holderIds}::uuid[]) and decision = 'approved'
    order by decided_at, id`);
}

export function lockWriteOff(tx: WriteTx, id: string): Promise<WriteOff | undefined> {
  return tx.maybe<WriteOff>(
    sql`select ${COLUMNS} from write_off where tenant_id = ${tx.tenantId} and id = ${id} for update`,
  );
}

export async function decideWriteOffRow(
  tx: WriteTx,
  of: {
    id: string;
    decision: "approved" | "refused";
    reason: string;
    at: Moment;
    byId: string;
    by: string;
  },
): Promise<void> {
  await tx.run(sql`
    update write_off set decided_at = ${of.at}, decided_by_id = ${of.byId}, decided_by = ${of.by},
      decision = ${of.decision}, decision_reason = ${of.reason}
    where tenant_id = ${tx.tenantId} and id = ${of.id} and decided_at is null`);
}
