// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { leastTotal } from "../rules/draw-bills.ts";
import { drawableMonths, lockBilling, monthsBilling } from "../sql/bills.ts";
import { type DrawnMonth, drawMonth, openDays } from "./draw-month.ts";

/** A month whose bills nobody drew: the one just over, or the one before when a day of it stayed open. */
const LOOK_BACK_MONTHS = 2;

export interface DueMonth {
  /** first day */
  month: Day;
  /** site days that are to be closed before its bills can be drawn */
  open: { siteId: string; date: Day }[];
}

/**
 * The oldest month over whose bills wait, in a town whose bills are drawn by themselves (`billing.automatic`); `null`:
 * none, or the town draws them by hand, or the service has no bills. A month that comes to no bill, since all is carried
 * forward, waits for nothing and keeps no later month waiting.
 */
export async function dueMonth(
  tx: ReadTx,
  of: { serviceId: string; today: Day },
): Promise<DueMonth | null> {
  const { serviceId, today } = of;
  const current = today.with({ day: 1 });
  const from = current.subtract({ months: LOOK_BACK_MONTHS });
  const last = current.subtract({ days: 1 });
  // By its name, not by how it was paid then: a town that began this month says nothing of the one before.
  const service = (await townCalendar(tx)).services.find(({ id }) => id === serviceId);
  if (!service) throw new Error("no such service");
  const serviceCode = service.code;
  const settings = await datedSettings(tx);
  if (!settings.maybeService(serviceCode, "billing", today)?.automatic) return null;
  const endOf = (month: Day): Day => month.add({ months: 1 }).subtract({ days: 1 });
  const unbilled = (await monthsBilling(tx, { serviceId, from, to: last })).filter(
    ({ month, billed }) =>
      !billed && settings.maybeService(serviceCode, "payment", endOf(month))?.model === "postpaid",
  );
  const [oldest] = unbilled;
  if (!oldest) return null;
  const openOf = Map.groupBy(
    await openDays(tx, { serviceId, from: oldest.month, to: last }),
    ({ date }) => date.with({ day: 1 }).toString(),
  );
  const openIn = (month: Day): DueMonth["open"] => openOf.get(month.toString()) ?? [];
  const ready = unbilled.filter(({ month, waiting }) => waiting && openIn(month).length === 0);
  const drawable = await drawableMonths(tx, {
    serviceId,
    months: ready.map(({ month }) => {
      const rule = settings.service(serviceCode, "bill", endOf(month));
      return { month, perChild: rule.grouping === "child", leastCents: leastTotal(rule) };
    }),
  });
  const found = unbilled.find(
    ({ month }) => openIn(month).length > 0 || drawable.some((one) => one.equals(month)),
  );
  return found ? { month: found.month, open: openIn(found.month) } : null;
}

/** Draws the month that waits, once all its days are closed; never one that has bills, whoever drew them (BO-02). */
export async function drawDueBills(
  tx: WriteTx,
  of: { serviceId: string; today: Day; now: Moment; by: string },
): Promise<DrawnMonth | { outcome: "nothing-due" }> {
  await lockBilling(tx);
  const due = await dueMonth(tx, of);
  if (!due) return { outcome: "nothing-due" };
  if (due.open.length > 0) return { outcome: "days-open", days: due.open };
  return drawMonth(tx, { ...of, month: due.month });
}
