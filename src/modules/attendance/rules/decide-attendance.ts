// SPDX-License-Identifier: EUPL-1.2
import type { MealState } from "#booking";
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { ServiceSettings } from "#tenancy";

export type AttendanceStatus = "present" | "absent";
export type MarkPhase = "morning" | "noon" | "correction";

export interface PresumedAttendance {
  status: AttendanceStatus;
  billable: boolean;
  plain: boolean;
}

/**
 * What closing presumes of a child nobody marked: whoever had a meal ordered ate it (BO-09, BI-02). A late report
 * leaves the child absent and the meal to be paid (D5).
 */
export function presumedAttendance(state: MealState): PresumedAttendance {
  switch (state) {
    case "expected":
      return { status: "present", billable: true, plain: false };
    case "plain":
      return { status: "present", billable: true, plain: true };
    case "absent-late":
      return { status: "absent", billable: true, plain: false };
    case "cancelled":
    case "not-booked":
      return { status: "absent", billable: false, plain: false };
  }
}

/**
 * Is a meal to be paid when staff report `status`? Who was served pays. Who was absent pays only where families had
 * to cancel, did not, and the school's word came after its cut-off ("pena l'addebito", BO-09).
 */
export function isBillable(facts: {
  status: AttendanceStatus;
  mode: ServiceSettings["attendance"]["mode"];
  reportedBy: ServiceSettings["absences"]["reportedBy"];
  inTime: boolean;
  /** was a meal ordered for this child that day? */
  ordered: boolean;
}): boolean {
  if (facts.status === "present") return true;
  if (facts.mode === "roll-call" || facts.reportedBy !== "parents") return false;
  return facts.ordered && !facts.inTime;
}

/**
 * Has the family decided anew, in time, after the school's morning word? Then the word no longer stands: an accepted
 * cancellation is neither cooked nor charged, a meal taken back is. What the school says at noon, corrections
 * and walk-ins are facts about who ate: they stand.
 */
export function isSuperseded(
  meal: { state: MealState; decidedAt: Moment | null },
  mark: { source: AttendanceSource; walkIn: boolean; recordedAt: Moment },
): boolean {
  if (mark.source !== "morning" || mark.walkIn || meal.decidedAt === null) return false;
  return meal.state !== "absent-late" && isMomentAfter(meal.decidedAt, mark.recordedAt);
}

/** A later kind of fact outweighs an earlier one, as `saveAttendance` does in the database. */
export type AttendanceSource = "presumed" | "morning" | "noon" | "correction";
