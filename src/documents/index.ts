// SPDX-License-Identifier: EUPL-1.2
export { checkLogo, type CheckedLogo, MAX_LOGO_BYTES } from "./check-logo.ts";
export { logoFrom } from "./emblem.ts";
export { writtenBytes } from "./collect.ts";
export { credentialsPdf, type CredentialsLetter } from "./credentials-letter.ts";
export { type LetterLine, letterPdf, type PaymentLetter } from "./letter-pdf.ts";
export {
  darkRuns,
  dataMatrixText,
  inFours,
  longQrModules,
  qrModules,
  qrSvg,
  qrText,
} from "./notice-codes.ts";
export {
  joinedLength,
  joinedPdf,
  type KeptShape,
  partAfter,
  type PdfPartShape,
} from "./merge-parts.ts";
export { noticePdf } from "./notice-pdf.ts";
export { addressLines, letterOf, paperOf, type SheetTown } from "./notice-sheets.ts";
export {
  type PrintOptions,
  type PrintProgress,
  writeCredentialsPdf,
  writeLettersPdf,
  writeNoticesPdf,
} from "./notices-pdf.ts";
export type {
  Instalment,
  Logo,
  NoticeCreditor,
  PaperNotice,
  PostalAccount,
} from "./paper-notice.ts";
export {
  type HandedBackVouchers,
  type OfficeReceipt,
  officeReceiptPdf,
  type PaidReceipt,
  type ReceiptLine,
  receiptPdf,
  voucherReceiptPdf,
} from "./receipt-pdf.ts";
export type { Letterhead } from "./sheet.ts";
export { type AccountStatement, accountStatementPdf } from "./account-statement-pdf.ts";
export { type YearAttestation, yearAttestationPdf } from "./year-payments-pdf.ts";
