// SPDX-License-Identifier: EUPL-1.2
import { type Day, day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";

export type EnrolmentWindow =
  /** the town has no window in its settings: nobody applies on line */
  | { readonly state: "not-offered" }
  | {
      readonly state: "before" | "open" | "after";
      /** the school year that is applied for, by the year it starts in */
      readonly year: number;
      readonly from: Day;
      readonly to: Day;
    };

/**
 * Is the window of on-line enrolment open when something arrives (OS-02)? Whole days of Rome, both ends included. It is for
 * the school year that begins next after the window does: one of 19 July for that September, one of January too, one of
 * November for the September after.
 */
export function enrolmentWindow(
  window: { readonly from: string; readonly to: string } | undefined,
  at: Moment,
): EnrolmentWindow {
  if (!window) return { state: "not-offered" };
  const [from, to, today] = [day(window.from), day(window.to), dayOf(at)];
  const year = from.month < 9 ? from.year : from.year + 1;
  const state = isBefore(today, from) ? "before" : isBefore(to, today) ? "after" : "open";
  return { state, year, from, to };
}
