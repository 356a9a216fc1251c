// SPDX-License-Identifier: EUPL-1.2
import { expectedMealBatches, freezeMoment, lockDay, unlockDay } from "#booking";
import { townCalendar } from "#calendar";
import { type Day, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { mayMove } from "../rules/day-state.ts";
import * as facts from "../sql/attendance.ts";
import { deletePresumed, isAttendanceRecorded } from "../sql/closing.ts";

export interface DayKey {
  serviceId: string;
  siteId: string;
  date: Day;
}

interface Change extends DayKey {
  by: string;
  at: Moment;
}

export type StartedClosing =
  /**
   * `isResumed`: it had begun before, and was stopped or goes on elsewhere; `reopenedAt`: when the day was opened again,
   * `null` when it never was or when that is no longer known (resumed)
   */
  | {
      outcome: "closing";
      closingNumber: number;
      isResumed: boolean;
      reopenedAt: Moment | null;
    }
  | { outcome: "already-closed" }
  /** nobody stays at this site on that day */
  | { outcome: "no-service" }
  | { outcome: "roll-call-missing"; classIds: string[] }
  /** families may still change the day until `from`: nobody pays for a meal that can still be cancelled */
  | { outcome: "too-early"; from: Moment };

/**
 * Locks a site's day: bookings no longer change and nobody marks. What is recorded then, batch by batch, is
 * `recordBatch`'s. Repeatable: after a crash the same closing goes on under the same number.
 * `acceptMissing`: in roll-call towns, close though a class sent no roll call; its children are not charged.
 */
export async function startClosing(
  tx: WriteTx,
  change: Change & { acceptMissing: boolean },
): Promise<StartedClosing> {
  await lockDay(tx, change);
  const day = await facts.serviceDayForUpdate(tx, change);
  if (day?.state === "closed") return { outcome: "already-closed" };
  if (day?.state === "closing")
    return {
      outcome: "closing",
      closingNumber: day.closingNumber,
      isResumed: true,
      reopenedAt: null,
    };
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const service = calendar.services.find(({ id }) => id === change.serviceId);
  if (!service) throw new Error("no such service");
  const siteName = calendar.sites.get(change.siteId)?.name ?? "";
  const cutoffs = settings.service(service.code, "cutoffs", change.date);
  const from = freezeMoment(cutoffs, siteName, change.date);
  if (!isMomentAfter(change.at, from)) {
    await unlockDay(tx, change);
    return { outcome: "too-early", from };
  }
  const { mode } = settings.service(service.code, "attendance", change.date);
  const presumed = mode !== "roll-call";
  const expected = await expectedClasses(tx, change, presumed);
  if (expected.size === 0 && !(await isAttendanceRecorded(tx, change))) {
    await unlockDay(tx, change);
    return { outcome: "no-service" };
  }
  if (presumed) await deletePresumed(tx, change);
  else {
    const called = new Set((await facts.rollCallsOn(tx, change)).map(({ classId }) => classId));
    const missing = [...expected].filter((id) => !called.has(id));
    if (missing.length > 0 && !change.acceptMissing) {
      await unlockDay(tx, change);
      return { outcome: "roll-call-missing", classIds: missing };
    }
  }
  const closingNumber = (day?.closingNumber ?? 0) + 1;
  await moveDay(tx, change, day?.state ?? "open", "closing", closingNumber, "");
  return {
    outcome: "closing",
    closingNumber,
    isResumed: false,
    reopenedAt: day?.changedAt ?? null,
  };
}

/** The classes in which a child stays that day; or only some of them, when it is enough to know that there are any. */
async function expectedClasses(
  tx: WriteTx,
  of: DayKey,
  isAnyEnough: boolean,
): Promise<Set<string>> {
  const expected = new Set<string>();
  for await (const meals of expectedMealBatches((work) => work(tx), of)) {
    for (const meal of meals) if (meal.day.kind === "service") expected.add(meal.classId);
    if (isAnyEnough && expected.size > 0) break;
  }
  return expected;
}

/**
 * The last step, after every meal has its charge or its place on the worklist. `false`: this closing is not the one
 * that runs; another process has ended it, and perhaps the day was opened again since.
 */
export async function finishClosing(
  tx: WriteTx,
  change: Change & { closingNumber: number },
): Promise<boolean> {
  const day = await facts.serviceDayForUpdate(tx, change);
  if (day?.state !== "closing" || day.closingNumber !== change.closingNumber) return false;
  await moveDay(tx, change, day.state, "closed", day.closingNumber, "");
  return true;
}

/** Opens a closed day again. The caller reverses its charges in the same transaction. */
export async function reopenDay(
  tx: WriteTx,
  change: Change & { reason: string },
): Promise<{ outcome: "reopened"; closingNumber: number } | { outcome: "not-closed" }> {
  const day = await facts.serviceDayForUpdate(tx, change);
  if (day?.state !== "closed") return { outcome: "not-closed" };
  await unlockDay(tx, change);
  await moveDay(tx, change, day.state, "open", day.closingNumber, change.reason);
  return { outcome: "reopened", closingNumber: day.closingNumber };
}

async function moveDay(
  tx: WriteTx,
  change: Change,
  from: "open" | "closing" | "closed",
  to: "open" | "closing" | "closed",
  closingNumber: number,
  reason: string,
): Promise<void> {
  if (!mayMove(from, to)) throw new Error(`a day cannot go from ${from} to ${to}`);
  const { serviceId, siteId, date, at: changedAt, by: changedBy } = change;
  const row = { serviceId, siteId, date, state: to, changedAt, changedBy, closingNumber, reason };
  await facts.putServiceDay(tx, row);
}
