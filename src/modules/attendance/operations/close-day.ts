// SPDX-License-Identifier: EUPL-1.2
import { type ExpectedMeal, expectedMealBatches, freezeMoment, lockDay, unlockDay } from "#booking";
import { townCalendar } from "#calendar";
import { type Day, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { mayMove } from "../rules/day-state.ts";
import { isSuperseded, presumedAttendance } from "../rules/decide-attendance.ts";
import { FAMILY_SIGNS } from "../rules/recorder.ts";
import * as facts from "../sql/attendance.ts";

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
  | { outcome: "closing"; closingNumber: number }
  | { outcome: "already-closed" }
  /** nobody stays at this site on that day */
  | { outcome: "no-service" }
  | { outcome: "roll-call-missing"; classIds: string[] }
  /** families may still change the day until `from`: nobody pays for a meal that can still be cancelled */
  | { outcome: "too-early"; from: Moment };

/**
 * Locks a site's day: bookings no longer change, and everybody's attendance is written down, presumed where nobody
 * said anything. Repeatable: after a crash the same closing goes on under the same number.
 * `acceptMissing`: in roll-call towns, close though a class sent no roll call; its children are not charged.
 */
export async function startClosing(
  tx: WriteTx,
  change: Change & { acceptMissing: boolean },
): Promise<StartedClosing> {
  await lockDay(tx, change);
  const day = await facts.serviceDayForUpdate(tx, change);
  if (day?.state === "closed") return { outcome: "already-closed" };
  if (day?.state === "closing") return { outcome: "closing", closingNumber: day.closingNumber };
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
  const wasRecorded = await facts.isAttendanceRecorded(tx, change);
  if (presumed) await facts.deletePresumed(tx, change);
  const marks = new Map((await facts.attendanceOn(tx, change)).map((row) => [row.childId, row]));
  const calls = await facts.rollCallsOn(tx, change);
  const isUnsaid = presumed ? () => true : decidedAfterRollCall(calls);
  const seen = new Set<string>();
  const expected = new Set<string>();
  for await (const batch of expectedMealBatches(tx, change)) {
    const meals = batch.filter(({ day: on }) => on.kind === "service");
    for (const { classId } of meals) expected.add(classId);
    // A child enrolled twice by mistake eats once; the mistake is on the office's list.
    const once = meals.filter(({ childId }) => !seen.has(childId) && seen.add(childId));
    await facts.saveAttendance(tx, change, toAttendance(once, marks, isUnsaid, change.at));
  }
  if (expected.size === 0 && !wasRecorded) {
    await unlockDay(tx, change);
    return { outcome: "no-service" };
  }
  if (!presumed) {
    const called = new Set(calls.map(({ classId }) => classId));
    const missing = [...expected].filter((id) => !called.has(id));
    if (missing.length > 0 && !change.acceptMissing) {
      await unlockDay(tx, change);
      return { outcome: "roll-call-missing", classIds: missing };
    }
  }
  const closingNumber = (day?.closingNumber ?? 0) + 1;
  await moveDay(tx, change, day?.state ?? "open", "closing", closingNumber, "");
  return { outcome: "closing", closingNumber };
}

/** In roll-call towns a family may decide, in time, after the school has spoken: then its word is the only one. */
function decidedAfterRollCall(calls: readonly facts.RollCall[]): (meal: ExpectedMeal) => boolean {
  return ({ classId, decidedAt }) => {
    const ofClass = calls.filter((call) => call.classId === classId);
    return (
      decidedAt !== null &&
      ofClass.length > 0 &&
      ofClass.every(
        ({ receivedAt, phase }) => phase === "morning" && isMomentAfter(decidedAt, receivedAt),
      )
    );
  };
}

/** What closing itself writes: who was not marked is presumed, and a family's later word replaces a morning mark. */
function toAttendance(
  meals: readonly ExpectedMeal[],
  marks: ReadonlyMap<string, facts.AttendanceRow>,
  isUnsaid: (meal: ExpectedMeal) => boolean,
  recordedAt: Moment,
): facts.AttendanceRow[] {
  return meals.flatMap((meal) => {
    const { childId, siteId, classId, state } = meal;
    const mark = marks.get(childId);
    const replaces = mark !== undefined && isSuperseded(meal, mark);
    if (!replaces && (mark || !isUnsaid(meal))) return [];
    return [
      {
        childId,
        siteId,
        classId,
        walkIn: false,
        source: replaces ? ("morning" as const) : ("presumed" as const),
        recordedBy: replaces ? FAMILY_SIGNS : "calendario",
        recordedAt,
        ...presumedAttendance(state),
      },
    ];
  });
}

/** The last step, after every meal has its charge or its place on the worklist. */
export async function finishClosing(tx: WriteTx, change: Change): Promise<void> {
  const day = await facts.serviceDayForUpdate(tx, change);
  if (!day || day.state === "closed") return;
  await moveDay(tx, change, day.state, "closed", day.closingNumber, "");
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
