// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { TownAccount } from "#ledger";

/** How money came without a payment of ours (BI-09, BO-08, MC-05). */
export const DESK_METHODS = ["other-portal", "cash", "pos", "bank-transfer", "vouchers"] as const;
export type DeskMethod = (typeof DESK_METHODS)[number];

/** Where the money lies until somebody reconciles it; the card terminal's is the desk's until the bank has it. */
export const SOURCE_OF: Readonly<Record<DeskMethod, TownAccount>> = {
  "other-portal": "pagopa-clearing",
  cash: "cash-desk",
  pos: "cash-desk",
  "bank-transfer": "bank",
  vouchers: "vouchers",
};

/**
 * What the ledger and the family's pages call it; the words exist for each of these.
 */
export const LEDGER_METHOD: Readonly<Record<DeskMethod, string>> = {
  "other-portal": "pagopa-other-portal",
  cash: "cash-desk",
  pos: "pos",
  "bank-transfer": "bank-transfer",
  vouchers: "vouchers",
};

/** Art. 1 c. 679 L. 160/2019: cards and transfers count for the tax return, cash and vouchers do not. */
export const isTraceable = (method: DeskMethod): boolean =>
  method === "other-portal" || method === "pos" || method === "bank-transfer";

/** Cash and card are for old debts only (BO-08). */
export const isForOldDebtsOnly = (method: DeskMethod): boolean =>
  method === "cash" || method === "pos";

export const FILE_TYPES = [
  "application/pdf",
  "image/jpeg",
  "image/png",
  "application/xml",
] as const;
export type FileType = (typeof FILE_TYPES)[number];
export const MOST_FILE_BYTES = 5 * 1024 * 1024;

/** What a file is by its first bytes, never by its name; `null`: none of those we keep. */
export function fileTypeOf(bytes: Uint8Array): FileType | null {
  const begins = (...signs: number[]): boolean => signs.every((sign, at) => bytes[at] === sign);
  if (begins(0x25, 0x50, 0x44, 0x46, 0x2d)) return "application/pdf";
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  const start = new TextDecoder("utf-8")
    .decode(bytes.subarray(0, 200))
    .replace(/^\uFEFF/, "")
    .trimStart();
  return /^<(\?xml|[A-Za-z_])/.test(start) && !/^<(!doctype|html)/i.test(start)
    ? "application/xml"
    : null;
}

export type DeskFault =
  | "amount"
  | "payer-missing"
  | "receipt-ref-missing"
  | "in-the-future"
  | "too-old"
  | "note-too-long"
  | "place-missing"
  | "vouchers";

/** No payment is older than what a town may still ask for: ten years (art. 2946 c.c.). */
const OLDEST_YEARS = 10;
const MAX_CENTS = 10_000_000n;
const MOST_VOUCHERS = 1000;

export interface DeskDraft {
  readonly method: DeskMethod;
  readonly amountCents: Cents;
  readonly paidOn: Day;
  readonly payerName: string;
  readonly receiptRef: string;
  readonly place: string;
  readonly note: string;
  readonly vouchers: { readonly count: number; readonly cents: Cents } | null;
}

/** What is wrong with a payment as the desk writes it down. */
export function checkDeskPayment(draft: DeskDraft, today: Day): DeskFault[] {
  const { method, vouchers } = draft;
  const faults: DeskFault[] = [];
  if (draft.amountCents <= 0n || draft.amountCents > MAX_CENTS) faults.push("amount");
  if (draft.payerName.trim() === "" || draft.payerName.length > 120) faults.push("payer-missing");
  const hasRef = draft.receiptRef.trim() !== "" && draft.receiptRef.length <= 140;
  if ((method === "other-portal" || method === "bank-transfer") && !hasRef)
    faults.push("receipt-ref-missing");
  if (isBefore(today, draft.paidOn)) faults.push("in-the-future");
  if (isBefore(draft.paidOn, today.subtract({ years: OLDEST_YEARS }))) faults.push("too-old");
  if (draft.note.length > 300) faults.push("note-too-long");
  if (isForOldDebtsOnly(method) && draft.place === "") faults.push("place-missing");
  if (method === "vouchers") {
    const isRight =
      vouchers !== null &&
      Number.isInteger(vouchers.count) &&
      vouchers.count >= 1 &&
      vouchers.count <= MOST_VOUCHERS &&
      vouchers.cents > 0n &&
      vouchers.cents * BigInt(vouchers.count) === draft.amountCents;
    if (!isRight) faults.push("vouchers");
  }
  return faults;
}
