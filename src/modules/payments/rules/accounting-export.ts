// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

/** How the town's books name what families pay for a service, on one day. */
export interface AccountingCodes {
  readonly serviceName: string;
  /** capitolo, accertamento */
  readonly budgetChapter: string;
  readonly assessment: string;
  readonly siope: string;
}

export interface AccountedRow extends AccountingCodes {
  readonly category: string;
  readonly beneficiary: string;
  readonly metadata: string;
  readonly from: Day;
  readonly to: Day;
  readonly payments: number;
  readonly grossCents: Cents;
}

/** What was paid for a service in a day. */
export interface PaidRow {
  /** null: not yet attributed to a service (in suspense) */
  readonly serviceId: string | null;
  /** day of payment or of credit at the bank */
  readonly date: Day;
  readonly category: string;
  readonly beneficiary: string;
  readonly metadata: string;
  readonly payments: number;
  readonly cents: Cents;
}

/** Money in suspense that the office credited to a family. */
export interface CreditedCase {
  readonly id: string;
  /** when it left the money in suspense, or came back to it */
  readonly date: Day;
  /** taken back: its payment was revoked later */
  readonly isUndone: boolean;
  readonly cents: Cents;
  readonly creditorCode: string;
  /** of its notice, where that is of one service only */
  readonly serviceId: string | null;
  readonly category: string;
}

/** Out of suspense, into the service of the account it was credited to (`null`: the notice's); back where undone. */
export function movesOf(one: CreditedCase, creditedTo: string | null): PaidRow[] {
  const serviceId = creditedTo ?? one.serviceId;
  if (serviceId === null) return [];
  const { date, creditorCode: beneficiary, isUndone } = one;
  const cents = isUndone ? -one.cents : one.cents;
  const payments = isUndone ? 0 : 1;
  const day = { date, beneficiary, metadata: "" };
  const category = serviceId === one.serviceId ? one.category : "";
  return [
    { ...day, serviceId: null, category: "", payments: -payments, cents: -cents },
    { ...day, serviceId, category, payments, cents },
  ];
}

/**
 * Sums days into one row per service and its codes: a code that changes within the period makes two rows, each with its
 * own days. What lies in suspense has no service.
 */
export function accountFor(
  rows: readonly PaidRow[],
  codesOf: (serviceId: string | null, date: Day) => AccountingCodes,
): AccountedRow[] {
  const sums = new Map<string, AccountedRow>();
  for (const row of rows) {
    const codes = codesOf(row.serviceId, row.date);
    const { category, beneficiary, metadata, date } = row;
    const key = JSON.stringify([row.serviceId, codes, category, beneficiary, metadata]);
    const before = sums.get(key);
    const isFirst = !before || Temporal.PlainDate.compare(date, before.from) < 0;
    const isLast = !before || Temporal.PlainDate.compare(date, before.to) > 0;
    sums.set(key, {
      ...codes,
      category,
      beneficiary,
      metadata,
      from: isFirst ? date : before.from,
      to: isLast ? date : before.to,
      payments: (before?.payments ?? 0) + row.payments,
      grossCents: (before?.grossCents ?? 0n) + row.cents,
    });
  }
  // What was in suspense and has left it within the period.
  return [...sums.values()].filter(
    ({ payments, grossCents }) => payments !== 0 || grossCents !== 0n,
  );
}
