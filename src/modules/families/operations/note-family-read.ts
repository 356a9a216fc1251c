// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { hasActed, recordAudit } from "#kernel/audit.ts";
import { type Moment, ZONE } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { holdFamilyRead } from "../sql/holders.ts";

/** The name under which the family reads it. */
export const FAMILY_READ = "families.read";

/**
 * Puts on record that somebody of the office looked at a family's pages: once for each person, family and hour, however
 * many pages that were.
 */
export async function noteFamilyRead(
  town: TenantDb,
  of: { actor: Actor; holderId: string; now: Moment },
): Promise<void> {
  const { actor, holderId, now } = of;
  const hour = now.toZonedDateTimeISO(ZONE).round({ smallestUnit: "hour", roundingMode: "floor" });
  const asked = { actorId: actor.id, action: FAMILY_READ, holderId, since: hour.toInstant() };
  if (await town.read((tx) => hasActed(tx, asked))) return;
  await town.write(async (tx) => {
    await holdFamilyRead(tx, { actorId: actor.id, holderId });
    if (await hasActed(tx, asked)) return;
    await recordAudit(tx, { actor, at: now, action: FAMILY_READ, holderId });
  });
}
