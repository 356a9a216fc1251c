// SPDX-License-Identifier: EUPL-1.2
import { isWorkingDay, townCalendar } from "#calendar";
import { type Day, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { promisedOn } from "../rules/money-request.ts";

/**
 * The day a family is promised an answer by, of what it asked or paid on a day: so many days on, then the next the
 * office works, patron included.
 */
export async function promises(tx: ReadTx): Promise<(from: Day) => Day> {
  const settings = await datedSettings(tx);
  const { closures } = await townCalendar(tx);
  const patrons = closures.filter(({ reason, siteId }) => reason === "patron" && siteId === null);
  const isWorked = (date: Day): boolean =>
    isWorkingDay(date) && !patrons.some(({ from, to }) => isWithin(date, from, to));
  return (from) => promisedOn(from, settings.town("collection", from).refundDays, isWorked);
}

export const promisedDay = async (tx: ReadTx, from: Day): Promise<Day> =>
  (await promises(tx))(from);
