// SPDX-License-Identifier: EUPL-1.2
import type { ClosureReason, ServiceDay } from "#calendar";
import { type Day, isBefore, isWithin } from "#kernel/dates.ts";
import { stopsOfWay } from "./line-words.ts";
import { type BusLine, type BusStop, type NamedSeat, type Way, WAYS } from "./rows.ts";

export interface RideFacts {
  readonly line: Pick<BusLine, "endedOn">;
  /** of the line, those that are over too */
  readonly stops: readonly BusStop[];
  readonly seats: readonly NamedSeat[];
  /** is it a service day for the child? The calendar's and the enrolment's word, not ours */
  dayOfChild(childId: string, date: Day): ServiceDay;
  /** does what closes a class on that day close its whole school? */
  isWholeSchool(siteId: string, date: Day): boolean;
}

export interface Passenger {
  readonly childId: string;
  readonly surname: string;
  readonly givenName: string;
  readonly classId: string;
  readonly siteId: string;
}

export interface RideStop {
  readonly stopId: string;
  readonly name: string;
  readonly at: Temporal.PlainTime;
  readonly passengers: readonly Passenger[];
}

/** A school, or one class of it, from which nobody comes although the service runs. */
export interface ClosedPlace {
  readonly siteId: string;
  /** `null`: the whole school */
  readonly classId: string | null;
  readonly reason: ClosureReason;
  readonly note: string;
}

export interface Ride {
  readonly ways: Readonly<Record<Way, readonly RideStop[]>>;
  readonly closed: readonly ClosedPlace[];
}

const isServed = ({ endedOn }: { endedOn: Day | null }, date: Day): boolean =>
  endedOn === null || !isBefore(endedOn, date);

/** The stops of a line on a day, each way in the order of the times, with the children of that day. */
export function ride(facts: RideFacts, date: Day): Ride {
  const seated = facts.seats.filter(({ from, to }) => isWithin(date, from, to));
  const closed = new Map<string, ClosedPlace>();
  const carried = seated.flatMap((seat) => {
    const on = facts.dayOfChild(seat.childId, date);
    if (on.kind === "closed") {
      const classId = facts.isWholeSchool(on.siteId, date) ? null : on.classId;
      const { siteId, reason, note } = on;
      closed.set(`${siteId}/${classId}`, { siteId, classId, reason, note });
    }
    return on.kind === "service" ? [{ seat, on }] : [];
  });
  const stops = isServed(facts.line, date)
    ? facts.stops.filter((stop) => isServed(stop, date))
    : [];
  const stopsOn = (way: Way): RideStop[] =>
    stopsOfWay(stops, way).map(({ id, name, at }) => ({
      stopId: id,
      name,
      at,
      passengers: carried
        .filter(({ seat }) => seat.stopIds[way] === id)
        .map(({ seat: { childId, surname, givenName }, on: { classId, siteId } }) => {
          return { childId, surname, givenName, classId, siteId };
        }),
    }));
  return {
    ways: { outward: stopsOn("outward"), return: stopsOn("return") },
    closed: [...closed.values()],
  };
}

/** Does anybody get on or off that day? */
export const carriesAnybody = ({ ways }: Pick<Ride, "ways">): boolean =>
  WAYS.some((way) => ways[way].some(({ passengers }) => passengers.length > 0));
