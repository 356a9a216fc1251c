// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import type { TownAccount } from "./account-key.ts";

/** How money reached the office without our own payment: desk, paper vouchers (MC-05), transfer, other portal (BI-09). */
export const CREDIT_METHODS = [
  "cash-desk",
  "vouchers",
  "bank-transfer",
  "pagopa-other-portal",
] as const;
export type CreditMethod = (typeof CREDIT_METHODS)[number];

export type CreditFault =
  | "amount-not-positive"
  | "amount-too-high"
  | "reason-missing"
  | "in-the-future"
  | "before-the-year";

/** No town limits a top-up (MC-08); this only catches a slipped comma. */
const MAX_CREDIT_CENTS = 1_000_000n;

/** What is wrong with a credit by hand; empty = nothing. `earliest` = first day of the school year in course. */
export function checkCredit(
  credit: { amountCents: bigint; reason: string; happenedOn: Day },
  on: { today: Day; earliest?: Day | undefined },
): CreditFault[] {
  const faults: CreditFault[] = [];
  if (credit.amountCents <= 0n) faults.push("amount-not-positive");
  if (credit.amountCents > MAX_CREDIT_CENTS) faults.push("amount-too-high");
  if (credit.reason.trim() === "") faults.push("reason-missing");
  if (isBefore(on.today, credit.happenedOn)) faults.push("in-the-future");
  if (on.earliest && isBefore(credit.happenedOn, on.earliest)) faults.push("before-the-year");
  return faults;
}

/** The account that gives: where the money lies until it is reconciled. */
export function sourceOf(method: CreditMethod): TownAccount {
  switch (method) {
    case "cash-desk":
      return "cash-desk";
    case "vouchers":
      return "vouchers";
    case "bank-transfer":
      return "bank";
    case "pagopa-other-portal":
      return "pagopa-clearing";
  }
}
