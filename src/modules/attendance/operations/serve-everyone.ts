// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { putServeEveryone } from "../sql/serve-everyone.ts";

/**
 * The office's switch for a bad day: every child who is there eats, whatever is booked, and the school is not asked
 * why. What was served is charged as always; the office puts the rest right afterwards.
 */
export async function switchServeEveryone(
  tx: WriteTx,
  of: { actor: Actor; date: Day; on: boolean; now: Moment },
): Promise<void> {
  await putServeEveryone(tx, { date: of.date, on: of.on, by: of.actor.name, at: of.now });
  await recordAudit(tx, {
    actor: of.actor,
    at: of.now,
    action: of.on ? "attendance.serve-everyone-on" : "attendance.serve-everyone-off",
    details: { date: of.date.toString() },
  });
}
