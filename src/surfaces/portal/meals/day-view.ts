// SPDX-License-Identifier: EUPL-1.2
import type { AttendanceRow } from "#attendance";
import type { DayFacts, MealAct } from "#booking";
import { type Day, dayOf, isBefore, type Moment, sameDay } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import type { State } from "#ui/components.ts";
import { words } from "./words.ts";

export interface DayView {
  state: State;
  /** instead of the state's own word */
  word?: string | undefined;
  /** acts that can be taken now, the most wanted first */
  acts: MealAct[];
  /** will a meal be cooked and charged, or was one? */
  ordered: boolean;
}

/** What a day of one child is for people: one state, and what can still be done. Pure. */
export function dayView(
  on: DayFacts,
  of: { today: Day; attendance?: Pick<AttendanceRow, "status" | "plain" | "source"> | undefined },
): DayView {
  switch (on.day.kind) {
    case "closed":
      return { state: "closed", acts: [], ordered: false };
    case "no-session":
      return { state: "no-rientro", acts: [], ordered: false };
    case "not-active":
      return { state: "not-enrolled", acts: [], ordered: false };
    case "service":
      break;
  }
  const { attendance } = of;
  const past = isBefore(on.date, of.today);
  const acts = past ? [] : actsOn(on);
  if (attendance?.status === "present") {
    const served = past || attendance.source !== "morning";
    const state = attendance.plain ? "plain" : served ? "served" : "present";
    return { state, acts, ordered: true };
  }
  const away = on.state === "cancelled" || on.state === "not-booked";
  // The school has said it already.
  if (attendance && !away)
    return {
      state: "absent",
      acts: acts.filter((act) => act !== "report-absence"),
      ordered: false,
    };
  switch (on.state) {
    case "cancelled":
      return { state: "cancelled", acts, ordered: false };
    case "plain":
      return { state: "plain", acts, ordered: true };
    case "absent-late":
      return { state: "absent", acts, ordered: true };
    case "not-booked":
      return { state: "not-booked", acts, ordered: false };
    case "expected":
      return { state: awaitsRollCall(on, of.today) ? "roll-call" : "present", acts, ordered: true };
  }
}

const awaitsRollCall = (on: DayFacts, today: Day): boolean =>
  on.mode === "roll-call" && !isBefore(today, on.date);

/** The acts that would be accepted now (the server decides again when one arrives). */
export function actsOn(on: DayFacts): MealAct[] {
  if (on.day.kind !== "service" || on.locked || !on.channelOpen || on.cutoffAt === null) return [];
  const plain: MealAct[] = on.plain.allowed && withinPlainLimit(on) ? ["plain"] : [];
  if (!on.inTime) {
    // told by mistake: the meal is ordered anyway, the child is simply expected again
    if (on.familiesReport && on.state === "absent-late") return ["restore"];
    const mayTell = on.familiesReport && (on.state === "expected" || on.state === "plain");
    return mayTell && on.mode !== "opt-in" ? ["report-absence"] : [];
  }
  const may = (acts: MealAct[]): MealAct[] => (on.familiesReport ? acts : []);
  switch (on.state) {
    case "expected":
      return [...may([on.mode === "opt-in" ? "unbook" : "cancel"]), ...plain];
    case "plain":
      return [...may([on.mode === "opt-in" ? "unbook" : "cancel"]), "normal"];
    case "cancelled":
    case "absent-late":
      return may(["restore"]);
    case "not-booked":
      return may(["book"]);
  }
}

const withinPlainLimit = ({ plain }: DayFacts): boolean =>
  plain.limit === null || plain.runIfPlain <= plain.limit;

export const canCancel = (on: DayFacts): boolean =>
  actsOn(on).some((act) => act === "cancel" || act === "unbook");

/** `alle 9:00`; with its day when that is not `on`: `alle 18:00 di lunedì 23 novembre`. */
export function limitText(cutoffAt: Moment, on: Day, lang: Lang, seconds = false): string {
  const f = formats(lang);
  const time = seconds ? f.timeWithSeconds(cutoffAt) : f.time(cutoffAt);
  const date = dayOf(cutoffAt);
  const w = words(lang);
  return sameDay(date, on) ? w.at(time) : w.atOn(time, f.day(date));
}
