// SPDX-License-Identifier: EUPL-1.2
export { type Payer, payersOn } from "./operations/payers-on.ts";
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
export { roster, type RosterRow, schedulesOf } from "./sql/roster.ts";
