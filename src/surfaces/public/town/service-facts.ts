// SPDX-License-Identifier: EUPL-1.2
import { REASON_WORDS } from "#billing";
import { type Closure, nationalHoliday, type Service, type TownCalendar } from "#calendar";
import { type Day, earlier, isBefore, isWithin, later, schoolYearOf } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { PriceRange } from "#tariffs";
import type { CutoffSetting, DatedSettings } from "#tenancy";

const { day, time } = formats("it");

const PER = { meal: "a pasto", month: "al mese", term: "a periodo", year: "all'anno" } as const;

/** `da 2,30 € a 5,60 € a pasto, secondo l'ISEE` */
export function priceText(range: PriceRange): string {
  const [from, to] = [formatEuro(BigInt(range.minCents)), formatEuro(BigInt(range.maxCents))];
  const price = from === to ? to : `da ${from} a ${to}`;
  const why = range.byIsee ? ", secondo l'ISEE" : "";
  const less = range.reductions ? "; riduzioni per alcune famiglie" : "";
  return `${price} ${PER[range.per]}${why}${less}`;
}

/** `entro le 9:00 dello stesso giorno` */
export function cutoffText(cutoff: CutoffSetting): string {
  const at = time(Temporal.PlainTime.from(cutoff.time));
  const { daysBefore } = cutoff;
  if (daysBefore === 0) return `entro le ${at} dello stesso giorno`;
  return daysBefore === 1
    ? `entro le ${at} del giorno prima`
    : `entro le ${at} di ${daysBefore} giorni prima`;
}

/** Who says that a child does not eat, and until when. `null`: not a service with meals. */
export function absenceText(settings: DatedSettings, service: Service, date: Day): string | null {
  const cutoffs = settings.maybeService(service.code, "cutoffs", date);
  const attendance = settings.maybeService(service.code, "attendance", date);
  if (!cutoffs || !attendance || service.kind === "transport") return null;
  const { mode } = attendance;
  if (mode === "opt-in") return `prenotazione ${cutoffText(cutoffs.portal)}`;
  const reports = settings.maybeService(service.code, "absences", date)?.reportedBy ?? "parents";
  if (reports === "school") return "le segnala la scuola";
  const parents = `disdetta ${cutoffText(cutoffs.portal)}`;
  return reports === "both" ? `${parents}, oppure le segnala la scuola` : parents;
}

export function paymentText(settings: DatedSettings, service: Service, date: Day): string | null {
  switch (settings.maybeService(service.code, "payment", date)?.model) {
    case "prepaid":
      return `prima, con il ${settings.town("words", date).wallet}`;
    case "postpaid":
      return "dopo, con un avviso ogni mese";
    case "fixed-fee":
      return "con una quota fissa";
    case undefined:
      return null;
  }
}

/** First and last day of the service in the school year of `date`. */
export function periodText(calendar: TownCalendar, serviceId: string, date: Day): string | null {
  const year = schoolYearOf(date);
  const periods = calendar.periods.filter(
    (one) => one.serviceId === serviceId && one.year === year,
  );
  const [first] = periods;
  if (!first) return null;
  const from = periods.reduce((found, { startsOn }) => earlier(found, startsOn), first.startsOn);
  const to = periods.reduce((found, { endsOn }) => later(found, endsOn), first.endsOn);
  return `dal ${shortDay(from)} al ${shortDay(to)}`;
}

const shortDay = (date: Day): string => `${formats("it").dayAndMonth(date)} ${date.year}`;

/** What is closed on a day or in the days after it, as sentences; holidays included. */
export function closureTexts(calendar: TownCalendar, today: Day, ahead: number): string[] {
  const until = today.add({ days: ahead });
  const holiday = nationalHoliday(today);
  const found = calendar.closures
    .filter(({ from, to }) => !isBefore(to, today) && !isBefore(until, from))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  return [
    ...(holiday ? [`Oggi: servizi chiusi per ${holiday}.`] : []),
    ...found.map((closure) => closureText(calendar, closure, today)),
  ];
}

function closureText(calendar: TownCalendar, closure: Closure, today: Day): string {
  const when = isWithin(today, closure.from, closure.to)
    ? closure.to.equals(today)
      ? "Oggi"
      : `Oggi e fino a ${day(closure.to)}`
    : closure.from.equals(closure.to)
      ? capital(day(closure.from))
      : `Da ${day(closure.from)} a ${day(closure.to)}`;
  const service = calendar.services.find(({ id }) => id === closure.serviceId)?.name;
  const schoolClass = closure.classId === null ? null : calendar.classes.get(closure.classId);
  const siteId = closure.siteId ?? schoolClass?.siteId;
  const site = siteId === undefined ? "tutte le scuole" : (calendar.sites.get(siteId)?.name ?? "");
  const place = schoolClass ? `${schoolClass.grade}${schoolClass.section}, ${site}` : site;
  const reason = closure.note.trim() || REASON_WORDS[closure.reason];
  return `${when}: ${service ?? "servizi"} chiusi in ${place} (${reason}). Non serve disdire.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
