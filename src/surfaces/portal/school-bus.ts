// SPDX-License-Identifier: EUPL-1.2
import { serviceDay } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import { type ChildSeat, type PlaceOnBus, seatsOf, type Way, WAYS } from "#transport";
import { whyClosed } from "../web/closure-reasons.ts";
import type { FamilyScope } from "./family-scope.ts";

const it = {
  ways: { outward: "Andata", return: "Ritorno" } satisfies Record<Way, string> as Record<
    Way,
    string
  >,
  place: (line: string, stop: string, time: string) => `Linea ${line}, fermata ${stop}, ${time}`,
  from: (place: string, day: string) => `${place} (da ${day})`,
  noStop: "Fermata non ancora assegnata.",
  notToday: (why: string | null) => `Oggi lo scuolabus non passa${why === null ? "" : `: ${why}`}.`,
};

const en: typeof it = {
  ways: { outward: "To school", return: "Back home" },
  place: (line, stop, time) => `Line ${line}, stop ${stop}, ${time}`,
  from: (place, day) => `${place} (from ${day})`,
  noStop: "No stop assigned yet.",
  notToday: (why) => `The school bus does not run today${why === null ? "" : `: ${why}`}.`,
};

export const busWords = catalogue<typeof it>({ it, en });

/** Seats of the family's children on the school bus; nothing is asked where no child has such a service. */
export async function familySeats(
  tx: ReadTx,
  scope: FamilyScope,
  date: Day,
): Promise<readonly ChildSeat[]> {
  if (!scope.services.some(({ kind }) => kind === "transport")) return [];
  return seatsOf(tx, { childIds: scope.children.map(({ id }) => id), date });
}

/** `Linea 2, fermata Pineta, 7:40`, each way that the child goes by bus; what changes later says from when. */
export function busPlaces(
  seats: readonly ChildSeat[],
  of: { childId: string; serviceId: string; today: Day },
  lang: Lang,
): { way: string; place: string }[] {
  const w = busWords(lang);
  const f = formats(lang);
  const own = seats.filter((one) => one.childId === of.childId && one.serviceId === of.serviceId);
  const say = ({ line, stopName, at }: PlaceOnBus): string =>
    w.place(line.name, stopName, f.time(at));
  return WAYS.flatMap((way) =>
    own.flatMap(({ from, ways }, index) => {
      const place = ways[way];
      if (!place || place.stopId === own[index - 1]?.ways[way]?.stopId) return [];
      const text = from ? w.from(say(place), f.dayBy(from, of.today)) : say(place);
      return [{ way: w.ways[way], place: text }];
    }),
  );
}

/** Says that the bus does not come for the child today, and why; `null`: it does. */
export function busNotToday(
  scope: FamilyScope,
  of: { childId: string; serviceId: string; today: Day },
  lang: Lang,
): string | null {
  const schedule = scope.schedule(of.childId, of.serviceId);
  const day = schedule && serviceDay(scope.calendar, schedule, of.today);
  if (day?.kind === "service") return null;
  return busWords(lang).notToday(day?.kind === "closed" ? whyClosed(day, lang) : null);
}
