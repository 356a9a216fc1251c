// SPDX-License-Identifier: EUPL-1.2
export {
  acknowledgeDifferences,
  freezeDueOrders,
  type KitchenOrder,
  kitchenOrder,
  type SiteOrder,
  versionOf,
} from "./operations/kitchen-order.ts";
export { mealsOfMonth } from "./operations/meals-of-month.ts";
export { type DayMeals, sumMeals } from "./rules/month.ts";
export type { Change, ChangeCause } from "./rules/explain-changes.ts";
export type { Difference, OrderLine } from "./rules/order.ts";
export { putStaffMealPatterns, putStaffMeals, staffMealsOn } from "./sql/orders.ts";
