// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { addressReaders, type Reader } from "../rules/address-readers.ts";
import { guardiansWithAccounts, holdersOn } from "../sql/households.ts";

/** Who is told about these children's meals on that day: holders and guardians, never delegates (BO-23). */
export async function readersOf(
  tx: ReadTx,
  of: { childIds: readonly string[]; date: Day },
): Promise<Reader[]> {
  const { childIds, date } = of;
  if (childIds.length === 0) return [];
  return addressReaders({
    holders: await holdersOn(tx, childIds, date),
    guardians: await guardiansWithAccounts(tx, childIds, date),
  });
}
