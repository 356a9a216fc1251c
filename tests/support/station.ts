// SPDX-License-Identifier: EUPL-1.2
/** The station over HTTP with its worker, on a test database. */
import { type Moment, moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { stationEndpoint } from "../../src/surfaces/pagopa-station/endpoint.ts";
import { type App, NO_PAGOPA, NO_PROVIDERS, STATION_PATH } from "../../src/surfaces/web/app.ts";
import { buildServer } from "../../src/surfaces/web/server.ts";
import { startReceiptWorker } from "../../src/worker/receipts.ts";
import { schemaJudge, specsMissing } from "./xsd.ts";

export const STATION_NOW = moment("2026-11-20T09:16:00Z");

export interface Answered {
  status: number;
  body: string;
  fault: string | null;
}

export interface TestStation {
  /** every answer 200 is valid by the schema, where that is at hand */
  call(payload: string | Buffer, headers?: Record<string, string>): Promise<Answered>;
  /** who may call, from now on */
  admit(caller: App["pagoPa"]["caller"]): void;
  /** what the worker complained of */
  readonly errors: unknown[];
  /** waits for what is being applied */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function testStation(db: Database, now: Moment = STATION_NOW): Promise<TestStation> {
  const errors: unknown[] = [];
  let caller: App["pagoPa"]["caller"] = null;
  const judge = specsMissing ? null : schemaJudge("wsdl/xsd/paForNode.xsd", "soap-body");
  const app: App = {
    db,
    clock: { now: () => now },
    demo: false,
    receiptKey: "k",
    formKey: "k",
    sealKey: "k",
    townPorts: new Map(),
    port: 0,
    trustProxy: false,
    secureCookies: false,
    get pagoPa() {
      return { ...NO_PAGOPA, caller };
    },
    identityProviders: NO_PROVIDERS,
    receiptsArrived: () => worker.poke(),
  };
  const worker = startReceiptWorker(app, { onError: (_, error) => errors.push(error) });
  const server = await buildServer(app, {
    routes: [],
    home: () => {
      throw new Error("no page is asked for");
    },
    endpoints: [stationEndpoint],
  });
  return {
    errors,
    admit: (who) => {
      caller = who;
    },
    async call(payload, headers = {}) {
      const answer = await server.http.inject({
        method: "POST",
        url: STATION_PATH,
        headers: { "content-type": "text/xml; charset=utf-8", ...headers },
        payload,
      });
      const { body, statusCode: status } = answer;
      if (status === 200) judge?.(body);
      return { status, body, fault: /<faultCode>([^<]+)</.exec(body)?.[1] ?? null };
    },
    settle: () => worker.stop(),
    async close() {
      await worker.stop();
      await server.close();
    },
  };
}
