// SPDX-License-Identifier: EUPL-1.2
export const DAY_STATES = ["open", "closing", "closed"] as const;
export type DayState = (typeof DAY_STATES)[number];

/** Nobody reports anything for today after that: open days close by themselves from this time on (Rome). */
export const CLOSES_AT = "15:00";

/** open → closing → closed → open (reopened). `closing` may begin again after a crash. */
const ALLOWED: Record<DayState, readonly DayState[]> = {
  open: ["closing"],
  closing: ["closing", "closed"],
  closed: ["open"],
};

export const mayMove = (from: DayState, to: DayState): boolean => ALLOWED[from].includes(to);
