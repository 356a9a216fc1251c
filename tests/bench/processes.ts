// SPDX-License-Identifier: EUPL-1.2
/** Server, load generator and closing worker run as processes of their own, as they do in a town. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Moment } from "#kernel/dates.ts";
import type { Job, Measured } from "./load.ts";

interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** The next message of a child; its death is an error, not a silence. */
function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      reject(new Error(`a process of the benchmark ended with code ${code}`));
    };
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as Message);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

function start(file: string, env: Record<string, string>): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

export interface BenchServer {
  readonly port: number;
  readonly barePort: number;
  /** the server's clock stands at `at` and runs on */
  setClock(at: Moment): Promise<void>;
  setBareBytes(bytes: number): Promise<void>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export async function startServer(url: string): Promise<BenchServer> {
  const child = start("serve-bench.ts", { BENCH_DATABASE_URL: url });
  const { port, barePort } = await nextMessage<{ port: number; barePort: number }>(child);
  const order = (what: object): Promise<Usage> => {
    const answer = nextMessage<Usage>(child);
    child.send(what);
    return answer;
  };
  return {
    port,
    barePort,
    setClock: async (at) => void (await order({ clock: at.toString() })),
    setBareBytes: async (bareBytes) => void (await order({ bareBytes })),
    usage: () => order({ usage: true }),
    stop: () => stop(child),
  };
}

export interface LoadGenerator {
  run(job: Job): Promise<Measured>;
  stop(): Promise<void>;
}

export async function startLoad(): Promise<LoadGenerator> {
  const child = start("load.ts", { BENCH_LOAD: "1" });
  await nextMessage(child);
  return {
    run(job) {
      const answer = nextMessage<Measured>(child);
      child.send(job);
      return answer;
    },
    stop: () => stop(child),
  };
}

export interface ClosingTask {
  readonly tenantId: string;
  readonly date: string;
}

export interface Closed {
  readonly seconds: number;
  readonly charged: number;
  readonly rssBeforeBytes: number;
  readonly rssPeakBytes: number;
}

export interface ClosingWorker {
  close(task: ClosingTask): Promise<Closed>;
  stop(): Promise<void>;
}

/** A process that closes days as the server's tick does, and tells its memory. */
export async function startClosingWorker(url: string): Promise<ClosingWorker> {
  const child = start("close-worker.ts", { BENCH_DATABASE_URL: url });
  await nextMessage(child);
  return {
    close(task) {
      const answer = nextMessage<Closed>(child);
      child.send(task);
      return answer;
    },
    stop: () => stop(child),
  };
}
