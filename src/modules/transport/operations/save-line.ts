// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { schedulesOf } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import {
  lineName,
  LONGEST_LINE_NAME,
  type StopFault,
  stopFault,
  stopName,
} from "../rules/line-words.ts";
import { isOffice } from "../rules/office.ts";
import { type BusStop, type Times, type Way, WAYS } from "../rules/rows.ts";
import { childrenAt, scheduleLookup } from "../rules/seats-in-use.ts";
import {
  busLine,
  endStops,
  isNameTaken,
  lockLines,
  putLine,
  putStops,
  stopsOf,
} from "../sql/lines.ts";
import { seatsFrom } from "../sql/seats.ts";

/** A stop as it was written: an id that the line does not have yet is a new one's. */
export interface StopGiven {
  readonly id: string;
  readonly name: string;
  readonly times: Times;
}

export type SavedLine =
  | { outcome: "saved"; lineId: string }
  | { outcome: "name-missing" }
  | { outcome: "name-too-long" }
  /** another line of the service that runs is called so */
  | { outcome: "name-taken" }
  | { outcome: "no-stops" }
  | { outcome: "stop-faulty"; stopId: string; fault: StopFault }
  /** a stop, or its time of one way, was taken away while so many children have it today or later */
  | { outcome: "stop-in-use"; stopId: string; name: string; children: number }
  /** somebody took it away meanwhile */
  | { outcome: "stop-over"; stopId: string; name: string }
  /** no service of the kind `transport` */
  | { outcome: "unknown-service" }
  /** the form of a new line was sent before, with another content: that line stays as it is */
  | { outcome: "written-before"; name: string }
  /** over, of another service, or its stop is of another line */
  | { outcome: "unknown-line" }
  | { outcome: "not-allowed" };

/**
 * A new line, or a changed one (its id is known). Stops that are not named stay as they are, so that two people of the
 * office do not undo each other's; `removed` ones are no longer served from `today` on.
 */
export async function saveLine(
  tx: WriteTx,
  of: {
    actor: Actor;
    lineId: string;
    /** `lineId` comes from the form of a new line */
    isNew?: boolean;
    serviceId: string;
    name: string;
    stops: readonly StopGiven[];
    removed?: readonly string[];
    today: Day;
    at: Moment;
  },
): Promise<SavedLine> {
  const { actor, lineId, serviceId, today } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const name = lineName(of.name);
  if (name === "") return { outcome: "name-missing" };
  if (name.length > LONGEST_LINE_NAME) return { outcome: "name-too-long" };
  const { services } = await townCalendar(tx);
  if (!services.some(({ id, kind }) => id === serviceId && kind === "transport"))
    return { outcome: "unknown-service" };
  const stops = of.stops.map((stop) => ({ ...stop, name: stopName(stop.name) }));
  for (const stop of stops) {
    const fault = stopFault(stop);
    if (fault) return { outcome: "stop-faulty", stopId: stop.id, fault };
  }
  await lockLines(tx);
  const known = await busLine(tx, lineId);
  if (known && (known.endedOn !== null || known.serviceId !== serviceId))
    return { outcome: "unknown-line" };
  if (await isNameTaken(tx, { lineId, serviceId, name })) return { outcome: "name-taken" };
  const found = await stopsOf(tx, { stopIds: stops.map(({ id }) => id) });
  if (found.some((stop) => stop.lineId !== lineId)) return { outcome: "unknown-line" };
  const over = found.find(({ endedOn }) => endedOn !== null);
  if (over) return { outcome: "stop-over", stopId: over.id, name: over.name };
  const before = (await stopsOf(tx, { lineIds: [lineId] })).filter(
    ({ endedOn }) => endedOn === null,
  );
  const removed = before.filter(({ id }) => of.removed?.includes(id));
  const gone = new Set(removed.map(({ id }) => id));
  const kept = [...before, ...stops].filter(({ id }) => !gone.has(id));
  if (kept.length === 0) return { outcome: "no-stops" };
  const written = stops.filter(({ id }) => !gone.has(id));
  const refused = await stopInUse(tx, { lineId, before, written, gone, today });
  if (refused) return refused;
  const changed = written.filter((stop) => !before.some((one) => isSame(one, stop)));
  if (known?.name === name && changed.length === 0 && gone.size === 0)
    return { outcome: "saved", lineId };
  if (known && of.isNew) return { outcome: "written-before", name: known.name };
  await putLine(tx, { id: lineId, serviceId, name });
  await putStops(tx, { lineId, stops: changed });
  await endStops(tx, { stopIds: [...gone], endedOn: today.subtract({ days: 1 }) });
  await recordAudit(tx, {
    actor,
    at: of.at,
    action: "transport.save-line",
    details: { lineId, name, changed: changed.length, removed: gone.size },
  });
  return { outcome: "saved", lineId };
}

const timeText = ({ times }: { times: Times }, way: Way): string => times[way]?.toString() ?? "";

const isSame = (a: StopGiven, b: StopGiven): boolean =>
  a.id === b.id && a.name === b.name && WAYS.every((way) => timeText(a, way) === timeText(b, way));

/** The first stop that somebody still needs and that would no longer be served, on a way or at all. */
async function stopInUse(
  tx: WriteTx,
  of: {
    lineId: string;
    before: readonly BusStop[];
    written: readonly StopGiven[];
    gone: ReadonlySet<string>;
    today: Day;
  },
): Promise<SavedLine | null> {
  const lost = of.before.flatMap((stop) => {
    const now = of.written.find(({ id }) => id === stop.id) ?? stop;
    const ways = WAYS.filter(
      (way) => stop.times[way] !== null && (of.gone.has(stop.id) || now.times[way] === null),
    );
    return ways.length > 0 ? [{ stop, ways }] : [];
  });
  if (lost.length === 0) return null;
  const seats = await seatsFrom(tx, { lineIds: [of.lineId], date: of.today });
  const schedule = scheduleLookup(
    await schedulesOf(tx, { childIds: seats.map(({ childId }) => childId) }),
  );
  for (const { stop, ways } of lost) {
    const children = childrenAt(seats, schedule, { stopIds: [stop.id], ways, from: of.today });
    if (children > 0) return { outcome: "stop-in-use", stopId: stop.id, name: stop.name, children };
  }
  return null;
}
