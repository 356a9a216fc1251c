// SPDX-License-Identifier: EUPL-1.2
import { type Day, momentAt, isMomentAfter, type Moment } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import type { TownSettings } from "#tenancy";
import { words } from "./words.ts";

type Hours = TownSettings["office"]["hours"];
/** `9:00` is the same in both languages. */
const clock = (text: string): string => formats("it").time(Temporal.PlainTime.from(text));

/** `Oggi aperto fino alle 12:00.`, `Oggi aperto dalle 14:30 alle 16:30.`, `Oggi chiuso. Apre mercoledì …` */
export function openNow(
  hours: Hours,
  { today, now, lang }: { today: Day; now: Moment; lang: Lang },
): string {
  const w = words(lang);
  if (hours.length === 0) return w.noHours;
  const ofDay = (date: Day): Hours =>
    hours
      .filter((row) => row.weekday === date.dayOfWeek)
      .toSorted((a, b) => a.from.localeCompare(b.from));
  const next = ofDay(today).find(({ to }) => !isMomentAfter(now, momentAt(today, to)));
  if (next) {
    const open = !isMomentAfter(momentAt(today, next.from), now);
    const to = clock(next.to);
    return open ? w.openUntil(to) : w.openFrom(clock(next.from), to);
  }
  for (let ahead = 1; ahead <= 7; ahead += 1) {
    const date = today.add({ days: ahead });
    const [first] = ofDay(date);
    if (first) return w.reopens(formats(lang).day(date), clock(first.from));
  }
  return w.closedNow;
}

/** Monday to Saturday, each with its hours; a day without hours says so. */
export function weekRows(hours: Hours, lang: Lang): { day: string; hours: string }[] {
  const last = Math.max(5, ...hours.map((row) => row.weekday));
  return Array.from({ length: last }, (_, index) => {
    const rows = hours
      .filter((row) => row.weekday === index + 1)
      .toSorted((a, b) => a.from.localeCompare(b.from));
    const text = rows.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(", ");
    return { day: formats(lang).weekday(index + 1), hours: text || words(lang).closed };
  });
}
