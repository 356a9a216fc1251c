// SPDX-License-Identifier: EUPL-1.2
/** The Node's messages to a station (SOAP 1.1 `paForNode`), written from pagoPA's interface alone. */
import { branch, leaf } from "./xml.ts";
import type { KnownStation, NoticeKey, Payment, Subject, Transfer } from "./types.ts";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
export const PA_FOR_NODE = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd";

export type Operation =
  | "paVerifyPaymentNotice"
  | "paGetPayment"
  | "paGetPaymentV2"
  | "paSendRT"
  | "paSendRTV2";

/** Names of the root elements: pagoPA's are not regular. */
export const ROOTS: Readonly<Record<Operation, { request: string; response: string }>> = {
  paVerifyPaymentNotice: {
    request: "paVerifyPaymentNoticeReq",
    response: "paVerifyPaymentNoticeRes",
  },
  paGetPayment: { request: "paGetPaymentReq", response: "paGetPaymentRes" },
  paGetPaymentV2: { request: "paGetPaymentV2Request", response: "paGetPaymentV2Response" },
  paSendRT: { request: "paSendRTReq", response: "paSendRTRes" },
  paSendRTV2: { request: "paSendRTV2Request", response: "paSendRTV2Response" },
};

/** `6410n` → `64.10` */
export const wireAmount = (cents: bigint): string =>
  `${cents / 100n}.${(cents % 100n).toString().padStart(2, "0")}`;

function envelope(operation: Operation, ...content: readonly string[]): string {
  const { request } = ROOTS[operation];
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    `<soapenv:Envelope xmlns:soapenv="${SOAP}" xmlns:pafn="${PA_FOR_NODE}"><soapenv:Header/>` +
    `<soapenv:Body><pafn:${request}>${content.join("")}</pafn:${request}></soapenv:Body></soapenv:Envelope>`
  );
}

const addressed = (idPA: string, station: KnownStation): string =>
  leaf("idPA", idPA) +
  leaf("idBrokerPA", station.brokerFiscalCode) +
  leaf("idStation", station.stationId);

const qrCode = (notice: NoticeKey): string =>
  branch(
    "qrCode",
    leaf("fiscalCode", notice.creditorFiscalCode),
    leaf("noticeNumber", notice.noticeNumber),
  );

export const writeVerify = (notice: NoticeKey, station: KnownStation): string =>
  envelope("paVerifyPaymentNotice", addressed(notice.creditorFiscalCode, station), qrCode(notice));

export const writeGet = (
  operation: "paGetPayment" | "paGetPaymentV2",
  notice: NoticeKey,
  station: KnownStation,
  of: { amountCents?: bigint | undefined; note?: string; transferType?: "POSTAL" | "PAGOPA" },
): string =>
  envelope(
    operation,
    addressed(notice.creditorFiscalCode, station),
    qrCode(notice),
    leaf("amount", of.amountCents === undefined ? "" : wireAmount(of.amountCents)),
    leaf("paymentNote", of.note),
    leaf("transferType", of.transferType),
  );

/** `recipient`: the creditor institution this copy goes to (a broadcast copy goes to another one). */
export function writeReceipt(
  operation: "paSendRT" | "paSendRTV2",
  payment: Payment,
  to: { readonly recipient: string; readonly station: KnownStation },
): string {
  const isSecond = operation === "paSendRTV2";
  const { psp } = payment;
  return envelope(
    operation,
    addressed(to.recipient, to.station),
    branch(
      "receipt",
      leaf("receiptId", payment.receiptId),
      leaf("noticeNumber", payment.noticeNumber),
      leaf("fiscalCode", payment.creditorFiscalCode),
      leaf("outcome", "OK"),
      leaf("creditorReferenceId", payment.iuv),
      leaf("paymentAmount", wireAmount(payment.amountCents)),
      leaf("description", payment.description),
      leaf("companyName", payment.companyName),
      leaf("officeName", payment.officeName),
      subject("debtor", payment.debtor),
      branch("transferList", ...payment.transfers.map((one) => transfer(one, isSecond))),
      leaf("idPSP", psp.id),
      leaf("pspFiscalCode", psp.fiscalCode),
      leaf("PSPCompanyName", psp.name),
      leaf("idChannel", psp.channelId),
      leaf("channelDescription", psp.channel),
      leaf("paymentMethod", payment.method),
      isSecond ? leaf("paymentNote", payment.note) : "",
      leaf("fee", wireAmount(payment.feeCents)),
      leaf("paymentDateTime", localTime(payment.paidAt)),
      leaf("applicationDate", payment.applicationDate),
      leaf("transferDate", payment.transferDate),
      leaf("standIn", String(payment.standIn)),
    ),
  );
}

const subject = (name: string, of: Subject): string =>
  branch(
    name,
    branch(
      "uniqueIdentifier",
      leaf("entityUniqueIdentifierType", of.kind),
      leaf("entityUniqueIdentifierValue", of.code),
    ),
    leaf("fullName", of.fullName),
  );

const transfer = (of: Transfer, isSecond: boolean): string =>
  branch(
    "transfer",
    leaf("idTransfer", String(of.id)),
    leaf("transferAmount", wireAmount(of.amountCents)),
    leaf("fiscalCodePA", of.fiscalCodePA),
    isSecond ? leaf("companyName", of.companyName) : "",
    leaf("IBAN", of.iban),
    leaf("remittanceInformation", of.remittanceInformation),
    leaf("transferCategory", of.category),
    of.metadata.length === 0
      ? ""
      : branch(
          "metadata",
          ...of.metadata.map(({ key, value }) =>
            branch("mapEntry", leaf("key", key), leaf("value", value)),
          ),
        ),
  );

/** The interface has no offset: it means the time in Italy. */
const localTime = (at: Temporal.Instant): string =>
  at.toZonedDateTimeISO("Europe/Rome").toPlainDateTime().toString({ smallestUnit: "second" });
