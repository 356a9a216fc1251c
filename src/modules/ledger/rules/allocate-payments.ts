// SPDX-License-Identifier: EUPL-1.2
import type { Cents } from "#kernel/money.ts";

/** One side of a transfer on one family account: above zero it came in, below zero it was charged. */
export interface Movement {
  readonly transferId: string;
  readonly amountCents: Cents;
  /** the transfer that it undoes, or that undid it: both drop out */
  readonly reversesId: string | null;
  readonly reversedById: string | null;
}

export interface Allocation {
  /** charge → the payments that cover it, in their order */
  readonly coveredBy: ReadonlyMap<string, readonly { paymentId: string; cents: Cents }[]>;
  /** charge → what nobody has paid of it yet */
  readonly openCents: ReadonlyMap<string, Cents>;
  /** payment → what of it covers nothing yet: credit */
  readonly leftCents: ReadonlyMap<string, Cents>;
}

/**
 * Which payment paid which charge: the oldest charge by the oldest money (domain.md "Payments are allocated to
 * charges, oldest first"). Derived from one account's movements in their order, never stored: a correction changes it
 * by itself. What was undone, and its undoing, count for nothing.
 */
export function allocatePayments(oldestFirst: readonly Movement[]): Allocation {
  const standing = oldestFirst.filter((one) => !one.reversesId && !one.reversedById);
  const payments = standing
    .filter(({ amountCents }) => amountCents > 0n)
    .map(({ transferId, amountCents }) => ({ id: transferId, left: amountCents }));
  const coveredBy = new Map<string, { paymentId: string; cents: Cents }[]>();
  const openCents = new Map<string, Cents>();
  let next = 0;
  for (const { transferId, amountCents } of standing) {
    if (amountCents > 0n) continue;
    let open = -amountCents;
    const covered: { paymentId: string; cents: Cents }[] = [];
    for (let payment = payments[next]; open > 0n && payment; payment = payments[next]) {
      const cents = payment.left < open ? payment.left : open;
      if (cents > 0n) covered.push({ paymentId: payment.id, cents });
      payment.left -= cents;
      open -= cents;
      if (payment.left === 0n) next += 1;
    }
    coveredBy.set(transferId, covered);
    openCents.set(transferId, open);
  }
  return { coveredBy, openCents, leftCents: new Map(payments.map(({ id, left }) => [id, left])) };
}
