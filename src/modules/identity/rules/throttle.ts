// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";

export const WINDOW_MINUTES = 15;

/** How many failures in the window cost nothing, and how long the longest wait is. */
interface Patience {
  readonly free: number;
  readonly longestSeconds: number;
}

/**
 * `account`: whoever tries it from browsers that never got in; `browser`: one that did, counted by itself, so that
 * nobody else's attempts make its owner wait; `origin`: one address trying many names. A school's or a town hall's
 * people share an address: they are slowed down late and for a short time.
 */
const PATIENCE = {
  account: { free: 5, longestSeconds: WINDOW_MINUTES * 60 },
  browser: { free: 5, longestSeconds: WINDOW_MINUTES * 60 },
  origin: { free: 30, longestSeconds: 120 },
} as const satisfies Record<string, Patience>;

/**
 * After the free failures in a quarter of an hour each further one makes the next attempt wait: 30 s, 60 s, 120 s… up
 * to the longest wait. Nobody is locked out: waiting always helps (ASVS 2.2.1). `null` = may try now.
 */
export function retryAt(
  failures: readonly Moment[],
  now: Moment,
  of: keyof typeof PATIENCE = "account",
): Moment | null {
  const { free, longestSeconds } = PATIENCE[of];
  const last = failures.at(-1);
  if (failures.length < free || !last) return null;
  const seconds = Math.min(longestSeconds, 30 * 2 ** (failures.length - free));
  const at = last.add({ seconds });
  return Temporal.Instant.compare(at, now) > 0 ? at : null;
}
