// SPDX-License-Identifier: EUPL-1.2
/** A database that outlives the process that writes to it, and a process that is killed without mercy. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Database, openDatabase } from "#kernel/db/index.ts";
import { testDatabase, testEngine } from "./db.ts";
import { migratedFolder } from "./embedded.ts";

const CHILD = fileURLToPath(new URL("./crash-child.ts", import.meta.url));

/** A migrated database that another process can open: a folder, or a PostgreSQL address. */
export async function durableDatabase(): Promise<{
  where: { url?: string; dataDir?: string };
  open(): Promise<Database>;
  remove(): Promise<void>;
}> {
  if (testEngine() === "postgres") {
    const base = await testDatabase();
    await base.db.close();
    const url = base.url!;
    return { where: { url }, open: () => openDatabase({ url }), remove: () => base.close() };
  }
  const dataDir = await mkdtemp(join(tmpdir(), "campanella-crash-"));
  await migratedFolder(dataDir);
  return {
    where: { dataDir },
    open: () => openDatabase({ dataDir }),
    remove: () => rm(dataDir, { recursive: true, force: true }),
  };
}

/** Runs the child until it has said `lines` lines after `ready`, then kills it without mercy. */
export function runAndKill(task: object, lines: number, script = CHILD): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, CRASH_TASK: JSON.stringify(task) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const said = text.split("\n").filter((line) => line.startsWith("ack ")).length;
      // closing says nothing while it works: a few milliseconds after `ready` it is in the midst of it
      if (lines === 0 && text.includes("ready"))
        setTimeout(() => child.kill("SIGKILL"), 15 + Math.random() * 60);
      if (lines > 0 && said >= lines) child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("exit", () => resolve(text.split("\n")));
  });
}
