// SPDX-License-Identifier: EUPL-1.2
export {
  accountKey,
  type AccountRef,
  type FamilyAccount,
  familyAccount,
  type TownAccount,
} from "./rules/account-key.ts";
export { CREDIT_METHODS, type CreditFault, type CreditMethod } from "./rules/check-credit.ts";
export { type Allocation, allocatePayments } from "./rules/allocate-payments.ts";
export { type PeriodStatement, periodStatement } from "./rules/period-statement.ts";
export {
  type ChildPayments,
  type LedgerMovement,
  type PaidUse,
  paidUses,
  type PaymentFacts,
  paymentsOfYear,
  schoolLimitCents,
  type Uncounted,
  type YearPayments,
} from "./rules/year-payments.ts";
export { LedgerKeyConflict, type Transfer } from "./rules/transfer.ts";
export {
  type Balance,
  balanceOf,
  balances,
  negativeBalances,
  positiveBalances,
} from "./sql/balances.ts";
export { checkLedger, type LedgerViolation } from "./sql/check-ledger.ts";
export {
  type Statement,
  statement,
  type StatementQuery,
  type StatementRow,
} from "./sql/statement.ts";
export { movementsOf } from "./sql/movements.ts";
export { type PaidIn, paymentsInto } from "./sql/payments.ts";
export { sumsByKey } from "./sql/sums-by-key.ts";
export { hasPostings, holdersCredited, servicesCredited } from "./sql/transfers.ts";
export { post, postMany, postNew } from "./operations/post.ts";
export { registerCredit, type RegisterCreditOutcome } from "./operations/register-credit.ts";
export { reverse, type ReversedTransfers } from "./operations/reverse.ts";
