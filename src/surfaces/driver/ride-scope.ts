// SPDX-License-Identifier: EUPL-1.2
/** What the driver's pages settle first: which of the own lines, which day, and the ride. */
import { className, type TownCalendar, townCalendar } from "#calendar";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  type BusLine,
  linesToSee,
  type Passenger,
  type Ride,
  rideOf,
  type RideStop,
  type Way,
} from "#transport";
import { whyClosed } from "../web/closure-reasons.ts";
import { visitPage } from "../web/frame.ts";
import { type Answer, forbidden, notFound } from "../web/route.ts";
import { parseDay, type Visit } from "../web/visit.ts";

export const RIDES = "/autista";
/** Whoever drives needs today and the next days, not the past. */
const MOST_DAYS_AHEAD = 14;
export const WAY_WORDS: Readonly<Record<Way, string>> = { outward: "Andata", return: "Ritorno" };

const f = formats("it");

export interface RideScope {
  readonly calendar: TownCalendar;
  readonly lines: readonly BusLine[];
  readonly line: BusLine;
  readonly date: Day;
  readonly ride: Ride;
  /** somebody gets on or off that day */
  readonly runs: boolean;
  readonly next: Day | null;
}

/** An answer where there is no ride to show; `no-line`: this driver has been given none. */
export async function rideScope(visit: Visit): Promise<RideScope | "no-line" | { answer: Answer }> {
  const { actor, today, query, params } = visit;
  const date = query["giorno"] ? parseDay(query["giorno"]) : today;
  if (!actor || !date) return { answer: notFound };
  if (isBefore(date, today) || isBefore(today.add({ days: MOST_DAYS_AHEAD }), date))
    return { answer: notFound };
  return visit.town.read(async (tx) => {
    const lines = await linesToSee(tx, { actor, date: today });
    const lineId = params["id"] ?? lines[0]?.id;
    if (lineId === undefined) return "no-line";
    if (!isUuid(lineId)) return { answer: notFound };
    const found = await rideOf(tx, { actor, lineId, date });
    switch (found.outcome) {
      case "ride": {
        const { line, ride, runs, next } = found;
        return { calendar: await townCalendar(tx), lines, line, date, ride, runs, next };
      }
      case "unknown-line":
        return { answer: notFound };
      case "not-allowed":
        return { answer: forbidden };
    }
  });
}

type Given = Omit<Parameters<typeof visitPage>[1], "surface" | "nav">;

/** A page for whoever drives: stops, names, classes; never money, health or contacts. The kitchen's frame fits. */
export const driverPage = (visit: Visit, options: Given): Html =>
  visitPage(visit, {
    ...options,
    surface: "kitchen",
    nav: {
      current: "rides",
      items: [
        { id: "rides", label: "Corse", href: RIDES },
        ...(visit.actor && visit.actor.role !== "driver"
          ? [{ id: "office", label: "Ufficio", href: "/ufficio/scuolabus" }]
          : []),
      ],
    },
  });

/** The address of a line's ride, with its day unless that is today. */
export function ridePath(
  visit: Visit,
  of: { line: BusLine; date: Day },
  page = "",
  way?: Way,
): string {
  const query = new URLSearchParams();
  if (!of.date.equals(visit.today)) query.set("giorno", of.date.toString());
  if (way) query.set("corsa", WAY_WORDS[way].toLowerCase());
  const text = query.toString();
  return `${RIDES}/${of.line.id}${page}${text ? `?${text}` : ""}`;
}

export const passengersOf = (stops: readonly RideStop[]): number =>
  stops.reduce((sum, { passengers }) => sum + passengers.length, 0);

export const childrenText = (count: number): string =>
  count === 0 ? "nessun bambino" : plural(count, "bambino", "bambini");

export const wayText = (way: Way, stops: readonly RideStop[]): string =>
  `${WAY_WORDS[way]}: ${childrenText(passengersOf(stops))}`;

export function placeOf(calendar: TownCalendar, passenger: Passenger): [string, string] {
  const schoolClass = calendar.classes.get(passenger.classId);
  const site = calendar.sites.get(passenger.siteId)?.name ?? "";
  return [schoolClass ? className(schoolClass) : "", site];
}

/** `Primaria Milano: sciopero`, `3A, Primaria Milano: gita`; the reason alone where nobody rides for the same one. */
export function closedTexts({ calendar, ride, runs }: RideScope): string[] {
  const whys = new Set(ride.closed.map((one) => whyClosed(one, "it")));
  if (!runs && whys.size === 1) return [...whys].map((why) => `Chiuso: ${why}.`);
  return ride.closed.map((one) => {
    const schoolClass = one.classId === null ? undefined : calendar.classes.get(one.classId);
    const site = calendar.sites.get(one.siteId)?.name ?? "";
    const place = schoolClass ? `${className(schoolClass)}, ${site}` : site;
    return `${place}: ${whyClosed(one, "it")}`;
  });
}

export const dayText = (date: Day, today: Day): string => f.dayFrom(date, today);
