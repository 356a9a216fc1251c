// SPDX-License-Identifier: EUPL-1.2
import { type Recorder, whoRecorded } from "#attendance";
import type { Charge } from "#billing";
import type { ReadTx } from "#kernel/db/index.ts";

/** School, office, family or nobody: who recorded the presence that a charge is of. `null`: it is of none. */
export async function chargeRecorder(tx: ReadTx, charge: Charge): Promise<Recorder> {
  const { childId, attendanceSource, attendanceBy, attendanceAt } = charge;
  if (!childId || !attendanceSource || !attendanceAt) return null;
  const recordedBy = attendanceBy ?? "";
  const recorded = { childId, source: attendanceSource, recordedBy, recordedAt: attendanceAt };
  return (await whoRecorded(tx, [recorded])).get(recorded) ?? null;
}
