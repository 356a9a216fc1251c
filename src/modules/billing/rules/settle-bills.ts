// SPDX-License-Identifier: EUPL-1.2
import type { Cents } from "#kernel/money.ts";

export interface OpenBill {
  id: string;
  totalCents: Cents;
  /** which payments may settle it */
  pool: string;
}

/**
 * How much of each bill is paid: the payments of a pool settle its bills in the order given, oldest first (domain.md
 * "Payments are allocated to charges, oldest first"). What is left over stays as credit.
 */
export function settleBills(
  oldestFirst: readonly OpenBill[],
  paidInto: ReadonlyMap<string, Cents>,
): Map<string, Cents> {
  const left = new Map(paidInto);
  return new Map(
    oldestFirst.map(({ id, totalCents, pool }) => {
      const there = left.get(pool) ?? 0n;
      const paid = there < totalCents ? there : totalCents;
      left.set(pool, there - paid);
      return [id, paid];
    }),
  );
}
