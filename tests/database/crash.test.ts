// SPDX-License-Identifier: EUPL-1.2
/**
 * The embedded database under `kill -9`: the process dies, the operating system and its cache live on.
 * That proves the write-ahead log, not fsync; power-loss.test.ts proves fsync.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Database, DatabaseInUseError, openDatabase, sql } from "#kernel/db/index.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { testEngine, testTown } from "../support/db.ts";
import { migratedFolder } from "../support/embedded.ts";

const ROUNDS = 2;
const CHILD = fileURLToPath(new URL("commit-forever.ts", import.meta.url));
const NOW = Temporal.Instant.from("2026-07-01T00:00:00Z");

const newFolder = (): string => join(mkdtempSync(join(tmpdir(), "campanella-crash-")), "data");
const removeFolder = (dataDir: string): void =>
  rmSync(join(dataDir, ".."), { recursive: true, force: true });

async function yearsOf(db: Database, tenantId: string): Promise<number[]> {
  const rows = await db
    .forTenant(tenantId)
    .read((tx) =>
      tx.rows<{ year: number }>(
        sql`select year from school_year where tenant_id = ${tenantId} order by year`,
      ),
    );
  return rows.map((row) => row.year);
}

/** Lets the child commit for `lifeMs` after its first acknowledgement, kills it, returns the last one. */
async function commitUntilKilled(child: ChildProcess, lifeMs: number): Promise<number> {
  let acknowledged = 0;
  const lines = createInterface({ input: child.stdout! });
  const started = new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error("the child ended by itself")));
    lines.on("line", (line) => {
      if (line === "open") return;
      acknowledged = Number(line);
      resolve();
    });
  });
  await started;
  await sleep(lifeMs);
  const ended = once(child, "close");
  child.kill("SIGKILL");
  await ended;
  return acknowledged;
}

const startChild = (dataDir: string, tenantId: string, first: number): ChildProcess =>
  spawn(process.execPath, [CHILD, dataDir, tenantId, String(first)], {
    stdio: ["ignore", "pipe", "inherit"],
  });

if (testEngine() === "pglite") {
  describe("the embedded database and kill -9", () => {
    const dataDir = newFolder();
    let tenantId: string;
    before(async () => {
      await migratedFolder(dataDir);
      const db = await openDatabase({ dataDir });
      ({ tenantId } = await testTown(db));
      await db.close();
    });
    after(() => removeFolder(dataDir));

    it("loses nothing that was acknowledged and frees the folder", async () => {
      let first = 1;
      for (let round = 0; round < ROUNDS; round += 1) {
        const child = startChild(dataDir, tenantId, first);
        const acknowledged = await commitUntilKilled(child, Math.random() * 400);
        const db = await openDatabase({ dataDir });
        const years = await yearsOf(db, tenantId);
        await db.close();
        // One more may be committed: killed between the commit and its acknowledgement.
        assert.ok(
          years.length === acknowledged || years.length === acknowledged + 1,
          `acknowledged ${acknowledged}, found ${years.length}`,
        );
        assert.deepEqual(
          years,
          Array.from(years, (_, index) => index + 1),
        );
        first = years.length + 1;
      }
    });

    it("refuses a second process and says who has the folder", async () => {
      const child = startChild(dataDir, tenantId, 10_000);
      await once(child.stdout!, "data");
      const refusal = await openDatabase({ dataDir }).catch((error: unknown) => error);
      assert.ok(refusal instanceof DatabaseInUseError);
      assert.equal(refusal.holder?.pid, child.pid);
      assert.equal(refusal.holder?.port, 4321);
      assert.match(refusal.message, /in use by process \d+ \(port 4321\)/);
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
      await (await openDatabase({ dataDir })).close();
    });

    it("refuses the same process too, and is free after close", async () => {
      const db = await openDatabase({ dataDir });
      await assert.rejects(openDatabase({ dataDir }), DatabaseInUseError);
      // The refused attempt has not taken the lock away from the one who has it.
      await assert.rejects(openDatabase({ dataDir }), DatabaseInUseError);
      assert.equal(statSync(dataDir).mode & 0o077, 0, "nobody else may read the folder");
      await db.close();
      await db.close();
      assert.equal(existsSync(join(dataDir, "holder.json")), false);
      await assert.rejects(
        db.owner((tx) => tx.rows(sql`select 1`)),
        /closed/,
      );
      await (await openDatabase({ dataDir })).close();
    });

    it("starts over when its first start was interrupted", async (t) => {
      const folder = newFolder();
      t.after(() => removeFolder(folder));
      const child = spawn(
        process.execPath,
        [
          "-e",
          "import(process.argv[1]).then((m) => m.openDatabase({ dataDir: process.argv[2] }))",
        ].concat(fileURLToPath(import.meta.resolve("#kernel/db/index.ts")), folder),
        { stdio: "ignore" },
      );
      while (!existsSync(join(folder, "pg.new", "base"))) await sleep(5);
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
      assert.equal(existsSync(join(folder, "pg")), false, "the test killed it too late");
      const db = await openDatabase({ dataDir: folder });
      assert.ok((await migrate(db, NOW)).length > 0);
      await db.close();
      assert.equal(existsSync(join(folder, "pg.new")), false);
    });
  });
}
