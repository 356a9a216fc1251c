// SPDX-License-Identifier: EUPL-1.2
import { type Day, isWithin } from "#kernel/dates.ts";

export type AttendanceMode = "presumed" | "roll-call" | "opt-in";
export const CHOICES = ["expected", "cancelled", "plain", "absent-late"] as const;
export type Choice = (typeof CHOICES)[number];

/** What a family (or the office for it) has decided about one service day. */
export type MealState =
  | "expected"
  | "plain"
  | "cancelled"
  /** reported after the cut-off: the meal stays ordered and charged (D5) */
  | "absent-late"
  /** opt-in services: nothing booked */
  | "not-booked";

export interface AbsenceSpan {
  from: Day;
  to: Day | null;
}

/** A day's own choice wins over an absence period; without either, the mode decides. */
export function mealState(
  mode: AttendanceMode,
  choice: Choice | null,
  absences: readonly AbsenceSpan[],
  date: Day,
): MealState {
  if (choice !== null) return choice === "cancelled" && mode === "opt-in" ? "not-booked" : choice;
  if (absences.some(({ from, to }) => isWithin(date, from, to))) return "cancelled";
  return mode === "opt-in" ? "not-booked" : "expected";
}

/** Does the kitchen cook, and the family pay, for this state? */
export const isOrdered = (state: MealState): boolean =>
  state === "expected" || state === "plain" || state === "absent-late";
