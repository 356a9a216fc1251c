// SPDX-License-Identifier: EUPL-1.2
/** The station's own TLS port: only a certificate of the right authority and name comes in. */
import assert from "node:assert/strict";
import { request } from "node:https";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { EnvironmentError, readEnvironment } from "../../src/environment.ts";
import { stationEndpoint } from "../../src/surfaces/pagopa-station/endpoint.ts";
import { openNodeDoor } from "../../src/surfaces/pagopa-station/node-listener.ts";
import { type App, NO_PAGOPA, NO_PROVIDERS, STATION_PATH } from "../../src/surfaces/web/app.ts";
import { buildServer, type RunningServer } from "../../src/surfaces/web/server.ts";
import {
  type Certificates,
  certificates,
  opensslMissing as skip,
  type Pair,
} from "../support/certificates.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { askNotice } from "../support/pagopa-node.ts";

const NODE = "forwarder.platform.pagopa.it";

let made: Certificates;
let base: TestDatabase;
let server: RunningServer;
let door: Awaited<ReturnType<typeof openNodeDoor>>;
let ca: Pair;

const certificate: Certificates["make"] = (...of) => made.make(...of);

before(async () => {
  if (skip) return;
  made = certificates();
  ca = certificate("ca", { cn: "Autorita di prova" });
  const own = certificate("own", { cn: "scuola.example", san: "IP:127.0.0.1", by: "ca" });
  base = await testDatabase();
  const app: App = {
    db: base.db,
    clock: { now: () => moment("2026-11-20T09:00:00Z") },
    demo: false,
    receiptKey: "k",
    formKey: "k",
    sealKey: "k",
    townPorts: new Map(),
    port: 0,
    trustProxy: false,
    secureCookies: false,
    pagoPa: { ...NO_PAGOPA, hasOwnDoor: true },
    identityProviders: NO_PROVIDERS,
    receiptsArrived: () => undefined,
  };
  server = await buildServer(app, {
    routes: [],
    home: () => {
      throw new Error("no page is asked for");
    },
    endpoints: [stationEndpoint],
  });
  await server.http.ready();
  const at = { host: "127.0.0.1", port: 0, path: STATION_PATH, callers: [NODE] };
  door = await openNodeDoor(server.http, { ...at, ...own, ca: ca.cert });
});
after(async () => {
  if (skip) return;
  await door.close();
  await server.close();
  await base.close();
  made.close();
});

const CREDITOR = {
  creditorFiscalCode: "77777777777",
  noticeNumber: "301000000000000144",
  amountCents: 1n,
};

function call(client: Pair | null, path = STATION_PATH): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: "127.0.0.1", port: door.port, path, method: "POST", ca: ca.cert, agent: false },
        ...client,
        headers: { "content-type": "text/xml; charset=utf-8", "x-client-cn": NODE },
      },
      (response) => {
        let body = "";
        response.on("data", (piece) => (body += String(piece)));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(askNotice("paVerifyPaymentNotice", CREDITOR));
  });
}

describe("the door for pagoPA's Node", { skip }, () => {
  it("OS-07 opens for a certificate of the right authority and name, alternative or common", async () => {
    const byAlternative = certificate("n1", {
      cn: "x",
      san: `DNS:other.example,DNS:${NODE}`,
      by: "ca",
    });
    const byCommon = certificate("n2", { cn: NODE, by: "ca" });
    for (const client of [byAlternative, byCommon]) {
      const answer = await call(client);
      assert.equal(answer.status, 200);
      assert.match(answer.body, /PAA_ID_DOMINIO_ERRATO/);
    }
  });

  it("OS-07 stays shut without one, for another name, a foreign authority, and a name only in CN beside others", async () => {
    const strangers: [string, Pair | null][] = [
      ["none", null],
      [
        "another name",
        certificate("s1", { cn: "somebody.example", san: "DNS:somebody.example", by: "ca" }),
      ],
      ["signed by itself", certificate("s2", { cn: NODE })],
      [
        "the name only in CN",
        certificate("s3", { cn: NODE, san: "DNS:somebody.example", by: "ca" }),
      ],
    ];
    for (const [which, client] of strangers) await assert.rejects(call(client), which);
  });

  it("OS-07 leads to the station and nothing else", async () => {
    const node = certificate("n3", { cn: NODE, san: `DNS:${NODE}`, by: "ca" });
    for (const path of ["/", "/accedi", "/salute", "/pagopa"])
      assert.equal((await call(node, path)).status, 404, path);
  });

  it("OS-07 the other ports do not answer for the station any more, whatever a header says", async () => {
    const answer = await server.http.inject({
      method: "POST",
      url: STATION_PATH,
      headers: { "content-type": "text/xml", "x-client-cn": NODE },
      payload: askNotice("paVerifyPaymentNotice", CREDITOR),
    });
    assert.equal(answer.statusCode, 403);
  });
});

describe("its environment", () => {
  const all = {
    CAMPANELLA_STATION_TLS_PORT: "8443",
    CAMPANELLA_STATION_TLS_CERT: "station.pem",
    CAMPANELLA_STATION_TLS_KEY: "/keys/station.key",
    CAMPANELLA_STATION_TLS_CA: "pagopa-ca.pem",
    CAMPANELLA_STATION_TLS_CALLER: `${NODE}, forwarder.uat.platform.pagopa.it`,
  };
  it("is read whole or not at all", () => {
    assert.equal(readEnvironment({}, "/srv").nodeDoor, null);
    assert.deepEqual(readEnvironment(all, "/srv").nodeDoor, {
      port: 8443,
      certFile: "/srv/station.pem",
      keyFile: "/keys/station.key",
      caFile: "/srv/pagopa-ca.pem",
      callers: [NODE, "forwarder.uat.platform.pagopa.it"],
    });
    for (const name of Object.keys(all))
      assert.throws(() => readEnvironment({ ...all, [name]: "" }, "/srv"), EnvironmentError, name);
  });
});
