// SPDX-License-Identifier: EUPL-1.2
import { isOfficeRole } from "#kernel/actor.ts";

/** Who said how a child's day went; `plan`: nobody, it was presumed at closing. `null`: no longer on record. */
export type Recorder = "school" | "office" | "family" | "plan" | null;

/** How closing signs what a family decided, in time, after the school had spoken. */
export const FAMILY_SIGNS = "famiglia";

/**
 * A correction is of whoever made it, as the audit has it (`role`); a roll call is the school's word, unless the audit
 * says that the office sent it.
 * `source`: as in `attendance.source` and, for a mark, its phase.
 */
export function recorderOf(fact: {
  source: string;
  recordedBy: string;
  role: string | null;
}): Recorder {
  if (fact.source === "presumed") return "plan";
  const isCall = fact.source !== "correction";
  if (isCall && fact.recordedBy === FAMILY_SIGNS) return "family";
  if (fact.role === null) return isCall ? "school" : null;
  if (fact.role === "system") return "plan";
  return isOfficeRole(fact.role) ? "office" : "school";
}
