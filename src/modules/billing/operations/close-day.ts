// SPDX-License-Identifier: EUPL-1.2
import { billableMeals, type DayKey, finishClosing, startClosing } from "#attendance";
import type { Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { countCharged, resolveUnpriced } from "../sql/charges.ts";
import { chargeMeals } from "./charge-meals.ts";

const BATCH_MEALS = 2000;

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
  | { outcome: "roll-call-missing"; classIds: string[] };

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
  const limit = of.batchMeals ?? BATCH_MEALS;
  await town.write((tx) => resolveUnpriced(tx, change));
  let attended = 0;
  let after: string | null = null;
  let more = true;
  while (more) {
    const from: string | null = after;
    const meals = await town.write(async (tx) => {
      const batch = await billableMeals(tx, { ...of, after: from, limit });
      await chargeMeals(tx, { ...of, closingNumber, meals: batch });
      return batch;
    });
    attended += meals.length;
    after = meals.at(-1)?.childId ?? null;
    more = meals.length === limit;
  }
  return town.write(async (tx) => {
    const counts = await countCharged(tx, of);
    await finishClosing(tx, change);
    return { outcome: "closed", attended, ...counts };
  });
}
