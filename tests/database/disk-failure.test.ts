// SPDX-License-Identifier: EUPL-1.2
/** A full or failing disk under the embedded database: nothing is acknowledged, nothing hangs, a restart recovers. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { DatabaseBrokenError, openDatabase, sql } from "#kernel/db/index.ts";
import { testEngine } from "../support/db.ts";

const failing = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

if (testEngine() === "pglite") {
  describe("the embedded database on a failing disk", () => {
    it("stops with a clear error when fsync fails or the disk is full", async (t) => {
      const root = fs.mkdtempSync(join(tmpdir(), "campanella-disk-"));
      t.after(() => fs.rmSync(root, { recursive: true, force: true }));
      const dataDir = join(root, "data");
      let db = await openDatabase({ dataDir });
      await db.owner((tx) => tx.run(sql`create table entry (id integer primary key)`));
      const add = (id: number): Promise<number> =>
        db.owner((tx) => tx.run(sql`insert into entry values (${id})`));
      await add(1);
      for (const [call, code] of [
        ["fsyncSync", "EIO"],
        ["writeSync", "ENOSPC"],
      ] as const) {
        // PostgreSQL and Emscripten report the PANIC on the error stream, which is as it should be.
        const mock = t.mock.method(fs, call, failing(code));
        await assert.rejects(add(2), DatabaseBrokenError);
        mock.mock.restore();
        await assert.rejects(add(3), DatabaseBrokenError);
        await db.close();
        db = await openDatabase({ dataDir });
        const rows = await db.owner((tx) =>
          tx.rows<{ id: number }>(sql`delete from entry where id > 1 returning id`),
        );
        // The commit that nobody was told of may have reached the disk after all; the later one cannot.
        assert.ok(rows.every(({ id }) => id === 2));
        const kept = await db.owner((tx) => tx.rows(sql`select id from entry`));
        assert.deepEqual(kept, [{ id: 1 }]);
      }
      await db.close();
    });
  });
}
