// SPDX-License-Identifier: EUPL-1.2
import { type BareMeal, expectedMealBatches } from "#booking";
import { townCalendar } from "#calendar";
import { batches } from "#kernel/batches.ts";
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { ReadTx, TenantDb, WriteTx } from "#kernel/db/index.ts";
import { datedSettings } from "#tenancy";
import { isSuperseded, presumedAttendance } from "../rules/decide-attendance.ts";
import { FAMILY_SIGNS } from "../rules/recorder.ts";
import * as facts from "../sql/attendance.ts";
import { insertPresumed } from "../sql/closing.ts";
import type { DayKey } from "./close-day.ts";

/** Some children of a day that is closing, and of whom among them closing may presume something. */
export interface ClosingBatch {
  readonly meals: readonly BareMeal[];
  readonly isPresumed: (meal: BareMeal) => boolean;
}

/** Everybody expected at a site on a day that is closing, at most `size` at a time; each batch is read by itself. */
export async function* closingBatches(
  town: TenantDb,
  of: DayKey & { size: number },
): AsyncGenerator<ClosingBatch> {
  const isPresumed = await town.read((tx) => presumer(tx, of));
  for await (const meals of expectedMealBatches((work) => town.read(work), of)) {
    const served = meals.filter(({ day }) => day.kind === "service");
    for (const batch of batches(served, of.size)) yield { meals: batch, isPresumed };
  }
}

/**
 * Where nobody calls the roll, everybody is presumed to have eaten what was ordered. Where the school does, a family
 * may decide, in time, after the school has spoken: then its word is the only one.
 */
async function presumer(tx: ReadTx, of: DayKey): Promise<(meal: BareMeal) => boolean> {
  const service = (await townCalendar(tx)).services.find(({ id }) => id === of.serviceId);
  if (!service) throw new Error("no such service");
  const { mode } = (await datedSettings(tx)).service(service.code, "attendance", of.date);
  if (mode !== "roll-call") return () => true;
  const calls = Map.groupBy(await facts.rollCallsOn(tx, of), ({ classId }) => classId);
  return ({ classId, decidedAt }) => {
    const ofClass = calls.get(classId) ?? [];
    return (
      decidedAt !== null &&
      ofClass.length > 0 &&
      ofClass.every(
        ({ receivedAt, phase }) => phase === "morning" && isMomentAfter(decidedAt, receivedAt),
      )
    );
  };
}

export interface RecordedBatch {
  /** meals of this batch to be paid here */
  readonly billable: readonly facts.AttendanceRow[];
  /** was nothing at all known about these children and this day before this transaction? */
  readonly isNew: boolean;
}

/**
 * Writes down whom nobody marked, as presumed; a family's later word replaces a morning mark. What an earlier attempt
 * of this closing has written stands. Of two closings at once the second waits here for the first.
 */
export async function recordBatch(
  tx: WriteTx,
  change: DayKey & { at: Moment },
  batch: ClosingBatch,
): Promise<RecordedBatch> {
  const { meals, isPresumed } = batch;
  const presumed = meals.filter(isPresumed).map((meal) => toPresumed(meal, change.at));
  const inserted = await insertPresumed(tx, change, presumed);
  if (inserted === meals.length)
    return { billable: presumed.filter(({ billable }) => billable), isNew: true };
  const childIds = meals.map(({ childId }) => childId);
  const { serviceId, siteId, date } = change;
  const known = (await facts.attendanceOfChildren(tx, { childIds, from: date, to: date })).filter(
    (row) => row.serviceId === serviceId,
  );
  const rows = new Map<string, facts.AttendanceRow>(known.map((row) => [row.childId, row]));
  const replaced = meals.flatMap((meal) =>
    replacementOf(batch, meal, rows.get(meal.childId), toPresumed(meal, change.at)),
  );
  await facts.saveAttendance(tx, change, replaced);
  for (const row of replaced) rows.set(row.childId, row);
  const billable = [...rows.values()].filter((row) => row.billable && row.siteId === siteId);
  return { billable, isNew: false };
}

const toPresumed = (
  { childId, siteId, classId, state }: BareMeal,
  recordedAt: Moment,
): facts.AttendanceRow => ({
  childId,
  siteId,
  classId,
  walkIn: false,
  source: "presumed",
  recordedBy: "calendario",
  recordedAt,
  ...presumedAttendance(state),
});

function replacementOf(
  { isPresumed }: ClosingBatch,
  meal: BareMeal,
  known: facts.AttendanceRow | undefined,
  presumed: facts.AttendanceRow,
): facts.AttendanceRow[] {
  if (!known) return [];
  if (known.siteId === meal.siteId)
    return isSuperseded(meal, known)
      ? [{ ...presumed, source: "morning", recordedBy: FAMILY_SIGNS }]
      : [];
  // Another school had counted on a child that has come here since.
  return known.source === "presumed" && isPresumed(meal) ? [presumed] : [];
}
