// SPDX-License-Identifier: EUPL-1.2
import { answer, exact } from "./write-xml.ts";

/** The Node's question whether a notice can be paid: what the self-test asks our own station. */
export const writeVerifyRequest = (of: {
  creditorFiscalCode: string;
  brokerFiscalCode: string;
  stationId: string;
  noticeNumber: string;
}): string =>
  answer(
    "paVerifyPaymentNoticeReq",
    exact("idPA", of.creditorFiscalCode, /^\d{11}$/) +
      exact("idBrokerPA", of.brokerFiscalCode, /^\d{11}$/) +
      exact("idStation", of.stationId, /^\d{11}_\d{2}$/) +
      `<qrCode>${exact("fiscalCode", of.creditorFiscalCode, /^\d{11}$/)}` +
      `${exact("noticeNumber", of.noticeNumber, /^\d{18}$/)}</qrCode>`,
  );
