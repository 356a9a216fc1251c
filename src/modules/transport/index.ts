// SPDX-License-Identifier: EUPL-1.2
export { endLine, type EndedLine } from "./operations/end-line.ts";
export { linesToSee, type RideOfDay, rideOf } from "./operations/ride-of.ts";
export { type SavedLine, saveLine, type StopGiven } from "./operations/save-line.ts";
export {
  seatChild,
  type SeatedChild,
  unseatChild,
  type UnseatedChild,
} from "./operations/seat-child.ts";
export { type ChildSeat, type PlaceOnBus, seatsOf } from "./operations/seats-of.ts";
export { type LineWithStops, type ServiceLines, serviceLines } from "./operations/service-lines.ts";
export { LONGEST_LINE_NAME, LONGEST_STOP_NAME, stopsOfWay } from "./rules/line-words.ts";
export type { ClosedPlace, Passenger, Ride, RideStop } from "./rules/ride.ts";
export {
  type BusLine,
  type BusStop,
  type NamedSeat,
  type Seat,
  type Times,
  type Way,
  WAYS,
} from "./rules/rows.ts";
export { linesFrom } from "./sql/lines.ts";
