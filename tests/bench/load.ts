// SPDX-License-Identifier: EUPL-1.2
/**
 * The load generator, a process of its own: raw HTTP/1.1 over kept-alive connections, as little work per request as
 * possible, because it shares the machine with what it measures.
 * Closed loop: each connection sends its next request when it has the answer (how much at most?).
 * Open loop: requests arrive at a fixed rate whether the server keeps up or not, and each waits from the moment it
 * should have left (how long does a parent wait? no coordinated omission).
 */
import { createConnection, type Socket } from "node:net";

export interface Job {
  readonly port: number;
  /** whole requests, ready to be written; each is sent once */
  readonly requests: readonly string[];
  readonly connections: number;
  /** arrivals per second; absent = closed loop */
  readonly rate?: number;
}

export interface Measured {
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** answers by status */
  readonly statuses: Record<string, number>;
  /** per request: where it was sent on, or "" */
  readonly locations: string[];
  readonly bytesPerAnswer: number;
}

class Connection {
  readonly #socket: Socket;
  #text = "";
  #answered: ((head: string, bytes: number) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#receive(chunk));
    socket.on("error", (error) => {
      throw error;
    });
    socket.on("close", () => {
      if (this.#answered) throw new Error("the server closed a connection instead of answering");
    });
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ port, host: "127.0.0.1" }, () => {
        socket.off("error", reject);
        resolve(new Connection(socket));
      });
      socket.once("error", reject);
    });
  }

  ask(bytes: string, answered: (head: string, bytes: number) => void): void {
    this.#answered = answered;
    this.#socket.write(bytes, "latin1");
  }

  end(): void {
    this.#socket.destroy();
  }

  #receive(chunk: string): void {
    this.#text = this.#text === "" ? chunk : this.#text + chunk;
    const end = this.#text.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#text.slice(0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head);
    if (!length) throw new Error(`an answer without its length:\n${head}`);
    const total = end + 4 + Number(length[1]);
    if (this.#text.length < total) return;
    this.#text = "";
    const answered = this.#answered;
    this.#answered = null;
    answered?.(head, total);
  }
}

/** Runs the job in this process; `processes.ts` runs it in another one. */
export async function runLoad(job: Job): Promise<Measured> {
  const { requests } = job;
  const idle = await Promise.all(
    Array.from({ length: job.connections }, () => Connection.open(job.port)),
  );
  const all = [...idle];
  const latencies = new Float64Array(requests.length);
  const locations = Array.from({ length: requests.length }, () => "");
  const statuses: Record<string, number> = {};
  let bytes = 0;
  let next = 0;
  let answered = 0;
  const started = performance.now();
  /** when request `index` should leave */
  const dueAt = (index: number): number =>
    job.rate ? started + (index * 1000) / job.rate : performance.now();
  await new Promise<void>((resolve) => {
    const send = (connection: Connection): void => {
      const index = next;
      next += 1;
      const since = dueAt(index);
      connection.ask(requests[index]!, (head, size) => {
        latencies[index] = performance.now() - since;
        const status = head.slice(9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
        locations[index] = /\r\nlocation: (\S+)/i.exec(head)?.[1] ?? "";
        bytes += size;
        answered += 1;
        if (answered === requests.length) resolve();
        else if (next < requests.length && dueAt(next) <= performance.now()) send(connection);
        else idle.push(connection);
      });
    };
    const dispatch = (): void => {
      while (next < requests.length && idle.length > 0 && dueAt(next) <= performance.now())
        send(idle.pop()!);
      if (job.rate && next < requests.length) setTimeout(dispatch, 1);
    };
    dispatch();
  });
  const seconds = (performance.now() - started) / 1000;
  for (const connection of all) connection.end();
  const sorted = latencies.toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    seconds,
    perSecond: requests.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    statuses,
    locations,
    bytesPerAnswer: bytes / requests.length,
  };
}

if (process.send && process.env["BENCH_LOAD"]) {
  process.on("message", (job: Job) => {
    void runLoad(job).then((measured) => process.send?.(measured));
  });
  process.on("disconnect", () => {
    process.exit(0);
  });
  process.send({ ready: true });
}
