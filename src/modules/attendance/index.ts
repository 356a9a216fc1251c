// SPDX-License-Identifier: EUPL-1.2
export {
  type ClassOverview,
  classesOn,
  type ClassSheet,
  classSheet,
  mayMarkClass,
  ofClass,
  type SheetRow,
} from "./operations/class-sheet.ts";
export {
  type DayKey,
  finishClosing,
  reopenDay,
  startClosing,
  type StartedClosing,
} from "./operations/close-day.ts";
export {
  correctAttendance,
  type CorrectionRequest,
  type CorrectionResult,
  type RollCallRequest,
  type RollCallResult,
  submitRollCall,
} from "./operations/mark-attendance.ts";
export {
  type ClosingBatch,
  closingBatches,
  recordBatch,
  type RecordedBatch,
} from "./operations/record-batch.ts";
export { serveChild } from "./operations/serve-child.ts";
export { whoMarked, whoRecorded } from "./operations/who-recorded.ts";
export { serveUnknown } from "./operations/serve-unknown.ts";
export type { Recorder } from "./rules/recorder.ts";
export { CLOSES_AT, type DayState } from "./rules/day-state.ts";
export { isSuperseded } from "./rules/decide-attendance.ts";
export {
  attendanceOfChildren,
  attendanceOn,
  attendedOfDays,
  type AttendanceRow,
  correctionsOn,
  type Mark,
  marksOf,
  type RollCall,
  rollCallsOn,
  serviceDays,
  type ServiceDayRow,
  setClosedBillable,
} from "./sql/attendance.ts";
export { billableMeals, countBillable, holdClosing, holdServiceDays } from "./sql/closing.ts";
export { servedOfDays } from "./sql/served.ts";
export { resolveUnknownWalkIn, type UnknownWalkIn, unknownWalkIns } from "./sql/walk-ins.ts";
export { switchServeEveryone } from "./operations/serve-everyone.ts";
export { serveEveryoneSince } from "./sql/serve-everyone.ts";
