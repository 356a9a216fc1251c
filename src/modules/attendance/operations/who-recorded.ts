// SPDX-License-Identifier: EUPL-1.2
import { auditRoles } from "#kernel/audit.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Recorder, recorderOf } from "../rules/recorder.ts";
import { markTimes } from "../sql/recorders.ts";

/** A recorded day: an attendance row, or what a charge keeps of it. */
export interface RecordedDay {
  childId: string;
  source: string;
  recordedBy: string;
  recordedAt: Moment;
}

/** School, office, family or nobody, for each of these days; asks only when one of them was not just presumed. */
export async function whoRecorded<Row extends RecordedDay>(
  tx: ReadTx,
  days: readonly Row[],
): Promise<Map<Row, Recorder>> {
  const roleOf = await authors(
    tx,
    days.filter(({ source }) => source !== "presumed"),
  );
  return new Map(days.map((row) => [row, recorderOf({ ...row, role: roleOf(row) })]));
}

/** Who made each mark of one child's day, by the mark. */
export async function whoMarked(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day },
): Promise<(mark: { phase: string; recordedBy: string; receivedAt: Moment }) => Recorder> {
  const { childId } = of;
  const times = await markTimes(tx, of);
  const roleOf = await authors(
    tx,
    times.map(({ recordedAt }) => ({ childId, recordedAt })),
  );
  return ({ phase, recordedBy, receivedAt }) => {
    const time = times.find((one) => one.receivedAt.equals(receivedAt));
    const role = time ? roleOf({ childId, recordedBy, recordedAt: time.recordedAt }) : null;
    return recorderOf({ source: phase, recordedBy, role });
  };
}

type Authored = Pick<RecordedDay, "childId" | "recordedBy" | "recordedAt">;

/** Corrections are on record with the role of their author; of roll calls only those of the office. */
async function authors(
  tx: ReadTx,
  of: readonly Pick<RecordedDay, "childId" | "recordedAt">[],
): Promise<(fact: Authored) => string | null> {
  if (of.length === 0) return () => null;
  const asked = of.map(({ childId, recordedAt: at }) => ({ childId, at }));
  const found = await auditRoles(tx, ["attendance.correct", "attendance.roll-call"], asked);
  return ({ childId, recordedBy, recordedAt }) =>
    found.find(
      (one) =>
        (one.childId === null ? one.name === recordedBy : one.childId === childId) &&
        one.at.equals(recordedAt),
    )?.role ?? null;
}
