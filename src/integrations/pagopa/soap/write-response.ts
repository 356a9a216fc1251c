// SPDX-License-Identifier: EUPL-1.2
/**
 * The station's answers, ready to be sent as `text/xml; charset=utf-8` on HTTP 200. Long texts are cut to what the
 * interface holds, empty optional elements left out; a notice that cannot be told truthfully (transfers that do not
 * sum, an account too many) is a bug and throws a RangeError.
 */
import { FAULT_STRINGS, type FaultCode } from "./faults.ts";
import type { Metadata, Operation, PayableNotice, PayableTransfer, Subject } from "./types.ts";
import { emailAddress } from "./values.ts";
import { amountText, answer, element, exact, optionalElement } from "./write-xml.ts";

/** `dueDate` is mandatory in getPayment: a notice that never falls due says the last day of the century. */
export const NO_DUE_DATE = "2099-12-31";

const MAX_TRANSFERS = 5;
const MAX_METADATA = 15;
const FISCAL_CODE_PA = /^[0-9]{11}$/;
const NOTICE_NUMBER = /^[0-9]{18}$/;
const IUV = /^[0-9A-Za-z]{1,35}$/;
const IBAN = /^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,31}$/;
const CATEGORY = /^[^\s]{1,140}$/;
const SUBJECT_CODE = /^[A-Za-z0-9]{2,16}$/;
const DOCUMENT_HASH = /^[A-Za-z0-9+/=]{4,72}$/;
const COUNTRY = /^[A-Z]{2}$/;

const RESPONSE_ROOTS: Readonly<Record<Operation, string>> = {
  paVerifyPaymentNotice: "paVerifyPaymentNoticeRes",
  paGetPayment: "paGetPaymentRes",
  paGetPaymentV2: "paGetPaymentV2Response",
  paSendRT: "paSendRTRes",
  paSendRTV2: "paSendRTV2Response",
  paDemandPaymentNotice: "paDemandPaymentNoticeResponse",
};

const OK = "<outcome>OK</outcome>";

/** KO. @param idPA the creditor the request named, as far as it could be read */
export function writeFault(
  operation: Operation,
  fault: FaultCode,
  idPA: string,
  description?: string,
): string {
  const content =
    `<faultCode>${fault}</faultCode><faultString>${FAULT_STRINGS[fault]}</faultString>` +
    (optionalElement("id", idPA, 35) || "<id/>") +
    optionalElement("description", description, 1_024);
  return answer(RESPONSE_ROOTS[operation], `<outcome>KO</outcome><fault>${content}</fault>`);
}

export function writeVerifyResponse(notice: PayableNotice): string {
  return answer(RESPONSE_ROOTS.paVerifyPaymentNotice, OK + describe(notice, true));
}

/** The notice that was made, or found, on demand. */
export function writeDemandResponse(notice: PayableNotice): string {
  const code =
    exact("fiscalCode", notice.creditor.fiscalCode, FISCAL_CODE_PA) +
    exact("noticeNumber", notice.noticeNumber, NOTICE_NUMBER);
  return answer(
    RESPONSE_ROOTS.paDemandPaymentNotice,
    `${OK}<qrCode>${code}</qrCode>${describe(notice, false)}`,
  );
}

export function writeGetPaymentResponse(
  operation: "paGetPayment" | "paGetPaymentV2",
  notice: PayableNotice,
): string {
  return answer(RESPONSE_ROOTS[operation], `${OK}<data>${payment(operation, notice)}</data>`);
}

/** The receipt is stored: pagoPA needs not send it again. */
export function writeReceiptResponse(operation: "paSendRT" | "paSendRTV2"): string {
  return answer(RESPONSE_ROOTS[operation], OK);
}

/** One option, of exactly this amount: a notice is paid whole. */
function describe(notice: PayableNotice, withDetail: boolean): string {
  const { creditor, description, dueOn } = notice;
  const option =
    `<amount>${amountText(notice.amountCents)}</amount><options>EQ</options>` +
    (dueOn ? `<dueDate>${dueOn.toString()}</dueDate>` : "") +
    (withDetail ? element("detailDescription", description, 140) : "") +
    `<allCCP>${notice.allPostal === true}</allCCP>`;
  return (
    `<paymentList><paymentOptionDescription>${option}</paymentOptionDescription></paymentList>` +
    element("paymentDescription", description, 140) +
    exact("fiscalCodePA", creditor.fiscalCode, FISCAL_CODE_PA) +
    element("companyName", creditor.name, 140) +
    optionalElement("officeName", creditor.officeName, 140)
  );
}

function payment(operation: "paGetPayment" | "paGetPaymentV2", notice: PayableNotice): string {
  const { creditor, transfers } = notice;
  const sum = transfers.reduce((cents, transfer) => cents + transfer.amountCents, 0n);
  if (sum !== notice.amountCents) throw new RangeError("transfers do not sum to the amount");
  if (transfers.length > MAX_TRANSFERS) throw new RangeError("more than five transfers");
  if (new Set(transfers.map(({ id }) => id)).size < transfers.length)
    throw new RangeError("two transfers with one number");
  const write = operation === "paGetPayment" ? transferV1 : transferV2;
  return (
    exact("creditorReferenceId", notice.iuv, IUV) +
    `<paymentAmount>${amountText(notice.amountCents)}</paymentAmount>` +
    `<dueDate>${notice.dueOn?.toString() ?? NO_DUE_DATE}</dueDate>` +
    element("description", notice.description, 140) +
    element("companyName", creditor.name, 140) +
    optionalElement("officeName", creditor.officeName, 140) +
    `<debtor>${subject(notice.debtor)}</debtor>` +
    `<transferList>${transfers.map((one) => `<transfer>${write(one)}</transfer>`).join("")}</transferList>` +
    metadataElement(notice.metadata)
  );
}

function subject(debtor: Subject): string {
  const { country, email } = debtor;
  return (
    `<uniqueIdentifier><entityUniqueIdentifierType>${debtor.kind}</entityUniqueIdentifierType>` +
    `${exact("entityUniqueIdentifierValue", debtor.code, SUBJECT_CODE)}</uniqueIdentifier>` +
    element("fullName", debtor.fullName, 70) +
    optionalElement("streetName", debtor.streetName, 70) +
    optionalElement("civicNumber", debtor.civicNumber, 16) +
    optionalElement("postalCode", debtor.postalCode, 16) +
    optionalElement("city", debtor.city, 35) +
    optionalElement("stateProvinceRegion", debtor.stateProvinceRegion, 35) +
    (country && COUNTRY.test(country) ? `<country>${country}</country>` : "") +
    // A good address that the interface's narrower pattern refuses would spoil the whole answer.
    (email && emailAddress(email) ? `<e-mail>${email}</e-mail>` : "")
  );
}

function transferHead(transfer: PayableTransfer): string {
  if (!Number.isInteger(transfer.id) || transfer.id < 1 || transfer.id > MAX_TRANSFERS)
    throw new RangeError("transfers are numbered from 1 to 5");
  return (
    `<idTransfer>${transfer.id}</idTransfer>` +
    `<transferAmount>${amountText(transfer.amountCents)}</transferAmount>` +
    exact("fiscalCodePA", transfer.fiscalCodePA, FISCAL_CODE_PA)
  );
}

const transferTail = (transfer: PayableTransfer): string =>
  element("remittanceInformation", transfer.remittanceInformation, 140) +
  exact("transferCategory", transfer.category, CATEGORY) +
  metadataElement(transfer.metadata);

/** @throws RangeError for a stamp: the first version knows accounts only */
const transferV1 = (transfer: PayableTransfer): string =>
  transferHead(transfer) + exact("IBAN", transfer.iban ?? "", IBAN) + transferTail(transfer);

const transferV2 = (transfer: PayableTransfer): string =>
  transferHead(transfer) +
  element("companyName", transfer.companyName, 140) +
  destination(transfer) +
  transferTail(transfer);

function destination({ iban, stamp }: PayableTransfer): string {
  if (stamp === undefined) return exact("IBAN", iban ?? "", IBAN);
  if (iban !== null) throw new RangeError("a stamp has no account");
  return (
    `<richiestaMarcaDaBollo>${exact("hashDocumento", stamp.documentHash, DOCUMENT_HASH)}` +
    `<tipoBollo>01</tipoBollo>${exact("provinciaResidenza", stamp.province, COUNTRY)}</richiestaMarcaDaBollo>`
  );
}

function metadataElement(metadata: Metadata): string {
  if (metadata.length === 0) return "";
  if (metadata.length > MAX_METADATA) throw new RangeError("more than fifteen metadata");
  const entries = metadata.map(
    ({ key, value }) =>
      `<mapEntry>${element("key", key, 140)}${element("value", value, 140)}</mapEntry>`,
  );
  return `<metadata>${entries.join("")}</metadata>`;
}
