// SPDX-License-Identifier: EUPL-1.2
export { type AnsweredMoney, answerMoney } from "./operations/answer-money-request.ts";
export {
  type AskedMoney,
  askMoney,
  givePayee,
  refundableCents,
  withdrawRequest,
} from "./operations/ask-money-request.ts";
export { askResidualRefunds, type AskedResidual } from "./operations/ask-residual-refunds.ts";
export { applyReceipts, type ReadReceipt } from "./operations/apply-receipts.ts";
export {
  CATEGORY_OF_KIND,
  type Collecting,
  collectingFor,
  type Missing,
} from "./operations/beneficiaries.ts";
export { type CancelledNotice, cancelNotice } from "./operations/cancel-notice.ts";
export { expireNotices } from "./operations/expire-notices.ts";
export {
  closeAccount,
  closeStation,
  type Configured,
  configureAccount,
  configureStation,
} from "./operations/configure-collection.ts";
export {
  type ChosenFlow,
  chooseFlow,
  type ExplainedMoney,
  explainMoney,
  type FlowReceipt,
  type MoneySubject,
  receiptFromFlow,
} from "./operations/explain-money.ts";
export {
  type Fetched,
  fetchReports,
  type FlowSource,
  type ListedFlow,
} from "./operations/fetch-settlement-reports.ts";
export { issueNotices, type IssuedNotices } from "./operations/issue-notices.ts";
export { beginPayment, type PayableNotice, payableNotice } from "./operations/payable-notice.ts";
export {
  cartForCheckout,
  cartProgress,
  type CartProgress,
  MAX_NOTICES_IN_CART,
  noteCartAnswer,
  noteCartReturn,
  startCart,
  type StartedCart,
} from "./operations/pay-online.ts";
export {
  type ClaimedRun,
  claimPrintRun,
  finishPrintRun,
  keepPart,
  type PartToPrint,
  partToPrint,
  type PrintedPart,
  releasePrintRun,
  printArchives,
} from "./operations/make-print-file.ts";
export {
  discardPrintRun,
  KEEP_PRINT_FILES_DAYS,
  listPapers,
  type PrintableSheet,
  printableSheets,
  removeOldPrintFiles,
  startPrintRun,
  type StartedPrintRun,
} from "./operations/print-run.ts";
export {
  type CaseOutcome,
  noticeDetail,
  type NoticeDetail,
  noticesOf,
  type PaymentInCase,
  type ShownNotice,
} from "./operations/read-notices.ts";
export { type OverdueNotice, overdueNotices } from "./operations/read-overdue.ts";
export { type NoticePaper, noticePapers } from "./operations/read-papers.ts";
export {
  batchFile,
  type BatchFile,
  confirmRefunds,
  correctPayee,
  discardBatch,
  giveBack,
  markBatchSent,
  noteDownload,
  orderRefunds,
  returnRefund,
} from "./operations/order-refunds.ts";
export {
  debtWithoutNotice,
  planInstalments,
  type PlannedInstalments,
} from "./operations/plan-instalments.ts";
export { receiveReceipt, type StoredReceipt } from "./operations/receive-receipt.ts";
export { type KeySet, keysSet, serviceKey, setServiceKey } from "./operations/service-keys.ts";
export { reconcile, type Reconciled } from "./operations/reconcile.ts";
export {
  accountingOf,
  checkReconciliation,
  flowDetail,
  movementDetail,
  reconciliation,
  type Reconciliation,
  reconciliationRows,
  unexplainedMoney,
} from "./operations/read-reconciliation.ts";
export { type ReceiptSource, recoverReceipts } from "./operations/recover-receipts.ts";
export { refundCase } from "./operations/refund-case.ts";
export {
  type DeskTarget,
  registerDeskPayment,
  type RegisteredDeskPayment,
} from "./operations/register-desk-payment.ts";
export {
  CLAIM_SECONDS,
  claimRemote,
  recordRemote,
  type RemoteResult,
  type RemoteWork,
  type ToldNotice,
} from "./operations/remote-sync.ts";
export {
  brokersOf,
  claimForFile,
  filesToRead,
  keepUpload,
  recordFile,
} from "./operations/remote-upload.ts";
export {
  holdNotices,
  replaceNotices,
  unpaidNoticesOf,
  withdrawUnpaid,
} from "./operations/replace-notices.ts";
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
export {
  decideWriteOff,
  type DecidedWriteOff,
  proposeWriteOff,
  type ProposedWriteOff,
} from "./operations/write-off.ts";
export { yearPayments } from "./operations/year-payments.ts";
export type { JournalMovement, ReceivedJournal } from "./rules/cash-journal.ts";
export { type CollectionFault } from "./rules/check-collection.ts";
export { isItalianIban } from "./rules/iban.ts";
export {
  type DeskFault,
  type DeskMethod,
  fileTypeOf,
  isForOldDebtsOnly,
  MOST_FILE_BYTES,
} from "./rules/desk-payment.ts";
export {
  FEWEST_INSTALMENTS,
  monthlyDates,
  MOST_INSTALMENTS,
  type PlanDatesFault,
} from "./rules/instalment-plan.ts";
export type { PositionKind, Verdict } from "./rules/match-receipt.ts";
export {
  isOpenRequest,
  LONGEST_BENEFICIARY,
  LONGEST_REASON,
  mayBecome,
  type RequestFault,
  type RequestState,
} from "./rules/money-request.ts";
export { inFours, isNoticeNumber, iuvOf, noticeNumberOf } from "./rules/notice-number.ts";
export { isPending, type NoticeState, type NotPayable } from "./rules/notice-state.ts";
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
export { bulkCall, type RemoteChannel } from "./rules/remote-sync.ts";
export { ARCHIVE_LIMITS } from "./rules/print-run.ts";
export { topUpEndsOn } from "./rules/top-up-end.ts";
export { stationFor } from "./rules/station-for.ts";
export type { ReceiptSubject, ReceivedReceipt } from "./rules/received-receipt.ts";
export { type CartReturn, cartsOfNotices } from "./sql/carts.ts";
export { FLOW_AWAITED_DAYS, flowAwaitedUntil } from "./rules/awaited-flow.ts";
export type { AccountedRow } from "./rules/accounting-export.ts";
export type { BankMovement } from "./sql/bank-movements.ts";
export type { Pile, WaitingReceipt } from "./sql/reconciliation.ts";
export type { Flow, FlowPayment, LineStanding } from "./sql/settlement-flows.ts";
export { storeReport, type StoredReport } from "./operations/store-settlement-report.ts";
export { deskFile, type DeskPayment, deskPayments } from "./sql/desk-payments.ts";
export { forgetForeignReceipts, forgetRawReceipts, waitingReceipts } from "./sql/inbox.ts";
export {
  dueChannels,
  positionsToRead,
  recordRead,
  type RemoteBacklog,
  remoteBacklog,
  type RemoteStanding,
  remoteStandingOf,
} from "./sql/remote-sync.ts";
export { positionsToWatch, recordWatched } from "./sql/remote-watch.ts";
export {
  lockMoneyDesk,
  type MoneyRequest,
  moneyRequests,
  type RequestEvent,
  requestEvents,
} from "./sql/money-requests.ts";
export {
  type Notice,
  type NoticeLine,
  noticesOfBills,
  deletedKeys,
  positionsByKey,
  type TransferRow,
} from "./sql/notices.ts";
export { checkPayments } from "./operations/check-payments.ts";
export { previewRevoked, type UndoneRevoked, undoRevoked } from "./operations/undo-revoked.ts";
export {
  openCase,
  openCases,
  openCaseSum,
  type PaymentCase,
  type Receipt,
  receiptById,
  receiptsById,
} from "./sql/receipts.ts";
export {
  type CollectionAccount,
  collectionAccounts,
  PAGOPA_SERVICES,
  type PagopaService,
  type Station,
  stations,
  stationsOfTown,
} from "./sql/stations.ts";
export {
  archivedIn,
  type MadePart,
  monthsOfOpenNotices,
  partBytes,
  type PartContent,
  partsOf,
  type PrintPaper,
  type PrintRun,
  printRun,
  printRuns,
} from "./sql/print-runs.ts";
export { type RefundBatch, refundBatches } from "./sql/refund-batches.ts";
export { approvedWriteOffs, type WriteOff, writeOffs } from "./sql/write-offs.ts";
