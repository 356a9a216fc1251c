// SPDX-License-Identifier: EUPL-1.2
import { holdersOn } from "#families";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { choosePayers, type Payer } from "../rules/payer-shares.ts";
import { sharesOn } from "../sql/enrolments.ts";

/**
 * Who pays which part of a child's service on a day; shares sum to 10,000. Default: the child's holder alone.
 * A child without a holder is absent from the answer. Shares that do not sum up are ignored in favour of the holder.
 */
export async function payersOn(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId: string; date: Day },
): Promise<Map<string, Payer[]>> {
  const { childIds, serviceId, date } = of;
  const holders = await holdersOn(tx, childIds, date);
  const shares = Map.groupBy(await sharesOn(tx, of), (share) => share.childId);
  const payers = new Map<string, Payer[]>();
  for (const childId of childIds) {
    const holderId = holders.get(childId) ?? null;
    const found = choosePayers(shares.get(childId) ?? [], { serviceId, date, holderId });
    if (found.length > 0) payers.set(childId, found);
  }
  return payers;
}
