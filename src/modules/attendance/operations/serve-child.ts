// SPDX-License-Identifier: EUPL-1.2
import type { WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import { lockClass } from "../sql/attendance.ts";
import { isMarkWritten } from "../sql/walk-ins.ts";
import {
  type AttendanceRequest,
  correctAttendance,
  type CorrectionResult,
} from "./mark-attendance.ts";

export type ServedChild =
  | { outcome: "served"; repeated: boolean }
  | { outcome: Exclude<CorrectionResult["outcome"], "corrected"> };

/**
 * A child of the school who is there eats, whatever the list says. The same key twice is one word, also when
 * somebody corrected it or closed the day in between: a tablet repeats what got no answer.
 */
export async function serveChild(
  tx: WriteTx,
  request: AttendanceRequest & { childId: string; idempotencyKey: string },
): Promise<ServedChild> {
  const { childId, classId, idempotencyKey } = request;
  const day = `${request.serviceId}:${request.date.toString()}`;
  const markId = idFromContent(`walk-in:${tx.tenantId}:${day}:${childId}:${idempotencyKey}`);
  // The same form twice at once: the second waits here and then finds the first one's mark.
  await lockClass(tx, classId);
  if (await isMarkWritten(tx, markId)) return { outcome: "served", repeated: true };
  const said = { status: "present", reason: "Fuori lista", markId } as const;
  const result = await correctAttendance(tx, { ...request, ...said });
  return result.outcome === "corrected" ? { outcome: "served", repeated: false } : result;
}
