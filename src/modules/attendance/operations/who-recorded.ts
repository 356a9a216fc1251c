// SPDX-License-Identifier: EUPL-1.2
import { auditRoles } from "#kernel/audit.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Recorder, recorderOf } from "../rules/recorder.ts";
import { correctionTimes } from "../sql/recorders.ts";

/** A recorded day: an attendance row, or what a charge keeps of it. */
export interface RecordedDay {
  childId: string;
  source: string;
  recordedBy: string;
  recordedAt: Moment;
}

/** School, office, family or nobody, for each of these days; asks only when one of them was corrected. */
export async function whoRecorded<Row extends RecordedDay>(
  tx: ReadTx,
  days: readonly Row[],
): Promise<Map<Row, Recorder>> {
  const corrected = days.filter(({ source }) => source === "correction");
  const roles = await correctorsOf(tx, corrected);
  const roleOf = (row: Row): string | null =>
    roles.find(({ childId, at }) => childId === row.childId && at.equals(row.recordedAt))?.role ??
    null;
  return new Map(days.map((row) => [row, recorderOf({ ...row, role: roleOf(row) })]));
}

/** Who made each mark of one child's day, by the mark. */
export async function whoMarked(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day },
): Promise<(mark: { phase: string; recordedBy: string; receivedAt: Moment }) => Recorder> {
  const { childId } = of;
  const times = await correctionTimes(tx, of);
  const roles = await correctorsOf(
    tx,
    times.map(({ recordedAt }) => ({ childId, recordedAt })),
  );
  const roleAt = (receivedAt: Moment): string | null => {
    const time = times.find((one) => one.receivedAt.equals(receivedAt));
    return roles.find(({ at }) => time && at.equals(time.recordedAt))?.role ?? null;
  };
  return ({ phase, recordedBy, receivedAt }) =>
    recorderOf({ source: phase, recordedBy, role: roleAt(receivedAt) });
}

/** A correction is on record with the role of its author (`correctAttendance`). */
async function correctorsOf(
  tx: ReadTx,
  of: readonly { childId: string; recordedAt: Moment }[],
): Promise<{ childId: string; at: Moment; role: string }[]> {
  if (of.length === 0) return [];
  const corrections = of.map(({ childId, recordedAt: at }) => ({ childId, at }));
  return auditRoles(tx, "attendance.correct", corrections);
}
