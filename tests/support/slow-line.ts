// SPDX-License-Identifier: EUPL-1.2
/** A line between a browser and a server that a test can cut, or that loses what the server has answered. */
import { createServer, request as ask, type Server } from "node:http";
import type { Socket } from "node:net";
import { freePort } from "../commands/run.ts";
import { IDLE } from "./idle.ts";

export interface Line {
  readonly port: number;
  /** answers to POSTs reach nobody: the server has done its work, the browser never hears of it */
  loseAnswers(losing: boolean): void;
  /** answers take so long that nobody waits for them */
  hold(holding: boolean): void;
  /** nobody is there any more: what is open breaks, nothing new opens */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** from now on to another server */
  lead(serverPort: number): void;
}

export async function lineTo(firstPort: number): Promise<Line> {
  let isLosing = false;
  let isHolding = false;
  let serverPort = firstPort;
  let server: Server | null = null;
  const sockets = new Set<Socket>();
  // Nobody else gets it while the line is cut.
  const port = await freePort();
  const start = async (): Promise<void> => {
    server = createServer(IDLE, (incoming, outgoing) => {
      if (isHolding) return;
      const { method, url, headers } = incoming;
      const onward = ask({ host: "127.0.0.1", port: serverPort, method, path: url, headers });
      onward.on("response", (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("end", () => {
          if (method === "POST" && isLosing) {
            incoming.socket.destroy();
            return;
          }
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          outgoing.end(Buffer.concat(parts));
        });
      });
      onward.on("error", () => incoming.socket.destroy());
      incoming.pipe(onward);
    });
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server!.listen(port, "127.0.0.1", resolve));
  };
  await start();
  return {
    port,
    loseAnswers(losing) {
      isLosing = losing;
    },
    hold(holding) {
      isHolding = holding;
    },
    async cut() {
      const closing = server;
      server = null;
      await new Promise<void>((resolve) => {
        if (!closing) return resolve();
        closing.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
    },
    async mend() {
      await start();
    },
    lead(other) {
      serverPort = other;
    },
  };
}
