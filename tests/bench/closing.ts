// SPDX-License-Identifier: EUPL-1.2
/** (b) Closing: pricing and posting a day's meals, beside a bare insert of as many ledger rows. */
import { type BenchDatabase, benchDatabase } from "./database.ts";
import { type Closed, type ClosingWorker, startClosingWorker } from "./processes.ts";
import { type Figure, median } from "./report.ts";
import type { Sizes } from "./sizes.ts";
import { type BenchTown, makeTown, RUSH_DAY } from "./town.ts";

const MEBIBYTE = 1024 * 1024;

interface Measurement {
  meals: number;
  first: Closed;
  closed: Closed[];
  bareSeconds: number[];
  rssPeakBytes: number;
}

export async function measureClosing(server: string, sizes: Sizes["closing"]): Promise<Figure[]> {
  const measurements: Measurement[] = [];
  const most = Math.max(...sizes.meals);
  for (const meals of sizes.meals)
    measurements.push(await measureSize(server, { meals, most, rounds: sizes.rounds }));
  const peaks = measurements.map(({ rssPeakBytes }) => rssPeakBytes);
  const growth = (peaks.at(-1)! - peaks[0]!) / MEBIBYTE;
  return [
    ...measurements.map(toFigure),
    {
      name: "closing.memory",
      what: `More memory for ${measurements.at(-1)!.meals} meals than for ${measurements[0]!.meals}`,
      value: growth,
      unit: "MiB",
      limit: { what: "flat", value: 64, goal: "< 64 MiB" },
      share: null,
      met: growth < 64,
      details: { peaksMiB: peaks.map((bytes) => bytes / MEBIBYTE) },
    },
  ];
}

function toFigure({ meals, first, closed, bareSeconds }: Measurement): Figure {
  const seconds = median(closed.map((one) => one.seconds));
  const bare = median(bareSeconds);
  return {
    name: `closing.${meals}`,
    what: `Closing a day of ${meals} meals`,
    value: seconds,
    unit: "s",
    limit: { what: "bare insert of as many ledger rows", value: bare, goal: "≤ 3 ×" },
    share: seconds / bare,
    met: seconds / bare <= 3,
    details: {
      mealsPerSecond: meals / seconds,
      rounds: closed.map((one) => one.seconds),
      bareRounds: bareSeconds,
      firstDayOfTheYearSeconds: first.seconds,
    },
  };
}

/**
 * `most`: the largest size. A process that closes small days goes on until it has closed as many meals as that has in one:
 * the memory it takes grows with the work it did, up to a level, and only then does the size of a day tell.
 */
async function measureSize(
  server: string,
  { meals, most, rounds }: { meals: number; most: number; rounds: number },
): Promise<Measurement> {
  const database = await benchDatabase(server, "closing");
  try {
    const town = await makeTown(database.db, { slug: "grande", families: meals, sites: 1 });
    await makeBareLedger(database);
    await database.settle();
    const worker = await startClosingWorker(database.url);
    try {
      // The first day opens an account per child and compiles the code; afterwards days are alike.
      const first = await close(worker, town, 0);
      await bareInsert(database, 0);
      const closed: Closed[] = [];
      const bareSeconds: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        await database.settle();
        closed.push(await close(worker, town, round));
        await database.settle();
        bareSeconds.push(await bareInsert(database, round));
      }
      const days = Math.min(LAST_ROUND, Math.ceil(most / meals));
      const peaks = closed.map(({ rssPeakBytes }) => rssPeakBytes);
      for (let round = rounds + 1; round <= days; round += 1)
        peaks.push((await close(worker, town, round)).rssPeakBytes);
      return { meals, first, closed, bareSeconds, rssPeakBytes: Math.max(...peaks) };
    } finally {
      await worker.stop();
    }
  } finally {
    await database.close();
  }
}

/** Wednesdays, then Thursdays and Mondays: no holiday before Christmas falls on one. */
const DAYS = [1, 2, 6].flatMap((first) => [0, 7, 14, 21].map((weeks) => first + weeks));
const LAST_ROUND = DAYS.length - 1;
const dayOf = (round: number): string => RUSH_DAY.add({ days: DAYS[round]! }).toString();

async function close(worker: ClosingWorker, town: BenchTown, round: number): Promise<Closed> {
  const closed = await worker.close({ tenantId: town.tenant.id, date: dayOf(round) });
  if (closed.charged !== town.families)
    throw new Error(`${closed.charged} of ${town.families} meals were charged`);
  return closed;
}

/** The ledger's shape, indexes, checks and foreign keys, without the product. */
async function makeBareLedger(database: BenchDatabase): Promise<void> {
  await database.query(`create table bare_transfer (like ledger_transfer including all)`);
  for (const side of ["debit", "credit"])
    await database.query(`alter table bare_transfer add foreign key (tenant_id, ${side}_account_id)
      references ledger_account (tenant_id, id)`);
}

async function bareInsert(database: BenchDatabase, round: number): Promise<number> {
  const started = performance.now();
  await database.query(
    `insert into bare_transfer select * from ledger_transfer where happened_on = $1`,
    [dayOf(round)],
  );
  return (performance.now() - started) / 1000;
}
