// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";

/**
 * The day whose families letters are for: today, and in summer the first day of the school year to come. Letters leave
 * before the service starts (BO-01).
 */
export async function letterDay(tx: ReadTx, today: Day): Promise<Day> {
  const { years } = await townCalendar(tx);
  const isRunning = years.some(
    ({ startsOn, endsOn }) => !isBefore(today, startsOn) && !isBefore(endsOn, today),
  );
  if (isRunning) return today;
  const coming = years.map(({ startsOn }) => startsOn).filter((start) => isBefore(today, start));
  return coming.toSorted((a, b) => Temporal.PlainDate.compare(a, b))[0] ?? today;
}
