// SPDX-License-Identifier: EUPL-1.2
export { announceIseeEndings } from "./operations/announce-isee-endings.ts";
export { paymentOn } from "./operations/charge-meals.ts";
export { type ClosedDay, closeDay } from "./operations/close-day.ts";
export {
  type ClosedService,
  closeService,
  type ClosureEffect,
  closureEffect,
  type ClosureScope,
} from "./operations/close-service.ts";
export {
  answerDispute,
  type AnsweredDispute,
  type DisputedCharge,
  disputeCharge,
  isOverdue,
} from "./operations/dispute-charge.ts";
export {
  type BillCorrection,
  previewReissue,
  reissueBill,
  type WhyNotReissued,
} from "./operations/reissue-bill.ts";
export { dayFaults } from "./operations/day-faults.ts";
export { checkDay, type DayFault, FAULT_WORDS, faultSentence } from "./rules/check-day.ts";
export { drawDueBills, dueMonth, type DueMonth } from "./operations/draw-due-bills.ts";
export { type DrawnMonth, drawMonth, openDays } from "./operations/draw-month.ts";
export {
  firstNoticeDay,
  type FirstNoticePreview,
  makeFirstNotices,
  type MadeFirstNotices,
  previewFirstNotices,
} from "./operations/first-notices.ts";
export {
  previewReminders,
  remindAutomatically,
  type ReminderPreview,
  type StartedReminders,
  startReminders,
} from "./operations/remind-unpaid.ts";
export { type ReminderLeft, remindersLeft } from "./operations/reminders-left.ts";
export type { Debt, WhyNot } from "./rules/decide-reminders.ts";
export { type OpenFirstNotice, openFirstNotices } from "./sql/first-notices.ts";
export { type ReminderRound, reminderRounds } from "./sql/reminders.ts";
export { issueBillNotices } from "./operations/issue-bill-notices.ts";
export { feeNoticeKeys, issueFeeNotices } from "./operations/issue-fee-notices.ts";
export { type IseeEnding, iseeEndings } from "./operations/isee-endings.ts";
export { feePeriodsDue, postFees } from "./operations/post-fees.ts";
export type { FeeRepricing, RepricedFee, WhyFeeStays } from "./operations/plan-fees.ts";
export {
  feesMark,
  previewFees,
  type RepricedFees,
  repriceFees,
} from "./operations/reprice-fees.ts";
export type { FeeReason } from "./rules/compare-fees.ts";
export { periodWord } from "./rules/fee-messages.ts";
export { openOfFees } from "./rules/open-fees.ts";
export { rechargeMeal } from "./operations/recharge-meal.ts";
export {
  previewReprice,
  repriceMeals,
  type Repricing,
  repricingMark,
} from "./operations/reprice-meals.ts";
export { repriceInParts } from "./operations/reprice-in-parts.ts";
export { reopenDays, type ReopenedService, reopenService } from "./operations/reopen-service.ts";
export { type ReopenedDay, reopenClosedDay } from "./operations/reverse-charges.ts";
export { requestResidualRefunds, residualCreditsAfter } from "./operations/residual-credit.ts";
export { ENGLISH_REASON_WORDS, REASON_WORDS } from "./rules/closure-message.ts";
export { iseePrices, iseeTitle } from "./rules/isee-message.ts";
export { billByNumber, billsOf, type SettledBill as Bill } from "./operations/read-bills.ts";
export { type BillLine, billLines, cancellationOf, unbilledOf } from "./sql/bills.ts";
export { type Charge, chargeById, chargesByKeys, chargesOf } from "./sql/charges.ts";
export { type DayFigures, figuresOfDays } from "./sql/day-figures.ts";
export { type Dispute, disputesOf } from "./sql/disputes.ts";
export { openUnpriced } from "./sql/unpriced.ts";
