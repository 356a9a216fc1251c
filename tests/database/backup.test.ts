// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { backup, BackupFileError, restore } from "#kernel/backup/index.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, testEngine, testTown } from "../support/db.ts";

const NOW = Temporal.Instant.from("2026-11-20T08:58:00.123456Z");
/** More than a fetch and more than a batch. */
const TRANSFERS = 2300;
const HARD_TEXT = 'D\'Angiò «Nicolò» \\ "virgolette"\n riga\ttab 😀 {"a":[1]} \u0001 %s $1';

/** With a number that no double holds. */
const EFFECT = `{"b": 12345678901234567890.500, "a": ${JSON.stringify(HARD_TEXT)}, "n": null}`;

async function secretOf(db: Database, value: string): Promise<void> {
  await db.owner((tx) =>
    tx.run(sql`insert into platform.installation (key, value, created_at)
      values ('receipt-key', ${value}, ${NOW})`),
  );
}

/** Rows whose values two engines could print differently, and children whose names sort before their parents'. */
async function fillTown(db: Database): Promise<void> {
  const { town } = await testTown(db, HARD_TEXT);
  await town.write(async (tx) => {
    const [year, child, service, receipt, family, revenue] = [
      2026,
      ...Array.from({ length: 5 }, newId),
    ];
    await tx.run(sql`insert into school_year (tenant_id, year, starts_on, ends_on)
      values (${tx.tenantId}, ${year}, '2026-09-14', '2027-06-10')`);
    await tx.run(sql`insert into service (tenant_id, id, code, kind, name)
      values (${tx.tenantId}, ${service}, 'mensa', 'canteen', 'Mensa')`);
    await tx.run(sql`insert into person (tenant_id, id, kind, surname, given_name, birth_date,
        codice_fiscale_state, search, created_at)
      values (${tx.tenantId}, ${child}, 'child', ${HARD_TEXT}, '', '2020-02-29', 'missing', '',
        '2026-10-25T00:59:59.000001Z')`);
    await tx.run(sql`insert into receipt (tenant_id, id, number, check_code, act, outcome, child_id, service_id,
        from_date, channel, actor_id, actor_name, received_at, recorded_at, effect, idempotency_key, input_hash)
      values (${tx.tenantId}, ${receipt}, '1', 'X', 'cancel', 'cancelled', ${child}, ${service}, '2026-11-20',
        'portal', 'a', ${HARD_TEXT}, ${NOW}, ${NOW},
        ${EFFECT}::text::jsonb,
        'k', 'h')`);
    await tx.run(sql`insert into meal_choice
        (tenant_id, service_id, date, child_id, choice, receipt_id, decided_at)
      values (${tx.tenantId}, ${service}, '2026-11-20', ${child}, 'cancelled', ${receipt}, ${NOW})`);
    await tx.run(sql`insert into ledger_account (tenant_id, id, key, kind, opened_at)
      values (${tx.tenantId}, ${family}, 'f', 'family', ${NOW}),
        (${tx.tenantId}, ${revenue}, 'r', 'revenue', ${NOW})`);
    await tx.run(sql`insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id,
        amount_cents, kind, happened_on, recorded_at, idempotency_key)
      select ${tx.tenantId}, gen_random_uuid(), ${family}, ${revenue}, 9007199254740993 + n, 'meal',
        '2026-11-20', ${NOW}::timestamptz + n * interval '1 microsecond', 'meal:' || n
      from generate_series(1, ${TRANSFERS}::integer) as n`);
  });
}

describe("backup and restore", () => {
  const folder = mkdtempSync(join(tmpdir(), "campanella-backup-"));
  const closing: (() => Promise<void>)[] = [];
  const fresh = async (engine = testEngine()): Promise<Database> => {
    const { db, close } = await testDatabase(engine);
    closing.push(close);
    return db;
  };
  const file = join(folder, "first.campanella.gz");
  let source: Database;

  before(async () => {
    source = await fresh("pglite");
    await secretOf(source, "the secret of the file");
    await fillTown(source);
    await fillTown(source);
    await backup(source, file, { now: NOW });
  });
  after(async () => {
    for (const close of closing) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  const linesIn = (path: string): string[] => gunzipSync(readFileSync(path)).toString().split("\n");
  const write = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  async function assertUntouched(db: Database): Promise<void> {
    const left = await db.owner((tx) =>
      tx.rows<{ value: string }>(sql`select value from platform.installation
        union all select slug from platform.tenant union all select id::text from ledger_transfer`),
    );
    assert.deepEqual(left, [{ value: "the secret of before" }]);
  }

  it("brings every value back exactly, from PGlite to the engine under test and back", async () => {
    const middle = await fresh();
    await secretOf(middle, "made at the first start, replaced by the file's");
    const seen: string[] = [];
    const restored = await restore(middle, file, {
      onProgress: (table, done, total) => seen.push(`${table.name} ${done}/${total}`),
    });
    assert.equal(restored.tenants, 2);
    assert.equal(seen.length, restored.tables.length);
    const transfers = restored.tables.find(({ name }) => name === "public.ledger_transfer");
    assert.equal(transfers?.rows, 2 * TRANSFERS);

    const second = join(folder, "second.campanella.gz");
    assert.deepEqual(await backup(middle, second, { now: NOW }), restored);
    const last = await fresh("pglite");
    assert.deepEqual(await restore(last, second), restored);
    const third = join(folder, "third.campanella.gz");
    await backup(last, third, { now: NOW });
    assert.deepEqual(linesIn(third), linesIn(file));
    assert.deepEqual(linesIn(second).slice(1, -2), linesIn(file).slice(1, -2));

    const [person] = await source.owner((tx) =>
      tx.rows<{ surname: string }>(sql`select surname from person limit 1`),
    );
    assert.equal(person?.surname, HARD_TEXT);
  });

  it("writes a file that only its owner reads, and never over another", async () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await assert.rejects(backup(source, file, { now: NOW }), /exists already/);
    await assert.rejects(
      backup(source, join(folder, "no-such-folder", "x.gz"), { now: NOW }),
      /ENOENT/,
    );
    assert.equal(existsSync(`${file}.partial`), false);
  });

  it("refuses a file that is cut off or altered, and restores nothing of it", async () => {
    const db = await fresh();
    await secretOf(db, "the secret of before");
    const bytes = readFileSync(file);
    const lines = linesIn(file);
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(bytes.length / 2)]! ^= 0x10;
    const row = lines.findIndex((line) => line.includes('"9007199254740999"'));
    const without = (from: number, count: number): string =>
      lines.toSpliced(from, count).join("\n");
    const table = lines.findIndex((line) => line.startsWith('{"table":"public.closure"'));
    const tableEnd = lines.findIndex((line) => line.startsWith('{"end":"public.closure"'));
    const wrong: Record<string, Buffer> = {
      "cut in the middle": bytes.subarray(0, Math.floor(bytes.length / 2)),
      "cut near the end": bytes.subarray(0, -9),
      "one bit flipped": flipped,
      "one amount changed": gzipSync(
        lines.with(row, lines[row]!.replace("9007199254740999", "9007199254740998")).join("\n"),
      ),
      "one row missing": gzipSync(without(row, 1)),
      "one table missing": gzipSync(without(table, tableEnd - table + 1)),
      "footer missing": gzipSync(without(lines.length - 2, 1)),
      "last line without its end": gzipSync(lines.slice(0, -1).join("\n")),
      "lines after the footer": gzipSync(`${lines.join("\n")}[]\n`),
      "no gzip": Buffer.from("nome;cognome\n"),
      "another gzip": gzipSync('{"hello":"world"}\n'),
      empty: Buffer.alloc(0),
    };
    for (const [name, content] of Object.entries(wrong)) {
      const path = write(`${name}.gz`, content);
      await assert.rejects(restore(db, path), BackupFileError, name);
      await assertUntouched(db);
    }
    await assert.rejects(restore(db, join(folder, "missing.gz")), /there is no file/);
    await assertUntouched(db);
    // The same database takes the right file afterwards.
    await restore(db, file);
  });

  it("refuses a database that is in use and a schema that is another", async () => {
    await assert.rejects(restore(source, file), /empty database only/);
    const db = await fresh();
    await secretOf(db, "the secret of before");
    const [header, ...others] = linesIn(file);
    const older = JSON.parse(header!) as { migrations: unknown[]; version: number };
    older.migrations.pop();
    const path = write("older.gz", gzipSync([JSON.stringify(older), ...others].join("\n")));
    await assert.rejects(restore(db, path), /another schema/);
    const newer = JSON.stringify({ ...older, version: 2 });
    const next = write("newer.gz", gzipSync([newer, ...others].join("\n")));
    await assert.rejects(restore(db, next), /unknown version/);
    await assertUntouched(db);
  });
});
