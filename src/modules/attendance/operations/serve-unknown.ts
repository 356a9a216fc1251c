// SPDX-License-Identifier: EUPL-1.2
import type { WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import { insertUnknownWalkIns, isUnknownWalkInWritten } from "../sql/walk-ins.ts";
import { type AttendanceRequest, prepare, type Refused } from "./mark-attendance.ts";

/**
 * A child nobody finds in the list eats all the same; the office names it later. The same key twice is one
 * meal.
 */
export async function serveUnknown(
  tx: WriteTx,
  request: AttendanceRequest & { description: string; idempotencyKey: string },
): Promise<{ outcome: "served" } | Refused> {
  const id = idFromContent(`unknown-walk-in:${tx.tenantId}:${request.idempotencyKey}`);
  // What was served stays served, though the day has been closed since.
  if (await isUnknownWalkInWritten(tx, id)) return { outcome: "served" };
  const ready = await prepare(tx, request);
  if ("outcome" in ready) return ready;
  await insertUnknownWalkIns(tx, [
    {
      id,
      serviceId: request.serviceId,
      siteId: ready.siteId,
      date: request.date,
      description: request.description.trim() || "Senza nome",
      recordedBy: request.actor.name,
      recordedAt: request.now,
    },
  ]);
  return { outcome: "served" };
}
