// SPDX-License-Identifier: EUPL-1.2
/** Words and small renderings that several pages of the office share. */
import { REASON_WORDS } from "#billing";
import type { MealState } from "#booking";
import {
  className,
  type Closure,
  type SchoolLevel,
  type Service,
  type ServiceDay,
  type TownCalendar,
} from "#calendar";
import { type Day, type Moment, MONDAY_TO_FRIDAY, sameDay } from "#kernel/dates.ts";
import type { Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import type { DatedSettings } from "#tenancy";
import { type State, stateBadge } from "#ui/components.ts";

export const LEVEL_WORDS: Record<SchoolLevel, string> = {
  nido: "nido",
  infanzia: "infanzia",
  primaria: "primaria",
  secondaria1: "secondaria di primo grado",
  secondaria2: "secondaria di secondo grado",
};

const f = formats("it");

/** `segnato alle 8:41, arrivato alle 9:10`: what waited on a tablet without a network says both. */
export function arrivalText(of: { tappedAt: Moment | null; receivedAt: Moment }): string {
  const arrived = `arrivato alle ${f.time(of.receivedAt)}`;
  const tapped = of.tappedAt && f.time(of.tappedAt);
  return tapped && tapped !== f.time(of.receivedAt)
    ? `segnato alle ${tapped}, ${arrived}`
    : arrived;
}

/** Services that count single days: they have cut-offs, a calendar, an order. */
export function dailyServices(
  calendar: TownCalendar,
  settings: DatedSettings,
  date: Day,
): Service[] {
  return calendar.services.filter(
    ({ code }) =>
      settings.maybeService(code, "attendance", date) !== undefined &&
      settings.maybeService(code, "cutoffs", date) !== undefined,
  );
}

/** `3A, Primaria Milano` */
export function classLabel(calendar: TownCalendar, classId: string | null | undefined): string {
  const schoolClass = classId ? calendar.classes.get(classId) : undefined;
  if (!schoolClass) return "";
  return `${className(schoolClass)}, ${calendar.sites.get(schoolClass.siteId)?.name ?? ""}`;
}

/** `lunedì, martedì e giovedì` from a mask; `ogni giorno, dal lunedì al venerdì` for the whole week. */
export function weekdaysText(mask: number): string {
  if (mask === MONDAY_TO_FRIDAY) return "dal lunedì al venerdì";
  if (mask === 0) return "nessun giorno";
  const days = Array.from({ length: 7 }, (_, i) => i + 1).filter((n) => mask & (1 << (n - 1)));
  return f.list(days.map((n) => f.weekday(n)));
}

/** `giovedì 26 novembre`, or `da giovedì 26 novembre a lunedì 30 novembre 2026` */
export function spanText(from: Day, to: Day): string {
  if (sameDay(from, to)) return f.dayWithYear(from);
  return from.year === to.year
    ? `da ${f.day(from)} a ${f.dayWithYear(to)}`
    : `da ${f.dayWithYear(from)} a ${f.dayWithYear(to)}`;
}

/** `Tutte le scuole`, `Primaria Milano`, `3A, Primaria Milano` */
export function placeText(
  calendar: TownCalendar,
  of: { siteId: string | null; classId: string | null },
): string {
  if (of.classId) return classLabel(calendar, of.classId);
  return of.siteId ? (calendar.sites.get(of.siteId)?.name ?? "") : "Tutte le scuole";
}

export const reasonText = (closure: Pick<Closure, "reason" | "note">): string =>
  closure.note.trim() || REASON_WORDS[closure.reason];

export const serviceName = (calendar: TownCalendar, id: string | null): string =>
  calendar.services.find((service) => service.id === id)?.name ?? "";

const STATE_OF: Record<MealState, State> = {
  expected: "present",
  plain: "plain",
  cancelled: "cancelled",
  "absent-late": "absent",
  "not-booked": "not-booked",
};

/** What a child's day is, as a pill; the late absence says that it stays charged. */
export function dayBadge(of: { day: ServiceDay; state: MealState }): Html {
  switch (of.day.kind) {
    case "closed":
      return stateBadge("closed", { size: "small", word: `Chiuso: ${reasonText(of.day)}` });
    case "no-session":
      return stateBadge("no-rientro", { size: "small" });
    case "not-active":
      return stateBadge("not-enrolled", { size: "small" });
    case "service":
      return of.state === "absent-late"
        ? stateBadge("absent", { size: "small", word: "Assente, avviso tardivo" })
        : stateBadge(STATE_OF[of.state], { size: "small" });
  }
}

/** First letter in upper case: sentences that begin with a day. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
