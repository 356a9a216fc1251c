// SPDX-License-Identifier: EUPL-1.2
export { enrol, type Enrolled, withdraw, type Withdrawn } from "./operations/enrol.ts";
export { payersOn } from "./operations/payers-on.ts";
export { setDiet, type SetDiet } from "./operations/set-diet.ts";
export { setPayerShares, type SetPayerShares } from "./operations/set-payer-shares.ts";
export { isDietCode } from "./rules/diet-code.ts";
export { checkShares, type CheckedShares, type Payer } from "./rules/payer-shares.ts";
export {
  type ClassMembership,
  type DietAssignment,
  dietsOn,
  type Enrolment,
  type PayerShare,
  putDiets,
  putEnrolments,
  putMemberships,
  putPayerShares,
} from "./sql/enrolments.ts";
export { classesOn, enrolmentsOf, membershipsOf } from "./sql/memberships.ts";
export { roster, type RosterRow, schedulesOf } from "./sql/roster.ts";
