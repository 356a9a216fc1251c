// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

/** A fixed fee that stands on an account, in the order in which money covers it. */
export interface CoverableFee {
  readonly id: string;
  readonly amountCents: Cents;
  readonly date: Day;
  readonly dueOn: Day | null;
  /** a notice of its own was paid: that money is for it, whatever was due before */
  readonly isPaidByNotice: boolean;
}

/**
 * What of each fee of one account is still to pay: money covers what it was paid for, then the oldest first (domain.md
 * "Payments"), so what is owed is of the latest.
 */
export function openOfFees(
  fees: readonly CoverableFee[],
  owedCents: Cents,
): ReadonlyMap<string, Cents> {
  const open = new Map<string, Cents>();
  let rest = owedCents > 0n ? owedCents : 0n;
  for (const { id, amountCents } of fees.toSorted(byCover).reverse()) {
    const own = rest < amountCents ? rest : amountCents;
    open.set(id, own);
    rest -= own;
  }
  return open;
}

const byCover = (a: CoverableFee, b: CoverableFee): number =>
  Number(b.isPaidByNotice) - Number(a.isPaidByNotice) ||
  Temporal.PlainDate.compare(a.dueOn ?? a.date, b.dueOn ?? b.date) ||
  Temporal.PlainDate.compare(a.date, b.date);
