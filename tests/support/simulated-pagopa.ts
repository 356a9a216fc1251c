// SPDX-License-Identifier: EUPL-1.2
/**
 * A station that listens, and the simulator that calls it: the whole way of a payment over real protocols. Every answer
 * 200 of the station is valid by the schema, where that is at hand: `close` says so.
 */
import assert from "node:assert/strict";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { stations } from "#payments";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import { stationEndpoint } from "../../src/surfaces/pagopa-station/endpoint.ts";
import { type App, STATION_PATH, NO_PROVIDERS } from "../../src/surfaces/web/app.ts";
import { buildServer, type Site } from "../../src/surfaces/web/server.ts";
import { startReceiptWorker } from "../../src/worker/receipts.ts";
import { freePort } from "../commands/run.ts";
import { schemaJudge, specsMissing } from "./xsd.ts";

export interface Simulated {
  readonly app: App;
  readonly simulator: Simulator;
  readonly stationUrl: string;
  /** main port of the site */
  readonly port: number;
  /** JSON to and from `/_comandi…` */
  command(path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface SimulatedOptions {
  readonly now: () => Moment;
  readonly demo?: boolean;
  /** default: nothing but the station */
  readonly site?: Site;
  readonly retryEveryMs?: number;
  /** sees every message of the simulator before it is answered */
  readonly onMessage?: (xml: string) => void;
}

const ONLY_STATION: Site = {
  routes: [],
  home: () => {
    throw new Error("no page is asked for");
  },
  endpoints: [stationEndpoint],
};

export async function simulatedPagoPa(db: Database, options: SimulatedOptions): Promise<Simulated> {
  const errors: unknown[] = [];
  const port = await freePort();
  const stationUrl = `http://127.0.0.1:${port}${STATION_PATH}`;
  const simulator = await startSimulator(
    {
      stationUrl,
      stations: () =>
        db.platform(async (tx) => (await stations(tx)).filter((one) => !one.retiredAt)),
      now: options.now,
      retryEveryMs: options.retryEveryMs ?? 3_600_000,
    },
    { port: 0, host: "127.0.0.1" },
  );
  const app: App = {
    db,
    clock: { now: options.now },
    demo: options.demo ?? true,
    receiptKey: "k",
    formKey: "k",
    sealKey: "k",
    townPorts: new Map(),
    port,
    trustProxy: false,
    secureCookies: false,
    pagoPa: { apiUrl: simulator.url, checkoutOrigin: simulator.url, caller: null },
    identityProviders: NO_PROVIDERS,
    receiptsArrived: () => worker.poke(),
  };
  const worker = startReceiptWorker(app, { onError: (_, error) => errors.push(error) });
  const server = await buildServer(app, options.site ?? ONLY_STATION);
  server.http.addHook("preHandler", async (request) => {
    if (request.url === STATION_PATH) options.onMessage?.(String(request.body));
  });
  const judge = specsMissing ? null : schemaJudge("wsdl/xsd/paForNode.xsd", "soap-body");
  server.http.addHook("onSend", async (request, reply, answer) => {
    if (request.url !== STATION_PATH || reply.statusCode !== 200) return;
    try {
      judge?.(String(answer));
    } catch (error) {
      errors.push(error);
    }
  });
  await server.listen("127.0.0.1");
  return {
    app,
    simulator,
    stationUrl,
    port,
    async command(path, body = {}) {
      const answer = await fetch(`${simulator.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 200, await answer.clone().text());
      return answer.json();
    },
    async close() {
      await simulator.close();
      await server.close();
      await worker.stop();
      assert.deepEqual(errors, []);
    },
  };
}
