// SPDX-License-Identifier: EUPL-1.2
/**
 * While a server holds the embedded database, the command line runs inside it: over a Unix socket beside the data
 * that only the folder's owner may open. One connection is one command, in lines of JSON:
 * `{argv, cwd}` → `{out}` or `{err}` per line of output … `{exit}`.
 */
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

/** One line of a command's output. */
export type ControlOutput = { readonly out: string } | { readonly err: string };
export type ControlWrite = (output: ControlOutput) => void;

/** Runs one command and returns its exit code. `cwd` is the caller's folder: file names are relative to it. */
export type ControlHandler = (
  argv: readonly string[],
  cwd: string,
  write: ControlWrite,
) => Promise<number>;

/** Nobody answers on the socket, or who answered went away before the command ended. */
export class ControlUnavailableError extends Error {
  override readonly name = "ControlUnavailableError";
}

const requestLine = z.object({ argv: z.array(z.string()), cwd: z.string() });
const answerLine = z.union([
  z.object({ out: z.string() }),
  z.object({ err: z.string() }),
  z.object({ exit: z.number().int() }),
]);

const MAX_REQUEST_BYTES = 1_000_000;
const REQUEST_TIMEOUT_MS = 10_000;
/** What the operating systems allow for a socket's name, without the final zero (macOS: 103). */
const MAX_ADDRESS_BYTES = 103;
const EXIT_FAILED = 1;

/**
 * Listens on `path`, in place of a socket that a killed server left there. The caller holds the folder's lock, so
 * nobody living is pushed aside. `close` waits for the commands that run, not for a caller who has not
 * said anything yet.
 */
export async function serveControl(
  path: string,
  handler: ControlHandler,
): Promise<{ close(): Promise<void> }> {
  const running = new Set<Promise<void>>();
  const silent = new Set<Socket>();
  const server = createServer((socket) => {
    const served = serveOne(socket, silent, handler).finally(() => running.delete(served));
    running.add(served);
  });
  const address = addressOf(path);
  rmSync(path, { force: true });
  await listen(server, address);
  chmodSync(path, 0o600);
  return {
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of silent) socket.destroy();
      await Promise.all(running);
      await closed;
      rmSync(path, { force: true });
    },
  };
}

/**
 * Has the server at `path` run a command; `write` gets its output as it comes.
 * @returns the command's exit code
 * @throws ControlUnavailableError
 */
export async function callControl(
  path: string,
  argv: readonly string[],
  cwd: string,
  write: ControlWrite,
): Promise<number> {
  const socket = connect(addressOf(path));
  let failure: Error | undefined;
  socket.on("error", (error) => {
    failure = error;
  });
  // Not `end`: the server would take a closed half for a caller who has gone.
  socket.write(lineOf({ argv, cwd }));
  try {
    for await (const line of createInterface({ input: socket })) {
      const answer = answerLine.parse(JSON.parse(line));
      if ("exit" in answer) return answer.exit;
      write(answer);
    }
  } catch (error) {
    failure ??= error as Error;
  } finally {
    socket.destroy();
  }
  throw new ControlUnavailableError(`no answer from the server at ${path}`, { cause: failure });
}

async function serveOne(
  socket: Socket,
  silent: Set<Socket>,
  handler: ControlHandler,
): Promise<void> {
  // A caller who has gone is no reason to stop: the command ends as it would have.
  socket.on("error", () => {});
  const write = (line: object): void => {
    if (socket.writable) socket.write(lineOf(line));
  };
  silent.add(socket);
  const request = requestLine.safeParse(await firstLine(socket));
  silent.delete(socket);
  if (!request.success) {
    socket.destroy();
    return;
  }
  let exit = EXIT_FAILED;
  try {
    exit = await handler(request.data.argv, request.data.cwd, write);
  } catch (error) {
    write({ err: `campanella: ${error instanceof Error ? error.message : String(error)}` });
  }
  write({ exit });
  socket.end();
  socket.resume();
}

/** The caller's one line as JSON; `undefined` when it is none, too long or too late. */
function firstLine(socket: Socket): Promise<unknown> {
  return new Promise((done) => {
    let received = Buffer.alloc(0);
    const finish = (text: string): void => {
      clearTimeout(timer);
      socket.off("data", take);
      done(parsed(text));
    };
    const take = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf("\n");
      if (end >= 0) finish(received.subarray(0, end).toString("utf8"));
      else if (received.length > MAX_REQUEST_BYTES) finish("");
    };
    const timer = setTimeout(() => finish(""), REQUEST_TIMEOUT_MS);
    socket.on("data", take);
    socket.once("close", () => finish(""));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The socket is made with the mask on: there is no moment in which others may connect. */
async function listen(server: Server, address: string): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    const mask = process.umask(0o177);
    try {
      server.listen(address, done);
    } finally {
      process.umask(mask);
    }
  });
}

/** A long folder name does not fit a socket's address; the same place seen from here may. */
function addressOf(path: string): string {
  const absolute = resolve(path);
  const shorter = relative(process.cwd(), absolute);
  const fits = [absolute, shorter].find((name) => Buffer.byteLength(name) <= MAX_ADDRESS_BYTES);
  if (fits) return fits;
  throw new ControlUnavailableError(`the name of the data folder is too long: ${absolute}`);
}

const lineOf = (content: object): string => `${JSON.stringify(content)}\n`;
