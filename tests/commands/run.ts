// SPDX-License-Identifier: EUPL-1.2
/** Starts the program and the command line as an operator does: as processes, on the pinned Node. */
import { type ChildProcess, spawn } from "node:child_process";
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

/** A port nobody listens on, with five free ones after it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await portOf(0);
    const next = [1, 2, 3, 4, 5].map((step) => portOf(port + step));
    const all = await Promise.all(next.map((one) => one.catch(() => null)));
    if (port < 65_000 && all.every((one) => one !== null)) return port;
  }
}

function portOf(wanted: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(wanted, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });
}
