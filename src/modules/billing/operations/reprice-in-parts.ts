// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { earlier, type Day, isBefore, type Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import {
  joinRepricings,
  MAY_REPRICE,
  previewReprice,
  type RepricedMeals,
  type RepricedSpan,
  repriceMeals,
  type Repricing,
  repricingMark,
} from "./reprice-meals.ts";

/** Days of a part: a week of a town's meals is posted in about a second, and nobody waits longer for the day's books. */
const PART_DAYS = 7;

/**
 * The same as `repriceMeals` for many days: a transaction per week. Each part is whole, its families told in it; who is in
 * several reads one message, with the sums so far. Cut in the middle, the rest is shown again and posted by the next press.
 */
export async function repriceInParts(
  town: TenantDb,
  of: RepricedSpan & { actor: Actor; shown: string; reason: string; now: Moment },
): Promise<RepricedMeals> {
  if (!MAY_REPRICE.has(of.actor.role)) return { outcome: "forbidden" };
  if (of.reason.trim() === "") return { outcome: "reason-missing" };
  const parts = await town.read(async (tx) => {
    const found: { span: { from: Day; to: Day }; repricing: Repricing }[] = [];
    // house-allow query-in-loop: each part is looked at as it will be posted
    for (const span of weeks(of)) {
      const repricing = await previewReprice(tx, { ...of, ...span });
      if (repricing.differences.length + repricing.newlyPriced > 0) found.push({ span, repricing });
    }
    return found;
  });
  if (parts.length === 0) return { outcome: "nothing-to-do" };
  const all = joinRepricings(parts.map(({ repricing }) => repricing));
  if (repricingMark(all) !== of.shown) return { outcome: "changed" };
  const total = { outcome: "repriced" as const, meals: 0, differenceCents: 0n };
  const told: Repricing["differences"] = [];
  for (const { span, repricing } of parts) {
    const shown = repricingMark(repricing);
    const done = await town.write((tx) => repriceMeals(tx, { ...of, ...span, shown, told }));
    // What came meanwhile is for the office to look at; what is posted is what it was shown.
    if (done.outcome === "nothing-to-do") return { outcome: "changed" };
    if (done.outcome !== "repriced") return done;
    total.meals += done.meals;
    total.differenceCents += done.differenceCents;
    told.push(...repricing.differences);
  }
  return total;
}

function* weeks({ from, to }: { from: Day; to: Day }): Generator<{ from: Day; to: Day }> {
  for (let first = from; !isBefore(to, first); first = first.add({ days: PART_DAYS }))
    yield { from: first, to: earlier(first.add({ days: PART_DAYS - 1 }), to) };
}
