// SPDX-License-Identifier: EUPL-1.2
import { holdersOn } from "#families";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type PayerShare, sharesOn } from "../sql/enrolments.ts";

export interface Payer {
  holderId: string;
  basisPoints: number;
}

/**
 * Who pays which part of a child's service on a day; shares sum to 10,000. Default: the child's holder alone.
 * A child without a holder is absent from the answer. Shares that do not sum up are ignored in favour of the holder.
 */
export async function payersOn(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId: string; date: Day },
): Promise<Map<string, Payer[]>> {
  const holders = await holdersOn(tx, of.childIds, of.date);
  const shares = new Map<string, PayerShare[]>();
  for (const row of await sharesOn(tx, of))
    shares.set(row.childId, [...(shares.get(row.childId) ?? []), row]);
  const payers = new Map<string, Payer[]>();
  for (const childId of of.childIds) {
    const all = shares.get(childId) ?? [];
    const own = all.filter(({ serviceId }) => serviceId !== null);
    const inForce = own.length > 0 ? own : all;
    const total = inForce.reduce((sum, { basisPoints }) => sum + basisPoints, 0);
    const holderId = holders.get(childId);
    if (total === 10_000) payers.set(childId, inForce);
    else if (holderId) payers.set(childId, [{ holderId, basisPoints: 10_000 }]);
  }
  return payers;
}
