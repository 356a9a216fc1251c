// SPDX-License-Identifier: EUPL-1.2
import type { Duplex } from "node:stream";
import pg from "pg";
import { arrayText } from "./array-rows.ts";
import { StatementNames } from "./statement-names.ts";
import type { Driver } from "./types.ts";

const INT8 = 20;
const DATE = 1082;
const TIMESTAMPTZ = 1184;

const MINIMUM_VERSION = 15;
/** A statement used this often gets a name: there are several connections, and each prepares it for itself. */
const NAMED_FROM_USE = 5;
/** How long a connection may take, or a request may wait for one of the pool's. */
const CONNECT_TIMEOUT_MS = 30_000;
/** A statement or a pause inside a transaction beyond this is a fault. Owner's work lifts both. */
const SESSION_TIMEOUT_MS = 60_000;

const SESSION_OPTIONS = [
  "timezone=UTC",
  "datestyle=ISO",
  `statement_timeout=${SESSION_TIMEOUT_MS}`,
  `idle_in_transaction_session_timeout=${SESSION_TIMEOUT_MS}`,
  // The server's own 4 is for turning disks: a thousand children then cost a scan of the whole town (docs/developer/benchmarks.md).
  "random_page_cost=1.1",
]
  .map((option) => `-c ${option}`)
  .join(" ");

const parsers: Record<number, (text: string) => unknown> = {
  [INT8]: BigInt,
  [DATE]: (text) => Temporal.PlainDate.from(text),
  [TIMESTAMPTZ]: (text) => parseTimestamp(text),
};

/** PostgreSQL writes `2026-11-24 07:41:07.123+00`; the connection's zone is fixed to UTC. */
export function parseTimestamp(text: string): Temporal.Instant {
  return Temporal.Instant.from(text.replace(" ", "T").replace(/\+00$/, "Z"));
}

/** The server cannot be reached, refuses us, or is too old. The message never holds the password. */
export class DatabaseUnusableError extends Error {
  override readonly name = "DatabaseUnusableError";
}

/**
 * A pool of connections to PostgreSQL 15 or newer, tried once before it is given out.
 * @throws DatabaseUnusableError
 */
export async function openPostgres(url: string, maxConnections: number): Promise<Driver> {
  const pool = new pg.Pool({
    ...connectionOf(url),
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    pipeline: true,
    options: SESSION_OPTIONS,
    types: {
      getTypeParser: (oid: number, format?: string) =>
        parsers[oid] ?? pg.types.getTypeParser(oid, format as "text"),
    } as unknown as pg.CustomTypesConfig,
  });
  // An idle connection that the server closes must not end the process; the next query gets a new one.
  pool.on("error", () => {});
  try {
    await refuseOldServer(pool);
  } catch (error) {
    await pool.end();
    throw error instanceof DatabaseUnusableError
      ? error
      : new DatabaseUnusableError(`cannot use ${nameOf(url)}: ${reasonOf(error)}`);
  }
  return poolDriver(pool);
}

function poolDriver(pool: pg.Pool): Driver {
  let closing: Promise<void> | undefined;
  const names = new StatementNames(NAMED_FROM_USE);
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
            const values = parameters as unknown[];
            const name = names.of(text, values);
            holdBack(client);
            const sent = values.map((value) => (isTextArray(value) ? arrayText(value) : value));
            const result = await client.query(
              name ? { name, text, values: sent } : { text, values: sent },
            );
            return { rows: result.rows as unknown[], affected: result.rowCount ?? 0 };
          },
          async exec(text) {
            try {
              const results = [await client.query(text)].flat();
              return results.at(-1)?.command ?? "";
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
    close: () => (closing ??= pool.end()),
  };
}

const isTextArray = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** Statements issued in one go leave in one packet, and the server wakes up once for all of them. */
function holdBack(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: string; text: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as text`,
  );
  const major = Math.floor(Number(rows[0]!.number) / 10_000);
  if (major < MINIMUM_VERSION) {
    throw new DatabaseUnusableError(
      `PostgreSQL ${MINIMUM_VERSION} or newer is needed; this server is ${rows[0]!.text}`,
    );
  }
}

/** @throws DatabaseUnusableError for an address that cannot be read, without repeating it */
function connectionOf(url: string): pg.PoolConfig {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new DatabaseUnusableError(
      "DATABASE_URL must look like postgres://user:password@host:5432/name",
    );
  }
  return { connectionString: url };
}

/** The address without password and options. */
function nameOf(url: string): string {
  const { protocol, username, host, pathname } = new URL(url);
  return `${protocol}//${username ? `${username}@` : ""}${host}${pathname}`;
}

/** A refused connection to `localhost` is an AggregateError (one per address) with an empty message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map((one: unknown) => reasonOf(one)).join("; ");
  }
  return error instanceof Error ? error.message : String(error);
}
