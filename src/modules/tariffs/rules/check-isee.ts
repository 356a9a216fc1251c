// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import type { IseeKind } from "./price-facts.ts";

export interface NewIsee {
  id: string;
  childId: string;
  kind: IseeKind;
  valueCents: bigint;
  presentedOn: Day;
  validFrom: Day;
  validTo: Day;
  /** first day it counts for prices: see `iseeAppliesFrom` */
  appliesFrom: Day;
  /** who in the office set another value than the attestation's; then a reason is due */
  overriddenBy: string | null;
  reason: string | null;
}

export type IseeFault =
  | "value-out-of-range"
  | "validity-reversed"
  | "validity-too-long"
  | "presented-in-the-future"
  | "applies-outside-validity"
  | "override-without-reason"
  | "unknown-child";

/** Far above any real ISEE: a value typed in cents, or a date in the wrong cell, is refused. */
const MAX_VALUE_CENTS = 1_000_000_000n;

/**
 * What is wrong with an ISEE before it is recorded; empty = nothing. An attestation holds until 31 December
 * of the year it was presented in (DPCM 159/2013 art. 10), the ISEE corrente for months: never beyond two
 * calendar years.
 */
export function checkIsee(isee: NewIsee, today: Day): IseeFault[] {
  const faults: IseeFault[] = [];
  if (isee.valueCents < 0n || isee.valueCents > MAX_VALUE_CENTS) faults.push("value-out-of-range");
  if (isBefore(isee.validTo, isee.validFrom)) faults.push("validity-reversed");
  else if (isee.validTo.year - isee.validFrom.year > 1) faults.push("validity-too-long");
  if (isBefore(today, isee.presentedOn)) faults.push("presented-in-the-future");
  if (isBefore(isee.validTo, isee.appliesFrom)) faults.push("applies-outside-validity");
  if (isee.overriddenBy !== null && !isee.reason?.trim()) faults.push("override-without-reason");
  return faults;
}

/** When an ISEE starts to count: the town's rule (Poggibonsi: from the month after it was presented). */
export type IseeStart = "presentation-day" | "next-month" | "validity-start";

export function iseeAppliesFrom(rule: IseeStart, presentedOn: Day, validFrom: Day): Day {
  switch (rule) {
    case "presentation-day":
      return presentedOn;
    case "next-month":
      return presentedOn.add({ months: 1 }).with({ day: 1 });
    case "validity-start":
      return validFrom;
  }
}
