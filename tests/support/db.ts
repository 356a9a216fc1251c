// SPDX-License-Identifier: EUPL-1.2
/**
 * A fresh, migrated database for each test (habit 13 of the house): PGlite in memory, or PostgreSQL when
 * TEST_DATABASE_URL names a server whose user may create databases. Both clone a template that is made once.
 */
import pg from "pg";
import { newId } from "#kernel/ids.ts";
import { databaseOn, openDatabase } from "#kernel/db/open.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { openInMemory } from "#kernel/db/pglite-driver.ts";
import { type Database, sql, type TenantDb } from "#kernel/db/index.ts";
import { loadPgliteTemplate, MIGRATED_AT, schemaHash } from "./embedded.ts";
import { SMALL_START, TemplateFiles } from "./template-files.ts";

const MAX_CONNECTIONS = 10;

export interface TestDatabase {
  readonly db: Database;
  /** PostgreSQL: its address, for a test that starts another process. PGlite: `undefined`. */
  readonly url: string | undefined;
  /** Closes it; PostgreSQL's is dropped. Put it in `after` or `t.after`. */
  close(): Promise<void>;
}

/** The engine the tests of this process run on. */
export const testEngine = (): Database["engine"] => (serverUrl() ? "postgres" : "pglite");

/**
 * A migrated database without any row of a town. `engine` only for tests that need both at once: PostgreSQL is there
 * when `testEngine()` says so, PGlite always.
 */
export async function testDatabase(engine = testEngine()): Promise<TestDatabase> {
  const server = serverUrl();
  if (engine === "pglite") return pgliteDatabase();
  if (!server) throw new Error("TEST_DATABASE_URL names no server");
  return postgresDatabase(server, await postgresTemplate(server));
}

/** An empty PostgreSQL or PGlite database that nobody migrated: for tests of migrations themselves. */
export async function testBlankDatabase(): Promise<TestDatabase> {
  const server = serverUrl();
  if (server) return postgresDatabase(server, "template0");
  const db = await openDatabase({ dataDir: "memory:" });
  return { db, url: undefined, close: () => db.close() };
}

/** A town that has a name and nothing else. */
export async function testTown(
  db: Database,
  name = "Borgo di prova",
): Promise<{ tenantId: string; town: TenantDb }> {
  const tenantId = newId();
  const slug = `prova-${tenantId.replaceAll("-", "")}`;
  await db.platform((tx) =>
    tx.run(sql`insert into platform.tenant (id, slug, name, demo, created_at)
      values (${tenantId}, ${slug}, ${name}, true, ${MIGRATED_AT})`),
  );
  return { tenantId, town: db.forTenant(tenantId) };
}

function serverUrl(): string | undefined {
  return process.env["TEST_DATABASE_URL"] || undefined;
}

let pgliteTemplate: Promise<() => TemplateFiles> | undefined;

async function pgliteDatabase(): Promise<TestDatabase> {
  pgliteTemplate ??= loadPgliteTemplate().then((packed) => TemplateFiles.read(packed));
  const copy = await pgliteTemplate;
  const db = databaseOn(await openInMemory({ fs: copy(), startParams: SMALL_START }));
  return { db, url: undefined, close: () => db.close() };
}

const templates = new Map<string, Promise<string>>();

function postgresTemplate(server: string): Promise<string> {
  const known = templates.get(server) ?? makePostgresTemplate(server);
  templates.set(server, known);
  return known;
}

async function makePostgresTemplate(server: string): Promise<string> {
  const name = `campanella_template_${await schemaHash()}`;
  await onServer(server, async (client) => {
    // The lock is the session's: it ends with the connection, also when this process dies.
    await client.query("select pg_advisory_lock(hashtext('campanella test template'))");
    const { rowCount } = await client.query(
      "select 1 from pg_database where datname = $1 and datistemplate",
      [name],
    );
    if (rowCount) return;
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name} template template0`);
    const db = await openDatabase({ url: urlOf(server, name), maxConnections: 1 });
    try {
      await migrate(db, MIGRATED_AT);
    } finally {
      await db.close();
    }
    // Only a finished template carries the mark: a half-made one is dropped by the next run.
    await client.query(`alter database ${name} is_template true`);
  });
  return name;
}

async function postgresDatabase(server: string, template: string): Promise<TestDatabase> {
  const name = `campanella_test_${newId().replaceAll("-", "")}`;
  await onServer(server, (client) => client.query(`create database ${name} template ${template}`));
  const url = urlOf(server, name);
  const db = await openDatabase({ url, maxConnections: MAX_CONNECTIONS });
  return {
    db,
    url,
    async close() {
      await db.close();
      await onServer(server, (client) =>
        client.query(`drop database if exists ${name} with (force)`),
      );
    },
  };
}

async function onServer(
  server: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
