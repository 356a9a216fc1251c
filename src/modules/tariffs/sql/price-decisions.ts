// SPDX-License-Identifier: EUPL-1.2
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Explanation } from "../rules/decide-price.ts";

/** A price with its reasons. The id comes from the content: equal reasons are one row. */
export interface Decision {
  id: string;
  tariffVersionId: string;
  amountCents: bigint;
  explanation: Explanation;
}

/** Stores what is not stored yet. Repeatable. Returns how many were new. */
export async function saveDecisions(tx: WriteTx, decisions: Iterable<Decision>): Promise<number> {
  const distinct = new Map<string, Decision>();
  for (const decision of decisions) distinct.set(decision.id, decision);
  if (distinct.size === 0) return 0;
  // Most often the reasons are those of yesterday: an id is much shorter than an explanation.
  const stored = await tx.rows<{ id: string }>(sql`
    select id from price_decision
    where tenant_id = ${tx.tenantId} and id = any(${[...distinct.keys()]}::uuid[])`);
  for (const { id } of stored) distinct.delete(id);
  if (distinct.size === 0) return 0;
  // In one order everywhere, so that two closings that store the same reasons never wait crosswise.
  const rows = [...distinct.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return tx.run(sql`
    insert into price_decision (tenant_id, id, tariff_version_id, amount_cents, explanation)
    select ${tx.tenantId}, r.id, r."tariffVersionId", r."amountCents", r.explanation
    from ${jsonRows(rows)} as r(id uuid, "tariffVersionId" uuid, "amountCents" bigint, explanation jsonb)
    order by r.id
    on conflict (tenant_id, id) do nothing`);
}

export function decisionsOf(tx: ReadTx, ids: readonly string[]): Promise<Decision[]> {
  return tx.rows<Decision>(sql`
    select d.id, d.tariff_version_id as "tariffVersionId", d.amount_cents as "amountCents", d.explanation
    from price_decision d where d.tenant_id = ${tx.tenantId} and d.id = any(${ids}::uuid[])`);
}

export const decisionById = async (tx: ReadTx, id: string): Promise<Decision | null> =>
  (await decisionsOf(tx, [id]))[0] ?? null;
