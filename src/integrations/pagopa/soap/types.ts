// SPDX-License-Identifier: EUPL-1.2
/**
 * What the six calls of a creditor's station say (SOAP `paForNode`), as the program sees it: cents, days and
 * moments, no markup. Nothing here decides anything.
 */
import type { Day, Moment } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

export type Operation =
  | "paVerifyPaymentNotice"
  | "paGetPayment"
  | "paGetPaymentV2"
  | "paSendRT"
  | "paSendRTV2"
  | "paDemandPaymentNotice";

/** Every call names the creditor it is for, that creditor's broker and the broker's station. */
export interface Addressed {
  /** codice fiscale of the creditor; not checked to be one of ours */
  readonly idPA: string;
  readonly idBrokerPA: string;
  readonly idStation: string;
}

export interface VerifyRequest extends Addressed {
  readonly kind: "verify";
  readonly operation: "paVerifyPaymentNotice";
  /** 11 digits; names the creditor once more, as the notice's QR code does */
  readonly fiscalCode: string;
  /** 18 digits */
  readonly noticeNumber: string;
}

export interface GetRequest extends Addressed {
  readonly kind: "get";
  readonly operation: "paGetPayment" | "paGetPaymentV2";
  readonly fiscalCode: string;
  readonly noticeNumber: string;
  /** what the payer's provider knows of the amount: it binds nobody */
  readonly amountCents?: Cents;
  readonly paymentNote?: string;
  readonly transferType?: "POSTAL" | "PAGOPA";
  readonly dueDate?: Day;
}

export interface ReceiptRequest extends Addressed {
  readonly kind: "receipt";
  readonly operation: "paSendRT" | "paSendRTV2";
  readonly receipt: ReceiptData;
  /** the whole message as text, to be kept: `readStoredReceipt` reads it again */
  readonly raw: string;
}

export interface DemandRequest extends Addressed {
  readonly kind: "demand";
  readonly operation: "paDemandPaymentNotice";
  /** five characters of the catalogue of services */
  readonly idServizio: string;
  readonly idSoggettoServizio: string;
  /** a document of the catalogue, not read here */
  readonly data: Uint8Array;
}

export type StationRequest = VerifyRequest | GetRequest | ReceiptRequest | DemandRequest;

export interface Subject {
  /** F: a natural person, G: a body */
  readonly kind: "F" | "G";
  /** codice fiscale, partita IVA or `ANONIMO` */
  readonly code: string;
  readonly fullName: string;
  readonly streetName?: string;
  readonly civicNumber?: string;
  readonly postalCode?: string;
  readonly city?: string;
  readonly stateProvinceRegion?: string;
  readonly country?: string;
  readonly email?: string;
}

export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}
export type Metadata = readonly MetadataEntry[];

export interface ReceiptTransfer {
  /** 1 to 5 */
  readonly id: number;
  readonly amountCents: Cents;
  readonly fiscalCodePA: string;
  readonly companyName?: string;
  /** missing only where `stamp` is there */
  readonly iban?: string;
  /** the electronic stamp (marca da bollo) the money bought, as sent */
  readonly stamp?: Uint8Array;
  readonly remittanceInformation: string;
  readonly transferCategory: string;
  readonly metadata?: Metadata;
}

/** A payment that happened, as pagoPA certifies it: every field of both versions of the receipt. */
export interface ReceiptData {
  /** the Node's token of the payment; at most 255 characters */
  readonly receiptId: string;
  readonly noticeNumber: string;
  readonly fiscalCode: string;
  readonly outcome: "OK" | "KO";
  /** IUV */
  readonly creditorReferenceId: string;
  readonly paymentAmountCents: Cents;
  readonly description: string;
  readonly companyName: string;
  readonly officeName?: string;
  readonly debtor: Subject;
  readonly transfers: readonly ReceiptTransfer[];
  readonly idPSP: string;
  readonly pspFiscalCode?: string;
  readonly pspPartitaIVA?: string;
  readonly pspCompanyName: string;
  readonly idChannel: string;
  readonly channelDescription: string;
  readonly payer?: Subject;
  readonly paymentMethod?: string;
  readonly paymentNote?: string;
  /** what the payer paid on top to the provider */
  readonly feeCents?: Cents;
  /** what the creditor paid of it */
  readonly primaryCiIncurredFeeCents?: Cents;
  readonly idBundle?: string;
  readonly idCiBundle?: string;
  /** missing when the message has no `paymentDateTime`; a time without zone is Rome's */
  readonly paidAt?: Moment;
  readonly applicationDate?: Day;
  readonly transferDate?: Day;
  readonly metadata?: Metadata;
  readonly standIn?: boolean;
}

/** The first rule of the interface that the message breaks. Never contains anything of the message itself. */
export type MalformedReason =
  | "too-large"
  | "unknown-encoding"
  | "bytes-not-in-encoding"
  | "not-well-formed"
  | "doctype"
  | "processing-instruction"
  | "too-deep"
  | "too-many-elements"
  | "too-many-attributes"
  | "not-soap"
  | "must-understand"
  | "unknown-operation"
  | "unexpected-element"
  | "missing-element"
  | "unexpected-attribute"
  | "unexpected-text"
  | "invalid-value";

/** A message that cannot be taken, with what could be read of it before it went wrong. */
export interface MalformedRequest {
  readonly kind: "malformed";
  readonly reason: MalformedReason;
  /** where: names of the interface only, as `paGetPaymentReq/qrCode/noticeNumber`; empty before an operation is known */
  readonly path: string;
  /** `null` when the message names none of the six */
  readonly operation: Operation | null;
  readonly idPA: string | null;
  readonly receiptId: string | null;
  readonly noticeNumber: string | null;
}

/** The electronic stamp a transfer buys (paGetPaymentV2 only). */
export interface StampRequest {
  /** base64 of the SHA-256 of the stamped document */
  readonly documentHash: string;
  /** two letters */
  readonly province: string;
}

export interface PayableTransfer {
  readonly id: number;
  readonly amountCents: Cents;
  readonly fiscalCodePA: string;
  readonly companyName: string;
  /** `null` only where `stamp` is asked for. POSTAL requests: the caller gives the postal account of transfer 1 */
  readonly iban: string | null;
  readonly stamp?: StampRequest;
  readonly remittanceInformation: string;
  /** the whole string of the taxonomy, as `9/0107101TS/` */
  readonly category: string;
  /** PAGOPA requests: the caller adds `IBANAPPOGGIO` */
  readonly metadata: Metadata;
}

/** A notice that may be paid now: what every OK answer is written from. */
export interface PayableNotice {
  readonly noticeNumber: string;
  readonly iuv: string;
  readonly amountCents: Cents;
  readonly dueOn: Day | null;
  /** causale: no child's name */
  readonly description: string;
  readonly creditor: {
    readonly fiscalCode: string;
    readonly name: string;
    readonly officeName?: string;
  };
  readonly debtor: Subject;
  /** one to five, summing to `amountCents` */
  readonly transfers: readonly PayableTransfer[];
  readonly metadata: Metadata;
  /** every transfer could go to a postal account (`allCCP`); default no */
  readonly allPostal?: boolean;
}
