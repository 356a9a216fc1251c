// SPDX-License-Identifier: EUPL-1.2
/** (d) What a town costs as towns grow: the same mixed load on few towns and on many. */
import type { Day } from "#kernel/dates.ts";
import { type BenchDatabase, benchDatabase } from "./database.ts";
import type { Measured } from "./load.ts";
import { type BenchServer, type LoadGenerator, startLoad, startServer } from "./processes.ts";
import { type Figure, median } from "./report.ts";
import { cancelRequest, MONTH_PATH, pageRequest } from "./requests.ts";
import type { Sizes } from "./sizes.ts";
import { captureStatements } from "./statements.ts";
import { type BenchTown, CUTOFF, makeTown, refreshSessions, RUSH_DAY } from "./town.ts";

const CONNECTIONS = 32;

interface Side {
  database: BenchDatabase;
  towns: BenchTown[];
  server: BenchServer;
  measured: Measured[];
}

export async function measureTowns(server: string, sizes: Sizes["towns"]): Promise<Figure[]> {
  const few = await prepare(server, sizes.few, sizes);
  const many = await prepare(server, sizes.many, sizes);
  const load = await startLoad();
  try {
    const [first] = few.towns;
    const { cancellation, monthPage } = await captureStatements(few.database.url, {
      warmUp: { town: first!, index: 1 },
      family: { town: first!, index: 0 },
      date: RUSH_DAY.add({ days: 2 }),
    });
    // Round 0 fills the memory of both servers; it does not count.
    for (let round = 0; round <= sizes.rounds; round += 1) {
      const sides = round % 2 === 0 ? [few, many] : [many, few];
      for (const side of sides) {
        await side.database.settle();
        const measured = await runMix(side, load, sizes.perRound, round);
        if (round > 0) side.measured.push(measured);
      }
    }
    // Three pages are looked at for each cancellation.
    const perRequest = (3 * monthPage.length + cancellation.length) / 4;
    const rate = (side: Side): number => median(side.measured.map((one) => one.perSecond));
    const share = rate(many) / rate(few);
    return [
      {
        name: "towns.flat",
        what: `Statements with ${sizes.many} towns`,
        value: rate(many) * perRequest,
        unit: "per s",
        limit: { what: `with ${sizes.few} towns`, value: rate(few) * perRequest, goal: "≥ 0.90" },
        share,
        met: share >= 0.9,
        details: {
          requestsPerSecond: { few: rate(few), many: rate(many) },
          p99Ms: {
            few: median(few.measured.map(({ p99Ms }) => p99Ms)),
            many: median(many.measured.map(({ p99Ms }) => p99Ms)),
          },
          rssMiB: {
            few: (await few.server.usage()).rssBytes / 1024 / 1024,
            many: (await many.server.usage()).rssBytes / 1024 / 1024,
          },
          familiesPerTown: sizes.familiesPerTown,
        },
      },
    ];
  } finally {
    await load.stop();
    for (const side of [few, many]) {
      await side.server.stop();
      await side.database.close();
    }
  }
}

async function prepare(server: string, count: number, sizes: Sizes["towns"]): Promise<Side> {
  const database = await benchDatabase(server, `towns${count}`);
  const towns: BenchTown[] = [];
  for (let index = 0; index < count; index += 1) {
    const of = { slug: `ente-${index}`, families: sizes.familiesPerTown, sites: 2 };
    towns.push(await makeTown(database.db, { ...of, pastReceipts: 5 }));
  }
  for (const town of towns)
    await refreshSessions(database.db, town, CUTOFF.subtract({ minutes: 6 }));
  await database.settle();
  return { database, towns, server: await startServer(database.url), measured: [] };
}

/** The same number of requests on either side, spread over its towns: three month pages, one cancellation. */
async function runMix(
  { towns, server }: Side,
  load: LoadGenerator,
  count: number,
  round: number,
): Promise<Measured> {
  await server.setClock(CUTOFF.subtract({ minutes: 5 }));
  const families = towns.reduce((sum, one) => sum + one.families, 0);
  const laps = Math.ceil(count / families);
  const requests = Array.from({ length: count }, (_, position) => {
    const town = towns[position % towns.length]!;
    const turn = Math.floor(position / towns.length);
    const family = { town, index: turn % town.families };
    if (turn % 4 !== 3) return pageRequest(family, MONTH_PATH);
    return cancelRequest(family, serviceDay(round * laps + Math.floor(turn / town.families)));
  });
  const measured = await load.run({ port: server.port, requests, connections: CONNECTIONS });
  const good = (measured.statuses["200"] ?? 0) + (measured.statuses["303"] ?? 0);
  if (good !== count) throw new Error(JSON.stringify(measured.statuses));
  return measured;
}

/** The n-th school day from 11 January 2027; no holiday falls between it and Easter, 54 school days later. */
const serviceDay = (n: number): Day =>
  Temporal.PlainDate.from("2027-01-11").add({ days: (n % 5) + 7 * Math.floor(n / 5) });
