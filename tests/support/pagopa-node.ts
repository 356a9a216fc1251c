// SPDX-License-Identifier: EUPL-1.2
/** What the Node writes to a station, for a notice of a test's own. */
import { newId } from "#kernel/ids.ts";
import { iuvOf, type Notice } from "#payments";
import { BANK_IBAN } from "./collecting.ts";
import { inEnvelope } from "./pagopa-messages.ts";

type Asked = Pick<Notice, "noticeNumber" | "creditorFiscalCode" | "amountCents">;

const ROOTS = {
  paVerifyPaymentNotice: "paVerifyPaymentNoticeReq",
  paGetPayment: "paGetPaymentReq",
  paGetPaymentV2: "paGetPaymentV2Request",
  paSendRT: "paSendRTReq",
  paSendRTV2: "paSendRTV2Request",
} as const;

const address = (idPA: string, idBrokerPA: string, idStation: string): string =>
  `<idPA>${idPA}</idPA><idBrokerPA>${idBrokerPA}</idBrokerPA><idStation>${idStation}</idStation>`;

const element = (root: string, content: string): string =>
  inEnvelope(`<p:${root}>${content}</p:${root}>`);

const euro = (cents: bigint): string =>
  `${cents / 100n}.${(cents % 100n).toString().padStart(2, "0")}`;

export function askNotice(
  operation: "paVerifyPaymentNotice" | "paGetPayment" | "paGetPaymentV2",
  notice: Asked,
  changes: { idPA?: string; idBrokerPA?: string; idStation?: string; noticeNumber?: string } = {},
): string {
  const creditor = notice.creditorFiscalCode;
  const { idPA = creditor, idBrokerPA = creditor, idStation = `${creditor}_01` } = changes;
  return element(
    ROOTS[operation],
    `${address(idPA, idBrokerPA, idStation)}<qrCode><fiscalCode>${idPA}</fiscalCode>` +
      `<noticeNumber>${changes.noticeNumber ?? notice.noticeNumber}</noticeNumber></qrCode>`,
  );
}

export function sendReceipt(
  operation: "paSendRT" | "paSendRTV2",
  notice: Asked,
  changes: { receiptId?: string; amountCents?: bigint } = {},
): string {
  const creditor = notice.creditorFiscalCode;
  const amount = euro(changes.amountCents ?? notice.amountCents);
  const isSecond = operation === "paSendRTV2";
  const company = isSecond ? "<companyName>Comune di Esempio</companyName>" : "";
  return element(
    ROOTS[operation],
    `${address(creditor, creditor, `${creditor}_01`)}<receipt>` +
      `<receiptId>${changes.receiptId ?? newId().replaceAll("-", "")}</receiptId>` +
      `<noticeNumber>${notice.noticeNumber}</noticeNumber><fiscalCode>${creditor}</fiscalCode>` +
      `<outcome>OK</outcome><creditorReferenceId>${iuvOf(notice.noticeNumber)}</creditorReferenceId>` +
      `<paymentAmount>${amount}</paymentAmount><description>Ricarica</description>` +
      "<companyName>Comune di Esempio</companyName><debtor><uniqueIdentifier>" +
      "<entityUniqueIdentifierType>F</entityUniqueIdentifierType>" +
      "<entityUniqueIdentifierValue>ANONIMO</entityUniqueIdentifierValue></uniqueIdentifier>" +
      "<fullName>Sara Ferrando</fullName></debtor><transferList><transfer>" +
      `<idTransfer>1</idTransfer><transferAmount>${amount}</transferAmount>` +
      `<fiscalCodePA>${creditor}</fiscalCodePA>${company}<IBAN>${BANK_IBAN}</IBAN>` +
      "<remittanceInformation>/RFB/x</remittanceInformation>" +
      "<transferCategory>9/0107101TS/</transferCategory></transfer></transferList>" +
      "<idPSP>PSPPROVA</idPSP><PSPCompanyName>Banca di Prova</PSPCompanyName>" +
      "<idChannel>10101010101_03</idChannel><channelDescription>sportello</channelDescription>" +
      "<fee>1.00</fee><paymentDateTime>2026-11-20T10:15:30</paymentDateTime>" +
      `<applicationDate>2026-11-20</applicationDate><transferDate>2026-11-23</transferDate></receipt>`,
  );
}
