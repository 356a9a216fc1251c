// SPDX-License-Identifier: EUPL-1.2
/**
 * A fresh, migrated database for each test (habit 13 of the house): PGlite in memory, or PostgreSQL when
 * TEST_DATABASE_URL names a server whose user may create databases. Both clone a template that is made once.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { newId } from "#kernel/ids.ts";
import { databaseOn, openDatabase } from "#kernel/db/open.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { driverOn, openInMemory } from "#kernel/db/pglite-driver.ts";
import { type Database, sql, type TenantDb } from "#kernel/db/index.ts";
import {
  blankCluster,
  packCluster,
  SMALL_START,
  TemplateFiles,
  unpackCluster,
} from "./template-files.ts";

const ROOT = new URL("../../", import.meta.url);
const MIGRATED_AT = Temporal.Instant.from("2026-07-01T00:00:00Z");
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

/** A template is as old as what made it: the migrations and the code that runs them. */
async function schemaHash(): Promise<string> {
  const hash = createHash("sha256");
  const migrations = new URL("migrations/", ROOT);
  for (const name of (await readdir(migrations)).filter((file) => file.endsWith(".sql")).sort()) {
    hash.update(name).update(await readFile(new URL(name, migrations)));
  }
  hash.update(await readFile(new URL("src/kernel/db/migrate.ts", ROOT)));
  hash.update(await readFile(new URL("template-files.ts", import.meta.url)));
  hash.update(await readFile(new URL("node_modules/@electric-sql/pglite/package.json", ROOT)));
  return hash.digest("hex").slice(0, 12);
}

/**
 * Lays a migrated cluster into `dataDir`, as a first start leaves one: that takes five seconds of a processor, and is
 * proven where it is the matter (commands/start, database/crash).
 */
export async function migratedFolder(dataDir: string): Promise<void> {
  unpackCluster(await loadPgliteTemplate(), join(dataDir, "pg"));
}

let pgliteTemplate: Promise<() => TemplateFiles> | undefined;

async function pgliteDatabase(): Promise<TestDatabase> {
  pgliteTemplate ??= loadPgliteTemplate().then((packed) => TemplateFiles.read(packed));
  const copy = await pgliteTemplate;
  const db = databaseOn(await openInMemory({ fs: copy(), startParams: SMALL_START }));
  return { db, url: undefined, close: () => db.close() };
}

async function loadPgliteTemplate(): Promise<Buffer> {
  const folder = new URL(".build/", ROOT);
  const file = new URL(`pglite-${await schemaHash()}.template`, folder);
  const stored = await readFile(file).catch(() => undefined);
  if (stored) return stored;
  const pglite = await blankCluster();
  await migrate(databaseOn(await driverOn(pglite)), MIGRATED_AT);
  const packed = await packCluster(pglite);
  await mkdir(folder, { recursive: true });
  // Several test processes may do this at once: each writes its own file, the last rename wins.
  const own = new URL(`${file.href}.${newId()}`);
  await writeFile(own, packed);
  await rename(own, file);
  for (const name of await readdir(folder)) {
    const stale = /^pglite-.*[.](tar|template)$/.test(name) && !file.href.endsWith(name);
    if (stale) await rm(new URL(name, folder), { force: true });
  }
  return packed;
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
