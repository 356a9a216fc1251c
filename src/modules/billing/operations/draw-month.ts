// SPDX-License-Identifier: EUPL-1.2
import { serviceDays } from "#attendance";
import { mealsBetween } from "#booking";
import { type Day, daysBetween, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { drawBills, dueOn, LEAST_DAYS_TO_PAY } from "../rules/draw-bills.ts";
import { lockBilling, unbilledCharges } from "../sql/bills.ts";
import { paymentOn } from "./charge-meals.ts";
import { issueBills } from "./issue-bills.ts";

export type DrawnMonth =
  | { outcome: "drawn"; bills: number; totalCents: bigint; carriedForward: number }
  /** a bill needs all its days closed (domain.md "Payments") */
  | { outcome: "days-open"; days: { siteId: string; date: Day }[] }
  | { outcome: "month-not-over" }
  /** prepaid services have no bills: each meal lowers the account */
  | { outcome: "not-postpaid" };

/**
 * Draws up the bills of one postpaid service and month, per child or per holder, with their notices where the town can
 * be paid through pagoPA (BO-02). Repeatable.
 */
export async function drawMonth(
  tx: WriteTx,
  of: { serviceId: string; month: Day; now: Moment; today: Day; by: string },
): Promise<DrawnMonth> {
  const month = of.month.with({ day: 1 });
  const until = month.add({ months: 1 }).subtract({ days: 1 });
  if (Temporal.PlainDate.compare(of.today, until) <= 0) return { outcome: "month-not-over" };
  const payment = await paymentOn(tx, { serviceId: of.serviceId, date: until });
  if (payment.model !== "postpaid") return { outcome: "not-postpaid" };
  const open = await openDays(tx, { serviceId: of.serviceId, from: month, to: until });
  if (open.length > 0) return { outcome: "days-open", days: open };
  await lockBilling(tx);
  const rule = (await datedSettings(tx)).service(payment.serviceCode, "bill", until);
  const charges = await unbilledCharges(tx, { serviceId: of.serviceId, until });
  const { bills, carriedForward } = drawBills(charges, rule);
  const usual = dueOn(month, rule.dueDay);
  // Drawn when that day has come, it would be overdue before anybody read it.
  const due = isBefore(of.today, usual) ? usual : of.today.add({ days: LEAST_DAYS_TO_PAY });
  await issueBills(tx, { ...of, month, dueOn: due, bills, charges });
  return {
    outcome: "drawn",
    bills: bills.length,
    totalCents: bills.reduce((sum, { totalCents }) => sum + totalCents, 0n),
    carriedForward: carriedForward.length,
  };
}

/** Site days with children to serve that are not closed, up to and including `to`. */
export async function openDays(
  tx: ReadTx,
  of: { serviceId: string; from: Day; to: Day },
): Promise<{ siteId: string; date: Day }[]> {
  const closed = new Set(
    (await serviceDays(tx, of))
      .filter(({ state }) => state === "closed")
      .map(({ siteId, date }) => `${siteId}/${date.toString()}`),
  );
  const meals = await mealsBetween(tx, { ...of, serviceIds: [of.serviceId] });
  return [...daysBetween(of.from, of.to)].flatMap((date) =>
    [...new Set(meals.on(date).map(({ siteId }) => siteId))]
      .filter((siteId) => !closed.has(`${siteId}/${date.toString()}`))
      .map((siteId) => ({ siteId, date })),
  );
}
