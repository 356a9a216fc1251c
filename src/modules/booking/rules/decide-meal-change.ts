// SPDX-License-Identifier: EUPL-1.2
import type { ServiceDay } from "#calendar";
import type { Moment } from "#kernel/dates.ts";
import { assertNever } from "#kernel/outcome.ts";
import type { AttendanceMode, Choice, MealState } from "./meal-state.ts";

export const MEAL_ACTS = [
  "cancel",
  "restore",
  "plain",
  "normal",
  "book",
  "unbook",
  "report-absence",
] as const;
export type MealAct = (typeof MEAL_ACTS)[number];

/** Why a change was refused; each has its own sentence on the receipt. */
export type Refusal =
  | "cutoff-passed"
  | "channel-closed"
  | "not-a-service-day"
  | "closed-day"
  | "day-closed"
  | "school-reports"
  | "plain-not-allowed"
  | "plain-limit"
  | "not-possible";

export type MealDecision =
  | { outcome: "done"; choice: Choice }
  /** nothing to do: the day is already in that state (BO-17: a repeated call never moves on) */
  | { outcome: "already" }
  | { outcome: Refusal };

export interface MealChangeFacts {
  act: MealAct;
  mode: AttendanceMode;
  state: MealState;
  day: ServiceDay;
  /** `null`: the town does not offer this channel */
  cutoffAt: Moment | null;
  /** did the request arrive by the cut-off and its tolerance? */
  inTime: boolean;
  channelOpen: boolean;
  /** closing has read this day's bookings */
  locked: boolean;
  /** may families (or the office for them) report absences on that day? BI-03 */
  familiesReport: boolean;
  plain: { allowed: boolean; limit: number | null; runIfPlain: number };
}

/** Decides one change of one child's meal on one day. Pure: the same facts give the same answer. */
export function decideMealChange(facts: MealChangeFacts): MealDecision {
  if (facts.day.kind === "closed") return { outcome: "closed-day" };
  if (facts.day.kind !== "service") return { outcome: "not-a-service-day" };
  const target = targetOf(facts);
  if (target === "already") return { outcome: "already" };
  if (!facts.familiesReport && facts.act !== "plain" && facts.act !== "normal")
    return { outcome: "school-reports" };
  if (facts.locked) return { outcome: "day-closed" };
  if (facts.cutoffAt === null || !facts.channelOpen) return { outcome: "channel-closed" };
  if (facts.act === "report-absence") {
    if (target === "not-possible") return { outcome: "not-possible" };
    // In time, an absence is a cancellation: nobody should pay for choosing the wrong button.
    return { outcome: "done", choice: facts.inTime ? "cancelled" : "absent-late" };
  }
  // A slip of the thumb: the meal is ordered and charged anyway, so the child is simply expected again.
  if (facts.act === "restore" && facts.state === "absent-late")
    return { outcome: "done", choice: "expected" };
  if (!facts.inTime) return { outcome: "cutoff-passed" };
  if (target === "not-possible") return { outcome: "not-possible" };
  if (facts.act === "plain") {
    if (!facts.plain.allowed) return { outcome: "plain-not-allowed" };
    if (facts.plain.limit !== null && facts.plain.runIfPlain > facts.plain.limit)
      return { outcome: "plain-limit" };
  }
  return { outcome: "done", choice: target };
}

/** Where the act leads from the present state. */
function targetOf({ act, state, mode }: MealChangeFacts): Choice | "already" | "not-possible" {
  switch (act) {
    case "cancel":
      return isOff(state) ? "already" : "cancelled";
    case "restore":
      if (state === "absent-late") return "expected";
      if (!isOff(state)) return "already";
      return mode === "opt-in" ? "not-possible" : "expected";
    case "plain":
      return state === "plain" ? "already" : state === "expected" ? "plain" : "not-possible";
    case "normal":
      return state === "plain" ? "expected" : state === "expected" ? "already" : "not-possible";
    case "book":
      if (mode !== "opt-in") return "not-possible";
      return state === "not-booked" ? "expected" : "already";
    case "unbook":
      if (mode !== "opt-in") return "not-possible";
      return state === "not-booked" ? "already" : "cancelled";
    case "report-absence":
      if (isOff(state) || state === "absent-late") return "already";
      return "absent-late";
    default:
      return assertNever(act);
  }
}

const isOff = (state: MealState): boolean => state === "cancelled" || state === "not-booked";
