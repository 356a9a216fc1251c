// SPDX-License-Identifier: EUPL-1.2
import { AsyncLocalStorage } from "node:async_hooks";
import { isRepeatable } from "./errors.ts";
import { openPglite } from "./pglite-driver.ts";
import { openPostgres } from "./postgres-driver.ts";
import { openingOf, Transaction } from "./transaction.ts";
import type { Connection, Database, Driver } from "./types.ts";

const MAX_ATTEMPTS = 5;

/** `url` = `postgres://…`; otherwise a folder for the embedded database, or `memory:` in tests. */
export async function openDatabase(options: {
  url?: string | undefined;
  dataDir?: string | undefined;
  /** tests only: start from a dumped data directory */
  loadDataDir?: Blob | undefined;
  maxConnections?: number | undefined;
}): Promise<Database> {
  const driver = options.url
    ? openPostgres(options.url, options.maxConnections ?? 16)
    : await openPglite(options.dataDir ?? "memory:", options.loadDataDir);
  return databaseOn(driver);
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
        if (attempt >= MAX_ATTEMPTS || !isRepeatable(error)) throw error;
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
    owner: (work) => transaction("begin", "", work),
    close: () => driver.close(),
  };
}

async function attemptOn<Result>(
  connection: Connection,
  opening: string,
  tenantId: string,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const tx = new Transaction(connection, tenantId);
  await connection.exec(opening);
  try {
    const result = await work(tx);
    tx.end();
    await connection.exec("commit");
    return result;
  } catch (error) {
    tx.end();
    await connection.exec("rollback");
    throw error;
  }
}
