// SPDX-License-Identifier: EUPL-1.2
import { existsSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { lockFolder } from "./folder-lock.ts";
import { preparedQueries } from "./pglite-statements.ts";
import { parseTimestamp } from "./postgres-driver.ts";
import { SYNCED_START, SyncedFiles, syncPath, syncTree } from "./synced-files.ts";
import type { Connection, Driver } from "./types.ts";

const parsers = {
  20: BigInt,
  1082: (text: string) => Temporal.PlainDate.from(text),
  1184: (text: string) => parseTimestamp(text),
};

/** PGlite in memory: nothing is left of it. */
export async function openInMemory(options: PGliteOptions = {}): Promise<Driver> {
  return driverOn(await PGlite.create({ ...options, parsers }));
}

/**
 * The embedded database in `dataDir/pg`, ours alone until `close`. A commit is on the disk when it returns.
 * @throws DatabaseInUseError when another process has the folder
 */
export async function openInFolder(dataDir: string, port: number | null): Promise<Driver> {
  const lock = lockFolder(dataDir, port);
  try {
    const cluster = resolve(dataDir, "pg");
    if (!existsSync(cluster)) await createCluster(cluster);
    const files = new SyncedFiles(cluster);
    const driver = await driverOn(await openCluster(files), () => files.failure);
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => driver.close().finally(() => lock.release());
    return { ...driver, close: () => (closing ??= close()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

const openCluster = (files: SyncedFiles): Promise<PGlite> =>
  PGlite.create({ fs: files, startParams: [...SYNCED_START], parsers });

/** Made beside and renamed when it is whole: an interrupted first start leaves nothing that looks like data. */
async function createCluster(cluster: string): Promise<void> {
  const unfinished = `${cluster}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  await (await openCluster(new SyncedFiles(unfinished))).close();
  syncTree(unfinished);
  renameSync(unfinished, cluster);
  syncPath(join(cluster, ".."));
}

/**
 * Lends the one session to one transaction at a time, in the order they asked.
 * @param failure why PostgreSQL has given up, once it has
 */
export async function driverOn(
  pglite: PGlite,
  failure: () => string | undefined = () => undefined,
): Promise<Driver> {
  await pglite.exec("set timezone = 'UTC'");
  let queue: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  // After a PANIC PGlite answers as if nothing had happened, and the statement after that never ends.
  function refuseBroken(): void {
    const reason = failure();
    if (reason) throw new DatabaseBrokenError(reason);
  }
  /** One statement at a time, in the order in which they were issued. */
  let last: Promise<unknown> = Promise.resolve();
  function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = last.then(() => {
      refuseBroken();
      return work().finally(refuseBroken);
    });
    last = turn.catch(() => {});
    return turn;
  }

  const query = preparedQueries(pglite);
  const connection: Connection = {
    query: (text, parameters) => guarded(() => query(text, parameters)),
    exec: (text) => guarded(async () => (await pglite.exec(text)).at(-1)?.command ?? ""),
  };

  return {
    engine: "pglite",
    withConnection(work) {
      if (closing) return Promise.reject(new Error("the database is closed"));
      const turn = queue.then(() => work(connection));
      queue = turn.catch(() => {});
      return turn;
    },
    /** Waits for the transactions that have asked before. A broken one is left as `kill -9` would leave it. */
    close: () => (closing ??= queue.then(() => (failure() ? undefined : pglite.close()))),
  };
}

/**
 * The embedded database has stopped: the disk is full or failing. What was acknowledged is on the disk; end the
 * process and start it again when the disk is well.
 */
export class DatabaseBrokenError extends Error {
  override readonly name = "DatabaseBrokenError";

  constructor(reason: string) {
    super(`the embedded database has stopped: ${reason}`);
  }
}
