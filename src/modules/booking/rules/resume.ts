// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore, isWithin } from "#kernel/dates.ts";
import type { AbsenceSpan } from "./meal-state.ts";

/**
 * The absences that a return on `day` ends: those that cover it, and what prolongs them without a service day in
 * between. Others that begin later were planned for themselves and stay.
 */
export function endedByReturn<Span extends AbsenceSpan>(
  absences: readonly Span[],
  day: Day,
  isServed: (date: Day) => boolean,
): Span[] {
  const ended = absences.filter(({ from, to }) => isWithin(day, from, to));
  // `ended` grows while it is walked: a prolongation may itself have been prolonged.
  for (const { to } of ended) {
    if (to === null) continue;
    const isNext = ({ from, to: until }: Span): boolean =>
      isBefore(day, from) &&
      (until === null || isBefore(to, until)) &&
      !isServedBetween(to, from, isServed);
    ended.push(...absences.filter((one) => !ended.includes(one) && isNext(one)));
  }
  return ended;
}

/** Is there a service day after `last` and before `next`? */
function isServedBetween(last: Day, next: Day, isServed: (date: Day) => boolean): boolean {
  for (let date = last.add({ days: 1 }); isBefore(date, next); date = date.add({ days: 1 }))
    if (isServed(date)) return true;
  return false;
}
