// SPDX-License-Identifier: EUPL-1.2
import type { Cents } from "#kernel/money.ts";
import type { NoticeState } from "./notice-state.ts";

export const VERDICTS = [
  "exact",
  "cancelled-top-up",
  "other-amount",
  "duplicate",
  "cancelled",
  "replaced",
  "unknown-notice",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const POSITION_KINDS = ["top-up", "first-notice", "bill", "fixed-fee", "old-debt"] as const;
export type PositionKind = (typeof POSITION_KINDS)[number];

/** Owed until it is paid; a top-up is nobody's debt. */
export const DEBTS: readonly PositionKind[] = ["bill", "fixed-fee", "old-debt"];

/** Paying these raises a wallet, whatever became of the notice meanwhile. */
const TOPS_UP: readonly PositionKind[] = ["top-up", "first-notice"];

/**
 * What a receipt means for the notice it names (domain.md "Payments"). Only `exact` and `cancelled-top-up` credit the
 * family at once; everything else lies in suspense with a case for the office: never lost, never refused.
 */
export function matchReceipt(
  receipt: { paymentAmountCents: Cents },
  notice: { state: NoticeState; amountCents: Cents; kind: PositionKind } | null,
): Verdict {
  if (!notice) return "unknown-notice";
  switch (notice.state) {
    case "paid":
    case "reported":
    case "settled":
    case "paid-elsewhere":
      return "duplicate";
    case "replaced":
      return "replaced";
    case "cancelled":
      if (!TOPS_UP.includes(notice.kind)) return "cancelled";
      return receipt.paymentAmountCents === notice.amountCents
        ? "cancelled-top-up"
        : "other-amount";
    case "issued":
    case "expired":
      return receipt.paymentAmountCents === notice.amountCents ? "exact" : "other-amount";
  }
}

export const creditsFamily = (verdict: Verdict): boolean =>
  verdict === "exact" || verdict === "cancelled-top-up";

/** Does this receipt say that the notice is paid, be the amount right or not? */
export const paysNotice = (verdict: Verdict): boolean =>
  creditsFamily(verdict) || verdict === "other-amount";
