// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { FamilyAccount } from "#ledger";
import type { PositionDraft } from "#payments";
import { billSubject, type ServiceWord } from "./service-word.ts";

/** What the charges of one child come to on a bill; `childId` null: what is of the whole household. */
export interface ChildPart {
  readonly childId: string | null;
  readonly amountCents: Cents;
}

/** Nothing to pay makes no notice: `null`. */
export function planBillNotice(of: {
  bill: {
    id: string;
    holderId: string;
    childId: string | null;
    serviceId: string;
    month: Day;
    dueOn: Day;
  };
  openCents: Cents;
  parts: readonly ChildPart[];
  /** which account the charges of a child went to */
  accountOf: (childId: string | null) => FamilyAccount;
  service: ServiceWord;
  /** `ottobre 2026` */
  monthName: string;
  /** the notices asked for it before that are over: a number is never used twice */
  earlierNotices: number;
}): PositionDraft | null {
  const { bill, openCents, earlierNotices } = of;
  if (openCents <= 0n) return null;
  const lines = shareOpen(of.parts, openCents).map(({ childId, amountCents }) => {
    const account = of.accountOf(childId ?? bill.childId);
    return {
      holderId: bill.holderId,
      accountChildId: account.childId ?? null,
      accountServiceId: account.serviceId ?? null,
      childId: childId ?? bill.childId,
      serviceId: bill.serviceId,
      billId: bill.id,
      amountCents,
    };
  });
  return {
    key: earlierNotices === 0 ? `bill:${bill.id}` : `bill:${bill.id}/${earlierNotices + 1}`,
    kind: "bill",
    holderId: bill.holderId,
    subject: billSubject(of.service, of.monthName),
    dueOn: bill.dueOn,
    // A bill does not end on its day: who pays late still pays it (BO-03).
    payableAfterDue: true,
    lines,
  };
}

/**
 * What is still open of a bill, child by child: its parts in their order, each as far as the open sum goes. A child in
 * credit lowers the others' parts; what no part takes is the first one's.
 */
export function shareOpen(parts: readonly ChildPart[], openCents: Cents): ChildPart[] {
  const shared: { childId: string | null; amountCents: Cents }[] = [];
  let left = openCents;
  for (const { childId, amountCents } of parts) {
    const taken = amountCents < left ? amountCents : left;
    if (taken <= 0n) continue;
    shared.push({ childId, amountCents: taken });
    left -= taken;
  }
  if (left <= 0n) return shared;
  const [first] = shared;
  if (first) first.amountCents += left;
  else shared.push({ childId: parts[0]?.childId ?? null, amountCents: left });
  return shared;
}
