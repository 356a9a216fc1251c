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
  const fixed = FIXED.find(
    (holiday) =>
      holiday.month === date.month && holiday.day === date.day && date.year >= (holiday.from ?? 0),
  );
  if (fixed) return fixed.name;
  const sinceEaster = easterSunday(date.year).until(date, { largestUnit: "days" }).days;
  if (sinceEaster === 0) return "Pasqua";
  return sinceEaster === 1 ? "Lunedì dell'Angelo" : null;
}
