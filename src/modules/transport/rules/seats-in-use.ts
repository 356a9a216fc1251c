// SPDX-License-Identifier: EUPL-1.2
import type { ChildSchedule } from "#calendar";
import { type Day, earlier, isBefore, later } from "#kernel/dates.ts";
import { type Seat, type Way, WAYS } from "./rows.ts";

/** The enrolments of a child in a service; `undefined`: it has never been in it. */
export type ScheduleOf = (seat: Pick<Seat, "childId" | "serviceId">) => ChildSchedule | undefined;

/** `schedules` by child and service, as `schedulesOf` (enrolment) answers. */
export function scheduleLookup(
  schedules: readonly (ChildSchedule & { childId: string })[],
): ScheduleOf {
  const key = (of: { childId: string; serviceId: string }): string =>
    `${of.childId}/${of.serviceId}`;
  const byKey = new Map(schedules.map((one) => [key(one), one]));
  return (seat) => byKey.get(key(seat));
}

/** The first day of the seat from `from` on, on which the child is enrolled; `null`: none, the seat counts for nobody. */
export function firstDayInUse(
  seat: Seat,
  schedule: ChildSchedule | undefined,
  from: Day,
): Day | null {
  const begin = later(seat.from, from);
  const days = (schedule?.enrolments ?? []).flatMap((one) => {
    const first = later(begin, one.from);
    const ends = [seat.to, one.to].filter((to) => to !== null);
    const last = ends.length === 0 ? null : ends.reduce(earlier);
    return last === null || !isBefore(last, first) ? [first] : [];
  });
  return days.length === 0 ? null : days.reduce(earlier);
}

export const isInUse = (seat: Seat, schedule: ChildSchedule | undefined, from: Day): boolean =>
  firstDayInUse(seat, schedule, from) !== null;

/** How many children get on or off at one of these stops, on these ways, on some day from `from` on. */
export function childrenAt(
  seats: readonly Seat[],
  schedule: ScheduleOf,
  of: { stopIds: readonly string[]; ways?: readonly Way[]; from: Day },
): number {
  const { ways = WAYS, from } = of;
  const stops = new Set(of.stopIds);
  const there = seats.filter((seat) =>
    ways.some((way) => {
      const stopId = seat.stopIds[way];
      return stopId !== null && stops.has(stopId);
    }),
  );
  return new Set(
    there.filter((seat) => isInUse(seat, schedule(seat), from)).map(({ childId }) => childId),
  ).size;
}
