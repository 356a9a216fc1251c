// SPDX-License-Identifier: EUPL-1.2
import { type Day, isWithin, sameDay } from "#kernel/dates.ts";

/** A dated part of a child's charges; `serviceId: null` = every service without shares of its own. */
export interface DatedShare {
  readonly serviceId: string | null;
  readonly holderId: string;
  readonly basisPoints: number;
  readonly from: Day;
  readonly to: Day | null;
}

export interface Payer {
  readonly holderId: string;
  readonly basisPoints: number;
}

const WHOLE = 10_000;

/**
 * The payers of one child and service on a day, in the order of their shares: the service's own shares come before the
 * general ones; without any, or if they do not make a whole, the account holder pays all. Empty = nobody known.
 */
export function choosePayers(
  shares: readonly DatedShare[],
  of: { serviceId: string; date: Day; holderId: string | null },
): Payer[] {
  const inForce = shares.filter((share) => isWithin(of.date, share.from, share.to));
  const own = inForce.filter((share) => share.serviceId === of.serviceId);
  const chosen = own.length > 0 ? own : inForce.filter((share) => share.serviceId === null);
  if (sumOf(chosen) === WHOLE) {
    return chosen.map(({ holderId, basisPoints }) => ({ holderId, basisPoints }));
  }
  return of.holderId === null ? [] : [{ holderId: of.holderId, basisPoints: WHOLE }];
}

const sumOf = (shares: readonly DatedShare[]): number =>
  shares.reduce((sum, share) => sum + share.basisPoints, 0);

export type CheckedShares =
  | { outcome: "ok" }
  /** the first day on which the parts do not make a whole */
  | { outcome: "not-whole"; date: Day; basisPoints: number }
  | { outcome: "same-holder-twice"; date: Day };

/** One child's shares of one service (or of all): on each day that any covers, they sum to 10,000. */
export function checkShares(shares: readonly DatedShare[]): CheckedShares {
  // Sums change only where a share starts or the day after it ends.
  const turns = shares.flatMap((share) => [
    share.from,
    ...(share.to ? [share.to.add({ days: 1 })] : []),
  ]);
  const days = turns
    .toSorted((a, b) => Temporal.PlainDate.compare(a, b))
    .filter((date, index, all) => index === 0 || !sameDay(date, all[index - 1] ?? date));
  for (const date of days) {
    const inForce = shares.filter((share) => isWithin(date, share.from, share.to));
    const basisPoints = sumOf(inForce);
    if (inForce.length > 0 && basisPoints !== WHOLE)
      return { outcome: "not-whole", date, basisPoints };
    if (new Set(inForce.map((share) => share.holderId)).size < inForce.length) {
      return { outcome: "same-holder-twice", date };
    }
  }
  return { outcome: "ok" };
}
