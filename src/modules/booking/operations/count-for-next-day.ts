// SPDX-License-Identifier: EUPL-1.2
import { day, daysBetween, earlier, later, sameDay, type Day } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import type { MealAct, MealDecision } from "../rules/decide-meal-change.ts";
import { firstCounting, isLateButCounts, mayCountFor } from "../rules/late-cancellation.ts";
import { isOrdered } from "../rules/meal-state.ts";
import { countedReceipts, type Receipt } from "../sql/receipts.ts";
import { bookingFacts, type DayFacts } from "./booking-facts.ts";
import type { RequestFacts } from "./issue-receipt.ts";

/** How far ahead the next service day is looked for: longer than any summer. */
const LOOK_AHEAD_DAYS = 150;

export interface AskedDay extends DayFacts {
  decision: MealDecision;
  /** the day the page named before the tap: no other one is taken instead */
  countsFor: Day | null;
}

/** What becomes of a cancellation that came too late for its day. */
export type CountedLate =
  /** the next service day; `wasOff`: it had been cancelled before, nothing more is */
  | { outcome: "counts"; on: DayFacts; wasOff: boolean }
  /** an earlier late cancellation of the same day still holds: a repeated tap never moves on */
  | { outcome: "already"; receipt: Receipt };

/**
 * Late cancellations of one day, in towns where they count for the next service day of that child. One asked day moves
 * to one day only, ever: asked again it finds that day, and takes it away anew if the family had it back.
 * Answers by child; a child of whom several days were asked at once has none.
 */
export async function countForNextDay(
  tx: WriteTx,
  request: RequestFacts & { act: MealAct },
  asked: readonly AskedDay[],
): Promise<ReadonlyMap<string, CountedLate>> {
  const counted = new Map<string, CountedLate>();
  const single = (one: AskedDay): boolean =>
    asked.filter(({ childId }) => childId === one.childId).length === 1;
  const late = asked.filter(
    (one) => request.act === "cancel" && isLateButCounts(one) && single(one),
  );
  if (late.length === 0) return counted;
  const childIds = late.map(({ childId }) => childId);
  const dates = late.map(({ date }) => date);
  const from = dates.reduce(earlier);
  const until = dates.reduce(later).add({ days: LOOK_AHEAD_DAYS });
  const { serviceId } = request;
  const [before, facts] = await Promise.all([
    countedReceipts(tx, { childIds, serviceId, dates }),
    bookingFacts(tx, { ...request, childIds, from, to: until }),
  ]);
  for (const one of late) {
    const { childId, date, countsFor } = one;
    const earlierOne = before.find((row) => row.childId === childId && sameDay(row.from, date));
    const moved = earlierOne && facts.on(childId, day(earlierOne.effect.countsFor!));
    if (earlierOne && moved && !isOrdered(moved.state)) {
      counted.set(childId, { outcome: "already", receipt: earlierOne });
      continue;
    }
    const on = moved ?? firstCounting(daysAfter(facts.on, childId, date, until));
    if (!on || !mayCountFor(on) || (countsFor && !sameDay(countsFor, on.date))) continue;
    counted.set(childId, { outcome: "counts", on, wasOff: !isOrdered(on.state) });
  }
  return counted;
}

function* daysAfter(
  on: (childId: string, date: Day) => DayFacts,
  childId: string,
  date: Day,
  until: Day,
): Generator<DayFacts> {
  for (const next of daysBetween(date.add({ days: 1 }), until)) yield on(childId, next);
}
