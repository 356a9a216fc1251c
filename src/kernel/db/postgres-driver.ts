// SPDX-License-Identifier: EUPL-1.2
import pg from "pg";
import type { Driver } from "./types.ts";

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

const parsers: Record<number, (text: string) => unknown> = {
  [INT8]: BigInt,
  [DATE]: (text) => Temporal.PlainDate.from(text),
  [TIMESTAMPTZ]: (text) => parseTimestamp(text),
};

/** PostgreSQL writes `2026-11-24 07:41:07.123+00`; the connection's zone is fixed to UTC. */
export function parseTimestamp(text: string): Temporal.Instant {
  return Temporal.Instant.from(text.replace(" ", "T").replace(/\+00$/, "Z"));
}

export function openPostgres(url: string, maxConnections: number): Driver {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    options: "-c timezone=UTC -c datestyle=ISO",
    types: {
      getTypeParser: (oid: number, format?: string) =>
        parsers[oid] ?? pg.types.getTypeParser(oid, format as "text"),
    } as unknown as pg.CustomTypesConfig,
  });
  // An idle connection that the server closes must not end the process; the next query gets a new one.
  pool.on("error", () => {});

  return {
    engine: "postgres",
    async withConnection(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      const onError = (error: Error): void => {
        broken = error;
      };
      client.on("error", onError);
      try {
        return await work({
          async query(text, parameters) {
            const result = await client.query({ text, values: parameters as unknown[] });
            return { rows: result.rows as unknown[], affected: result.rowCount ?? 0 };
          },
          async exec(text) {
            try {
              await client.query(text);
            } catch (error) {
              if (text === "rollback" || text === "commit") broken = error as Error;
              throw error;
            }
          },
        });
      } finally {
        client.off("error", onError);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
