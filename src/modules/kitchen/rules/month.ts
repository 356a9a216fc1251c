// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";

/** A frozen order, in numbers. */
export interface OrderedDay {
  siteId: string;
  date: Day;
  children: number;
  adults: number;
  /** adults whom the school entered for the day; `null`: nobody said */
  adultsEntered: number | null;
}

export interface Meals {
  children: number;
  adults: number;
}

/** A school's day as the catering company's invoice is checked: numbers only. */
export interface DayMeals {
  siteId: string;
  date: Day;
  /** `null`: no order was frozen */
  ordered: Meals | null;
  /** `null`: the day is not closed yet */
  served: Meals | null;
}

/**
 * Ordered beside served. Nobody calls the roll of the adults: they are those whom the school entered, otherwise those
 * ordered, and nobody where no child ate or the school was shut.
 */
export function joinMonth(
  ordered: readonly OrderedDay[],
  served: readonly { siteId: string; date: Day; served: number }[],
  isShut: (of: { siteId: string; date: Day }) => boolean = () => false,
): DayMeals[] {
  const key = (of: { siteId: string; date: Day }): string => `${of.date.toString()}/${of.siteId}`;
  const days = new Map<string, DayMeals>();
  const orders = new Map(ordered.map((row) => [key(row), row]));
  for (const row of ordered) {
    const { siteId, date, children, adults } = row;
    const nobody = isShut(row) ? { children: 0, adults: 0 } : null;
    days.set(key(row), { siteId, date, ordered: { children, adults }, served: nobody });
  }
  for (const row of served) {
    const { siteId, date, served: children } = row;
    const order = orders.get(key(row));
    const adults = order?.adultsEntered ?? (children > 0 ? (order?.adults ?? 0) : 0);
    const day = days.get(key(row)) ?? { siteId, date, ordered: null };
    days.set(key(row), { ...day, served: { children, adults } });
  }
  return [...days.values()]
    .filter(({ ordered: o, served: s }) => mealsIn(o) + mealsIn(s) > 0)
    .toSorted((a, b) => key(a).localeCompare(key(b)));
}

const mealsIn = (meals: Meals | null): number => (meals ? meals.children + meals.adults : 0);

/** Totals of several days; `open`: of how many it is not known yet what was served. */
export function sumMeals(days: readonly DayMeals[]): {
  ordered: Meals;
  served: Meals;
  open: number;
} {
  const sum = (of: "ordered" | "served"): Meals => ({
    children: days.reduce((all, day) => all + (day[of]?.children ?? 0), 0),
    adults: days.reduce((all, day) => all + (day[of]?.adults ?? 0), 0),
  });
  return {
    ordered: sum("ordered"),
    served: sum("served"),
    open: days.filter(({ served }) => served === null).length,
  };
}
