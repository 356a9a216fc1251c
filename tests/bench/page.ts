// SPDX-License-Identifier: EUPL-1.2
/** (c) The month page: how many per second beside a bare Fastify route, and what a first visit weighs. */
import { gzipSync } from "node:zlib";
import { benchDatabase } from "./database.ts";
import { firstVisit } from "./first-visit.ts";
import type { Measured } from "./load.ts";
import { startLoad, startServer } from "./processes.ts";
import { type Figure, median } from "./report.ts";
import { bareRequest, MONTH_PATH, pageRequest } from "./requests.ts";
import type { Sizes } from "./sizes.ts";
import { captureStatements } from "./statements.ts";
import { CUTOFF, makeTown, refreshSessions, RUSH_DAY } from "./town.ts";

const CONNECTIONS = 32;
const KIBIBYTE = 1024;

export async function measurePage(server: string, sizes: Sizes["page"]): Promise<Figure[]> {
  const database = await benchDatabase(server, "page");
  try {
    const town = await makeTown(database.db, {
      slug: "grande",
      families: sizes.families,
      sites: Math.max(1, Math.round(sizes.families / 1000)),
      pastReceipts: 5,
    });
    await refreshSessions(database.db, town, CUTOFF.subtract({ minutes: 6 }));
    await database.settle();
    const { monthPage, monthPageHtml } = await captureStatements(database.url, {
      warmUp: { town, index: 1 },
      family: { town, index: 0 },
      date: RUSH_DAY,
    });
    const bench = await startServer(database.url);
    const load = await startLoad();
    try {
      await bench.setBareBytes(Buffer.byteLength(monthPageHtml));
      const pages: Measured[] = [];
      const bares: Measured[] = [];
      const requests = Array.from({ length: sizes.requests }, (_, position) =>
        pageRequest({ town, index: position % town.families }, MONTH_PATH),
      );
      const bareRequests = requests.map(() => bareRequest);
      // Round 0 compiles the code; it does not count.
      for (let round = 0; round <= sizes.rounds; round += 1) {
        await bench.setClock(CUTOFF.subtract({ minutes: 5 }));
        const job = { connections: CONNECTIONS };
        const page = await load.run({ ...job, port: bench.port, requests });
        const bare = await load.run({ ...job, port: bench.barePort, requests: bareRequests });
        for (const { statuses } of [page, bare])
          if (statuses["200"] !== sizes.requests) throw new Error(JSON.stringify(statuses));
        if (round === 0) continue;
        pages.push(page);
        bares.push(bare);
      }
      const visit = await firstVisit({ port: bench.port, town, index: 0, path: MONTH_PATH });
      return [
        speedFigure(pages, bares, { statements: monthPage.length, html: monthPageHtml }),
        visitFigure(visit),
      ];
    } finally {
      await bench.stop();
      await load.stop();
    }
  } finally {
    await database.close();
  }
}

function speedFigure(
  pages: readonly Measured[],
  bares: readonly Measured[],
  of: { statements: number; html: string },
): Figure {
  const page = median(pages.map(({ perSecond }) => perSecond));
  const bare = median(bares.map(({ perSecond }) => perSecond));
  return {
    name: "page.month",
    what: "Month pages",
    value: page,
    unit: "per s",
    limit: { what: "bare Fastify route, same bytes", value: bare, goal: "reported" },
    share: page / bare,
    met: true,
    details: {
      p99Ms: median(pages.map(({ p99Ms }) => p99Ms)),
      bareP99Ms: median(bares.map(({ p99Ms }) => p99Ms)),
      rounds: pages.map(({ perSecond }) => perSecond),
      statements: of.statements,
      htmlBytes: Buffer.byteLength(of.html),
      htmlGzBytes: gzipSync(of.html).length,
    },
  };
}

function visitFigure(visit: Awaited<ReturnType<typeof firstVisit>>): Figure {
  return {
    name: "page.first-visit",
    what: `First visit, ${visit.requests} requests, gzipped`,
    value: visit.gzBytes / KIBIBYTE,
    unit: "KiB",
    limit: { what: "design", value: 130, goal: "≤ 130 KiB" },
    share: visit.gzBytes / KIBIBYTE / 130,
    met: visit.gzBytes <= 130 * KIBIBYTE,
    details: { ...visit },
  };
}
