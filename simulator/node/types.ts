// SPDX-License-Identifier: EUPL-1.2
/** What pagoPA knows and keeps, in the words of the simulator. Money is bigint cents. */

export type Moment = Temporal.Instant;

/** Where a creditor institution's notices are answered for, as registered at pagoPA. */
export interface KnownStation {
  readonly creditorFiscalCode: string;
  /** digits 2 and 3 of its notice numbers */
  readonly segregationCode: string;
  readonly brokerFiscalCode: string;
  readonly stationId: string;
  /** asynchronous: pagoPA answers by itself, from the positions it was handed */
  readonly mode: "synchronous" | "asynchronous";
  /** gets a copy of every receipt in which its creditor has a transfer */
  readonly broadcast?: boolean;
}

export interface NoticeKey {
  readonly creditorFiscalCode: string;
  readonly noticeNumber: string;
}

export const keyOf = (of: NoticeKey): string => `${of.creditorFiscalCode}/${of.noticeNumber}`;

export interface Fault {
  readonly code: string;
  readonly text: string;
  readonly description: string;
}

/** What a station says of a notice when asked whether it can be paid. */
export interface Verified {
  readonly amountCents: bigint;
  readonly dueDate: string;
  readonly description: string;
  readonly companyName: string;
  readonly allCcp: boolean;
}

export interface Subject {
  readonly kind: string;
  readonly code: string;
  readonly fullName: string;
}

export interface Transfer {
  readonly id: number;
  readonly amountCents: bigint;
  readonly fiscalCodePA: string;
  readonly companyName: string;
  readonly iban: string;
  readonly remittanceInformation: string;
  readonly category: string;
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
}

/** What a station gives for a payment that begins. */
export interface Payable {
  readonly iuv: string;
  readonly amountCents: bigint;
  readonly dueDate: string;
  readonly description: string;
  readonly companyName: string;
  readonly officeName: string;
  readonly debtor: Subject;
  readonly transfers: readonly Transfer[];
}

/** Who takes the money in. */
export interface Psp {
  readonly id: string;
  readonly name: string;
  readonly fiscalCode: string;
  readonly channelId: string;
  readonly channel: string;
  readonly feeCents: bigint;
}

/** Money was taken: there is a receipt for it. */
export interface Payment extends NoticeKey, Payable {
  readonly receiptId: string;
  readonly psp: Psp;
  readonly feeCents: bigint;
  readonly method: string;
  readonly note: string;
  readonly paidAt: Moment;
  readonly applicationDate: string;
  readonly transferDate: string;
  /** pagoPA answered in the place of a station that was down */
  readonly standIn: boolean;
}

/** An answer of a station, or why there is none. */
export type Answer<T> =
  | { readonly outcome: "ok"; readonly value: T }
  | { readonly outcome: "refused"; readonly fault: Fault }
  | { readonly outcome: "no-answer"; readonly why: string };
