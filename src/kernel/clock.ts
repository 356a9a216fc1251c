// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "./dates.ts";

/** The only place that asks the machine for the time; everyone else gets a moment as an argument. */
export interface Clock {
  now(): Moment;
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** Demo mode: a clock that starts at `start` and runs on from there. */
export function clockStartingAt(start: Moment): Clock {
  const offset = Temporal.Now.instant().until(start);
  return { now: () => Temporal.Now.instant().add(offset) };
}
