// SPDX-License-Identifier: EUPL-1.2
/** `campanella` as an operator starts it: exit codes, the embedded folder, a server that holds the folder. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { serveControl } from "#kernel/control-socket.ts";
import { moment } from "#kernel/dates.ts";
import { openDatabase } from "#kernel/db/index.ts";
import { commandHandler } from "../../src/cli/run-command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = join(ROOT, "src/cli/main.ts");

let dataDir: string;

function campanella(...argv: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env: NodeJS.ProcessEnv = { ...process.env, CAMPANELLA_DATA: dataDir };
  delete env["DATABASE_URL"];
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [MAIN, ...argv], { cwd: ROOT, env });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    child.stderr.on("data", (chunk) => (err += String(chunk)));
    child.on("error", fail);
    child.on("close", (code) => done({ code, out, err }));
  });
}

before(() => {
  dataDir = mkdtempSync(join(tmpdir(), "cli-"));
});
after(() => rmSync(dataDir, { recursive: true }));

describe("campanella as a process", () => {
  it("creates a town in an empty folder and finds it again", async () => {
    const created = await campanella(
      "tenant",
      "create",
      "profiles/monte-cremasco.yaml",
      "--year",
      "2026",
    );
    assert.equal(created.code, 0, created.err);
    assert.match(created.out, /Applied monte-cremasco for 2026/);
    const list = await campanella("tenant", "list");
    assert.match(list.out, /^monte-cremasco +Comune di Monte Cremasco/);
    assert.equal((await campanella("tenant", "create")).code, 2);
  });

  it("while a server holds the folder the command runs inside it; without an answer it is refused", async () => {
    const db = await openDatabase({ dataDir, port: 3000 });
    try {
      const refused = await campanella("tenant", "list");
      assert.equal(refused.code, 1);
      assert.match(refused.err, /in use by process \d+ \(port 3000\)/);
      const now = moment("2026-11-20T08:00:00Z");
      const control = await serveControl(
        join(dataDir, "control.sock"),
        commandHandler(db, () => now),
      );
      try {
        const list = await campanella("tenant", "list");
        assert.deepEqual([list.code, list.out.startsWith("monte-cremasco")], [0, true]);
        const usage = await campanella("tenant", "apply");
        assert.equal(usage.code, 2);
        const again = await campanella(
          "tenant",
          "apply",
          "monte-cremasco",
          "profiles/monte-cremasco.yaml",
        );
        assert.deepEqual([again.code, again.out], [0, "Nothing to change for 2026\n"]);
      } finally {
        await control.close();
      }
    } finally {
      await db.close();
    }
  });
});
