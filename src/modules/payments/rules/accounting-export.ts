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

/**
 * Sums days into one row per service and its codes: a code that changes within the period makes two rows, each with its
 * own days. What lies in suspense has no service.
 */
export function accountFor(
  rows: readonly {
    serviceId: string | null;
    date: Day;
    category: string;
    beneficiary: string;
    metadata: string;
    payments: number;
    cents: Cents;
  }[],
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
  return [...sums.values()];
}
