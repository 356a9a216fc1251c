// SPDX-License-Identifier: EUPL-1.2
export { cutoffAt, freezeMoment, isInTime } from "./rules/cutoff.ts";
export { MEAL_ACTS, type MealAct, type Refusal } from "./rules/decide-meal-change.ts";
export { lateCancellationDay } from "./rules/late-cancellation.ts";
export { type Choice, isOrdered, type MealState } from "./rules/meal-state.ts";
export { formatReceiptCode } from "./rules/receipt-code.ts";
export type { DayFacts } from "./operations/booking-facts.ts";
export { changeMeals, type MealChange, type MealChangeResult } from "./operations/change-meals.ts";
export { holdDaysOpen, holdServices, lockDay, unlockDay } from "./operations/lock-day.ts";
export { type DayMeal, mealsBetween } from "./operations/meals-between.ts";
export {
  absencesOf,
  type BareMeal,
  childDays,
  type ExpectedMeal,
  expectedMealBatches,
  expectedMeals,
  firstUsefulDays,
  laterReceipt,
  movedTo,
  type ShownAbsence,
  type VerifiedReceipt,
  verifyReceipt,
} from "./operations/read-bookings.ts";
export { remindOpenAbsences } from "./operations/remind-open-absences.ts";
export {
  type AbsenceRequest,
  type AbsenceResult,
  changeAbsence,
} from "./operations/report-absence.ts";
export { type Receipt, receiptsByIds, receiptsOfChildren } from "./sql/receipts.ts";
export { checkBookings } from "./sql/check-bookings.ts";
