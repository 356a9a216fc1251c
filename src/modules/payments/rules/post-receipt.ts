// SPDX-License-Identifier: EUPL-1.2
import { type Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { Transfer } from "#ledger";
import { creditsFamily, type Verdict } from "./match-receipt.ts";

export interface PostableLine {
  line: number;
  holderId: string;
  accountChildId: string | null;
  accountServiceId: string | null;
  childId: string | null;
  serviceId: string;
  amountCents: Cents;
  transfer: number;
}

/**
 * The ledger's entries for one receipt: one per line when it credits the family, else all of it into suspense. The money
 * is the town's to expect from pagoPA, but for transfers to another institution, which collects them itself.
 */
export function postReceipt(of: {
  /** of `payment_receipt`: the same receipt always makes the same keys */
  id: string;
  receiptId: string;
  noticeNumber: string;
  verdict: Verdict;
  amountCents: Cents;
  paidOn: Day;
  lines: readonly PostableLine[];
  /** of a receipt in suspense: what the receipt says went to other institutions */
  othersCents: Cents;
  /** transfer number → does it go to another institution? */
  collectedByOthers: ReadonlySet<number>;
}): Transfer[] {
  const { id, receiptId, noticeNumber, paidOn } = of;
  const reference = { method: "pagopa", noticeNumber, receiptId };
  if (!creditsFamily(of.verdict)) {
    const { othersCents } = of;
    const parts = [
      { key: "suspense", from: "pagopa-clearing" as const, cents: of.amountCents - othersCents },
      { key: "suspense-others", from: "collected-by-others" as const, cents: othersCents },
    ];
    return parts
      .filter(({ cents }) => cents > 0n)
      .map(({ key, from, cents }) => ({
        key: `pagopa-receipt:${id}:${key}`,
        debit: { kind: from },
        credit: { kind: "suspense" },
        amountCents: cents,
        kind: "suspense",
        happenedOn: paidOn,
        reference,
      }));
  }
  return of.lines.map((line) => ({
    key: `pagopa-receipt:${id}:${line.line}`,
    debit: {
      kind: of.collectedByOthers.has(line.transfer) ? "collected-by-others" : "pagopa-clearing",
    },
    credit: {
      kind: "family",
      holderId: line.holderId,
      childId: line.accountChildId,
      serviceId: line.accountServiceId,
    },
    amountCents: line.amountCents,
    kind: "credit",
    happenedOn: paidOn,
    reference: { ...reference, childId: line.childId, serviceId: line.serviceId },
  }));
}
