// SPDX-License-Identifier: EUPL-1.2
import { schedulesOf } from "#enrolment";
import { type Day, isWithin, sameDay } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type BusLine, type Seat, type Way, WAYS } from "../rules/rows.ts";
import { firstDayInUse, scheduleLookup } from "../rules/seats-in-use.ts";
import { linesFrom, stopsOf } from "../sql/lines.ts";
import { seatsFrom } from "../sql/seats.ts";

export interface PlaceOnBus {
  readonly line: Pick<BusLine, "id" | "name">;
  readonly stopId: string;
  readonly stopName: string;
  readonly at: Temporal.PlainTime;
}

/** Where a child gets on in the morning and off at home; `null`: not by bus on that way. */
export interface ChildSeat {
  readonly childId: string;
  readonly serviceId: string;
  /** `null`: it holds on the day asked for; else the first day on which it does */
  readonly from: Day | null;
  readonly ways: Readonly<Record<Way, PlaceOnBus | null>>;
}

/**
 * The seats of children that hold on a day or later, the first one first, for families and office. Without an enrolment
 * in the service, or when line or stop are over, a seat counts for nothing; a child without any place is absent.
 */
export async function seatsOf(
  tx: ReadTx,
  of: { childIds: readonly string[]; date: Day },
): Promise<ChildSeat[]> {
  const { childIds, date } = of;
  const seats = await seatsFrom(tx, { childIds, date });
  if (seats.length === 0) return [];
  const schedule = scheduleLookup(await schedulesOf(tx, { childIds }));
  const placeAt = await placesFrom(tx, seats, date);
  return seats
    .flatMap((seat) => {
      const first = firstDayInUse(seat, schedule(seat), date);
      if (first === null) return [];
      const { childId, serviceId } = seat;
      const ways = {
        outward: placeAt(seat, "outward", first),
        return: placeAt(seat, "return", first),
      };
      return [{ childId, serviceId, from: sameDay(first, date) ? null : first, ways }];
    })
    .filter(({ ways }) => WAYS.some((way) => ways[way] !== null));
}

async function placesFrom(
  tx: ReadTx,
  seats: readonly Seat[],
  date: Day,
): Promise<(seat: Seat, way: Way, on: Day) => PlaceOnBus | null> {
  const ids = seats.flatMap(({ stopIds }) => WAYS.flatMap((way) => stopIds[way] ?? []));
  const lines = new Map((await linesFrom(tx, date)).map((line) => [line.id, line]));
  const stops = new Map((await stopsOf(tx, { stopIds: ids })).map((stop) => [stop.id, stop]));
  return ({ stopIds }, way, on) => {
    const stop = stops.get(stopIds[way] ?? "");
    const line = stop && lines.get(stop.lineId);
    const at = stop?.times[way];
    if (!line || !at || !isWithin(on, on, line.endedOn) || !isWithin(on, on, stop.endedOn))
      return null;
    return { line: { id: line.id, name: line.name }, stopId: stop.id, stopName: stop.name, at };
  };
}
