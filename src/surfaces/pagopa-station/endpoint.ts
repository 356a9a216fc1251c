// SPDX-License-Identifier: EUPL-1.2
/** The synchronous station: one address for every operation, town and station of this installation. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { newId } from "#kernel/ids.ts";
import {
  faultOfMalformed,
  MAX_REQUEST_BYTES,
  parseRequest,
  writeFault,
  writeSoapFault,
} from "../../integrations/pagopa/soap/index.ts";
import { type App, type PagoPa, STATION_PATH } from "../web/app.ts";
import { answerNotice, faultOfAddressee } from "./answer-notice.ts";
import { cameThroughDoor } from "./node-listener.ts";
import { StationDirectory } from "./station-directory.ts";
import { takeReceipt } from "./take-receipt.ts";

const XML = "text/xml; charset=utf-8";

/** Registers the endpoint; `onReceipt` is told after the answer that there is something to apply. */
export function stationEndpoint(http: FastifyInstance, app: App): void {
  const directory = new StationDirectory(app.db);
  http.removeAllContentTypeParsers();
  http.addContentTypeParser(
    "*",
    { parseAs: "buffer", bodyLimit: MAX_REQUEST_BYTES },
    (_request, body, done) => done(null, body),
  );
  http.setErrorHandler((error, request, reply) => technicalFailure(app, error, request, reply));
  http.post(STATION_PATH, async (request, reply) => {
    reply.header("cache-control", "no-store").type(XML);
    if (!mayCall(app.pagoPa, request) || isSimulated(app, request))
      return reply.status(403).send("");
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const call = parseRequest(bytes, request.headers["content-type"]);
    switch (call.kind) {
      case "verify":
      case "get":
        return answerNotice({ db: app.db, directory, now: app.clock.now() }, call);
      case "receipt": {
        const taken = await takeReceipt({ db: app.db, now: request.arrivedAt }, call);
        if (taken.isNew) reply.raw.once("finish", () => app.receiptsArrived());
        return taken.answer;
      }
      case "demand": {
        const found = await directory.findAddressee(call);
        // No service of ours is bought without a notice: pagoPA's matrix has this fault for it.
        const fault = found === "ours" ? "PAA_PAGAMENTO_SCONOSCIUTO" : faultOfAddressee(found);
        return writeFault(call.operation, fault, call.idPA);
      }
      case "malformed": {
        const fault = faultOfMalformed(call);
        if (call.operation && fault)
          return writeFault(call.operation, fault, call.idPA ?? "", `${call.reason} ${call.path}`);
        // A receipt is never refused: HTTP 500, and the Node sends it again.
        return reply
          .status(call.operation ? 500 : 400)
          .send(writeSoapFault(call.operation ? "Server" : "Client", call.reason));
      }
    }
  });
}

/** The simulator says who it is, so that its receipts never credit anybody where money is real. */
const isSimulated = (app: App, request: FastifyRequest): boolean =>
  !app.demo && request.headers["x-simulatore"] !== undefined;

/** Through our own door, or by a proxy that has checked the client's certificate and says whose it is. */
function mayCall({ caller, hasOwnDoor, isClosed }: PagoPa, request: FastifyRequest): boolean {
  if (cameThroughDoor(request.raw.socket)) return true;
  if (!caller) return !hasOwnDoor && !isClosed;
  const said = request.headers[caller.header];
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return (
    typeof said === "string" &&
    caller.names.some((name) => timingSafeEqual(hash(name), hash(said.trim())))
  );
}

/** Database down, a bug: HTTP 500, never a KO. The line names no person. */
function technicalFailure(
  app: App,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  const code = newId().slice(-8);
  if (status >= 500)
    process.stderr.write(
      `${app.clock.now().toString()} error ${code} ${request.method} ${STATION_PATH} ${
        error instanceof Error ? (error.stack ?? error.message) : String(error)
      }\n`,
    );
  return reply
    .status(status)
    .type(XML)
    .send(writeSoapFault(status >= 500 ? "Server" : "Client", `error ${code}`));
}
