// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";

/**
 * The treasury often tells of a transfer before its flow is here: PSPs send flows within two working days, which
 * holidays stretch. So long a movement waits for its flow; then somebody must say what it is.
 */
export const FLOW_AWAITED_DAYS = 7;

/**
 * The last day on which a movement still waits for its flow; null: its causale names none (as `isAwaited` of
 * `sql/bank-movements.ts` judges), so nothing that comes would explain it.
 */
export const flowAwaitedUntil = (of: { movedOn: Day; causale: string }): Day | null =>
  /\/URI\/./i.test(of.causale.replaceAll(/\s+/g, ""))
    ? of.movedOn.add({ days: FLOW_AWAITED_DAYS })
    : null;

/** Movements of this day and later still wait for their flow. */
export const flowAwaitedFrom = (today: Day): Day => today.subtract({ days: FLOW_AWAITED_DAYS });
