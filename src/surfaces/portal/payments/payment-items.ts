// SPDX-License-Identifier: EUPL-1.2
/** Bills and notices as one list: a bill and the notice that asks for it are one thing to pay (BO-03). */
import type { Bill } from "#billing";
import { type Day, dayOf } from "#kernel/dates.ts";
import type { ShownNotice } from "#payments";
import { isToPay } from "./account-lines.ts";
import type { FamilyFee } from "./family-fees.ts";
import { shownCents } from "./notice-state.ts";

export interface PaymentItem {
  bill: Bill | null;
  /** that asks for it; `null`: a bill of a town that makes no notices, or of before it did */
  notice: ShownNotice | null;
  /** what is asked for now */
  cents: bigint;
  dueOn: Day | null;
  /** the day it is sorted by: made, or paid */
  on: Day;
  standing: "to-pay" | "pending" | "closed";
}

const OVER = new Set<ShownNotice["standing"]>(["cancelled", "replaced", "expired", "revoked"]);

/** Paid with another sum, and the office has said where that goes: what is left is owed anew. */
export const isDecided = ({ other }: Pick<ShownNotice, "other">): boolean =>
  other !== null && other.outcome.decidedAt !== null;

/** A top-up that nobody is paying this moment is a choice that can be taken up again: nothing is owed. */
const isUnfinished = ({ kind, standing }: ShownNotice): boolean =>
  kind === "top-up" && (standing === "to-pay" || standing === "preparing");

/**
 * Open ones by due day, the undated last; top-ups that were not paid, newest first; then what is over, newest first.
 */
export function paymentItems(
  bills: readonly Bill[],
  all: readonly ShownNotice[],
  fees: readonly FamilyFee[] = [],
): { open: PaymentItem[]; topUps: ShownNotice[]; closed: PaymentItem[] } {
  // A fee that is shown tells of its own notice, paid or not.
  const ofFees = new Set(fees.map(({ notice }) => notice?.id));
  const topUps = all.filter(isUnfinished);
  const notices = all.filter((one) => !ofFees.has(one.id) && !isUnfinished(one));
  const stillToPay = new Set(bills.filter(isToPay).map(({ id }) => id));
  const isOver = (notice: ShownNotice): boolean =>
    OVER.has(notice.standing) ||
    (isDecided(notice) && notice.lines.some(({ billId }) => billId && stillToPay.has(billId)));
  const live = notices.filter((notice) => !isOver(notice));
  const wholes = new Set(
    live.filter(({ instalment }) => instalment === null).map(({ positionId }) => positionId),
  );
  const billsOf = (notice: ShownNotice): string[] =>
    notice.lines.flatMap(({ billId }) => billId ?? []);
  const shownBills = new Set(bills.map(({ id }) => id));
  const inInstalments = new Set(
    live
      .filter(({ instalment, positionId }) => instalment !== null && !wholes.has(positionId))
      .flatMap(billsOf),
  );
  /** By the whole that it is a part of, or by its bill. */
  const isTold = (notice: ShownNotice): boolean =>
    notice.instalment === null
      ? !isOver(notice) && billsOf(notice).some((id) => shownBills.has(id))
      : wholes.has(notice.positionId);
  const items = [
    ...bills
      .filter((bill) => !(isToPay(bill) && inInstalments.has(bill.id)))
      .map((bill) =>
        billItem(
          bill,
          live.find((notice) => notice.instalment === null && billsOf(notice).includes(bill.id)) ??
            null,
        ),
      ),
    ...notices.filter((notice) => !isTold(notice)).map(noticeItem),
  ];
  return {
    topUps,
    open: items.filter(({ standing }) => standing !== "closed").toSorted(byDueDay),
    closed: items
      .filter(({ standing }) => standing === "closed")
      .toSorted((a, b) => Temporal.PlainDate.compare(b.on, a.on)),
  };
}

function billItem(bill: Bill, notice: ShownNotice | null): PaymentItem {
  const isOpen = isToPay(bill) && notice?.standing !== "paid";
  return {
    bill,
    notice,
    cents: isOpen
      ? bill.totalCents - bill.paidCents
      : (notice?.other?.amountCents ?? bill.totalCents),
    dueOn: bill.dueOn,
    on: notice?.standing === "paid" ? dayOf(notice.stateAt) : dayOf(bill.drawnAt),
    standing: !isOpen ? "closed" : notice?.standing === "pending" ? "pending" : "to-pay",
  };
}

function noticeItem(notice: ShownNotice): PaymentItem {
  const { standing } = notice;
  const isOpen = standing === "to-pay" || standing === "preparing";
  return {
    bill: null,
    notice,
    cents: shownCents(notice),
    dueOn: notice.dueOn,
    on: dayOf(notice.stateAt),
    standing: standing === "pending" ? "pending" : isOpen ? "to-pay" : "closed",
  };
}

function byDueDay(a: PaymentItem, b: PaymentItem): number {
  if (a.dueOn && b.dueOn) return Temporal.PlainDate.compare(a.dueOn, b.dueOn);
  if (a.dueOn || b.dueOn) return a.dueOn ? -1 : 1;
  return Temporal.PlainDate.compare(b.on, a.on);
}

/** The name of an item in the address of a cart. */
export const cartPart = ({ bill, notice }: PaymentItem): [name: string, value: string] =>
  notice ? ["avviso", notice.noticeNumber] : ["conto", bill!.number];
