// SPDX-License-Identifier: EUPL-1.2
/** What a migrated embedded database is copied from, made once for a schema. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newId } from "#kernel/ids.ts";
import { databaseOn } from "#kernel/db/open.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { driverOn } from "#kernel/db/pglite-driver.ts";
import { blankCluster, packCluster, unpackCluster } from "./template-files.ts";

const ROOT = new URL("../../", import.meta.url);
export const MIGRATED_AT = Temporal.Instant.from("2026-07-01T00:00:00Z");

/** A template is as old as what made it: the migrations and the code that runs them. */
export async function schemaHash(): Promise<string> {
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

export async function loadPgliteTemplate(): Promise<Buffer> {
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
