// SPDX-License-Identifier: EUPL-1.2
/** A school bus for the small town: service `scuolabus`, both Ferrando children enrolled, one line with three stops. */
import { putServicePeriods, putServices } from "#calendar";
import { putEnrolments } from "#enrolment";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration } from "#tenancy";
import { saveLine, seatChild, type StopGiven } from "#transport";
import type { SmallTown } from "./small-town.ts";

const AT = moment("2026-08-20T08:00:00Z");
export const BUS_START = day("2026-09-14");
export const busOffice: Actor = { ...systemActor, role: "office", id: newId(), name: "M. Conti" };

export const stopAt = (name: string, outward: string | null, back: string | null): StopGiven => ({
  id: newId(),
  name,
  times: {
    outward: outward === null ? null : Temporal.PlainTime.from(outward),
    return: back === null ? null : Temporal.PlainTime.from(back),
  },
});

export interface BusTown {
  readonly busId: string;
  readonly lineId: string;
  readonly pineta: string;
  readonly stazione: string;
  readonly chiesa: string;
}

/** Giulia gets on at Pineta and off at Chiesa; Tommaso has no seat yet. */
export async function addBus(place: SmallTown): Promise<BusTown> {
  const [busId, lineId] = [newId(), newId()];
  const stops = [
    stopAt("Stazione", "07:30", "13:40"),
    stopAt("Pineta", "07:40", "13:25"),
    stopAt("Chiesa", null, "13:15"),
  ];
  const [stazione, pineta, chiesa] = stops.map(({ id }) => id) as [string, string, string];
  await place.town.write(async (tx) => {
    await putServices(tx, [
      { id: busId, code: "scuolabus", kind: "transport", name: "Scuolabus", position: 9 },
    ]);
    const period = { id: newId(), serviceId: busId, year: 2026, level: null, siteId: null };
    await putServicePeriods(tx, { serviceId: busId, year: 2026 }, [
      { ...period, startsOn: BUS_START, endsOn: day("2027-06-05"), weekdays: 31 },
    ]);
    await putEnrolments(
      tx,
      [place.giulia, place.tommaso].map((childId) => {
        const to = day("2027-06-08");
        const dates = { year: 2026, from: BUS_START, to, weekdays: null };
        return { id: newId(), childId, serviceId: busId, ...dates };
      }),
      AT,
    );
    await bumpConfiguration(tx);
    const act = { actor: busOffice, serviceId: busId, at: AT };
    const saved = await saveLine(tx, { ...act, lineId, name: "2", stops, today: BUS_START });
    const seated = await seatChild(tx, {
      ...{ ...act, childId: place.giulia, from: BUS_START },
      stopIds: { outward: pineta, return: chiesa },
    });
    if (saved.outcome !== "saved" || seated.outcome !== "seated") throw new Error(saved.outcome);
  });
  return { busId, lineId, pineta, stazione, chiesa };
}

/** For the role table: the first family on the town's first line, the second on another one, and a line without anybody. */
export async function busThings(
  place: SmallTown,
  of: { first: readonly [string, string]; second: readonly [string, string] },
): Promise<{
  all: Record<string, string>;
  own: Record<string, string>;
  other: Record<string, string>;
}> {
  const { busId, lineId, stazione } = await addBus(place);
  const [second, empty] = [newId(), newId()];
  const stop = stopAt("Colle", "07:10", null);
  await place.town.write(async (tx) => {
    const act = { actor: busOffice, serviceId: busId, at: AT, today: BUS_START };
    const dates = { year: 2026, from: BUS_START, to: day("2027-06-05"), weekdays: null };
    await putEnrolments(
      tx,
      of.second.map((childId) => ({ id: newId(), childId, serviceId: busId, ...dates })),
      AT,
    );
    await saveLine(tx, { ...act, lineId: second, name: "3", stops: [stop] });
    await saveLine(tx, {
      ...act,
      lineId: empty,
      name: "4",
      stops: [stopAt("Bivio", "07:15", null)],
    });
    const child = { childId: of.second[0], from: BUS_START };
    await seatChild(tx, { ...act, ...child, stopIds: { outward: stop.id } });
  });
  return {
    all: { busService: busId, emptyLine: empty },
    own: { busLine: lineId, busStop: stazione, busSibling: of.first[1] },
    other: { busLine: second, busStop: stop.id, busSibling: of.second[1] },
  };
}
