// SPDX-License-Identifier: EUPL-1.2
import type { ControlHandler } from "#kernel/control-socket.ts";
import type { Moment } from "#kernel/dates.ts";
import { type Database, DatabaseInUseError, DatabaseUnusableError } from "#kernel/db/index.ts";
import { PasswordListError } from "../integrations/stolen-passwords/sorted-file.ts";
import { type Command, type CommandIo, EXIT, UsageError } from "./command.ts";
import { RefusedError } from "./find-town.ts";

/** Each command is one file; it is loaded when asked for. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  tenant: async () => (await import("./tenant.ts")).tenantCommand,
  day: async () => (await import("./day.ts")).dayCommand,
  import: async () => (await import("./import.ts")).importCommand,
  notices: async () => (await import("./print-notices.ts")).noticesCommand,
  identity: async () => (await import("./identity.ts")).identityCommand,
  "staff-provider": async () => (await import("./staff-provider.ts")).staffProviderCommand,
  user: async () => (await import("./user.ts")).userCommand,
  audit: async () => (await import("./audit.ts")).auditCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  backup: async () => (await import("./backup.ts")).backupCommand,
  restore: async () => (await import("./backup.ts")).restoreCommand,
};

/**
 * Runs one command line and returns its exit code. A running server calls this too, with its own database,
 * for what comes in on the control socket.
 * @throws DatabaseInUseError the embedded data belongs to a running server: send it the command
 */
export async function runCommand(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...args] = argv;
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    const isHelp = name === undefined || name === "help" || name === "--help" || name === "-h";
    const lines = await overview();
    if (!isHelp) io.err(`campanella: unknown command ${name}`);
    for (const line of lines) (isHelp ? io.out : io.err)(line);
    return isHelp && name !== undefined ? EXIT.ok : EXIT.usage;
  }
  const command = await load();
  if (args.includes("--help") || args.includes("-h")) {
    io.out(command.usage);
    return EXIT.ok;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    if (error instanceof DatabaseInUseError) throw error;
    if (error instanceof UsageError) {
      io.err(`campanella: ${error.message}`);
      io.err(`Help: campanella ${command.name} --help`);
      return EXIT.usage;
    }
    if (error instanceof RefusedError) {
      io.err(`refused: ${error.message}`);
      return EXIT.refused;
    }
    if (error instanceof DatabaseUnusableError || error instanceof PasswordListError) {
      io.err(`campanella: ${error.message}`);
      return EXIT.refused;
    }
    throw error;
  }
}

async function overview(): Promise<string[]> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return [
    "campanella <command> [--help]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(14)} ${summary}`),
    "",
    "The database is the one of DATABASE_URL, otherwise the folder ./data (CAMPANELLA_DATA).",
  ];
}

/** What a server answers on its control socket: the same commands, on the database it holds. */
export function commandHandler(
  db: Database,
  now: () => Moment,
  more: Pick<CommandIo, "isStolenPassword" | "mail"> = {},
): ControlHandler {
  return (argv, cwd, write) =>
    runCommand(argv, {
      cwd,
      out: (out) => write({ out }),
      err: (err) => write({ err }),
      now,
      database: async () => db,
      ...more,
    });
}
