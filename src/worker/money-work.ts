// SPDX-License-Identifier: EUPL-1.2
import {
  announceIseeEndings,
  drawDueBills,
  feePeriodsDue,
  makeFirstNotices,
  postFees,
  remindAutomatically,
} from "#billing";
import { type Service, townCalendar } from "#calendar";
import { dayOf, isMomentAfter, type Moment, momentAt } from "#kernel/dates.ts";
import type { ReadTx, TenantDb } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";

/** Nobody is told at midnight what can wait until the office opens. */
const FIRST_MESSAGES_AT = "08:00";

export const isMorning = (now: Moment): boolean =>
  isMomentAfter(now, momentAt(dayOf(now), FIRST_MESSAGES_AT));

/** once a day, not before the morning. */
export async function announceIsees(town: TenantDb, now: Moment): Promise<boolean> {
  await town.write((tx) => announceIseeEndings(tx, { today: dayOf(now), now }));
  return true;
}

/** Services whose bills and fees the town wants made by themselves (`billing.automatic`). */
export async function automaticServices(tx: ReadTx, now: Moment): Promise<Service[]> {
  const { services } = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const today = dayOf(now);
  return services.filter(
    ({ code }) => settings.maybeService(code, "billing", today)?.automatic === true,
  );
}

/** Where the town lets reminders go by themselves; once a day is enough, the rule keeps them apart. */
export async function remindUnpaid(town: TenantDb, now: Moment): Promise<boolean> {
  await town.write((tx) => remindAutomatically(tx, now));
  return true;
}

/**
 * The fixed fees of the periods that have begun, the bills of the month that is over and closed (BO-02, OS-01), the first
 * notices of children who begin (BI-08).
 */
export async function makeBills(
  town: TenantDb,
  { id: serviceId, code }: Service,
  of: { now: Moment; by: string },
): Promise<boolean> {
  const today = dayOf(of.now);
  const periods = await town.read(async (tx) => {
    const payment = (await datedSettings(tx)).maybeService(code, "payment", today);
    return payment?.model === "fixed-fee" ? feePeriodsDue(tx, { serviceId, today }) : [];
  });
  // One transaction per period: a handful in a school year.
  for (const period of periods)
    await town.write((tx) => postFees(tx, { serviceId, period, today, now: of.now }));
  await town.write((tx) => drawDueBills(tx, { ...of, serviceId, today }));
  await town.write((tx) => makeFirstNotices(tx, { ...of, serviceId, date: today, onlyNew: true }));
  return true;
}
