// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "./dates.ts";
import { type Database, sql } from "./db/index.ts";

/**
 * When the oldest transaction began that is still open, by the database's clock; `null`: none but this question. The
 * embedded database has one connection: while it answers, nothing else is open.
 */
export async function oldestOpenTransaction(db: Database): Promise<Moment | null> {
  if (db.engine === "pglite") return null;
  // Not as the role of the application: it would not see when another session's transaction began.
  const { since } = await db.owner((tx) =>
    tx.one<{ since: Moment | null }>(sql`
      select min(xact_start) as since from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`),
  );
  return since;
}
