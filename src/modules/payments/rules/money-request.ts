// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import { isSepaIban } from "./iban.ts";

export const REQUEST_STATES = [
  "received",
  "approved",
  "ordered",
  "paid",
  "executed",
  "refused",
  "withdrawn",
  "returned",
  "given-back",
] as const;
export type RequestState = (typeof REQUEST_STATES)[number];
export type RequestKind = "refund" | "transfer";
export type RequestOrigin = "family" | "office" | "residual-credit" | "payment-case";

/**
 * A refund: received → approved (the money leaves the family's account) → ordered (it is in a bank's file) →
 * paid. The bank may send it back: then it is ordered again or given back to the account. A transfer between children
 * is executed with its approval.
 */
const MOVES: Readonly<Record<RequestState, readonly RequestState[]>> = {
  received: ["approved", "executed", "refused", "withdrawn"],
  approved: ["ordered", "given-back"],
  // Approved again: the file was discarded before it went to the bank.
  ordered: ["paid", "returned", "approved"],
  paid: ["returned"],
  returned: ["approved", "given-back"],
  executed: [],
  refused: [],
  withdrawn: [],
  "given-back": [],
};

export const mayBecome = (from: RequestState, to: RequestState): boolean =>
  MOVES[from].includes(to);

/** Somebody of the office still has something to do. */
export const isOpenRequest = (state: RequestState): boolean =>
  state === "received" || state === "approved" || state === "ordered" || state === "returned";

export type RequestFault =
  | "amount"
  | "reason-missing"
  | "iban"
  | "beneficiary-missing"
  | "same-account";

const MAX_CENTS = 10_000_000n;
export const LONGEST_REASON = 500;
/** SEPA: a name has at most 70 signs */
export const LONGEST_BENEFICIARY = 70;

export interface RequestDraft {
  kind: RequestKind;
  amountCents: Cents;
  reason: string;
  beneficiary: string;
  iban: string;
  from: { childId: string | null; serviceId: string | null };
  to: { childId: string | null; serviceId: string | null } | null;
}

/** A bank's file takes Latin letters alone: a name without any would stop the file, and everybody else's refund in it. */
export const isPayeeName = (text: string): boolean =>
  text.length <= LONGEST_BENEFICIARY && /[A-Za-z]/.test(text.normalize("NFD"));

/** What is wrong with a request, whatever the account holds. */
export function checkRequest(draft: RequestDraft): RequestFault[] {
  const faults: RequestFault[] = [];
  if (draft.amountCents <= 0n || draft.amountCents > MAX_CENTS) faults.push("amount");
  if (draft.reason.trim() === "" || draft.reason.length > LONGEST_REASON)
    faults.push("reason-missing");
  if (draft.kind === "refund") {
    if (!isSepaIban(draft.iban)) faults.push("iban");
    if (!isPayeeName(draft.beneficiary)) faults.push("beneficiary-missing");
  } else {
    const { from, to } = draft;
    const isSame = to?.childId === from.childId && to?.serviceId === from.serviceId;
    if (!to || isSame) faults.push("same-account");
  }
  return faults;
}

/** What may still be asked for: the balance less what waits for an answer. Never below zero. */
export function availableCents(balanceCents: Cents, waitingCents: Cents): Cents {
  const left = balanceCents - waitingCents;
  return left > 0n ? left : 0n;
}

/** A promise is never for a day on which nobody is in the office: then it is for the next one. */
export function promisedOn(today: Day, days: number, isWorkingDay: (date: Day) => boolean): Day {
  let date = today.add({ days });
  while (!isWorkingDay(date)) date = date.add({ days: 1 });
  return date;
}
