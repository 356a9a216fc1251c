// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { deleteLock, insertLock, lockAgainstClosing, lockForClosing } from "../sql/bookings.ts";

/** Closing calls this first: changes already running are waited for, later ones are refused as `day-closed`. */
export async function lockDay(
  tx: WriteTx,
  day: { serviceId: string; siteId: string; date: Day; at: Moment },
): Promise<void> {
  await lockForClosing(tx, [day.serviceId]);
  await insertLock(tx, day);
}

/** First statement of whoever writes down attendance: no day of the service closes until the transaction ends. */
export const holdDaysOpen = (tx: WriteTx, serviceId: string): Promise<void> =>
  lockAgainstClosing(tx, serviceId);

/** A closure takes bookings and charges away: meanwhile nobody books, marks or begins to close these services. */
export const holdServices = (tx: WriteTx, serviceIds: readonly string[]): Promise<void> =>
  lockForClosing(tx, serviceIds);

/** A reopened day accepts changes again, as far as its cut-offs allow. */
export async function unlockDay(
  tx: WriteTx,
  day: { serviceId: string; siteId: string; date: Day },
): Promise<void> {
  await deleteLock(tx, day);
}
