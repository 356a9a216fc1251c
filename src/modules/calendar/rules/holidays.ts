// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { easterSunday } from "#kernel/easter.ts";

/** Holidays on fixed dates: L. 260/1949, L. 54/1977, L. 336/2000; 4 October again from 2026 (L. 151/2025). */
const FIXED: readonly { month: number; day: number; name: string; from?: number }[] = [
  { month: 1, day: 1, name: "Capodanno" },
  { month: 1, day: 6, name: "Epifania" },
  { month: 4, day: 25, name: "Festa della Liberazione" },
  { month: 5, day: 1, name: "Festa del lavoro" },
  { month: 6, day: 2, name: "Festa della Repubblica" },
  { month: 8, day: 15, name: "Ferragosto" },
  { month: 10, day: 4, name: "San Francesco d'Assisi", from: 2026 },
  { month: 11, day: 1, name: "Ognissanti" },
  { month: 12, day: 8, name: "Immacolata" },
  { month: 12, day: 25, name: "Natale" },
  { month: 12, day: 26, name: "Santo Stefano" },
];

/** The name of the national holiday on that day, or `null`. */
export function nationalHoliday(date: Day): string | null {
  const holidays = ofYear.get(date.year) ?? holidaysOf(date.year);
  ofYear.set(date.year, holidays);
  return holidays.get(keyOf(date)) ?? null;
}

/** Monday to Friday, no national holiday: a day on which a public office answers. */
export const isWorkingDay = (date: Day): boolean =>
  date.dayOfWeek < 6 && nationalHoliday(date) === null;

const keyOf = ({ month, day }: { month: number; day: number }): number => month * 32 + day;

/** A page asks for hundreds of days of the same year. */
const ofYear = new Map<number, ReadonlyMap<number, string>>();

/** A fixed holiday keeps its name when Easter falls on it. */
function holidaysOf(year: number): ReadonlyMap<number, string> {
  const easter = easterSunday(year);
  const fixed = FIXED.filter(({ from }) => year >= (from ?? 0));
  return new Map([
    [keyOf(easter), "Pasqua"],
    [keyOf(easter.add({ days: 1 })), "Lunedì dell'Angelo"],
    ...fixed.map((holiday): [number, string] => [keyOf(holiday), holiday.name]),
  ]);
}
