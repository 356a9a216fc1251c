// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { decideMealChange, type MealChangeFacts } from "./decide-meal-change.ts";
import { isOrdered } from "./meal-state.ts";

/** A day as a late cancellation looks at it: the one it asked for, or one that comes after. */
export interface LateDay extends Omit<MealChangeFacts, "act"> {
  date: Day;
  /** the town's rule on that day: a late cancellation counts for the next service day */
  lateCounts: boolean;
}

/**
 * Would a cancellation of this day, arriving now, be refused as late and count for a later one? Where meals are
 * booked one by one (opt-in) each day stands for itself.
 */
export const isLateButCounts = (asked: LateDay): boolean =>
  asked.lateCounts &&
  asked.mode !== "opt-in" &&
  decideMealChange({ ...asked, act: "cancel" }).outcome === "cutoff-passed";

/** May a late cancellation count for this day? */
export const mayCountFor = (on: LateDay): boolean =>
  isUseful(on) && on.channelOpen && on.familiesReport && on.mode !== "opt-in";

const isUseful = ({ day, inTime, locked }: LateDay): boolean =>
  day.kind === "service" && inTime && !locked;

/**
 * The day a late cancellation counts for: the first useful one of `later` (in order, all after the asked day),
 * whatever its state. `null`: there is none, or families do not decide about it.
 */
export function firstCounting<On extends LateDay>(later: Iterable<On>): On | null {
  for (const on of later) if (isUseful(on)) return mayCountFor(on) ? on : null;
  return null;
}

/** What the button says before the tap: the day that a cancellation of `asked` would take away now, if another. */
export function lateCancellationDay<On extends LateDay>(asked: On, later: Iterable<On>): On | null {
  if (!isLateButCounts(asked)) return null;
  const on = firstCounting(later);
  return on && isOrdered(on.state) ? on : null;
}
