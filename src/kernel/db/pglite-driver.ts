// SPDX-License-Identifier: EUPL-1.2
import { PGlite } from "@electric-sql/pglite";
import { parseTimestamp } from "./postgres-driver.ts";
import type { Driver } from "./types.ts";

const parsers = {
  20: BigInt,
  1082: (text: string) => Temporal.PlainDate.from(text),
  1184: (text: string) => parseTimestamp(text),
};

/** The embedded database: one process, one session. */
export async function openPglite(dataDir: string, loadDataDir?: Blob): Promise<Driver> {
  const pglite = await PGlite.create({
    ...(dataDir === "memory:" ? {} : { dataDir }),
    ...(loadDataDir ? { loadDataDir } : {}),
    parsers,
  });
  return driverOn(pglite);
}

/** Lends the one session to one transaction at a time, in the order they asked. */
export async function driverOn(pglite: PGlite): Promise<Driver> {
  await pglite.exec("set timezone = 'UTC'");
  let queue: Promise<unknown> = Promise.resolve();

  return {
    engine: "pglite",
    withConnection(work) {
      const turn = queue.then(() =>
        work({
          async query(text, parameters) {
            const result = await pglite.query(text, parameters as unknown[]);
            return { rows: result.rows, affected: result.affectedRows ?? 0 };
          },
          async exec(text) {
            await pglite.exec(text);
          },
        }),
      );
      queue = turn.catch(() => {});
      return turn;
    },
    close: () => pglite.close(),
  };
}
