// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { type Database, type PlatformTx, sql } from "../db/index.ts";
import { isUuid } from "../ids.ts";
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
  headerLine,
  type Mark,
  markLine,
  type Progress,
  type TableSummary,
} from "./format.ts";

const BATCH_ROWS = 1000;
const BATCH_CHARACTERS = 1_000_000;
/** No row of ours comes near: a longer line is a damaged or hostile file. */
const MAX_LINE_CHARACTERS = 64 * 1024 * 1024;

/**
 * Fills an empty, migrated database from a backup, made on either engine. All or nothing: it commits after the last
 * checksum has been found right. The installation's secrets become those of the file.
 * @throws BackupFileError the file is damaged or of another version, or the database is not empty
 */
export async function restore(
  db: Database,
  file: string,
  options: { onProgress?: Progress } = {},
): Promise<BackupSummary> {
  return db.owner(async (tx) => {
    await fixTextForms(tx);
    const tables = await tablesInOrder(tx);
    await refuseUsedDatabase(tx, tables);
    const reader = new BackupReader(tx, tables, options.onProgress);
    for await (const line of linesOf(file)) await reader.take(line);
    return reader.finish();
  });
}

/** Secrets alone do not count: a server's first start makes them. */
async function refuseUsedDatabase(tx: PlatformTx, tables: readonly BackupTable[]): Promise<void> {
  const looks = tables
    .filter(({ name }) => name !== "platform.installation")
    .map(({ name }) => `select '${name}' as name where exists (select 1 from ${quoted(name)})`);
  const used = await tx.rows<{ name: string }>(sql.raw(looks.join(" union all ")));
  if (used.length > 0) {
    throw new BackupFileError(
      `a backup is restored into an empty database only; this one has rows in ${used[0]!.name}`,
    );
  }
  await tx.run(sql`delete from platform.installation`);
}

class BackupReader {
  #tx: PlatformTx;
  #tables: readonly BackupTable[];
  #onProgress: Progress | undefined;
  #overall = createHash("sha256");
  #header: Header | undefined;
  #finished = false;
  #done: TableSummary[] = [];
  #rows = 0;
  #current: { table: BackupTable; rows: number; hash: ReturnType<typeof createHash> } | undefined;
  #batch: string[] = [];
  #batchCharacters = 0;

  constructor(tx: PlatformTx, tables: readonly BackupTable[], onProgress: Progress | undefined) {
    this.#tx = tx;
    this.#tables = tables;
    this.#onProgress = onProgress;
  }

  async take(line: string): Promise<void> {
    if (this.#finished) throw damaged("something follows its end");
    if (!this.#header) {
      await this.#start(line);
    } else if (line.startsWith("[")) {
      await this.#takeRow(line);
    } else {
      await this.#flush();
      await this.#takeMark(markOf(line));
    }
    this.#overall.update(line).update("\n");
  }

  finish(): BackupSummary {
    if (!this.#header || !this.#finished) throw damaged("its end is missing");
    return { tenants: this.#header.tenants.length, rows: this.#rows, tables: this.#done };
  }

  async #start(line: string): Promise<void> {
    const header = headerLine.safeParse(parsed(line));
    if (!header.success) throw new BackupFileError("the file is not a backup of Campanella");
    if (header.data.version !== FORMAT_VERSION) {
      throw new BackupFileError(`unknown version of the backup format: ${header.data.version}`);
    }
    const here = await migrationsOf(this.#tx);
    if (JSON.stringify(here) !== JSON.stringify(header.data.migrations)) {
      const last = header.data.migrations.at(-1)?.name ?? "none";
      throw new BackupFileError(
        `the backup has another schema (last migration ${last}, here ${here.at(-1)?.name ?? "none"}): ` +
          "restore it with the release that made it, then upgrade",
      );
    }
    this.#header = header.data;
  }

  async #takeRow(line: string): Promise<void> {
    if (!this.#current) throw damaged("a row stands outside its table");
    this.#current.rows += 1;
    this.#current.hash.update(line).update("\n");
    this.#batch.push(line);
    this.#batchCharacters += line.length;
    if (this.#batch.length >= BATCH_ROWS || this.#batchCharacters >= BATCH_CHARACTERS) {
      await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    if (!this.#current || this.#batch.length === 0) return;
    const { table } = this.#current;
    const names = table.columns.map(quoted).join(", ");
    const values = table.types.map((type, index) => `(r.line ->> ${index})::${type}`).join(", ");
    const rows = `[${this.#batch.join(",")}]`;
    this.#batch = [];
    this.#batchCharacters = 0;
    try {
      await this.#tx.run(
        sql`insert into ${sql.raw(quoted(table.name))} (${sql.raw(names)})
          select ${sql.raw(values)} from json_array_elements(${rows}::text::json) as r(line)`,
      );
    } catch (error) {
      throw new BackupFileError(`the rows of ${table.name} do not fit`, { cause: error });
    }
  }

  async #takeMark(mark: Mark): Promise<void> {
    if ("tenant" in mark) {
      if (!isUuid(mark.tenant) || !this.#current) throw damaged("a town stands outside its table");
      await enterTenant(this.#tx, mark.tenant);
    } else if ("table" in mark) {
      this.#openTable(mark.table, mark.columns);
    } else if ("end" in mark) {
      this.#closeTable(mark);
    } else {
      const sha256 = this.#overall.copy().digest("hex");
      const whole = this.#done.length === this.#tables.length && mark.tables === this.#done.length;
      if (!whole || mark.rows !== this.#rows || mark.sha256 !== sha256) {
        throw damaged("the checksum of the whole does not match");
      }
      this.#finished = true;
    }
  }

  /** Names come from our catalogue; the file's are only compared with them. */
  #openTable(name: string, columns: readonly string[]): void {
    const table = this.#tables[this.#done.length];
    if (this.#current || table?.name !== name || table.columns.join() !== columns.join()) {
      throw damaged(`table ${name} is not the one expected`);
    }
    this.#current = { table, rows: 0, hash: createHash("sha256") };
  }

  #closeTable(mark: { end: string; rows: number; sha256: string }): void {
    const current = this.#current;
    if (!current || current.table.name !== mark.end) throw damaged(`table ${mark.end} ends twice`);
    const sha256 = current.hash.digest("hex");
    if (current.rows !== mark.rows || sha256 !== mark.sha256) {
      throw damaged(`the checksum of ${mark.end} does not match`);
    }
    this.#rows += mark.rows;
    this.#done.push({ name: mark.end, rows: mark.rows, sha256 });
    this.#current = undefined;
    this.#onProgress?.(this.#done.at(-1)!, this.#done.length, this.#tables.length);
  }
}

const damaged = (what: string): BackupFileError =>
  new BackupFileError(`the backup file is damaged: ${what}; nothing was restored`);

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function markOf(line: string): Mark {
  const mark = markLine.safeParse(parsed(line));
  if (!mark.success) throw damaged("a line cannot be read");
  return mark.data;
}

/** The lines of a gzip file, without their ends. @throws BackupFileError when it is cut off or no gzip */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const unzipped = createGunzip();
  source.on("error", (error) => unzipped.destroy(error));
  source.pipe(unzipped);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  try {
    for await (const chunk of unzipped) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
      rest = lines.pop()!;
      if (rest.length > MAX_LINE_CHARACTERS) throw damaged("a line has no end");
      yield* lines;
    }
    rest += decoder.decode();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") throw new BackupFileError(`there is no file ${file}`);
    if (code?.startsWith("Z_")) throw damaged("it is cut off or not a gzip file");
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") throw damaged("it is not UTF-8 text");
    throw error;
  } finally {
    source.destroy();
    unzipped.destroy();
  }
  if (rest !== "") throw damaged("its last line is cut off");
}
