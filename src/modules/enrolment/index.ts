// SPDX-License-Identifier: EUPL-1.2
export {
  type Acceptance,
  acceptApplication,
  type AcceptedApplication,
  refuseApplication,
} from "./operations/answer-application.ts";
export {
  applicationChoices,
  type Applied,
  applyFor,
  type Applying,
  checkApplication,
  isSameChild,
  windowAt,
  withdrawApplication,
} from "./operations/apply-for.ts";
export type { EnrolmentWindow } from "./rules/enrolment-window.ts";
export {
  type ApplicationFault,
  type ApplicationField,
  type ApplicationWords,
  isOfAge,
  type JudgedApplication,
  type JudgedSheet,
  LONGEST_LINE,
  LONGEST_NOTE,
} from "./rules/judge-application.ts";
export {
  type Application,
  applicationById,
  applicationByKey,
  applicationsOf,
  countOpenApplications,
  openApplications,
  openApplicationsLike,
  purgeApplications,
} from "./sql/applications.ts";
export { enrol, type Enrolled, withdraw, type Withdrawn } from "./operations/enrol.ts";
export {
  type AppliedPupils,
  applyPupils,
  type PlannedPupils,
  planPupilImport,
  type PupilImportSummary,
  type PupilTables,
  readPupilTables,
  readPupilFiles,
  type ReadPupilFiles,
  type ReadPupils,
  rowsWritten,
  type StoredPupilImport,
} from "./operations/import-pupils.ts";
export {
  type AppliedSchools,
  applySchools,
  type PlannedSchools,
  planSchoolImport,
  readSchoolFiles,
  type ReadSchoolFiles,
  type ReadSchools,
} from "./operations/import-schools.ts";
export {
  keepUnmapped,
  mapColumns,
  type MappedColumns,
  type UnmappedImport,
  withNew,
} from "./operations/map-columns.ts";
export { payersOn } from "./operations/payers-on.ts";
export { type PlannedAgain, planPupilsAgain } from "./operations/plan-again.ts";
export { setDiet, type SetDiet } from "./operations/set-diet.ts";
export { holdersSharing } from "./sql/payer-shares.ts";
export { setPayerShares, type SetPayerShares } from "./operations/set-payer-shares.ts";
export {
  headingsOf,
  isMappable,
  type LearnedHeading,
  MAPPABLE,
  type MappableColumn,
  type SheetKind,
} from "./rules/import/learned-headings.ts";
export { type SchoolPlan, type SchoolScope } from "./rules/import/plan-schools.ts";
export type { ChangedField, PupilPlan, PupilScope } from "./rules/import/pupil-plan.ts";
export type {
  ImportWarning,
  RejectedPupil,
  RejectReason,
  WarningReason,
} from "./rules/import/pupil-record.ts";
export { errorFile, REJECT_WORDS, WARNING_WORDS } from "./rules/import/words.ts";
export type { CheckedShares, Payer } from "./rules/payer-shares.ts";
export type { ClassMembership, DietAssignment, Enrolment, PayerShare } from "./rules/rows.ts";
export { checkEnrolments } from "./sql/check-enrolments.ts";
export {
  dietsOn,
  putDiets,
  putEnrolments,
  putMemberships,
  putPayerShares,
  sharesInForce,
} from "./sql/enrolments.ts";
export { learnedHeadings, putHeadings } from "./sql/import-headings.ts";
export { expirePlans, importRun, type ImportRun, importRuns } from "./sql/import-runs.ts";
export { classesOn, enrolmentsOf, membershipsOf } from "./sql/memberships.ts";
export { type SchoolChild, schoolChildren } from "./sql/school-children.ts";
export { roster, rosterBetween, type RosterRow, schedulesOf } from "./sql/roster.ts";
export { overlappingSeats, type Seat, seats } from "./sql/seats.ts";
