// SPDX-License-Identifier: EUPL-1.2
import { servedOfDays } from "#attendance";
import { townCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type DayMeals, joinMonth } from "../rules/month.ts";
import { orderedOfDays } from "../sql/months.ts";
import { isShut } from "./kitchen-order.ts";

/**
 * Meals ordered and served at these schools, day by day: two queries for any number of schools. Of a school that
 * shut after its order nobody closes the day: nobody was served.
 */
export async function mealsOfMonth(
  tx: ReadTx,
  of: { serviceId: string; siteIds: readonly string[]; from: Day; to: Day },
): Promise<DayMeals[]> {
  const calendar = await townCalendar(tx);
  const { serviceId } = of;
  return joinMonth(await orderedOfDays(tx, of), await servedOfDays(tx, of), ({ siteId, date }) =>
    isShut(calendar, { serviceId, siteId, date }),
  );
}
