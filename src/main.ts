// SPDX-License-Identifier: EUPL-1.2
/** `npm start`: the whole program in one process. Reads the environment, wires, listens, ends cleanly. */
import { styleText } from "node:util";
import { DatabaseInUseError, DatabaseUnusableError } from "#kernel/db/index.ts";
import { EnvironmentError, readEnvironment } from "./environment.ts";
import { InterruptedError, PortTakenError, start } from "./start.ts";

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;
/** Whatever hangs, nobody waits longer than this for the end. */
const LAST_RESORT_MS = 10_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`campanella: ${line}\n`);

function refuse(error: unknown): never {
  if (error instanceof EnvironmentError) {
    complain(error.message);
    process.exit(EXIT_USAGE);
  }
  const isExpected =
    error instanceof DatabaseInUseError ||
    error instanceof DatabaseUnusableError ||
    error instanceof PortTakenError;
  if (isExpected) complain(error.message);
  else complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(EXIT_REFUSED);
}

/** The first signal ends in good order; a second one, of an impatient hand, at once. */
function endOnSignal(running: { close(): Promise<void> }): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) process.exit(EXIT_REFUSED);
    ending = true;
    say(`${signal}: ${styleText("dim", "closing …")}`);
    setTimeout(() => {
      complain("did not end in time");
      process.exit(EXIT_REFUSED);
    }, LAST_RESORT_MS).unref();
    running
      .close()
      .then(() => process.exit(0))
      .catch(refuse);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}

try {
  const starting = start(readEnvironment(process.env, process.cwd()), { say, complain });
  endOnSignal(starting);
  await starting;
} catch (error) {
  // When the end was asked for meanwhile, `endOnSignal` has the last word.
  if (!(error instanceof InterruptedError)) refuse(error);
}
