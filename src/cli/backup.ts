// SPDX-License-Identifier: EUPL-1.2
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { backup, BackupFileError, type Progress, restore } from "#kernel/backup/index.ts";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";

export const backupCommand: Command = {
  name: "backup",
  summary: "write every town of this installation to one file",
  usage: `campanella backup: the whole installation in one file

  campanella backup <file.campanella.gz>
      Writes every town, the directory of towns and the installation's secrets as they are at one moment.
      The file restores into either engine: PostgreSQL or the embedded database. It is never written over
      another file. PostgreSQL goes on serving; the embedded database makes its pages wait until it is done.

Keep the file as safe as the database: it holds personal data and secrets and is not encrypted.
Exit codes: 0 done, 1 refused, 2 wrong call.`,
  async run(args, io) {
    const file = readFile(args, "backup", io);
    const db = await io.database();
    return orRefuse(io, async () => {
      const done = await backup(db, file, { now: io.now(), onProgress: progressOn(io) });
      const bytes = (await stat(file)).size;
      io.out(`Saved ${done.rows} rows of ${done.tenants} towns: ${file} (${bytes} bytes)`);
    });
  },
};

export const restoreCommand: Command = {
  name: "restore",
  summary: "fill an empty database from a backup file",
  usage: `campanella restore: an installation from its backup file

  campanella restore <file.campanella.gz>
      Fills an empty database: all of the file or, if it is damaged or the database is not empty, nothing.
      It takes files made by the same release on either engine; restore an older file with the release
      that made it, then upgrade. A server that is running must be started again afterwards.

Exit codes: 0 done, 1 refused, 2 wrong call.`,
  async run(args, io) {
    const file = readFile(args, "restore", io);
    const db = await io.database();
    return orRefuse(io, async () => {
      const done = await restore(db, file, { onProgress: progressOn(io) });
      io.out(`Restored ${done.rows} rows of ${done.tenants} towns, every checksum right.`);
    });
  },
};

function readFile(args: readonly string[], command: string, io: CommandIo): string {
  const [file, ...extra] = readArgs(args, {}).positionals;
  if (!file || extra.length > 0) throw new UsageError(`${command} takes one file`);
  return resolve(io.cwd, file);
}

const progressOn =
  (io: CommandIo): Progress =>
  (table, done, total) => {
    if (table.rows > 0) io.err(`${String(done).padStart(3)}/${total} ${table.name}: ${table.rows}`);
  };

async function orRefuse(io: CommandIo, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return EXIT.ok;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    io.err(`campanella: ${error.message}`);
    return EXIT.refused;
  }
}

/** The file's fault, or the disk's: full, read-only, no such folder. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof BackupFileError) return true;
  return error instanceof Error && "syscall" in error;
}
