// SPDX-License-Identifier: EUPL-1.2
import { AsyncLocalStorage } from "node:async_hooks";
import { isConnectionLost, isRepeatable } from "./errors.ts";
import { openInFolder, openInMemory } from "./pglite-driver.ts";
import { openPostgres } from "./postgres-driver.ts";
import { openingOf, OWNER_OPENING, Transaction } from "./transaction.ts";
import type { Connection, Database, Driver } from "./types.ts";

const MAX_ATTEMPTS = 5;

/**
 * `url` = `postgres://…`; otherwise `dataDir`, a folder for the embedded database, or `memory:` in tests.
 * @throws DatabaseInUseError another process has the folder
 * @throws DatabaseUnusableError no connection, or a server older than PostgreSQL 15
 */
export async function openDatabase(options: {
  url?: string | undefined;
  dataDir?: string | undefined;
  /** shown to a second process that wants the same folder */
  port?: number | undefined;
  maxConnections?: number | undefined;
}): Promise<Database> {
  if (options.url) return databaseOn(await openPostgres(options.url, options.maxConnections ?? 16));
  const { dataDir = "memory:", port } = options;
  return databaseOn(
    await (dataDir === "memory:" ? openInMemory() : openInFolder(dataDir, port ?? null)),
  );
}

export function databaseOn(driver: Driver): Database {
  const inside = new AsyncLocalStorage<true>();

  async function transaction<Result>(
    opening: string,
    tenantId: string,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    // One connection per request, and PGlite has only one at all: a nested transaction would wait for itself.
    if (inside.getStore())
      throw new Error("a transaction inside a transaction: pass the tx on instead");
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await driver.withConnection((connection) =>
          inside.run(true, () => attemptOn(connection, opening, tenantId, work)),
        );
      } catch (error) {
        const again = error instanceof NotOpened || isRepeatable(error);
        if (attempt < MAX_ATTEMPTS && again) continue;
        throw error instanceof NotOpened ? error.cause : error;
      }
    }
  }

  return {
    engine: driver.engine,
    forTenant: (tenantId) => ({
      tenantId,
      read: (work) => transaction(openingOf("read", tenantId), tenantId, work),
      write: (work) => transaction(openingOf("write", tenantId), tenantId, work),
    }),
    platform: (work) => transaction(openingOf("write", null), "", work),
    owner: (work) => transaction(OWNER_OPENING, "", work),
    close: () => driver.close(),
  };
}

/** A pooled connection had died in its sleep: nothing has run, so another one may be tried. */
class NotOpened extends Error {}

async function attemptOn<Result>(
  connection: Connection,
  opening: string,
  tenantId: string,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const tx = new Transaction(connection, tenantId);
  let opened = false;
  try {
    await connection.exec(opening);
    opened = true;
    const result = await work(tx);
    tx.end();
    // The database answers ROLLBACK when a statement had failed and `work` went on as if it had not.
    if ((await connection.exec("commit")) !== "COMMIT") {
      throw new Error("rolled back: a statement failed and its error was swallowed");
    }
    return result;
  } catch (error) {
    tx.end();
    // Its own failure would hide the first one, which is the one to tell.
    await connection.exec("rollback").catch(() => {});
    throw !opened && isConnectionLost(error)
      ? new NotOpened("not opened", { cause: error })
      : error;
  }
}
