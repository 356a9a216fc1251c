// SPDX-License-Identifier: EUPL-1.2
import { schedulesOf } from "#enrolment";
import { holderOf } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, isBefore, isWithin, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isOffice } from "../rules/office.ts";
import { type Seat, type Way, WAYS } from "../rules/rows.ts";
import { linesFrom, lockLines, stopsOf } from "../sql/lines.ts";
import { endSeats, putSeat, seatsFrom } from "../sql/seats.ts";

export type SeatedChild =
  | { outcome: "seated" }
  /** of no line of the service that runs, or not served on that way */
  | { outcome: "unknown-stop"; way: Way }
  /** neither a stop on the way to school nor one back: that is `unseatChild` */
  | { outcome: "no-stop" }
  /** the child does not have the service on that day */
  | { outcome: "not-enrolled" }
  | { outcome: "not-allowed" };

interface Seating {
  readonly actor: Actor;
  readonly childId: string;
  readonly serviceId: string;
  readonly from: Day;
  readonly at: Moment;
}

/**
 * Where the child gets on and off from a day on, in place of what was written for that day and later. A way that is
 * not named stays as it was on that day; `null`: not by bus on that way.
 */
export async function seatChild(
  tx: WriteTx,
  of: Seating & { stopIds: Readonly<Partial<Record<Way, string | null>>> },
): Promise<SeatedChild> {
  const { actor, childId, serviceId, from } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  await lockLines(tx);
  const [schedule] = await schedulesOf(tx, { childIds: [childId], serviceId });
  if (!schedule?.enrolments.some((one) => isWithin(from, one.from, one.to)))
    return { outcome: "not-enrolled" };
  const seats = (await seatsFrom(tx, { childIds: [childId], date: from })).filter(
    (seat) => seat.serviceId === serviceId,
  );
  const before = seats.find((seat) => isWithin(from, seat.from, seat.to));
  const isServed = await servedStops(tx, { serviceId, from });
  const kept = (way: Way): string | null => {
    const stopId = before?.stopIds[way] ?? null;
    return stopId !== null && isServed(stopId, way) ? stopId : null;
  };
  const stopIds = {
    outward: of.stopIds.outward === undefined ? kept("outward") : of.stopIds.outward,
    return: of.stopIds.return === undefined ? kept("return") : of.stopIds.return,
  };
  const unknown = WAYS.find((way) => stopIds[way] !== null && !isServed(stopIds[way], way));
  if (unknown) return { outcome: "unknown-stop", way: unknown };
  if (WAYS.every((way) => stopIds[way] === null)) return { outcome: "no-stop" };
  // A second tap on the same form changes nothing.
  if (before && before.to === null && WAYS.every((way) => before.stopIds[way] === stopIds[way]))
    return { outcome: "seated" };
  await endSeats(tx, of);
  await putSeat(tx, { id: newId(), childId, serviceId, stopIds, from }, of.at);
  await note(tx, "transport.seat", { ...of, stopIds });
  return { outcome: "seated" };
}

/** Which stops of the service may be chosen: those of lines that run and have no end. */
async function servedStops(
  tx: ReadTx,
  { serviceId, from }: Pick<Seating, "serviceId" | "from">,
): Promise<(stopId: string, way: Way) => boolean> {
  const lines = (await linesFrom(tx, from)).filter(
    (line) => line.serviceId === serviceId && line.endedOn === null,
  );
  const stops = await stopsOf(tx, { lineIds: lines.map(({ id }) => id) });
  const byId = new Map(stops.filter(({ endedOn }) => endedOn === null).map((one) => [one.id, one]));
  return (stopId, way) => (byId.get(stopId)?.times[way] ?? null) !== null;
}

export type UnseatedChild =
  | { outcome: "unseated" }
  | { outcome: "not-seated" }
  /** the child has taken the bus since a later day, which is past: a year mistyped would forget it */
  | { outcome: "taken-since"; from: Day }
  | { outcome: "not-allowed" };

/** From a day on the child does not take the bus; the days before stay as they were. */
export async function unseatChild(tx: WriteTx, of: Seating): Promise<UnseatedChild> {
  const { actor, childId, serviceId, from } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  await lockLines(tx);
  const seats = await seatsFrom(tx, { childIds: [childId], date: from });
  const own = seats.filter((seat) => seat.serviceId === serviceId);
  if (own.length === 0) return { outcome: "not-seated" };
  const past = own.find((seat) => isBefore(from, seat.from) && isBefore(seat.from, dayOf(of.at)));
  if (past) return { outcome: "taken-since", from: past.from };
  await endSeats(tx, of);
  await note(tx, "transport.unseat", of);
  return { outcome: "unseated" };
}

async function note(
  tx: WriteTx,
  action: string,
  of: Seating & { stopIds?: Seat["stopIds"] },
): Promise<void> {
  const { actor, at, childId, serviceId, from, stopIds } = of;
  await recordAudit(tx, {
    ...{ actor, at, action, childId },
    holderId: await holderOf(tx, childId, from),
    details: { serviceId, from: from.toString(), ...stopIds },
  });
}
