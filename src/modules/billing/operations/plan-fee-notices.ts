// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import { isPending, type ShownNotice } from "#payments";
import type { FeePeriod, PricedFee } from "#tariffs";
import type { NewFee } from "../rules/draw-fees.ts";
import { openOfFees } from "../rules/open-fees.ts";
import type { Charge } from "../sql/charges.ts";
import type { AccountFee, FeeAccounts } from "./fee-accounts.ts";

/** What becomes of what asks for a fee. */
export interface NoticeChange {
  old: ShownNotice[];
  holderId: string;
  /** what it asked for; null: nothing asked */
  formerId: string | null;
  /** what is asked for instead, maybe the same with another sum; null: nothing is left to ask */
  feeId: string | null;
  openCents: Cents;
}

export interface FeesToPost {
  period: FeePeriod;
  takenBack: Charge[];
  fresh: FreshFee[];
  priced: PricedFee[];
}

export type FreshFee = NewFee & {
  id: string;
  serviceId: string;
  date: Day;
  former: AccountFee | null;
  /** one more receivable, with a notice of its own */
  isSupplement: boolean;
};

/** What the accounts owe afterwards says what each fee's notice has to ask for. */
export function planFeeNotices(
  { accounts, ofFee }: FeeAccounts,
  posts: readonly FeesToPost[],
  now: Moment,
): NoticeChange[] {
  const over = new Set(posts.flatMap(({ takenBack }) => takenBack.map(({ id }) => id)));
  const fresh = posts.flatMap((post) => post.fresh);
  const added = Map.groupBy(fresh, (fee) => ofFee(fee));
  const changes: NoticeChange[] = [];
  const touched = [...accounts].filter(
    ([key, { fees }]) => added.has(key) || fees.some(({ id }) => over.has(id)),
  );
  for (const [key, { fees, owedCents }] of touched) {
    const own = added.get(key) ?? [];
    const gone = fees.filter(({ id }) => over.has(id));
    const kept = fees.filter(({ id }) => !over.has(id));
    const open = openOfFees(
      [
        ...kept,
        ...own.map((fee) => ({ ...fee, isPaidByNotice: fee.former?.isPaidByNotice ?? false })),
      ],
      owedCents - sumOf(gone) + sumOf(own),
    );
    const successorOf = new Map(own.map((fee) => [fee.former?.id, fee]));
    for (const fee of gone)
      if (fee.asking.length > 0) {
        const next = successorOf.get(fee.id);
        changes.push(changeTo(fee, next?.id ?? null, next ? open.get(next.id)! : 0n));
      }
    for (const fee of own)
      if (fee.isSupplement && open.get(fee.id)! > 0n)
        changes.push({
          old: [],
          holderId: fee.holderId,
          formerId: null,
          feeId: fee.id,
          openCents: open.get(fee.id)!,
        });
    // Credit that the new price leaves covers other fees of the account: their notices ask for less.
    for (const fee of kept) {
      const openCents = open.get(fee.id)!;
      const asksTooMuch = fee.asking.some(({ amountCents }) => amountCents > openCents);
      if (asksTooMuch && !fee.asking.some(({ lastAttemptAt }) => isPending(lastAttemptAt, now)))
        changes.push(changeTo(fee, fee.id, openCents));
    }
  }
  return changes;
}

const changeTo = (fee: AccountFee, feeId: string | null, openCents: Cents): NoticeChange => ({
  old: fee.asking,
  holderId: fee.holderId,
  formerId: fee.id,
  feeId: openCents > 0n ? feeId : null,
  openCents,
});

const sumOf = (fees: readonly { amountCents: Cents }[]): Cents =>
  fees.reduce((sum, { amountCents }) => sum + amountCents, 0n);
