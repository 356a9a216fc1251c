// SPDX-License-Identifier: EUPL-1.2
/** Databases of the benchmark's own on the given server: made empty, migrated, dropped at the end. */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { migrate } from "#kernel/db/migrate.ts";
import { type Database, openDatabase } from "#kernel/db/index.ts";
import { moment } from "#kernel/dates.ts";

export interface BenchDatabase {
  readonly url: string;
  readonly db: Database;
  /** vacuum, statistics, checkpoint: every round starts from the same quiet state */
  settle(): Promise<void>;
  /** connections of the caller's own, to be ended by it */
  clients(count: number): Promise<pg.Client[]>;
  query(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const MIGRATED_AT = moment("2026-07-01T00:00:00Z");

export async function benchDatabase(server: string, name: string): Promise<BenchDatabase> {
  const database = `campanella_bench_${name}_${randomBytes(4).toString("hex")}`;
  await onServer(server, `create database ${database} template template0`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  const db = await openDatabase({ url: url.href });
  await migrate(db, MIGRATED_AT);
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  // The owner counts what was written in every town; for the application's role row security stays as it is.
  await owner.query(`do $$
    declare guarded record;
    begin
      for guarded in select oid::regclass as name from pg_class where relforcerowsecurity loop
        execute format('alter table %s no force row level security', guarded.name);
      end loop;
    end $$`);
  return {
    url: url.href,
    db,
    async settle() {
      await owner.query("vacuum analyze");
      await owner.query("checkpoint");
    },
    async clients(count) {
      const made = Array.from(
        { length: count },
        () => new pg.Client({ connectionString: url.href }),
      );
      await Promise.all(made.map((client) => client.connect()));
      return made;
    },
    async query(text, values = []) {
      const { rows } = await owner.query<Record<string, unknown>>(text, [...values]);
      return rows;
    },
    async close() {
      await owner.end();
      await db.close();
      await onServer(server, `drop database if exists ${database} with (force)`);
    },
  };
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
