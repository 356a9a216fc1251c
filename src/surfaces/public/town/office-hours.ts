// SPDX-License-Identifier: EUPL-1.2
import { type Day, momentAt, isMomentAfter, type Moment } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import type { TownSettings } from "#tenancy";

type Hours = TownSettings["office"]["hours"];
const { time, weekday, day } = formats("it");
const clock = (text: string): string => time(Temporal.PlainTime.from(text));

/** `Oggi aperto fino alle 12:00.`, `Oggi aperto dalle 14:30 alle 16:30.`, `Oggi chiuso. Apre mercoledì …` */
export function openNow(hours: Hours, today: Day, now: Moment): string {
  if (hours.length === 0) return "Orari non ancora comunicati.";
  const ofDay = (date: Day): Hours =>
    hours
      .filter((row) => row.weekday === date.dayOfWeek)
      .toSorted((a, b) => a.from.localeCompare(b.from));
  const next = ofDay(today).find(({ to }) => !isMomentAfter(now, momentAt(today, to)));
  if (next) {
    const open = !isMomentAfter(momentAt(today, next.from), now);
    const to = clock(next.to);
    return open
      ? `Oggi aperto fino alle ${to}.`
      : `Oggi aperto dalle ${clock(next.from)} alle ${to}.`;
  }
  for (let ahead = 1; ahead <= 7; ahead += 1) {
    const date = today.add({ days: ahead });
    const [first] = ofDay(date);
    if (first) return `Ora chiuso. Riapre ${day(date)} alle ${clock(first.from)}.`;
  }
  return "Ora chiuso.";
}

/** Monday to Saturday, each with its hours; a day without hours says so. */
export function weekRows(hours: Hours): { day: string; hours: string }[] {
  const last = Math.max(5, ...hours.map((row) => row.weekday));
  return Array.from({ length: last }, (_, index) => {
    const rows = hours
      .filter((row) => row.weekday === index + 1)
      .toSorted((a, b) => a.from.localeCompare(b.from));
    const text = rows.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(", ");
    return { day: weekday(index + 1), hours: text || "chiuso" };
  });
}
