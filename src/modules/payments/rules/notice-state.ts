// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore, isMomentAfter, type Moment } from "#kernel/dates.ts";

export const NOTICE_STATES = [
  "issued",
  "paid",
  "reported",
  "settled",
  "expired",
  "cancelled",
  "replaced",
  "paid-elsewhere",
] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/**
 * Forward only (domain.md "Payments"). A receipt is the truth: it makes even a deleted top-up a paid one; for anything
 * else that is over it opens a case and the state stays.
 */
const MOVES: Readonly<Record<NoticeState, readonly NoticeState[]>> = {
  issued: ["paid", "expired", "cancelled", "replaced", "paid-elsewhere"],
  expired: ["paid", "cancelled", "replaced", "paid-elsewhere"],
  cancelled: ["paid"],
  paid: ["reported", "settled"],
  reported: ["settled"],
  settled: [],
  replaced: [],
  // The receipt is the one that the desk had on paper; or it was another notice's, and this one was never paid.
  "paid-elsewhere": ["paid", "cancelled"],
};

export const mayMove = (from: NoticeState, to: NoticeState): boolean => MOVES[from].includes(to);

/** A payment that began is waited for so long (X-05; pagoPA's token lives 30 minutes). */
export const PENDING_MINUTES = 30;

/** Was a payment begun so lately that it may still end well? */
export const isPending = (lastAttemptAt: Moment | null, now: Moment): boolean =>
  lastAttemptAt !== null && isMomentAfter(lastAttemptAt.add({ minutes: PENDING_MINUTES }), now);

/** How far a PSP's clock may be from ours. */
const CLOCK_MINUTES = 5;

/** When a cart must have begun that a payment of this moment may be of: a visit to pagoPA's pages does not last longer. */
export const cartTimes = (paidAt: Moment): { from: Moment; to: Moment } => ({
  from: paidAt.subtract({ minutes: PENDING_MINUTES + CLOCK_MINUTES }),
  to: paidAt.add({ minutes: CLOCK_MINUTES }),
});

export function mayBePaidBy({ startedAt }: { startedAt: Moment }, paidAt: Moment): boolean {
  const { from, to } = cartTimes(paidAt);
  return !isMomentAfter(from, startedAt) && !isMomentAfter(startedAt, to);
}

/** Who began to pay a notice, and who came back without having paid. */
export interface Attempts {
  readonly openAttemptAt: Moment | null;
  readonly gaveUpAt: Moment | null;
}

/**
 * Is somebody paying it this moment, as the family is told? A visit that was given up may be repeated at once: as long
 * as the first one's token lives the Node lets no second one pay, and a notice with a receipt is paid for nobody again.
 * Reminders, the desk and instalment plans wait for `isPending(lastAttemptAt)` all the same.
 */
export const isUnderWay = ({ openAttemptAt }: Attempts, now: Moment): boolean =>
  isPending(openAttemptAt, now);

/** Did the last visit to pagoPA's pages come back without a payment? Only a receipt says otherwise. */
export const isGivenUp = ({ openAttemptAt, gaveUpAt }: Attempts): boolean =>
  gaveUpAt !== null && (openAttemptAt === null || isMomentAfter(gaveUpAt, openAttemptAt));

/** Why pagoPA cannot take the money; each is one PAA_ fault of the matrix. */
export type NotPayable = "unknown" | "already-paid" | "expired" | "cancelled" | "in-preparation";
export type Payability = { outcome: "payable" } | { outcome: NotPayable };

/**
 * What the station answers for a notice. `siblings`: the states of the position's other notices that exclude this
 * one — the whole against its instalments. One of them paid: the other option does not exist any more (unknown).
 */
export function payability(
  notice: {
    state: NoticeState;
    dueOn: Day | null;
    payableAfterDue: boolean;
    inPreparation: boolean;
  },
  siblings: readonly NoticeState[],
  today: Day,
): Payability {
  const isPaid = (state: NoticeState): boolean =>
    ["paid", "reported", "settled", "paid-elsewhere"].includes(state);
  if (isPaid(notice.state)) return { outcome: "already-paid" };
  if (notice.state === "cancelled" || notice.state === "replaced") return { outcome: "cancelled" };
  if (siblings.some(isPaid)) return { outcome: "unknown" };
  const isLate = notice.dueOn !== null && isBefore(notice.dueOn, today);
  if (notice.state === "expired" || (isLate && !notice.payableAfterDue))
    return { outcome: "expired" };
  return { outcome: notice.inPreparation ? "in-preparation" : "payable" };
}
