// SPDX-License-Identifier: EUPL-1.2
/**
 * The product's server as a process of its own, and on a second port a bare Fastify route in the same setup.
 * Started by `processes.ts`; obeys `{ clock }` and `{ usage: true }`.
 */
import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { type Clock, clockStartingAt } from "#kernel/clock.ts";
import { moment } from "#kernel/dates.ts";
import { openDatabase } from "#kernel/db/index.ts";
import { site } from "../../src/surfaces/site.ts";
import { type App, NO_PAGOPA, NO_PROVIDERS } from "../../src/surfaces/web/app.ts";
import { buildServer } from "../../src/surfaces/web/server.ts";
import { startReceiptWorker } from "../../src/worker/receipts.ts";
import { CUTOFF, FORM_KEY, RECEIPT_KEY } from "./town.ts";

type Order = { clock: string } | { bareBytes: number } | { usage: true };

const url = process.env["BENCH_DATABASE_URL"];
if (!url || !process.send) throw new Error("started by tests/bench/processes.ts only");
const tell = (message: unknown): void => {
  process.send?.(message);
};

let clock: Clock = clockStartingAt(CUTOFF.subtract({ minutes: 5 }));
const db = await openDatabase({ url });
const app: App = {
  db,
  clock: { now: () => clock.now() },
  demo: true,
  receiptKey: RECEIPT_KEY,
  formKey: FORM_KEY,
  sealKey: FORM_KEY,
  townPorts: new Map(),
  port: 0,
  trustProxy: false,
  secureCookies: false,
  pagoPa: NO_PAGOPA,
  identityProviders: NO_PROVIDERS,
  receiptsArrived: () => receipts.poke(),
};
const receipts = startReceiptWorker(app, {
  onError: (work, error) => {
    throw new Error(work, { cause: error });
  },
});
const server = await buildServer(app, site);
await server.listen("127.0.0.1");

let text = "";
const bare = Fastify({ logger: false });
bare.addContentTypeParser("text/xml", { parseAs: "buffer" }, (_request, body, done) => {
  done(null, body);
});
bare.post("/", (_request, reply) => reply.type("text/xml; charset=utf-8").send(text));
bare.get("/", (_request, reply) => reply.type("text/html; charset=utf-8").send(text));
await bare.listen({ port: 0, host: "127.0.0.1" });

const portOf = (one: { server: { address(): AddressInfo | string | null } }): number =>
  (one.server.address() as AddressInfo).port;

process.on("message", (order: Order) => {
  if ("clock" in order) clock = clockStartingAt(moment(order.clock));
  if ("bareBytes" in order) text = "x".repeat(order.bareBytes);
  const { user, system } = process.cpuUsage();
  tell({ done: true, cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() });
});
process.on("disconnect", () => {
  process.exit(0);
});
tell({ ready: true, port: portOf(server.http), barePort: portOf(bare) });
