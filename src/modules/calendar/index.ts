// SPDX-License-Identifier: EUPL-1.2
export { isWorkingDay, nationalHoliday } from "./rules/holidays.ts";
export { firstDayOf, lastDayOf } from "./rules/last-day.ts";
export { schoolYearBegan } from "./rules/school-year-began.ts";
export {
  type ChildSchedule,
  className,
  CLOSURE_REASONS,
  type ClassSession,
  type Closure,
  type ClosureReason,
  closureOn,
  dayOfClass,
  firstDay,
  SCHOOL_LEVELS,
  type SchoolClass,
  type SchoolLevel,
  type SchoolSite,
  type SchoolYear,
  type Service,
  type ServiceDay,
  serviceDay,
  type ServicePeriod,
  type TownCalendar,
} from "./rules/service-day.ts";
export {
  cancelledClosures,
  closureAuthors,
  closures,
  closuresOfAct,
  closuresRecorded,
  townCalendar,
} from "./sql/calendar.ts";
export { classes, sites } from "./sql/sites.ts";
export {
  cancelClosure,
  putClassSessions,
  putClasses,
  putClosures,
  putSchoolYear,
  putServicePeriods,
  putServices,
  putSites,
  shortenClosure,
} from "./operations/change-calendar.ts";
