// SPDX-License-Identifier: EUPL-1.2
import { setTimeout as delay } from "node:timers/promises";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";

/** Long enough for the other act to have met what the open one holds. */
const OPEN_MS = 300;

/**
 * Does `second` while `first` has done its part and not yet ended. On a database with one connection they simply take
 * turns.
 */
export async function whileOpen<Result>(
  town: TenantDb,
  first: (tx: WriteTx) => Promise<unknown>,
  second: () => Promise<Result>,
): Promise<Result> {
  const begun = Promise.withResolvers<void>();
  const open = town.write(async (tx) => {
    await first(tx);
    begun.resolve();
    await delay(OPEN_MS);
  });
  await Promise.race([begun.promise, open]);
  const [result] = await Promise.all([second(), open]);
  return result;
}
