// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { LedgerMovement } from "./year-payments.ts";

/** An account between two days. Positive = credit of the family, negative = owed. */
export interface PeriodStatement {
  /** before the first day */
  readonly openingCents: Cents;
  /** below zero: all that was charged */
  readonly chargedCents: Cents;
  /** above zero: all that came in or was taken back */
  readonly paidCents: Cents;
  /** at the end of the last day */
  readonly closingCents: Cents;
  readonly lines: readonly (LedgerMovement & { readonly balanceCents: Cents })[];
}

/** `oldestFirst`: every movement there is. Both days are included. */
export function periodStatement(
  oldestFirst: readonly LedgerMovement[],
  { from, to }: { readonly from: Day; readonly to: Day },
): PeriodStatement {
  const sum = (cents: readonly Cents[]): Cents => cents.reduce((all, one) => all + one, 0n);
  const before = oldestFirst.filter(({ happenedOn }) => isBefore(happenedOn, from));
  const within = oldestFirst.filter(
    ({ happenedOn }) => !isBefore(happenedOn, from) && !isBefore(to, happenedOn),
  );
  const openingCents = sum(before.map(({ amountCents }) => amountCents));
  let balanceCents = openingCents;
  const lines = within.map((row) => {
    balanceCents += row.amountCents;
    return { ...row, balanceCents };
  });
  const amounts = within.map(({ amountCents }) => amountCents);
  return {
    openingCents,
    chargedCents: sum(amounts.filter((cents) => cents < 0n)),
    paidCents: sum(amounts.filter((cents) => cents > 0n)),
    closingCents: balanceCents,
    lines,
  };
}
