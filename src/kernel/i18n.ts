// SPDX-License-Identifier: EUPL-1.2
import { ZONE, type Day, type Moment } from "./dates.ts";

export const LANGUAGES = ["it", "en"] as const;
export type Lang = (typeof LANGUAGES)[number];

/**
 * A typed catalogue: functions and strings per language, the Italian one decides the shape.
 * `const words = catalogue({ it: {…} })`, then `words(lang).title`. A language without it reads Italian.
 */
export function catalogue<Words>(byLang: {
  readonly it: Words;
  readonly en?: Words;
}): (lang: Lang) => Words {
  return (lang) => byLang[lang] ?? byLang.it;
}

/** How a language writes days, times and counts. All cheap: names are read from Intl once per language. */
export interface Formats {
  /** `martedì 24 novembre` */
  day(date: Day): string;
  /** `martedì 24 novembre 2026` */
  dayWithYear(date: Day): string;
  /** `24 novembre` */
  dayAndMonth(date: Day): string;
  /** `24/11/2026`, for tables and print */
  shortDay(date: Day): string;
  /** `martedì 24 novembre`, and `lunedì 18 gennaio 2027` where today's year is another: days by which something is due */
  dayBy(date: Day, today: Day): string;
  /** `oggi, martedì 24 novembre`; also `domani`, `ieri`; any other day without a prefix, as `dayBy` has it */
  dayFrom(date: Day, today: Day): string;
  /** `novembre 2026` */
  month(month: Temporal.PlainYearMonth | Day): string;
  /** `novembre` */
  monthName(month: number): string;
  /** `lunedì`; 1 = Monday … 7 = Sunday */
  weekday(dayOfWeek: number): string;
  /** `lun` */
  weekdayShort(dayOfWeek: number): string;
  /** Rome's wall clock: `8:40` */
  time(at: Moment | Temporal.PlainTime): string;
  /** `8:41:07`: receipts only */
  timeWithSeconds(at: Moment): string;
  /** `24 novembre alle 8:41` */
  dayAndTime(at: Moment): string;
  /** `20 minuti`, `1 ora e 5 minuti`, `meno di un minuto` */
  minutes(count: number): string;
  /** `Giulia, Tommaso e Anna`, `Sofia ed Edoardo` */
  list(items: readonly string[]): string;
  /** `1.284` */
  number(value: number | bigint): string;
}

interface Phrases {
  readonly today: string;
  readonly tomorrow: string;
  readonly yesterday: string;
  readonly at: string;
  readonly underAMinute: string;
  readonly dayMonth: (day: number, month: string) => string;
  readonly weekdayDay: (weekday: string, day: string) => string;
  readonly minute: (count: number) => string;
  readonly hour: (count: number) => string;
}

const PHRASES: Record<Lang, Phrases> = {
  it: {
    today: "oggi",
    tomorrow: "domani",
    yesterday: "ieri",
    at: "alle",
    underAMinute: "meno di un minuto",
    dayMonth: (day, month) => `${day} ${month}`,
    weekdayDay: (weekday, day) => `${weekday} ${day}`,
    minute: (count) => (count === 1 ? "1 minuto" : `${count} minuti`),
    hour: (count) => (count === 1 ? "1 ora" : `${count} ore`),
  },
  en: {
    today: "today",
    tomorrow: "tomorrow",
    yesterday: "yesterday",
    at: "at",
    underAMinute: "less than a minute",
    dayMonth: (day, month) => `${day} ${month}`,
    weekdayDay: (weekday, day) => `${weekday} ${day}`,
    minute: (count) => (count === 1 ? "1 minute" : `${count} minutes`),
    hour: (count) => (count === 1 ? "1 hour" : `${count} hours`),
  },
};

const cache = new Map<Lang, Formats>();

/** The formats of a language, made once. */
export function formats(lang: Lang): Formats {
  let made = cache.get(lang);
  if (!made) cache.set(lang, (made = makeFormats(lang)));
  return made;
}

const two = (value: number): string => String(value).padStart(2, "0");

function makeFormats(lang: Lang): Formats {
  const locale = lang === "it" ? "it-IT" : "en-GB";
  const phrases = PHRASES[lang];
  const name = (
    options: Intl.DateTimeFormatOptions,
    year: number,
    month: number,
    date: number,
  ): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(
      Date.UTC(year, month, date),
    );
  // 1 January 2024 was a Monday
  const weekdays = Array.from({ length: 7 }, (_, i) => name({ weekday: "long" }, 2024, 0, i + 1));
  const shortWeekdays = Array.from({ length: 7 }, (_, i) =>
    name({ weekday: "short" }, 2024, 0, i + 1),
  );
  const months = Array.from({ length: 12 }, (_, i) => name({ month: "long" }, 2024, i, 1));
  const lists = new Intl.ListFormat(locale, { type: "conjunction" });
  const numbers = new Intl.NumberFormat(locale, { useGrouping: "always" });
  // `Sofia ed Edoardo`: Italian says "ed" before another e, and only there.
  const list = (items: readonly string[]): string =>
    lang === "it" && /^[eèé]/i.test(items.at(-1) ?? "")
      ? lists
          .formatToParts(items)
          .map(({ type, value }) => (type === "literal" ? value.replace(/ e $/, " ed ") : value))
          .join("")
      : lists.format(items);

  const dayAndMonth = (date: Day): string => phrases.dayMonth(date.day, months[date.month - 1]!);
  const day = (date: Day): string =>
    phrases.weekdayDay(weekdays[date.dayOfWeek - 1]!, dayAndMonth(date));
  const dayBy = (date: Day, today: Day): string =>
    date.year === today.year ? day(date) : `${day(date)} ${date.year}`;
  const clock = (at: Moment | Temporal.PlainTime): Temporal.PlainTime =>
    at instanceof Temporal.Instant ? at.toZonedDateTimeISO(ZONE).toPlainTime() : at;
  const time = (at: Moment | Temporal.PlainTime): string =>
    `${clock(at).hour}:${two(clock(at).minute)}`;

  return {
    day,
    dayWithYear: (date) => `${day(date)} ${date.year}`,
    dayAndMonth,
    shortDay: (date) => `${two(date.day)}/${two(date.month)}/${date.year}`,
    dayBy,
    dayFrom(date, today) {
      const away = today.until(date, { largestUnit: "day" }).days;
      const prefix =
        away === 0
          ? phrases.today
          : away === 1
            ? phrases.tomorrow
            : away === -1
              ? phrases.yesterday
              : "";
      return prefix === "" ? dayBy(date, today) : `${prefix}, ${day(date)}`;
    },
    month: (month) => `${months[month.month - 1]!} ${month.year}`,
    monthName: (month) => months[month - 1] ?? "",
    weekday: (dayOfWeek) => weekdays[dayOfWeek - 1] ?? "",
    weekdayShort: (dayOfWeek) => shortWeekdays[dayOfWeek - 1] ?? "",
    time,
    timeWithSeconds: (at) => `${time(at)}:${two(clock(at).second)}`,
    dayAndTime: (at) =>
      `${dayAndMonth(at.toZonedDateTimeISO(ZONE).toPlainDate())} ${phrases.at} ${time(at)}`,
    minutes(count) {
      if (count < 1) return phrases.underAMinute;
      const hours = Math.floor(count / 60);
      const rest = Math.floor(count % 60);
      if (hours === 0) return phrases.minute(rest);
      return rest === 0
        ? phrases.hour(hours)
        : lists.format([phrases.hour(hours), phrases.minute(rest)]);
    },
    list,
    number: (value) => numbers.format(value),
  };
}

/** `2 pasti`, `1 pasto`: Italian and English both have one singular (n = 1) and one plural. */
/** `dal 8 giugno` reads `dall'8 giugno`: before 8 and 11 the Italian article loses its vowel. */
export const elided = (text: string): string =>
  text.replaceAll(/\b(a|da|de|su)l (?=(?:8|11)(?!\d))/gi, "$1ll'");

export function plural(count: number | bigint, one: string, many: string): string {
  return `${count} ${Number(count) === 1 ? one : many}`;
}
