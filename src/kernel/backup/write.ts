// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Database, type PlatformTx, sql } from "../db/index.ts";
import type { Moment } from "../dates.ts";
import {
  type BackupTable,
  enterTenant,
  fixTextForms,
  migrationsOf,
  quoted,
  tablesInOrder,
} from "./catalog.ts";
import {
  BackupFileError,
  type BackupSummary,
  FORMAT_VERSION,
  type Header,
  type Mark,
  type Progress,
  type TableSummary,
} from "./format.ts";

/** Rows in memory at a time. */
const ROWS_PER_FETCH = 500;

/**
 * Writes the whole installation (every town, the directory of towns, the secrets) as it is at one moment to `file`,
 * readable by its owner only. An unfinished file is never left under that name. The embedded database serves nobody
 * else meanwhile; PostgreSQL goes on.
 * @throws BackupFileError when `file` exists already
 */
export async function backup(
  db: Database,
  file: string,
  options: { now: Moment; onProgress?: Progress },
): Promise<BackupSummary> {
  if (existsSync(file)) throw new BackupFileError(`${file} exists already`);
  const partial = `${file}.partial`;
  try {
    const summary = await db.owner(async (tx) => {
      await tx.run(sql`set transaction isolation level repeatable read, read only`);
      await fixTextForms(tx);
      const writer = new BackupWriter(tx, options.onProgress);
      const lines = writer.lines(db.engine, options.now);
      const target = createWriteStream(partial, { mode: 0o600 });
      await pipeline(Readable.from(lines), createGzip(), target);
      return writer.summary();
    });
    const handle = await open(partial, "r");
    await handle.sync();
    await handle.close();
    await rename(partial, file);
    return summary;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

class BackupWriter {
  #tx: PlatformTx;
  #onProgress: Progress | undefined;
  #overall = createHash("sha256");
  #tables: TableSummary[] = [];
  #rows = 0;
  #tenants: Header["tenants"] = [];

  constructor(tx: PlatformTx, onProgress: Progress | undefined) {
    this.#tx = tx;
    this.#onProgress = onProgress;
  }

  summary(): BackupSummary {
    return { tenants: this.#tenants.length, rows: this.#rows, tables: this.#tables };
  }

  async *lines(engine: Header["engine"], now: Moment): AsyncGenerator<string> {
    const tx = this.#tx;
    this.#tenants = await tx.rows<{ id: string; slug: string }>(
      sql`select id, slug from platform.tenant order by id`,
    );
    yield this.#mark({
      campanella: "backup",
      version: FORMAT_VERSION,
      createdAt: now.toString(),
      engine,
      migrations: await migrationsOf(tx),
      tenants: this.#tenants,
    } satisfies Header);
    const tables = await tablesInOrder(tx);
    for (const table of tables) {
      yield* this.#table(table);
      this.#onProgress?.(this.#tables.at(-1)!, this.#tables.length, tables.length);
    }
    const sha256 = this.#overall.copy().digest("hex");
    yield this.#mark({ tables: tables.length, rows: this.#rows, sha256 } satisfies Mark);
  }

  async *#table(table: BackupTable): AsyncGenerator<string> {
    const sum = { rows: 0, hash: createHash("sha256") };
    yield this.#mark({ table: table.name, columns: [...table.columns] } satisfies Mark);
    if (table.ofTenants) {
      for (const { id } of this.#tenants) {
        await enterTenant(this.#tx, id);
        yield this.#mark({ tenant: id } satisfies Mark);
        yield* this.#rowsOf(table, `where tenant_id = '${id}'`, sum);
      }
    } else {
      yield* this.#rowsOf(table, "", sum);
    }
    const { rows } = sum;
    const sha256 = sum.hash.digest("hex");
    yield this.#mark({ end: table.name, rows, sha256 } satisfies Mark);
    this.#tables.push({ name: table.name, rows, sha256 });
    this.#rows += rows;
  }

  /** A cursor: one sort by the database, and never more than a handful of rows here. */
  async *#rowsOf(
    table: BackupTable,
    where: string,
    sum: { rows: number; hash: ReturnType<typeof createHash> },
  ): AsyncGenerator<string> {
    const texts = table.columns.map((column) => `${quoted(column)}::text`).join(", ");
    const order = table.key.map((column) => `${quoted(column)}::text collate "C"`).join(", ");
    await this.#tx.run(
      sql.raw(`declare backup_rows no scroll cursor for
        select array_to_json(array[${texts}])::text as line
        from ${quoted(table.name)} ${where} order by ${order}`),
    );
    for (;;) {
      const rows = await this.#tx.rows<{ line: string }>(
        sql.raw(`fetch ${ROWS_PER_FETCH} from backup_rows`),
      );
      if (rows.length === 0) break;
      const text = rows.map(({ line }) => `${line}\n`).join("");
      sum.rows += rows.length;
      sum.hash.update(text);
      this.#overall.update(text);
      yield text;
    }
    await this.#tx.run(sql`close backup_rows`);
  }

  #mark(content: object): string {
    const line = `${JSON.stringify(content)}\n`;
    this.#overall.update(line);
    return line;
  }
}
