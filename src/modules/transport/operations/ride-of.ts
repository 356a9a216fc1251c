// SPDX-License-Identifier: EUPL-1.2
import { closureOn, firstDay, serviceDay, townCalendar } from "#calendar";
import { schedulesOf } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { maySeeLine } from "../rules/office.ts";
import { carriesAnybody, type Ride, ride, type RideFacts } from "../rules/ride.ts";
import type { BusLine } from "../rules/rows.ts";
import { scheduleLookup } from "../rules/seats-in-use.ts";
import { busLine, linesFrom, stopsOf } from "../sql/lines.ts";
import { seatsFrom } from "../sql/seats.ts";

/** How far ahead the next day is looked for: a summer holiday and a bit. */
const AHEAD_DAYS = 120;

export type RideOfDay =
  | {
      outcome: "ride";
      line: BusLine;
      ride: Ride;
      /** `false`: nobody gets on or off that day */
      runs: boolean;
      /** the next day after it on which somebody does */
      next: Day | null;
    }
  | { outcome: "unknown-line" }
  /** a driver asks for somebody else's line */
  | { outcome: "not-allowed" };

/**
 * A line on a day, as its driver needs it: stops, times, and the children who are seated and enrolled and whose school
 * is open for the service. Names and classes, nothing else.
 */
export async function rideOf(
  tx: ReadTx,
  of: { actor: Actor; lineId: string; date: Day },
): Promise<RideOfDay> {
  if (!maySeeLine(of.actor, of.lineId)) return { outcome: "not-allowed" };
  const line = await busLine(tx, of.lineId);
  if (!line) return { outcome: "unknown-line" };
  const facts = await factsOf(tx, line, of.date);
  const found = ride(facts, of.date);
  const runsOn = (date: Day): boolean => carriesAnybody(ride(facts, date));
  const next = firstDay(of.date.add({ days: 1 }), of.date.add({ days: AHEAD_DAYS }), runsOn);
  return { outcome: "ride", line, ride: found, runs: carriesAnybody(found), next };
}

async function factsOf(tx: ReadTx, line: BusLine, date: Day): Promise<RideFacts> {
  const lineIds = [line.id];
  const stops = await stopsOf(tx, { lineIds });
  const seats = await seatsFrom(tx, { lineIds, date });
  const { serviceId } = line;
  const childIds = seats.map(({ childId }) => childId);
  const calendar = await townCalendar(tx);
  const schedule = scheduleLookup(await schedulesOf(tx, { childIds, serviceId }));
  return {
    ...{ line, stops, seats },
    dayOfChild(childId, on) {
      const own = schedule({ childId, serviceId });
      return own ? serviceDay(calendar, own, on) : { kind: "not-active" };
    },
    // A class that no closure names: what closes it closes the school.
    isWholeSchool: (siteId, on) => closureOn(calendar, serviceId, { id: "", siteId }, on) !== null,
  };
}

/** The lines whose rides somebody may look at: a driver's own, every one for the office. */
export async function linesToSee(tx: ReadTx, of: { actor: Actor; date: Day }): Promise<BusLine[]> {
  return (await linesFrom(tx, of.date)).filter(({ id }) => maySeeLine(of.actor, id));
}
