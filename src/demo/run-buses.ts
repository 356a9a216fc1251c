// SPDX-License-Identifier: EUPL-1.2
import { type TownCalendar } from "#calendar";
import { roster } from "#enrolment";
import { demoAccounts } from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { saveLine, seatChild, type StopGiven } from "#transport";
import type { DemoTown } from "./cast.ts";
import { putPersonas } from "./staff.ts";

const DRIVER = "demo.autista";
/** the office has not found a stop for everybody yet */
const WITHOUT_STOP = 2;

/**
 * Lines of the school bus in a town that has one, the enrolled children at their stops (siblings at the same one), and
 * somebody who drives the first line. A town loaded by an earlier release gets them too.
 */
export async function runBuses(
  tx: WriteTx,
  of: { town: DemoTown; calendar: TownCalendar; actor: Actor; at: Moment },
): Promise<void> {
  const { bus } = of.town;
  const service = of.calendar.services.find(({ kind }) => kind === "transport");
  if (!bus || !service) return;
  if ((await demoAccounts(tx)).some(({ username }) => username === DRIVER)) return;
  const { actor, at } = of;
  const from = dayOf(at);
  const lines = bus.lines.map(({ name, stops }) => ({
    id: newId(),
    name,
    stops: stops.map(given),
  }));
  for (const { id, name, stops } of lines) {
    const line = { lineId: id, serviceId: service.id, name, stops };
    const saved = await saveLine(tx, { ...line, actor, at, today: from });
    if (saved.outcome !== "saved") throw new Error(`demo line: ${saved.outcome}`);
  }
  const stops = lines.flatMap((line) => line.stops);
  const children = await roster(tx, { serviceId: service.id, date: from });
  const surnames = [...new Set(children.map(({ surname }) => surname))];
  for (const { childId, surname } of children.slice(0, -WITHOUT_STOP)) {
    const stopId = stops[surnames.indexOf(surname) % stops.length]!.id;
    const act = { actor, childId, serviceId: service.id, from, at };
    const seated = await seatChild(tx, { ...act, stopIds: { outward: stopId, return: stopId } });
    if (seated.outcome !== "seated") throw new Error(`demo seat: ${seated.outcome}`);
  }
  const [first] = lines;
  const name = `${bus.driver}, autista della linea ${first!.name}`;
  await putPersonas(tx, [{ username: DRIVER, name, role: "driver", lineId: first!.id }], at);
}

const given = ([name, outward, back]: readonly [string, string, string]): StopGiven => ({
  id: newId(),
  name,
  times: { outward: Temporal.PlainTime.from(outward), return: Temporal.PlainTime.from(back) },
});
