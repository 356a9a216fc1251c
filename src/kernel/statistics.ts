// SPDX-License-Identifier: EUPL-1.2
import { type Database, sql, type WriteTx } from "./db/index.ts";

/**
 * The planner's statistics, gathered anew. The embedded database never does it by itself, and plans without them
 * get slow with the square of a town's size: for the start, for after bulk work, and now and then.
 */
export async function refreshStatistics(db: Database): Promise<void> {
  await db.owner((tx) => tx.run(sql`analyze`));
}

/** From so many rows on, plans made for the former size of a town mislead until the server looks by itself. */
const BULK_ROWS = 1000;

/** After a command or a page that may have written many rows at once. */
export async function refreshAfterBulk(db: Database, rows: number): Promise<void> {
  if (rows >= BULK_ROWS) await refreshStatistics(db);
}

/** The same inside a long bulk transaction, which then plans with the rows it has written itself. */
export async function refreshStatisticsInside(tx: WriteTx): Promise<void> {
  // Only the tables' owner may: the session's own role, for this one statement.
  await tx.run(sql`reset role`);
  await tx.run(sql`analyze`);
  await tx.run(sql`set local role campanella_app`);
}
