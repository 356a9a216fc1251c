// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

/** A person as a receipt names it: F natural, G legal; `code` is a codice fiscale, a VAT number or ANONIMO. */
export interface ReceiptSubject {
  readonly kind: "F" | "G";
  readonly code: string;
  readonly fullName: string;
  readonly email?: string | undefined;
}

/** What `paSendRT` and `paSendRTV2` say of a payment, parsed and not judged. Fields as in paForNode `ctReceipt`. */
export interface ReceivedReceipt {
  readonly receiptId: string;
  /** pagoPA sends receipts of payments that succeeded; anything else is kept and never posted */
  readonly outcome: "OK" | "KO";
  readonly noticeNumber: string;
  /** of the creditor whose notice it is */
  readonly fiscalCode: string;
  readonly creditorReferenceId: string;
  readonly paymentAmountCents: Cents;
  readonly description: string;
  readonly companyName: string;
  readonly debtor: ReceiptSubject;
  readonly payer?: ReceiptSubject | undefined;
  readonly transfers: readonly {
    readonly id: number;
    readonly amountCents: Cents;
    readonly fiscalCodePA: string;
    readonly iban?: string | undefined;
    readonly remittanceInformation: string;
    readonly transferCategory: string;
    /** what the accounts office gave along (accounting export) */
    readonly metadata?: readonly { readonly key: string; readonly value: string }[] | undefined;
  }[];
  readonly idPSP: string;
  readonly pspFiscalCode?: string | undefined;
  readonly pspCompanyName: string;
  readonly idChannel: string;
  readonly channelDescription: string;
  readonly paymentMethod?: string | undefined;
  readonly feeCents?: Cents | undefined;
  readonly paidAt?: Moment | undefined;
  readonly applicationDate?: Day | undefined;
  readonly transferDate?: Day | undefined;
  readonly standIn?: boolean | undefined;
}
