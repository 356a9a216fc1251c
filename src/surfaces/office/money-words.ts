// SPDX-License-Identifier: EUPL-1.2
import type { Bill, Charge } from "#billing";
import type { CreditMethod } from "#ledger";

export const BILL_STATES: Record<Bill["state"], string> = {
  // The families' word: a bill is to be paid from the moment it is drawn.
  drawn: "Da pagare",
  issued: "Da pagare",
  paid: "Pagato",
  cancelled: "Annullato",
};

export const CHARGE_KINDS: Record<Charge["kind"], string> = {
  meal: "Pasto",
  "fixed-fee": "Quota",
  reversal: "Storno",
};

/** How money came without a payment on line. */
export const CREDIT_METHOD_WORDS: Record<CreditMethod, string> = {
  "cash-desk": "Contanti o carta allo sportello",
  vouchers: "Buoni cartacei",
  "bank-transfer": "Bonifico",
  "pagopa-other-portal": "pagoPA da un altro portale",
};

const PAID_IN: Readonly<Record<string, string>> = {
  ...CREDIT_METHOD_WORDS,
  pagopa: "pagoPA",
  pos: "Carta (POS)",
};

/** A movement that is no charge: how money came in or went out; `null`: it is a charge. */
export function paidInText(kind: string, method: string | null, isIn: boolean): string | null {
  switch (kind) {
    case "credit":
      return (method && PAID_IN[method]) || "Credito";
    case "refund":
      return "Rimborso";
    case "transfer":
      return isIn ? "Da un altro conto" : "A un altro conto";
    case "write-off":
      return "Debito annullato";
    default:
      return null;
  }
}
