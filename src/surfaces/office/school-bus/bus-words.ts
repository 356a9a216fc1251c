// SPDX-License-Identifier: EUPL-1.2
/** What the pages of the school bus share: its services, its choices, how a place is said. */
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  type ChildSeat,
  type LineWithStops,
  type NamedSeat,
  type ServiceLines,
  serviceLines,
  stopsOfWay,
  type Way,
  WAYS,
} from "#transport";
import type { Visit } from "../../web/visit.ts";
import { classLabel } from "../words.ts";

export const SCHOOL_BUS = "/ufficio/scuolabus";
export const BUS_BACK = { href: SCHOOL_BUS, label: "Scuolabus" } as const;
const f = formats("it");

/** Fields of the forms, by way; what one does at the stop. */
export const WAY_FIELDS: Readonly<Record<Way, { name: string; label: string; none: string }>> = {
  outward: { name: "andata", label: "Andata: sale a", none: "Non prende l'andata" },
  return: { name: "ritorno", label: "Ritorno: scende a", none: "Non prende il ritorno" },
};

export const busServices = ({ services }: TownCalendar): Service[] =>
  services.filter(({ kind }) => kind === "transport");

export interface BusService extends ServiceLines {
  readonly service: Service;
}

export interface BusDesk {
  readonly calendar: TownCalendar;
  readonly services: readonly BusService[];
}

/** Lines, seats and enrolled children of every transport service of the town. */
export async function busDesk(tx: ReadTx, { today }: Visit): Promise<BusDesk> {
  const calendar = await townCalendar(tx);
  const services = await Promise.all(
    busServices(calendar).map(async (service) => ({
      service,
      ...(await serviceLines(tx, { serviceId: service.id, date: today })),
    })),
  );
  return { calendar, services };
}

export interface BusLinePlace {
  readonly bus: BusService;
  readonly line: LineWithStops;
}

/** Where to go back to from a child: the line it gets on, or off; the list of lines for one without a stop. */
export function backOf(
  { lines }: Pick<ServiceLines, "lines">,
  stopIds: NamedSeat["stopIds"] | undefined,
): { href: string; label: string } {
  const ids = [stopIds?.outward, stopIds?.return];
  const line = lines.find(({ stops }) => stops.some(({ id }) => ids.includes(id)));
  return line ? { href: linePath(line), label: `Linea ${line.name}` } : BUS_BACK;
}

/** The line that the address names, with its service. */
export function lineOfAddress(desk: BusDesk, id: string): BusLinePlace | null {
  for (const bus of desk.services) {
    const line = bus.lines.find((one) => one.id === id);
    if (line) return { bus, line };
  }
  return null;
}

export const linePath = ({ id }: { id: string }): string => `${SCHOOL_BUS}/${id}`;
export const seatPath = (of: { serviceId: string; childId: string }): string =>
  `${SCHOOL_BUS}/bambini/${of.serviceId}/${of.childId}`;

/** `7:40 Pineta`, with the line before it where it is not the page's own. */
export function stopText(
  { lines }: Pick<ServiceLines, "lines">,
  of: { stopId: string; way: Way; lineId?: string },
): string {
  const line = lines.find(({ stops }) => stops.some(({ id }) => id === of.stopId));
  const stop = line?.stops.find(({ id }) => id === of.stopId);
  const at = stop?.times[of.way];
  if (!line || !stop || !at) return "";
  const own = line.id === of.lineId ? "" : `Linea ${line.name}, `;
  return `${own}${f.time(at)} ${stop.name}`;
}

/** Stops that may be chosen on a way, of the given lines, in the order of their times. */
export const stopChoices = (
  lines: readonly LineWithStops[],
  way: Way,
): { value: string; label: string }[] =>
  lines
    .filter(({ endedOn }) => endedOn === null)
    .flatMap(({ name, stops }) =>
      stopsOfWay(stops, way).map(({ id, name: stop, at }) => {
        return { value: id, label: `Linea ${name}, ${f.time(at)} ${stop}` };
      }),
    );

/** Children of the service without a place that way, today or later. */
export function lacking(bus: BusService, way: Way): BusService["enrolled"] {
  const placed = new Set(
    bus.seats.filter(({ stopIds }) => stopIds[way] !== null).map(({ childId }) => childId),
  );
  return bus.enrolled.filter(({ childId }) => !placed.has(childId));
}

/** Children of the service with a place on neither way. */
export function unplaced(bus: BusService): BusService["enrolled"] {
  const placed = new Set(bus.seats.map(({ childId }) => childId));
  return bus.enrolled.filter(({ childId }) => !placed.has(childId));
}

/** Children who get on or off at some stop of a line, today or later. */
export const aboard = (
  { seats }: Pick<ServiceLines, "seats">,
  line: LineWithStops,
): NamedSeat[] => {
  const own = new Set(line.stops.map(({ id }) => id));
  return seats.filter(({ stopIds }) => WAYS.some((way) => own.has(stopIds[way] ?? "")));
};

export const countChildren = (seats: readonly NamedSeat[]): number =>
  new Set(seats.map(({ childId }) => childId)).size;

export const childName = (of: { surname: string; givenName: string }): string =>
  `${of.surname} ${of.givenName}`;

/** The class a child has today, or will have where the service is being prepared. */
export function classOf(desk: BusDesk, bus: BusService, childId: string): string {
  const row = bus.enrolled.find((one) => one.childId === childId);
  return row ? classLabel(desk.calendar, row.classId) : "";
}

/** An id as a form may bring it; anything else is none. */
export const idOrNull = (text: string): string | null => (isUuid(text) ? text : null);

const WAY_WORDS: Readonly<Record<Way, string>> = { outward: "andata", return: "ritorno" };

/** `andata Linea 2, 7:40 Pineta; ritorno Linea 2, 13:15 Chiesa`; one that begins later says when */
export function seatText({ ways, from }: ChildSeat): string {
  const places = WAYS.flatMap((way) => {
    const place = ways[way];
    if (!place) return [];
    return [`${WAY_WORDS[way]} Linea ${place.line.name}, ${f.time(place.at)} ${place.stopName}`];
  });
  return `${places.join("; ")}${from ? `, da ${f.dayWithYear(from)}` : ""}`;
}
