// SPDX-License-Identifier: EUPL-1.2
import { schedulesOf } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, isBefore, type Moment, sameDay } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { isOffice } from "../rules/office.ts";
import { childrenAt, scheduleLookup } from "../rules/seats-in-use.ts";
import { busLine, lockLines, setLineEnd, stopsOf } from "../sql/lines.ts";
import { seatsFrom } from "../sql/seats.ts";

export type EndedLine =
  | { outcome: "ended" }
  /** so many children have a stop of the line after that day: they are moved first */
  | { outcome: "in-use"; children: number }
  /** it ended before */
  | { outcome: "ended-already"; endedOn: Day }
  | { outcome: "unknown-line" }
  | { outcome: "not-allowed" };

/** `lastDay` is the last day that the line runs. It stays for the days that were; nothing is deleted. */
export async function endLine(
  tx: WriteTx,
  of: { actor: Actor; lineId: string; lastDay: Day; at: Moment },
): Promise<EndedLine> {
  const { actor, lineId, lastDay } = of;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  await lockLines(tx);
  const line = await busLine(tx, lineId);
  if (!line) return { outcome: "unknown-line" };
  if (line.endedOn && sameDay(line.endedOn, lastDay)) return { outcome: "ended" };
  if (line.endedOn && isBefore(line.endedOn, lastDay))
    return { outcome: "ended-already", endedOn: line.endedOn };
  const from = lastDay.add({ days: 1 });
  const stops = await stopsOf(tx, { lineIds: [lineId] });
  const seats = await seatsFrom(tx, { lineIds: [lineId], date: from });
  const schedule = scheduleLookup(
    await schedulesOf(tx, { childIds: seats.map(({ childId }) => childId) }),
  );
  const stopIds = stops.filter(({ endedOn }) => endedOn === null).map(({ id }) => id);
  const children = childrenAt(seats, schedule, { stopIds, from });
  if (children > 0) return { outcome: "in-use", children };
  await setLineEnd(tx, { id: lineId, endedOn: lastDay });
  await recordAudit(tx, {
    actor,
    at: of.at,
    action: "transport.end-line",
    details: { lineId, name: line.name, lastDay: lastDay.toString() },
  });
  return { outcome: "ended" };
}
