// SPDX-License-Identifier: EUPL-1.2
import {
  type AttendanceRow,
  billableMeals,
  closingBatches,
  countBillable,
  type DayKey,
  finishClosing,
  holdClosing,
  recordBatch,
  startClosing,
} from "#attendance";
import type { Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { chargesBeforeReopening, countCharged } from "../sql/charges.ts";
import { resolveUnpriced } from "../sql/unpriced.ts";
import { chargeMeals } from "./charge-meals.ts";
import { tellCorrections } from "./tell-money.ts";

/** The most; a batch is some classes, a thousand children or so. */
const BATCH_MEALS = 2000;
/** Batches at work: while the database writes some, others are read and priced. */
const LANES = 4;

export type ClosedDay =
  | {
      outcome: "closed";
      /** attended = charged + exempt + unpriced, always (domain.md "A meal's life") */
      attended: number;
      charged: number;
      exempt: number;
      unpriced: number;
      totalCents: Cents;
    }
  | { outcome: "already-closed" }
  | { outcome: "no-service" }
  | { outcome: "roll-call-missing"; classIds: string[] }
  | { outcome: "too-early"; from: Moment };

/**
 * Closes one site's day of one service and charges every meal. Works in batches, each its own transaction and each
 * meal under its own key: stopped anywhere, it is simply called again (BO-02, OS-11).
 */
export async function closeDay(
  town: TenantDb,
  of: DayKey & { by: string; now: Moment; acceptMissing?: boolean; batchMeals?: number },
): Promise<ClosedDay> {
  const change = { ...of, at: of.now, acceptMissing: of.acceptMissing ?? false };
  const started = await town.write(async (tx) => {
    const day = await startClosing(tx, change);
    // What a closing that was begun before has put on the worklist stays until its batch is done again.
    if (day.outcome === "closing" && !day.isResumed)
      await resolveUnpriced(tx, { ...change, kind: "meal" });
    return day;
  });
  if (started.outcome !== "closing") return started;
  const closing = { ...change, ...started };
  const attended = await chargeExpected(town, closing);
  // Who ate here and is on no list of this school, or on none at all: most days nobody.
  const isAll = attended === (await town.read((tx) => countBillable(tx, of)));
  const total = isAll ? attended : await chargeRecorded(town, closing);
  return town.write(async (tx) => {
    if (!(await finishClosing(tx, closing))) return { outcome: "already-closed" };
    const counts = await countCharged(tx, of);
    if (closing.closingNumber > 1) await tellReclosing(tx, closing);
    return { outcome: "closed", attended: total, ...counts };
  });
}

/** The day had been opened again: whoever pays another amount than before is told, nobody else. */
async function tellReclosing(
  tx: WriteTx,
  of: DayKey & { closingNumber: number; reopenedAt: Moment | null; now: Moment },
): Promise<void> {
  const { reason, differences } = await chargesBeforeReopening(tx, of);
  await tellCorrections(tx, {
    ...of,
    differences,
    reason,
    event: `${of.siteId}:${of.closingNumber}`,
  });
}

type Closing = DayKey & { at: Moment; now: Moment; closingNumber: number; batchMeals?: number };

/** Records and charges everybody on the lists of the school. Returns how many meals are to be paid. */
async function chargeExpected(town: TenantDb, of: Closing): Promise<number> {
  const batches = closingBatches(town, { ...of, size: of.batchMeals ?? BATCH_MEALS });
  let attended = 0;
  const lane = async (): Promise<void> => {
    // A lane that fails closes the source: the other ends after the batch it has.
    for await (const batch of batches) {
      const served = await town.write(async (tx) => {
        // Another process has ended this closing meanwhile: nothing is left to do, whatever the day is now.
        if (!(await holdClosing(tx, of))) return 0;
        const { billable: meals, isNew } = await recordBatch(tx, of, batch);
        await chargeMeals(tx, { ...of, meals, isNew });
        return meals.length;
      });
      attended += served;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
  return attended;
}

/** Charges whatever is recorded at the site, in batches of children in order. Returns how many meals there were. */
async function chargeRecorded(town: TenantDb, of: Closing): Promise<number> {
  const limit = of.batchMeals ?? BATCH_MEALS;
  const chargePage = (after: string | null): Promise<readonly AttendanceRow[]> =>
    town.write(async (tx) => {
      if (!(await holdClosing(tx, of))) return [];
      const meals = await billableMeals(tx, { ...of, after, limit });
      await chargeMeals(tx, { ...of, meals });
      return meals;
    });
  let attended = 0;
  let page = await chargePage(null);
  for (; page.length === limit; page = await chargePage(page.at(-1)!.childId))
    attended += page.length;
  return attended + page.length;
}
