// SPDX-License-Identifier: EUPL-1.2
import { announceIseeEndings } from "#billing";
import { dayOf, isMomentAfter, type Moment, momentAt } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";

/** Nobody is told at midnight what can wait until the office opens. */
const FIRST_MESSAGES_AT = "08:00";

/** once a day. `false`: it is too early, ask again. */
export async function announceIsees(town: TenantDb, now: Moment): Promise<boolean> {
  const today = dayOf(now);
  if (!isMomentAfter(now, momentAt(today, FIRST_MESSAGES_AT))) return false;
  await town.write((tx) => announceIseeEndings(tx, { today, now }));
  return true;
}
