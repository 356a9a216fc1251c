// SPDX-License-Identifier: EUPL-1.2
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { isGivenUp, isUnderWay, payability } from "../rules/notice-state.ts";
import * as notices from "../sql/notices.ts";
import { creditsFamily, type Verdict } from "../rules/match-receipt.ts";
import {
  type CaseStanding,
  caseStandings,
  type Receipt,
  receiptsOfNotices,
} from "../sql/receipts.ts";
import { promises } from "./promised-day.ts";

/** A notice as pages show it. `standing` is one word of the page, worked out from state, day and attempts. */
export interface ShownNotice extends notices.Notice {
  standing:
    | "to-pay"
    /** pagoPA does not have it yet: payable in a moment */
    | "preparing"
    | "pending"
    | "paid"
    /** paid, and taken back by the PSP: this number cannot be paid again, what it asked for is owed again */
    | "revoked"
    | "expired"
    | "cancelled"
    | "replaced"
    | "paid-elsewhere";
  lines: notices.NoticeLine[];
  /** the payment that paid it, when it is not what was asked for: it credits nobody until the office has decided */
  other: PaymentInCase | null;
  /** every payment of it that a person has to look at, or has looked at */
  cases: PaymentInCase[];
  /** the last visit to pagoPA's pages came back without a payment */
  isGivenUp: boolean;
}

export interface PaymentInCase {
  readonly verdict: Verdict;
  readonly amountCents: Cents;
  readonly outcome: CaseOutcome;
}

/** What became of a payment that a person had to look at. */
export interface CaseOutcome {
  readonly word: "checking" | "credited" | "to-refund" | "refunded" | "revoked";
  readonly decidedAt: Moment | null;
  /** promised: the decision while it is looked at, then the money of a refund */
  readonly promisedOn: Day | null;
}

export interface NoticeDetail extends ShownNotice {
  transfers: notices.TransferRow[];
  /** `outcome` null: it credited the accounts at once */
  receipts: (Receipt & { outcome: CaseOutcome | null })[];
  events: notices.NoticeEvent[];
  /** the notices of the same position: the whole and its instalments */
  position: notices.Notice[];
}

export function standingOf(notice: notices.Notice, now: Moment): ShownNotice["standing"] {
  const today: Day = dayOf(now);
  switch (notice.state) {
    case "paid":
    case "reported":
    case "settled":
      return notice.isRevoked ? "revoked" : "paid";
    case "paid-elsewhere":
    case "replaced":
    case "cancelled":
      return notice.state;
    case "expired":
    case "issued": {
      if (isUnderWay(notice, now)) return "pending";
      const { outcome } = payability(notice, [], today);
      if (outcome === "in-preparation") return "preparing";
      return outcome === "payable" ? "to-pay" : "expired";
    }
  }
}

/** The notices of some accounts, newest first (BO-03). */
export async function noticesOf(
  tx: ReadTx,
  of: { holderIds: readonly string[]; now: Moment },
): Promise<ShownNotice[]> {
  const rows = await notices.noticesOfHolders(tx, of.holderIds);
  if (rows.length === 0) return [];
  const lines = Map.groupBy(
    await notices.linesOf(
      tx,
      rows.map(({ id }) => id),
    ),
    ({ noticeId }) => noticeId,
  );
  const shown = rows.map((row) => ({
    ...row,
    standing: standingOf(row, of.now),
    lines: lines.get(row.id) ?? [],
  }));
  const ids = shown.map(({ id }) => id);
  const received = await receiptsOfNotices(tx, ids);
  const receipts = Map.groupBy(received, ({ noticeId }) => noticeId);
  const outcomeOf = await outcomes(tx, received);
  return shown.map((notice) => ({
    ...notice,
    ...inHand(receipts.get(notice.id) ?? [], outcomeOf),
    isGivenUp: isGivenUp(notice),
  }));
}

/** What of a notice's receipts the office has in hand, or had. The first one paid; what follows are further payments. */
function inHand(
  receipts: readonly Receipt[],
  outcomeOf: (receipt: Receipt) => CaseOutcome | null,
): Pick<ShownNotice, "other" | "cases"> {
  const cases = receipts.flatMap((receipt) => {
    const outcome = outcomeOf(receipt);
    return outcome ? [{ ...receipt, outcome }] : [];
  });
  return { cases, other: cases.find(({ verdict }) => verdict === "other-amount") ?? null };
}

/** What the office decided about each receipt that credited nobody by itself. */
async function outcomes(
  tx: ReadTx,
  receipts: readonly Receipt[],
): Promise<(receipt: Receipt) => CaseOutcome | null> {
  const ids = receipts.filter(({ verdict }) => !creditsFamily(verdict)).map(({ id }) => id);
  const found = ids.length === 0 ? [] : await caseStandings(tx, ids);
  const isOpen = found.some(({ resolution }) => resolution === null);
  const promised = isOpen ? await promises(tx) : null;
  const outcomeOf = new Map(
    found.map((one): [string, CaseOutcome] => {
      const word = wordOf(one);
      const decided = word === "to-refund" ? one.refundDueOn : null;
      const promisedOn = word === "checking" && promised ? promised(dayOf(one.openedAt)) : decided;
      return [one.receiptId, { word, decidedAt: one.decidedAt, promisedOn }];
    }),
  );
  return ({ id }) => outcomeOf.get(id) ?? null;
}

const wordOf = ({ resolution, isRefunded }: CaseStanding): CaseOutcome["word"] =>
  resolution === "to-refund" && isRefunded ? "refunded" : (resolution ?? "checking");

/** Everything about one notice of these accounts; `null`: no such notice of theirs. `any`: the office looks. */
export async function noticeDetail(
  tx: ReadTx,
  of: { noticeNumber: string; holderIds: readonly string[] | "any"; now: Moment },
): Promise<NoticeDetail | null> {
  const found = await notices.noticesOfNumber(tx, of.noticeNumber);
  const row = found.find(
    ({ holderId }) => of.holderIds === "any" || of.holderIds.includes(holderId),
  );
  if (!row) return null;
  const [lines, transfers, receipts, events, position] = await Promise.all([
    notices.linesOf(tx, [row.id]),
    notices.transfersOf(tx, [row.id]),
    receiptsOfNotices(tx, [row.id]),
    notices.eventsOf(tx, row.id),
    notices.noticesOfPositions(tx, [row.positionId]),
  ]);
  const outcomeOf = await outcomes(tx, receipts);
  return {
    ...row,
    standing: standingOf(row, of.now),
    lines,
    transfers,
    ...inHand(receipts, outcomeOf),
    isGivenUp: isGivenUp(row),
    receipts: receipts.map((receipt) => ({ ...receipt, outcome: outcomeOf(receipt) })),
    events,
    position,
  };
}
