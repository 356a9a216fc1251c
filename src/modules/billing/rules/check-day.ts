// SPDX-License-Identifier: EUPL-1.2
import type { AttendanceRow } from "#attendance";
import { plural } from "#kernel/i18n.ts";

export type DayFaultRule =
  | "charge-without-attendance"
  | "attendance-without-charge"
  | "cancelled-meal-charged";

export interface DayFault {
  rule: DayFaultRule;
  childId: string | null;
  siteId: string | null;
}

/** One vocabulary for a day whose accounts do not agree: the office's page and `campanella check` say the same. */
export const FAULT_WORDS: Record<DayFaultRule, readonly [one: string, many: string]> = {
  "charge-without-attendance": ["addebito senza presenza", "addebiti senza presenza"],
  "attendance-without-charge": ["presenza senza addebito", "presenze senza addebito"],
  "cancelled-meal-charged": ["pasto disdetto addebitato", "pasti disdetti addebitati"],
};

/** `1 presenza senza addebito, 2 addebiti senza presenza`. */
export const faultSentence = (faults: readonly Pick<DayFault, "rule">[]): string =>
  [...Map.groupBy(faults, ({ rule }) => rule)]
    .map(([rule, found]) => plural(found.length, ...FAULT_WORDS[rule]))
    .join(", ");

/**
 * Attended = charged + exempt + unpriced on a closed day, child by child, and nothing else is charged (domain.md "A
 * meal's life"). One service and day; `charges`: of meals, standing.
 */
export function checkDay(of: {
  attendance: readonly AttendanceRow[];
  charges: readonly { childId: string | null; siteId: string | null }[];
  /** child → is a meal ordered? */
  ordered: ReadonlyMap<string, boolean>;
  isClosed: (siteId: string) => boolean;
  /** a fixed fee: attendance charges nothing */
  perMeal: boolean;
  isUnpriced: (childId: string) => boolean;
}): DayFault[] {
  const { attendance, charges, ordered } = of;
  const charged = new Map(charges.map(({ childId, siteId }) => [childId, siteId]));
  const billable = new Map(
    attendance.filter((row) => row.billable).map((row) => [row.childId, row]),
  );
  const found: DayFault[] = [];
  for (const [childId, siteId] of charged)
    if (childId === null || !billable.has(childId))
      found.push({ rule: "charge-without-attendance", childId, siteId });
  for (const { childId, siteId, source } of billable.values()) {
    if (source === "presumed" && ordered.get(childId) === false && charged.has(childId))
      found.push({ rule: "cancelled-meal-charged", childId, siteId });
    if (!of.perMeal || !of.isClosed(siteId)) continue;
    if (!charged.has(childId) && !of.isUnpriced(childId))
      found.push({ rule: "attendance-without-charge", childId, siteId });
  }
  return found;
}
