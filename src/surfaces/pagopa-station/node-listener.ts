// SPDX-License-Identifier: EUPL-1.2
/**
 * A door of its own for pagoPA's Node: TLS with a certificate on both sides (SANP: mTLS, TLS 1.2 or newer), where no proxy
 * checks it. Behind it there is the station's address and nothing else.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import type { FastifyInstance } from "fastify";

export interface NodeDoor {
  readonly host: string;
  readonly port: number;
  /** the only address behind it */
  readonly path: string;
  /** PEM: ours, its key, and the authorities that sign the callers' */
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  /** names in the client's certificate that may call */
  readonly callers: readonly string[];
}

const checked = new WeakSet<object>();

/** Did this connection come through the door, with a certificate that was looked at? */
export const cameThroughDoor = (socket: object): boolean => checked.has(socket);

/** `http` must be ready. @throws what the system says of port and certificates */
export async function openNodeDoor(
  http: FastifyInstance,
  door: NodeDoor,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(
    {
      cert: door.cert,
      key: door.key,
      ca: door.ca,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
    },
    (request: IncomingMessage, response: ServerResponse) => {
      if (request.url?.split("?")[0] === door.path) return http.routing(request, response);
      response.writeHead(404).end();
    },
  );
  // The Node's idle connections are not closed under its next request: as long as Fastify's own.
  server.keepAliveTimeout = http.server.keepAliveTimeout;
  server.on("secureConnection", (socket) => {
    if (mayEnter(socket, door.callers)) checked.add(socket);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(door.port, door.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** The chain is right: is it also one of those we wait for? Names stand among the alternative ones, or else in CN. */
function mayEnter(socket: TLSSocket, callers: readonly string[]): boolean {
  if (!socket.authorized) return false;
  const { subject, subjectaltname = "" } = socket.getPeerCertificate();
  const alternatives = subjectaltname
    .split(/,\s*/)
    .filter((name) => name.startsWith("DNS:"))
    .map((name) => name.slice(4));
  const names = alternatives.length > 0 ? alternatives : [subject?.CN ?? []].flat();
  const wanted = new Set(callers.map((name) => name.toLowerCase()));
  return names.some((name) => wanted.has(name.toLowerCase()));
}
