// SPDX-License-Identifier: EUPL-1.2
import { isWorkingDay, townCalendar } from "#calendar";
import { type Day, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { promisedOn } from "../rules/money-request.ts";

/** The day a family is promised an answer by: so many days on, then the next the office works, patron included. */
export async function promisedDay(tx: ReadTx, today: Day): Promise<Day> {
  const { refundDays } = (await datedSettings(tx)).town("collection", today);
  const { closures } = await townCalendar(tx);
  const patrons = closures.filter(({ reason, siteId }) => reason === "patron" && siteId === null);
  return promisedOn(
    today,
    refundDays,
    (date) => isWorkingDay(date) && !patrons.some(({ from, to }) => isWithin(date, from, to)),
  );
}
