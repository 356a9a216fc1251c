// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";

/**
 * A top-up is a choice, not a debt: begun on line and never paid, it ends after a week. pagoPA tells of a payment within
 * 48 hours; the rest is for whoever takes it up again.
 */
const ONLINE_DAYS = 7;
/** A notice that somebody made to pay it elsewhere waits two months: it may lie in a drawer. */
export const ELSEWHERE_DAYS = 60;

/** The last day on which a top-up's notice can be paid. */
export const topUpEndsOn = (madeOn: Day, how: "online" | "elsewhere"): Day =>
  madeOn.add({ days: how === "online" ? ONLINE_DAYS : ELSEWHERE_DAYS });
