// SPDX-License-Identifier: EUPL-1.2
import { type Database, sql } from "./db/index.ts";

/** The planner's statistics, gathered anew: the embedded database never does it by itself. For after bulk work. */
export async function refreshStatistics(db: Database): Promise<void> {
  await db.owner((tx) => tx.run(sql`analyze`));
}
