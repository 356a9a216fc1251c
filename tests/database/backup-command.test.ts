// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { callControl, serveControl } from "#kernel/control-socket.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { testDatabase, testTown } from "../support/db.ts";

const NOW = Temporal.Instant.from("2026-11-20T08:00:00Z");

async function fresh(t: TestContext): Promise<Database> {
  const { db, close } = await testDatabase();
  t.after(close);
  return db;
}

describe("campanella backup and restore", () => {
  it("move an installation by two commands, also through a server that holds the data", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "campanella-cli-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const source = await fresh(t);
    const { tenantId } = await testTown(source, "Borghetto");
    const path = join(folder, "control.sock");
    const server = await serveControl(path, (argv, cwd, write) =>
      runCommand(argv, {
        cwd,
        out: (out) => write({ out }),
        err: (err) => write({ err }),
        now: () => NOW,
        database: async () => source,
      }),
    );
    t.after(() => server.close());
    const lines: string[] = [];
    const onServer = (argv: string[]): Promise<number> =>
      callControl(path, argv, folder, (line) => lines.push("out" in line ? line.out : line.err));
    assert.equal(await onServer(["backup", "a.campanella.gz"]), 0, lines.join("\n"));
    assert.match(lines.at(-1)!, /Saved 1 rows of 1 towns: .*a\.campanella\.gz/);
    assert.equal(await onServer(["backup", "a.campanella.gz"]), 1);
    assert.match(lines.at(-1)!, /exists already/);
    assert.equal(await onServer(["backup", "no/such/folder.gz"]), 1);
    assert.equal(await onServer(["backup"]), 2);
    assert.equal(await onServer(["restore", "a.campanella.gz"]), 1);
    assert.match(lines.at(-1)!, /empty database only/);
    assert.equal(await onServer(["restore", "--help"]), 0);

    const target = await fresh(t);
    const code = await runCommand(["restore", "a.campanella.gz"], {
      cwd: folder,
      out: (line) => lines.push(line),
      err: (line) => lines.push(line),
      now: () => NOW,
      database: async () => target,
    });
    assert.equal(code, 0, lines.join("\n"));
    const rows = await target.platform((tx) => tx.rows(sql`select id, name from platform.tenant`));
    assert.deepEqual(rows, [{ id: tenantId, name: "Borghetto" }]);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".partial")),
      [],
    );
  });
});
