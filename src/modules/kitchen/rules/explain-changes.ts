// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { Difference } from "./order.ts";

/** Why an order changed after its freeze. */
export type ChangeCause = "closure" | "family" | "school" | "staff";

export interface ChangeEvent {
  siteId: string;
  /** null: the whole school, or a child without a class */
  classId: string | null;
  cause: ChangeCause;
  at: Moment;
}

export interface Change extends Difference {
  /** the latest thing that happened there since the freeze; `null`: nothing known */
  at: Moment | null;
  cause: ChangeCause | null;
}

/**
 * Each difference with the latest event of its class, or of its school, after the freeze. A closure explains all that
 * fell in its school or class, whatever else happened there.
 */
export function explainChanges(
  differences: readonly Difference[],
  events: readonly ChangeEvent[],
  frozenAt: Moment,
): Change[] {
  const since = events.filter(({ at }) => Temporal.Instant.compare(at, frozenAt) > 0);
  return differences.map((difference) => {
    const { siteId, classId, meal, change } = difference;
    const here = since.filter((event) => event.siteId === siteId);
    const closure = here.filter(
      (event) => event.cause === "closure" && (event.classId === null || event.classId === classId),
    );
    const own = here.filter((event) =>
      meal === "staff"
        ? event.cause === "staff"
        : event.cause !== "staff" && event.cause !== "closure" && event.classId === classId,
    );
    const found = latest(change < 0 && closure.length > 0 ? closure : own);
    return { ...difference, at: found?.at ?? null, cause: found?.cause ?? null };
  });
}

function latest(events: readonly ChangeEvent[]): ChangeEvent | undefined {
  return events.toSorted((a, b) => Temporal.Instant.compare(b.at, a.at))[0];
}
