// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Definition } from "./tariff-definition.ts";

export type SiblingRule = Definition["siblings"];

/** A child of a household on the day. */
export interface Sibling {
  childId: string;
  /** ISO text, whose order is the days' own: a whole town is ranked without parsing a date */
  birthDate: string | null;
  /** in the service, or in any, as of the day the rule counts: what makes a sibling count */
  enrolled: boolean;
}

export interface SiblingRank {
  /** 1 = first */
  rank: number;
  /** children under 18 of the household, this one included */
  minors: number;
}

/** An unknown birth date comes last; twins keep the order of their ids. */
function before(a: Sibling, b: Sibling, order: SiblingRule["order"]): boolean {
  if (a.birthDate === null || b.birthDate === null) {
    if ((a.birthDate === null) !== (b.birthDate === null)) return a.birthDate !== null;
    return a.childId < b.childId;
  }
  if (a.birthDate === b.birthDate) return a.childId < b.childId;
  return a.birthDate < b.birthDate === (order === "oldest-first");
}

/**
 * Ranks households by one rule on one day: for each child, in the order given, its place and the minors at
 * home. Siblings that do not count take no place; each child has its own.
 */
export function siblingRanker(
  rule: SiblingRule,
  date: Day,
): (household: readonly Sibling[]) => SiblingRank[] {
  const adultIfBornBy = date.subtract({ years: 18 }).toString();
  const isMinor = ({ birthDate }: Sibling): boolean =>
    birthDate === null || adultIfBornBy < birthDate;
  return (household) => {
    const minors = household.filter(isMinor).length;
    const counting = household.filter(({ enrolled }) => enrolled || rule.count === "household");
    return household.map((child) => {
      const ahead = counting.filter(
        (other) => other.childId !== child.childId && before(other, child, rule.order),
      );
      return { rank: 1 + ahead.length, minors };
    });
  };
}
