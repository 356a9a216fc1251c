// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";

export const WINDOW_MINUTES = 15;
const FREE_FAILURES = 5;

/**
 * After five failures in a quarter of an hour each further one makes the next attempt wait: 30 s, 60 s, 120 s… up to
 * the window. Nobody is locked out: waiting always helps (ASVS 2.2.1). `null` = may try now.
 */
export function retryAt(failures: readonly Moment[], now: Moment): Moment | null {
  const last = failures.at(-1);
  if (failures.length < FREE_FAILURES || !last) return null;
  const seconds = Math.min(WINDOW_MINUTES * 60, 30 * 2 ** (failures.length - FREE_FAILURES));
  const at = last.add({ seconds });
  return Temporal.Instant.compare(at, now) > 0 ? at : null;
}
