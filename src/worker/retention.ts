// SPDX-License-Identifier: EUPL-1.2
/** Personal data that has served its purpose goes by itself, batch by batch: nobody waits for all of it. */
import { forgetSecurityEvents } from "#identity";
import { systemClock } from "#kernel/clock.ts";
import { dayOf, type Moment, momentAt } from "#kernel/dates.ts";
import type { Database, TenantDb } from "#kernel/db/index.ts";
import { emptySentEmails } from "#messaging";
import { forgetForeignReceipts, forgetRawReceipts } from "#payments";
import { datedSettings } from "#tenancy";

/** Receipts of somebody else's notices: until a wrong segregation code would have been noticed. */
const KEEP_FOREIGN_DAYS = 90;
const BATCH = 500;

const daysBefore = (now: Moment, days: number): Moment => now.subtract({ hours: 24 * days });

/** A town's: as its setting `retention` says. `false`: interrupted. */
export async function forgetOld(
  town: TenantDb,
  of: { now: Moment; isStopping: () => boolean },
): Promise<boolean> {
  const { now, isStopping } = of;
  const today = dayOf(now);
  const keep = (await town.read(datedSettings)).town("retention", today);
  const receiptsBefore = momentAt(today.subtract({ months: keep.receiptXmlMonths }), "00:00");
  const emailsBefore = daysBefore(now, keep.emailTextDays);
  return (
    (await inBatches(isStopping, (limit) =>
      town.write((tx) => forgetRawReceipts(tx, { before: receiptsBefore, limit })),
    )) &&
    (await inBatches(isStopping, (limit) =>
      town.write((tx) => emptySentEmails(tx, { before: emailsBefore, limit })),
    )) &&
    (await sealBySeal(isStopping, () =>
      town.write((tx) =>
        // Seals bear the system's time, whatever a demonstration's clock shows.
        forgetSecurityEvents(tx, {
          keepMonths: keep.securityEventMonths,
          wallNow: systemClock.now(),
        }),
      ),
    ))
  );
}

async function sealBySeal(
  isStopping: () => boolean,
  work: () => Promise<number>,
): Promise<boolean> {
  while (!isStopping()) if ((await work()) === 0) return true;
  return false;
}

/** What came for other creditors' notices belongs to no town. */
export function forgetForeign(
  db: Database,
  of: { now: Moment; isStopping: () => boolean },
): Promise<boolean> {
  const before = daysBefore(of.now, KEEP_FOREIGN_DAYS);
  return inBatches(of.isStopping, (limit) =>
    db.platform((tx) => forgetForeignReceipts(tx, { before, limit })),
  );
}

async function inBatches(
  isStopping: () => boolean,
  work: (limit: number) => Promise<number>,
): Promise<boolean> {
  while (!isStopping()) if ((await work(BATCH)) < BATCH) return true;
  return false;
}
