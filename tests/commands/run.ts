// SPDX-License-Identifier: EUPL-1.2
/** Starts the program and the command line as an operator does: as processes, on the pinned Node. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Process {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** resolves when the text has appeared on standard output; rejects when the process ends without it */
  says(text: string | RegExp): Promise<void>;
}

/** Variables of the machine the tests run on must not leak in. */
function environment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const {
    DATABASE_URL: _url,
    CAMPANELLA_DATA: _data,
    CAMPANELLA_DEMO: _demo,
    CAMPANELLA_CLOCK: _clock,
    NODE_TEST_CONTEXT: _context,
    ...rest
  } = process.env;
  return { ...rest, ...variables };
}

export function startProcess(
  script: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Process {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: environment(variables),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (err += chunk));
  const ended = new Promise<Ended>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code, out, err }));
  });
  return {
    child,
    ended,
    says: (text) =>
      new Promise((done, fail) => {
        const look = (): void => {
          if (typeof text === "string" ? !out.includes(text) : !text.test(out)) return;
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        look();
        void ended.then(() => fail(new Error(`ended without saying ${text}\n${out}\n${err}`)));
      }),
  };
}

export const campanella = (
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Ended> => startProcess("src/cli/main.ts", args, variables).ended;

let nextPort = randomInt(10_100, 30_000);

/**
 * A port nobody listens on, with five free ones after it; below those that the system gives away, or another test's
 * server or connection could have it before it is used. Each time another.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort;
    nextPort += 6;
    const all = await Promise.all([0, 1, 2, 3, 4, 5].map((step) => isFree(port + step)));
    if (all.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}
