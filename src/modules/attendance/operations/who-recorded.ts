// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Recorder, recorderOf } from "../rules/recorder.ts";
import { correctionRoles, markRoles } from "../sql/recorders.ts";

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
  const roles =
    corrected.length === 0
      ? []
      : await correctionRoles(
          tx,
          corrected.map(({ childId, recordedAt }) => ({ childId, recordedAt })),
        );
  const roleOf = (row: Row): string | null =>
    roles.find((one) => one.childId === row.childId && one.recordedAt.equals(row.recordedAt))
      ?.role ?? null;
  return new Map(days.map((row) => [row, recorderOf({ ...row, role: roleOf(row) })]));
}

/** Who made each mark of one child's day, by the mark. */
export async function whoMarked(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day },
): Promise<(mark: { phase: string; recordedBy: string; receivedAt: Moment }) => Recorder> {
  const roles = await markRoles(tx, of);
  return ({ phase, recordedBy, receivedAt }) =>
    recorderOf({
      source: phase,
      recordedBy,
      role: roles.find((one) => one.receivedAt.equals(receivedAt))?.role ?? null,
    });
}
