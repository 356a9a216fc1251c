// SPDX-License-Identifier: EUPL-1.2
import { segregationOf } from "./notice-number.ts";

/**
 * Whose notice it is: creditor and segregation code name one station in use, and the retired ones before it. The one in
 * use first; null: none of ours.
 */
export function stationFor<
  Station extends {
    creditorFiscalCode: string;
    segregationCode: string;
    retiredAt: unknown;
  },
>(all: readonly Station[], of: { fiscalCode: string; noticeNumber: string }): Station | null {
  const segregation = segregationOf(of.noticeNumber);
  const candidates = all.filter(
    ({ creditorFiscalCode, segregationCode }) =>
      creditorFiscalCode === of.fiscalCode && segregationCode === segregation,
  );
  return candidates.find(({ retiredAt }) => retiredAt === null) ?? candidates[0] ?? null;
}
