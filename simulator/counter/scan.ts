// SPDX-License-Identifier: EUPL-1.2
import type { NoticeKey } from "../node/types.ts";

/**
 * What a scanner reads from a paper notice, or what a person types: the text of the QR code, that of the DataMatrix,
 * or number and fiscal code apart. `null`: neither.
 */
export function readScan(of: {
  scan?: string | undefined;
  noticeNumber?: string | undefined;
  fiscalCode?: string | undefined;
}): NoticeKey | null {
  const scan = (of.scan ?? "").trim();
  const qr = /^PAGOPA\|\d{3}\|(\d{18})\|(\d{11})\|\d{2,11}$/.exec(scan);
  if (qr) return { noticeNumber: qr[1]!, creditorFiscalCode: qr[2]! };
  const matrix = /^codfase=NBPA;18(\d{18})12\d{12}10\d{10}3896\s?1P1\s?(\d{11})/i.exec(scan);
  if (matrix) return { noticeNumber: matrix[1]!, creditorFiscalCode: matrix[2]! };
  if (scan !== "") return null;
  const noticeNumber = (of.noticeNumber ?? "").replaceAll(/\s/g, "");
  const creditorFiscalCode = (of.fiscalCode ?? "").replaceAll(/\s/g, "");
  const isRight = /^\d{18}$/.test(noticeNumber) && /^\d{11}$/.test(creditorFiscalCode);
  return isRight ? { noticeNumber, creditorFiscalCode } : null;
}
