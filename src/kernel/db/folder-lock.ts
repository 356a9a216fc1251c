// SPDX-License-Identifier: EUPL-1.2
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../clock.ts";

/** Who has the folder: shown to whoever is refused. */
export interface FolderHolder {
  readonly pid: number;
  /** the port its web server listens on, when it has one */
  readonly port: number | null;
  readonly since: string;
}

/** Another process (or this one, twice) has the embedded database open. */
export class DatabaseInUseError extends Error {
  override readonly name = "DatabaseInUseError";
  readonly dataDir: string;
  /** `null` when the holder has not written its name yet */
  readonly holder: FolderHolder | null;

  constructor(dataDir: string, holder: FolderHolder | null) {
    const who = holder
      ? ` by process ${holder.pid}${holder.port === null ? "" : ` (port ${holder.port})`}`
      : "";
    super(`the data folder ${dataDir} is in use${who}: end that process or choose another folder`);
    this.dataDir = dataDir;
    this.holder = holder;
  }
}

export interface FolderLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes the folder for this process alone. Two processes on one PGlite folder destroy it silently and PGlite
 * does not look; the operating system frees SQLite's lock when the process ends, also by `kill -9`.
 * Nobody else may open `lock.sqlite` in this process: closing any descriptor of it would drop the lock.
 */
export function lockFolder(dataDir: string, port: number | null): FolderLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const holderFile = join(dataDir, "holder.json");
  const lock = new DatabaseSync(join(dataDir, "lock.sqlite"), { timeout: 0 });
  try {
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new DatabaseInUseError(dataDir, readHolder(holderFile));
  }
  const since = systemClock.now().toString();
  const holder: FolderHolder = { pid: process.pid, port, since };
  writeFileSync(holderFile, JSON.stringify(holder), { mode: 0o600 });
  return {
    release() {
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function readHolder(file: string): FolderHolder | null {
  try {
    const { pid, port, since } = JSON.parse(readFileSync(file, "utf8")) as FolderHolder;
    return { pid: Number(pid), port: port === null ? null : Number(port), since: String(since) };
  } catch {
    return null; // it starts or ends at this very moment
  }
}
