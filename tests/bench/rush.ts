// SPDX-License-Identifier: EUPL-1.2
/** (a) The 8:55 rush: how many families can cancel at once, how long they wait, and whether it is all true. */
import { randomBytes } from "node:crypto";
import type { Day, Moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { type BenchDatabase, benchDatabase } from "./database.ts";
import type { Measured } from "./load.ts";
import {
  type PgbenchScript,
  pgbenchFolder,
  preparePgbench,
  runPgbench,
  type Values,
} from "./pgbench.ts";
import { type BenchServer, type LoadGenerator, startLoad, startServer } from "./processes.ts";
import { type Figure, median } from "./report.ts";
import { cancelRequest, type Family, receiptNumberIn } from "./requests.ts";
import type { Sizes } from "./sizes.ts";
import { captureStatements, type RoundTrip } from "./statements.ts";
import {
  type BenchTown,
  CUTOFF,
  idOf,
  makeTown,
  refreshSessions,
  RUSH_DAY,
  tokenHashOf,
} from "./town.ts";

/** as many as the server's own connections to the database */
const PG_CONNECTIONS = 16;
const HTTP_CONNECTIONS = 48;
/** one address per day and family: other days give other cancellations of the same families */
const OTHER_DAY = RUSH_DAY.add({ days: 1 });
const PGBENCH_DAY = RUSH_DAY.add({ days: 2 });
const CUTOFF_DAY = RUSH_DAY;

interface Place {
  database: BenchDatabase;
  big: BenchTown;
  families: Family[];
  server: BenchServer;
  load: LoadGenerator;
}

export async function measureRush(server: string, sizes: Sizes["rush"]): Promise<Figure[]> {
  const database = await benchDatabase(server, "rush");
  try {
    const { db } = database;
    const big = await makeTown(db, {
      slug: "grande",
      families: sizes.families,
      sites: Math.max(1, Math.round(sizes.families / 1000)),
      pastReceipts: 5,
    });
    const towns = [big];
    for (let index = 0; index < sizes.otherTowns; index += 1)
      towns.push(
        await makeTown(db, { slug: `ente-${index}`, families: sizes.familiesPerTown, sites: 1 }),
      );
    for (const town of towns) await refreshSessions(db, town, CUTOFF.subtract({ minutes: 6 }));
    await database.settle();
    const place = {
      database,
      big,
      families: mixed(towns),
      server: await startServer(database.url),
      load: await startLoad(),
    };
    try {
      return await measure(place, sizes);
    } finally {
      await place.server.stop();
      await place.load.stop();
    }
  } finally {
    await database.close();
  }
}

/** Families of all towns in an order in which the small towns are spread among the big one's. */
function mixed(towns: readonly BenchTown[]): Family[] {
  const all = towns.flatMap((town) =>
    Array.from({ length: town.families }, (_, index) => ({ town, index })),
  );
  const step = 7919;
  return all.map((_, position) => all[(position * step) % all.length]!).filter(isFirst());
}

function isFirst(): (family: Family) => boolean {
  const seen = new Set<string>();
  return ({ town, index }) => {
    const key = `${town.tenant.id}/${index}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}

async function measure(place: Place, sizes: Sizes["rush"]): Promise<Figure[]> {
  const { database, big, families } = place;
  const sample = { town: big, index: 0 };
  const { cancellation } = await captureStatements(database.url, {
    warmUp: { town: big, index: 1 },
    family: sample,
    date: PGBENCH_DAY,
  });
  const scripts = await prepareRounds(place, cancellation, sizes);
  await warmUp(place, sizes);
  const peaks: Measured[] = [];
  const cpu: number[] = [];
  const limits: number[] = [];
  const prepared: number[] = [];
  for (let round = 0; round < sizes.rounds; round += 1) {
    const slice = families.slice(round * sizes.perRound, (round + 1) * sizes.perRound);
    await database.settle();
    const before = await place.server.usage();
    const peak = await cancelAll(place, slice, RUSH_DAY, {});
    cpu.push(((await place.server.usage()).cpuMs - before.cpuMs) / slice.length);
    peaks.push(peak);
    limits.push(await limitOf(database, scripts[round * 2]!, "extended"));
    prepared.push(await limitOf(database, scripts[round * 2 + 1]!, "prepared"));
  }
  const peak = median(peaks.map(({ perSecond }) => perSecond));
  const limit = median(limits);
  await database.settle();
  const half = await atHalf(place, peak / 2, sizes.halfSeconds);
  const cutoff = await acrossCutoff(place, peak / 4, sizes);
  const proof = await prove(database, [...peaks, half, ...cutoff.measured]);
  return [
    {
      name: "rush.cancellations",
      what: "Cancellations over HTTP, all at once",
      value: peak,
      unit: "per s",
      limit: { what: "pgbench, same statements (-M extended)", value: limit, goal: "≥ 50 %" },
      share: peak / limit,
      met: peak / limit >= 0.5,
      details: {
        rounds: peaks.map(({ perSecond }) => perSecond),
        limits,
        pgbenchPrepared: median(prepared),
        p99MsAtPeak: median(peaks.map(({ p99Ms }) => p99Ms)),
        statements: cancellation.length,
        serverCpuMsEach: median(cpu),
        families: families.length,
        httpConnections: HTTP_CONNECTIONS,
        databaseConnections: PG_CONNECTIONS,
      },
    },
    {
      name: "rush.p99",
      what: `Wait of a parent at half of that rate (${Math.round(peak / 2)}/s), p99`,
      value: half.p99Ms,
      unit: "ms",
      limit: { what: "goal", value: 150, goal: "< 150 ms" },
      share: half.p99Ms / 150,
      met: half.p99Ms < 150,
      details: { p50Ms: half.p50Ms, maxMs: half.maxMs, requests: half.locations.length },
    },
    {
      name: "rush.truth",
      what: "Acknowledged cancellations missing, late ones accepted, server errors",
      value: proof.missing + proof.late + proof.errors,
      unit: "",
      limit: { what: "goal", value: 0, goal: "= 0" },
      share: null,
      met: proof.missing + proof.late + proof.errors === 0,
      details: { ...proof, ...cutoff.counts },
    },
  ];
}

async function cancelAll(
  place: Place,
  families: readonly Family[],
  date: Day,
  how: { rate?: number; clock?: Moment },
): Promise<Measured> {
  await place.server.setClock(how.clock ?? CUTOFF.subtract({ minutes: 5 }));
  return place.load.run({
    port: place.server.port,
    requests: families.map((family) => cancelRequest(family, date)),
    connections: HTTP_CONNECTIONS,
    ...(how.rate ? { rate: how.rate } : {}),
  });
}

/** Every town's settings and calendar are in the server's memory, and its code is compiled. */
async function warmUp(place: Place, sizes: Sizes["rush"]): Promise<void> {
  const day = RUSH_DAY.add({ days: 3 });
  await cancelAll(place, place.families.slice(0, sizes.perRound), day, {});
}

async function atHalf(place: Place, rate: number, seconds: number): Promise<Measured> {
  const count = Math.min(place.families.length, Math.max(10, Math.round(rate * seconds)));
  return cancelAll(place, place.families.slice(-count), OTHER_DAY, { rate });
}

/** The clock passes 9:00 while families go on cancelling. */
async function acrossCutoff(
  place: Place,
  rate: number,
  sizes: Sizes["rush"],
): Promise<{ measured: Measured[]; counts: Record<string, number> }> {
  const { families, database } = place;
  const from = sizes.rounds * sizes.perRound;
  const count = Math.min(families.length - from, Math.round(rate * sizes.cutoffSeconds));
  const start = CUTOFF.subtract({ milliseconds: Math.round((count / rate) * 500) });
  const measured = await cancelAll(place, families.slice(from, from + count), CUTOFF_DAY, {
    rate,
    clock: start,
  });
  const rows = await database.query(
    `select outcome, count(*)::int as count from receipt where number = any($1) group by 1`,
    [measured.locations.map(receiptNumberIn)],
  );
  const of = (outcome: string): number =>
    Number(rows.find((row) => row["outcome"] === outcome)?.["count"] ?? 0);
  const counts = { acceptedBefore9: of("done"), refusedAfter9: of("cutoff-passed") };
  if (counts.acceptedBefore9 === 0 || counts.refusedAfter9 === 0)
    throw new Error(`the run did not pass the cut-off: ${JSON.stringify(counts)}`);
  return { measured: [measured], counts };
}

/** What the families were told, held against the database. */
async function prove(
  database: BenchDatabase,
  all: readonly Measured[],
): Promise<{ acknowledged: number; missing: number; late: number; errors: number }> {
  const numbers = all.flatMap(({ locations }) => locations.map(receiptNumberIn));
  const [told] = await database.query(
    `select count(*)::int as found,
       count(*) filter (where r.outcome = 'done' and c.choice is distinct from 'cancelled')::int as untrue
     from receipt r
     left join meal_choice c on c.tenant_id = r.tenant_id and c.receipt_id = r.id and c.child_id = r.child_id
     where r.number = any($1)`,
    [numbers],
  );
  const [late] = await database.query(
    `select count(*)::int as late from receipt where outcome = 'done' and received_at > cutoff_at`,
  );
  const errors = all.reduce(
    (sum, { statuses }) =>
      sum + Object.entries(statuses).reduce((s, [code, n]) => (code === "303" ? s : s + n), 0),
    0,
  );
  const acknowledged = numbers.filter((number) => number !== "").length;
  return {
    acknowledged,
    missing: acknowledged - Number(told?.["found"]) + Number(told?.["untrue"]),
    late: Number(late?.["late"]),
    errors: errors + (numbers.length - acknowledged),
  };
}

const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const randomNumber = (): string =>
  Array.from(randomBytes(8), (byte) => LETTERS[byte % LETTERS.length]!).join("");

/** Two scripts per round (extended, prepared), each with families and values of its own. */
async function prepareRounds(
  place: Place,
  trips: readonly RoundTrip[],
  sizes: Sizes["rush"],
): Promise<PreparedRound[]> {
  const sample = sampleValues(trips, place.big);
  const size = Math.min(sizes.perRound, Math.floor((sizes.families - 2) / (2 * sizes.rounds)));
  return Array.from({ length: sizes.rounds * 2 }, (_, round) => ({
    trips,
    sample,
    each: Array.from({ length: size }, (_item, position) =>
      valuesOf(place.big, 2 + round * size + position),
    ),
  }));
}

interface PreparedRound {
  trips: readonly RoundTrip[];
  sample: Values;
  each: Values[];
}

const valuesOf = (town: BenchTown, index: number): Values => ({
  child: idOf("child", index),
  adult: idOf("adult", index),
  holder: idOf("holder", index),
  account: idOf("account", index),
  token: tokenHashOf(town.tenant.slug, index),
  receipt: newId(),
  number: randomNumber(),
  key: newId(),
});

/** The values under which the statements were recorded; the receipt's are read in its own insert. */
function sampleValues(trips: readonly RoundTrip[], town: BenchTown): Values {
  const written = trips
    .flatMap(({ parameters }) => parameters ?? [])
    .filter((value) => typeof value === "string" && value.includes('"idempotencyKey"'))
    .map((value) => (JSON.parse(String(value)) as Record<string, string>[])[0]!)[0];
  if (!written) throw new Error("no receipt among the statements of a cancellation");
  return {
    ...valuesOf(town, 0),
    receipt: written["id"]!,
    number: written["number"]!,
    key: written["idempotencyKey"]!.split(":")[0]!,
  };
}

/** Transactions per second without what the look-up of the values costs. */
async function limitOf(
  database: BenchDatabase,
  round: PreparedRound,
  protocol: "extended" | "prepared",
): Promise<number> {
  const script: PgbenchScript = await preparePgbench(
    database,
    round.trips,
    round.sample,
    round.each,
  );
  const clients = Math.min(PG_CONNECTIONS, round.each.length);
  await database.settle();
  const whole = await runPgbench(database.url, script, { clients, protocol });
  if (whole.failed > 0) throw new Error(`${whole.failed} transactions of pgbench failed`);
  await expectWritten(database, script, clients);
  const lookUp = await runPgbench(database.url, script, { clients, protocol, only: "look-up" });
  return 1 / (1 / whole.perSecond - 1 / lookUp.perSecond);
}

/** The limit is only one if pgbench really did the work. */
async function expectWritten(
  database: BenchDatabase,
  script: PgbenchScript,
  clients: number,
): Promise<void> {
  const [row] = await database.query(
    `select count(*)::int as written from receipt r join meal_choice c on c.tenant_id = r.tenant_id
       and c.receipt_id = r.id where r.from_date = $1 and r.outcome = 'done'`,
    [PGBENCH_DAY.toString()],
  );
  const expected = Math.floor(script.transactions / clients) * clients;
  const written = Number(row?.["written"]) - (writtenBefore.get(database.url) ?? 2);
  writtenBefore.set(database.url, Number(row?.["written"]));
  if (written !== expected)
    throw new Error(`pgbench wrote ${written} cancellations instead of ${expected}`);
}

/** two were written when the statements were recorded */
const writtenBefore = new Map<string, number>();

export const rushSkipped = (): string | null =>
  pgbenchFolder() ? null : "pgbench is not installed (it comes with PostgreSQL's server)";
