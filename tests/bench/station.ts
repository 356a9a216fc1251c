// SPDX-License-Identifier: EUPL-1.2
/** (e) The station: what pagoPA asks per second and how long it waits, and receipts stored and applied. */
import { STATION_PATH } from "../../src/surfaces/web/app.ts";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { issueNotices, type Notice } from "#payments";
import { collecting } from "../support/collecting.ts";
import { askNotice, sendReceipt } from "../support/pagopa-node.ts";
import { type BenchDatabase, benchDatabase } from "./database.ts";
import type { Measured } from "./load.ts";
import { type LoadGenerator, startLoad, startServer } from "./processes.ts";
import { type Figure, median } from "./report.ts";
import type { Sizes } from "./sizes.ts";
import { type BenchTown, CUTOFF, makeTown, SERVICE_ID } from "./town.ts";

const CONNECTIONS = 16;
const P99_GOAL_MS = 50;
const AT = moment("2026-11-20T09:00:00Z");

export async function measureStation(server: string, sizes: Sizes["station"]): Promise<Figure[]> {
  const database = await benchDatabase(server, "station");
  try {
    const town = await makeTown(database.db, { slug: "grande", families: sizes.notices, sites: 1 });
    const notices = await issueAll(database, town);
    await database.query(`create table bare_inbox (like platform.pagopa_inbox including all)`);
    await database.settle();
    const bench = await startServer(database.url);
    const load = await startLoad();
    try {
      await bench.setClock(CUTOFF.subtract({ minutes: 5 }));
      const ports = { port: bench.port, barePort: bench.barePort };
      const asked = notices.map((notice, index) =>
        index % 2 === 0
          ? askNotice("paVerifyPaymentNotice", notice)
          : askNotice("paGetPaymentV2", notice),
      );
      // Answer and question are about as long.
      await bench.setBareBytes(Buffer.byteLength(asked[0]!));
      const speed = await measureAsking(load, ports, asked, sizes);
      const receipts = await measureReceipts(database, load, ports.port, notices);
      return [...speed, ...receipts];
    } finally {
      await bench.stop();
      await load.stop();
    }
  } finally {
    await database.close();
  }
}

async function issueAll(database: BenchDatabase, town: BenchTown): Promise<Notice[]> {
  const place = { town: database.db.forTenant(town.tenant.id), tenantId: town.tenant.id };
  await collecting(place);
  const families = await database.query(
    `select holder_id as holder, child_id as child from child_holder where tenant_id = $1`,
    [town.tenant.id],
  );
  const issued = await place.town.write((tx) =>
    issueNotices(tx, {
      by: "bench",
      now: AT,
      drafts: families.map(({ holder, child }, index) => ({
        key: `bench ${index}`,
        kind: "top-up" as const,
        holderId: String(holder),
        subject: "Ricarica refezione scolastica",
        dueOn: null,
        payableAfterDue: true,
        lines: [
          {
            holderId: String(holder),
            accountChildId: String(child),
            accountServiceId: null,
            childId: String(child),
            serviceId: SERVICE_ID,
            amountCents: 6410n,
          },
        ],
      })),
    }),
  );
  if (issued.outcome !== "issued") throw new Error(JSON.stringify(issued));
  return issued.positions.map(({ notices }) => notices[0]!);
}

const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml; charset=utf-8\r\n` +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function measureAsking(
  load: LoadGenerator,
  ports: { port: number; barePort: number },
  bodies: readonly string[],
  sizes: Sizes["station"],
): Promise<Figure[]> {
  const requests = bodies.map((body) => post(STATION_PATH, body));
  const bareRequests = bodies.map((body) => post("/", body));
  const asked: Measured[] = [];
  const bare: Measured[] = [];
  // Round 0 compiles the code; it does not count.
  for (let round = 0; round <= sizes.rounds; round += 1) {
    const job = { connections: CONNECTIONS };
    const one = await load.run({ ...job, port: ports.port, requests });
    const other = await load.run({ ...job, port: ports.barePort, requests: bareRequests });
    for (const { statuses } of [one, other])
      if (statuses["200"] !== requests.length) throw new Error(JSON.stringify(statuses));
    if (round === 0) continue;
    asked.push(one);
    bare.push(other);
  }
  const paced = await load.run({
    connections: CONNECTIONS * 4,
    port: ports.port,
    rate: sizes.rate,
    requests: Array.from(
      { length: sizes.rate * sizes.seconds },
      (_, index) => requests[index % requests.length]!,
    ),
  });
  const perSecond = median(asked.map((one) => one.perSecond));
  const limit = median(bare.map((one) => one.perSecond));
  return [
    {
      name: "station.asked",
      what: "verify and getPayment, half each, all at once",
      value: perSecond,
      unit: "per s",
      limit: { what: "bare Fastify echo of that size", value: limit, goal: "reported" },
      share: perSecond / limit,
      met: true,
      details: { p99Ms: median(asked.map((one) => one.p99Ms)) },
    },
    {
      name: "station.p99",
      what: `p99 at ${sizes.rate} a second`,
      value: paced.p99Ms,
      unit: "ms",
      limit: { what: "design", value: P99_GOAL_MS, goal: "< 50 ms" },
      share: paced.p99Ms / P99_GOAL_MS,
      met: paced.p99Ms < P99_GOAL_MS,
      details: { p50Ms: paced.p50Ms, maxMs: paced.maxMs, statuses: paced.statuses },
    },
  ];
}

async function measureReceipts(
  database: BenchDatabase,
  load: LoadGenerator,
  port: number,
  notices: readonly Notice[],
): Promise<Figure[]> {
  const messages = notices.map((notice) => sendReceipt("paSendRTV2", notice));
  const started = performance.now();
  const stored = await load.run({
    connections: CONNECTIONS,
    port,
    requests: messages.map((message) => post(STATION_PATH, message)),
  });
  if (stored.statuses["200"] !== messages.length) throw new Error(JSON.stringify(stored.statuses));
  for (let left = notices.length; left > 0;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const [row] = await database.query(
      `select count(*)::int as left from platform.pagopa_inbox where state = 'received'`,
    );
    left = Number(row?.["left"]);
  }
  const applied = (performance.now() - started) / 1000;
  const bare = await bareInserts(database, messages);
  return [
    figureOf(
      "station.stored",
      "Receipts stored and answered",
      stored.perSecond,
      bare,
      stored.p99Ms,
    ),
    figureOf("station.applied", "Receipts applied", messages.length / applied, bare, null),
  ];
}

const figureOf = (
  name: string,
  what: string,
  value: number,
  bare: number,
  p99Ms: number | null,
): Figure => ({
  name,
  what,
  value,
  unit: "per s",
  limit: { what: "bare insert, a commit each", value: bare, goal: "reported" },
  share: value / bare,
  met: true,
  details: { p99Ms },
});

/** As many rows as large, one commit each, over as many connections as the server has. */
async function bareInserts(database: BenchDatabase, messages: readonly string[]): Promise<number> {
  const clients = await database.clients(CONNECTIONS);
  const started = performance.now();
  let next = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (next < messages.length) {
        const raw = messages[next]!;
        next += 1;
        await client.query(
          `insert into bare_inbox (id, recipient_fiscal_code, receipt_id, operation, station_id, notice_number,
             amount_cents, raw, received_at, next_attempt_at)
           values ($1::uuid, 'x', $1::uuid::text, 'paSendRTV2', 'x', 'x', 1, $2, $3, $3)`,
          [newId(), raw, AT.toString()],
        );
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(clients.map((client) => client.end()));
  return messages.length / seconds;
}
