// SPDX-License-Identifier: EUPL-1.2
import { type Closure, nationalHoliday, type Service, type TownCalendar } from "#calendar";
import { type Day, earlier, isBefore, isWithin, later, schoolYearOf } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { PriceRange } from "#tariffs";
import type { CutoffSetting, DatedSettings } from "#tenancy";
import { holidayName, whyClosed } from "../../web/closure-reasons.ts";
import { words } from "./words.ts";

interface Shown {
  today: Day;
  lang: Lang;
}

/** `da 2,30 € a 5,60 € a pasto, secondo l'ISEE` */
export function priceText(range: PriceRange, lang: Lang): string {
  const w = words(lang);
  const [from, to] = [formatEuro(BigInt(range.minCents)), formatEuro(BigInt(range.maxCents))];
  const price = from === to ? to : w.range(from, to);
  const why = range.byIsee ? w.byIsee : "";
  const less = range.reductions ? w.reductions : "";
  return `${price} ${w.per[range.per]}${why}${less}`;
}

/** The town's own name; a canteen is explained where the page is not Italian. */
export const serviceName = ({ kind, name }: Service, lang: Lang): string =>
  kind === "canteen" ? words(lang).canteen(name) : name;

/** `entro le 9:00 dello stesso giorno` */
function cutoffText(cutoff: CutoffSetting, lang: Lang): string {
  const w = words(lang);
  const at = formats(lang).time(Temporal.PlainTime.from(cutoff.time));
  const { daysBefore } = cutoff;
  if (daysBefore === 0) return w.sameDay(at);
  return daysBefore === 1 ? w.dayBefore(at) : w.daysBefore(at, daysBefore);
}

/** Who says that a child does not eat, and until when. `null`: not a service with meals. */
export function absenceText(
  settings: DatedSettings,
  service: Service,
  { today: date, lang }: Shown,
): string | null {
  const w = words(lang);
  const cutoffs = settings.maybeService(service.code, "cutoffs", date);
  const attendance = settings.maybeService(service.code, "attendance", date);
  if (!cutoffs || !attendance || service.kind === "transport") return null;
  const { mode } = attendance;
  if (mode === "opt-in") return w.booking(cutoffText(cutoffs.portal, lang));
  const reports = settings.maybeService(service.code, "absences", date)?.reportedBy ?? "parents";
  if (reports === "school") return w.bySchool;
  const parents = w.cancelling(cutoffText(cutoffs.portal, lang));
  return reports === "both" ? `${parents}${w.orSchool}` : parents;
}

export function paymentText(
  settings: DatedSettings,
  service: Service,
  { today: date, lang }: Shown,
): string | null {
  const w = words(lang);
  switch (settings.maybeService(service.code, "payment", date)?.model) {
    case "prepaid":
      return w.prepaid(settings.town("words", date).wallet);
    case "postpaid":
      return w.postpaid;
    case "fixed-fee":
      return w.fixedFee;
    case undefined:
      return null;
  }
}

/** First and last day of the service in the school year of `date`. */
export function periodText(
  calendar: TownCalendar,
  serviceId: string,
  { today: date, lang }: Shown,
): string | null {
  const year = schoolYearOf(date);
  const periods = calendar.periods.filter(
    (one) => one.serviceId === serviceId && one.year === year,
  );
  const [first] = periods;
  if (!first) return null;
  const from = periods.reduce((found, { startsOn }) => earlier(found, startsOn), first.startsOn);
  const to = periods.reduce((found, { endsOn }) => later(found, endsOn), first.endsOn);
  return words(lang).fromTo(shortDay(from, lang), shortDay(to, lang));
}

const shortDay = (date: Day, lang: Lang): string =>
  `${formats(lang).dayAndMonth(date)} ${date.year}`;

/** What is closed on a day or in the days after it, as sentences; holidays included. */
export function closureTexts(
  calendar: TownCalendar,
  { today, lang }: Shown,
  ahead: number,
): string[] {
  const until = today.add({ days: ahead });
  const holiday = nationalHoliday(today);
  const found = calendar.closures
    .filter(({ from, to }) => !isBefore(to, today) && !isBefore(until, from))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  return [
    ...(holiday ? [words(lang).holiday(holidayName(holiday, lang))] : []),
    ...found.map((closure) => closureText(calendar, closure, { today, lang })),
  ];
}

function closureText(calendar: TownCalendar, closure: Closure, { today, lang }: Shown): string {
  const w = words(lang);
  const { day } = formats(lang);
  const when = isWithin(today, closure.from, closure.to)
    ? closure.to.equals(today)
      ? w.today
      : w.todayUntil(day(closure.to))
    : closure.from.equals(closure.to)
      ? capital(day(closure.from))
      : w.daySpan(day(closure.from), day(closure.to));
  const service = calendar.services.find(({ id }) => id === closure.serviceId);
  const name = service ? serviceName(service, lang) : w.allServices;
  const schoolClass = closure.classId === null ? null : calendar.classes.get(closure.classId);
  const siteId = closure.siteId ?? schoolClass?.siteId;
  const site = siteId === undefined ? w.allSchools : (calendar.sites.get(siteId)?.name ?? "");
  const place = schoolClass ? `${schoolClass.grade}${schoolClass.section}, ${site}` : site;
  const reason = whyClosed(closure, lang);
  return w.closure(when, name, place, reason);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
