// SPDX-License-Identifier: EUPL-1.2
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";

/** Exit codes that scripts can use. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** What a command may touch. Inside a running server the same command gets the server's database. */
export interface CommandIo {
  /** folder of the caller: file names are relative to it */
  readonly cwd: string;
  out(line: string): void;
  err(line: string): void;
  now(): Moment;
  /**
   * The migrated database; who gave the io closes it. Ask for it before the first line of output: when a
   * server holds the data, the whole command is sent there instead.
   */
  database(): Promise<Database>;
  /** is the password in the operator's list of stolen ones? absent: there is no list */
  readonly isStolenPassword?: ((password: string) => Promise<boolean>) | undefined;
  /** where e-mails go; absent: nowhere */
  readonly mail?: "smtp" | "folder" | undefined;
}

export interface Command {
  readonly name: string;
  /** one line for the list of commands */
  readonly summary: string;
  /** the whole help text, ends without a line break */
  readonly usage: string;
  /** Returns the exit code; throws `UsageError` for a wrong call. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** The call itself is wrong: the message and a hint to `--help` are shown, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Strict reading of options; an unknown one is a `UsageError`. */
export function readArgs<Declared extends Options>(args: readonly string[], options: Declared) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** `--year 2026`: the year a school year starts in. */
export function readYear(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const year = Number(text);
  if (!/^\d{4}$/.test(text) || year < 2000 || year > 2100) {
    throw new UsageError(
      `--year ${text}: write the year in which the school year starts, like 2026`,
    );
  }
  return year;
}
