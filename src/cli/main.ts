// SPDX-License-Identifier: EUPL-1.2
import { resolve } from "node:path";
import { systemClock } from "#kernel/clock.ts";
import { callControl, ControlUnavailableError } from "#kernel/control-socket.ts";
import { type Database, DatabaseInUseError, openDatabase } from "#kernel/db/index.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { stolenPasswords } from "../integrations/stolen-passwords/sorted-file.ts";
import { type CommandIo, EXIT } from "./command.ts";
import { runCommand } from "./run-command.ts";

/** The command line itself: opens the database when a command asks for it and closes it at the end. */
export async function main(argv: readonly string[]): Promise<number> {
  const url = process.env["DATABASE_URL"];
  const dataDir = resolve(process.env["CAMPANELLA_DATA"] ?? "data");
  const passwordList = process.env["CAMPANELLA_BREACHED_PASSWORDS"];
  let opened: Promise<Database> | undefined;
  const io: CommandIo = {
    cwd: process.cwd(),
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    now: () => systemClock.now(),
    database: () => (opened ??= openMigrated(url ? { url } : { dataDir })),
    ...(process.env["CAMPANELLA_SMTP_URL"] ? { mail: "smtp" as const } : {}),
    ...(passwordList
      ? {
          isStolenPassword: async (password) =>
            (await stolenPasswords(resolve(passwordList)))(password),
        }
      : {}),
  };
  try {
    return await runCommand(argv, io);
  } catch (error) {
    if (!(error instanceof DatabaseInUseError)) throw error;
    return askServer(dataDir, argv, io, error);
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
}

async function openMigrated(where: { url: string } | { dataDir: string }): Promise<Database> {
  const db = await openDatabase(where);
  try {
    await migrate(db, systemClock.now());
  } catch (error) {
    await db.close();
    throw error;
  }
  return db;
}

/** The server that holds the data runs the command for us. */
async function askServer(
  dataDir: string,
  argv: readonly string[],
  io: CommandIo,
  refusal: DatabaseInUseError,
): Promise<number> {
  try {
    return await callControl(resolve(dataDir, "control.sock"), argv, io.cwd, (output) =>
      "out" in output ? io.out(output.out) : io.err(output.err),
    );
  } catch (error) {
    if (!(error instanceof ControlUnavailableError)) throw error;
    io.err(`campanella: ${refusal.message}`);
    io.err(`campanella: ${error.message}`);
    return EXIT.refused;
  }
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2));
}
