// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { roster, type RosterRow, schedulesOf } from "#enrolment";
import { type Day, earlier, isBefore, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { stopsInOrder } from "../rules/line-words.ts";
import type { BusLine, BusStop, NamedSeat } from "../rules/rows.ts";
import { isInUse, scheduleLookup } from "../rules/seats-in-use.ts";
import { linesFrom, stopsOf } from "../sql/lines.ts";
import { seatsFrom } from "../sql/seats.ts";

export interface LineWithStops extends BusLine {
  /** those that are served, in the order of the morning */
  readonly stops: readonly BusStop[];
}

/** The school bus of one service, as the office keeps it. */
export interface ServiceLines {
  readonly lines: readonly LineWithStops[];
  /** of today and later, of children who are enrolled then; at stops that are served */
  readonly seats: readonly NamedSeat[];
  /** today, or the day on which the service begins, where it does not run yet */
  readonly preparesFor: Day;
  /** who has the service on that day, by class and name */
  readonly enrolled: readonly RosterRow[];
}

export async function serviceLines(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<ServiceLines> {
  const { serviceId, date } = of;
  const lines = (await linesFrom(tx, date)).filter((line) => line.serviceId === serviceId);
  const lineIds = lines.map(({ id }) => id);
  const stops = (await stopsOf(tx, { lineIds })).filter(({ endedOn }) => endedOn === null);
  const served = new Set(stops.map(({ id }) => id));
  const at = (stopId: string | null): string | null =>
    stopId !== null && served.has(stopId) ? stopId : null;
  const seats = (await seatsFrom(tx, { lineIds, date }))
    .map((seat) => {
      const { outward, return: back } = seat.stopIds;
      return { ...seat, stopIds: { outward: at(outward), return: at(back) } };
    })
    .filter(({ stopIds }) => stopIds.outward !== null || stopIds.return !== null);
  const schedule = scheduleLookup(
    await schedulesOf(tx, { childIds: seats.map(({ childId }) => childId), serviceId }),
  );
  const preparesFor = await dayToPrepare(tx, of);
  return {
    lines: lines.map((line) => ({
      ...line,
      stops: stopsInOrder(stops.filter(({ lineId }) => lineId === line.id)),
    })),
    seats: seats.filter((seat) => isInUse(seat, schedule(seat), date)),
    preparesFor,
    enrolled: await roster(tx, { serviceId, date: preparesFor }),
  };
}

/** In summer the office prepares September. */
async function dayToPrepare(tx: ReadTx, of: { serviceId: string; date: Day }): Promise<Day> {
  const { periods } = await townCalendar(tx);
  const own = periods.filter(({ serviceId }) => serviceId === of.serviceId);
  const runs = own.some(({ startsOn, endsOn }) => isWithin(of.date, startsOn, endsOn));
  const coming = own.map(({ startsOn }) => startsOn).filter((from) => isBefore(of.date, from));
  return runs || coming.length === 0 ? of.date : coming.reduce(earlier);
}
