// SPDX-License-Identifier: EUPL-1.2
export { applyReceipt, applyReceipts, type ReadReceipt } from "./operations/apply-receipts.ts";
export { collectingFor, type Collecting, type Missing } from "./operations/beneficiaries.ts";
export { type CancelledNotice, cancelNotice } from "./operations/cancel-notice.ts";
export {
  type Configured,
  configureAccount,
  configureStation,
} from "./operations/configure-collection.ts";
export {
  type Fetched,
  fetchReports,
  type FlowSource,
  type ListedFlow,
} from "./operations/fetch-settlement-reports.ts";
export { issueNotices, type IssuedNotices } from "./operations/issue-notices.ts";
export { beginPayment, type PayableNotice, payableNotice } from "./operations/payable-notice.ts";
export {
  cartProgress,
  type CartProgress,
  MAX_NOTICES_IN_CART,
  noteCartAnswer,
  noteCartReturn,
  startCart,
  type StartedCart,
} from "./operations/pay-online.ts";
export {
  noticeDetail,
  type NoticeDetail,
  noticesOf,
  type ShownNotice,
} from "./operations/read-notices.ts";
export { receiveReceipt, type StoredReceipt } from "./operations/receive-receipt.ts";
export { type KeySet, keysSet, serviceKey, setServiceKey } from "./operations/service-keys.ts";
export { reconcile, type Reconciled } from "./operations/reconcile.ts";
export { type ReceiptSource, recoverReceipts } from "./operations/recover-receipts.ts";
export { resolveCase, type ResolvedCase } from "./operations/resolve-case.ts";
export {
  type AppliedFile,
  applyBankFile,
  bankFile,
  type BankFile,
  planBankFile,
  type PlannedFile,
  type ShownFile,
} from "./operations/take-bank-file.ts";
export type { JournalMovement, ReceivedJournal } from "./rules/cash-journal.ts";
export { type CollectionFault, isItalianIban } from "./rules/check-collection.ts";
export type { PositionKind, Verdict } from "./rules/match-receipt.ts";
export { inFours, isNoticeNumber, iuvOf } from "./rules/notice-number.ts";
export type { NoticeState, NotPayable } from "./rules/notice-state.ts";
export {
  evenInstalments,
  type InstalmentDraft,
  type LineDraft,
  type PlanFault,
  type PositionDraft,
} from "./rules/plan-notices.ts";
export type {
  ReceivedReport,
  ReportedOutcome,
  ReportedPayment,
} from "./rules/settlement-report.ts";
export { stationFor } from "./rules/station-for.ts";
export type { ReceiptSubject, ReceivedReceipt } from "./rules/received-receipt.ts";
export type { CartReturn } from "./sql/carts.ts";
export { storeReport, type StoredReport } from "./operations/store-settlement-report.ts";
export { waitingReceipts } from "./sql/inbox.ts";
export { type Notice, type NoticeLine, noticesOfBills, type TransferRow } from "./sql/notices.ts";
export { openCases, type PaymentCase, type Receipt, receiptById } from "./sql/receipts.ts";
export {
  type CollectionAccount,
  collectionAccounts,
  PAGOPA_SERVICES,
  type PagopaService,
  type Station,
  stations,
  stationsOfTown,
} from "./sql/stations.ts";
