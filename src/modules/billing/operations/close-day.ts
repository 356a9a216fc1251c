// SPDX-License-Identifier: EUPL-1.2
import {
  type AttendanceRow,
  billableMeals,
  type DayKey,
  finishClosing,
  startClosing,
} from "#attendance";
import type { Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { chargesBeforeReopening, countCharged } from "../sql/charges.ts";
import { resolveUnpriced } from "../sql/unpriced.ts";
import { chargeMeals } from "./charge-meals.ts";
import { tellCorrections } from "./tell-money.ts";

const BATCH_MEALS = 5000;

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
  const started = await town.write((tx) => startClosing(tx, change));
  if (started.outcome !== "closing") return started;
  const { closingNumber } = started;
  await town.write((tx) => resolveUnpriced(tx, { ...change, kind: "meal" }));
  const attended = await chargeBatches(town, { ...of, closingNumber });
  return town.write(async (tx) => {
    const counts = await countCharged(tx, of);
    if (closingNumber > 1) await tellReclosing(tx, { ...of, closingNumber });
    await finishClosing(tx, change);
    return { outcome: "closed", attended, ...counts };
  });
}

/** The day had been opened again: whoever pays another amount than before is told, nobody else. */
async function tellReclosing(
  tx: WriteTx,
  of: DayKey & { closingNumber: number; now: Moment },
): Promise<void> {
  const { reason, differences } = await chargesBeforeReopening(tx, of);
  await tellCorrections(tx, {
    ...of,
    differences,
    reason,
    event: `${of.siteId}:${of.closingNumber}`,
  });
}

/**
 * Charges every billable meal, in batches of children in order. While one batch is being written, the next one is
 * read and priced on another connection: never more than two at work. Returns how many meals there were.
 */
async function chargeBatches(
  town: TenantDb,
  of: DayKey & { closingNumber: number; now: Moment; batchMeals?: number },
): Promise<number> {
  const limit = of.batchMeals ?? BATCH_MEALS;
  let attended = 0;
  let after: string | null = null;
  let more = true;
  let running: Promise<void>[] = [];
  try {
    while (more) {
      const read = Promise.withResolvers<readonly AttendanceRow[]>();
      const from: string | null = after;
      const written = town.write(async (tx) => {
        const meals = await billableMeals(tx, { ...of, after: from, limit });
        read.resolve(meals);
        await chargeMeals(tx, { ...of, meals });
      });
      written.catch(read.reject);
      const before = running;
      running = [...before, written];
      const meals = await read.promise;
      attended += meals.length;
      after = meals.at(-1)?.childId ?? null;
      more = meals.length === limit;
      await Promise.all(before);
      running = [written];
    }
    await Promise.all(running);
  } catch (error) {
    // What still runs would otherwise go on behind the caller's back.
    await Promise.allSettled(running);
    throw error;
  }
  return attended;
}
