// SPDX-License-Identifier: EUPL-1.2
import type { ClosureReason } from "#calendar";
import { type Day, sameDay } from "#kernel/dates.ts";
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import type { MessageText } from "#messaging";
import { capital, type ServiceWord, serviceWord } from "./service-word.ts";

/** The reason as a family reads it (pages.md 2.0 "closed day"). */
export const REASON_WORDS: Record<ClosureReason, string> = {
  holiday: "festività",
  patron: "festa patronale",
  "school-break": "vacanza scolastica",
  "polling-station": "seggi elettorali",
  weather: "allerta meteo",
  strike: "sciopero",
  trip: "uscita didattica",
  other: "chiusura",
};

export const ENGLISH_REASON_WORDS: Record<ClosureReason, string> = {
  holiday: "public holiday",
  patron: "patron saint's day",
  "school-break": "school holiday",
  "polling-station": "polling station",
  weather: "weather alert",
  strike: "strike",
  trip: "school trip",
  other: "closure",
};

/** Where a closure holds. */
export interface ClosedPlace {
  siteName: string | null;
  /** `3A`, `Sezione A` */
  className: string | null;
}

/** What a closure message and its correction both say. */
interface Closed {
  services: readonly ServiceWord[];
  from: Day;
  to: Day;
  place: ClosedPlace;
  today: Day;
  /** first names, this reader's children only */
  children: readonly string[];
}

export interface Return {
  /** first names */
  children: readonly string[];
  /** the next service day; null = none is known in this school year */
  on: Day | null;
}

const when = ({ from, to }: Closed, lang: Lang): string => {
  const { day } = formats(lang);
  if (sameDay(from, to)) return day(from);
  return lang === "it" ? `da ${day(from)} a ${day(to)}` : `from ${day(from)} to ${day(to)}`;
};

/** The same, as the body begins: a near day is also told as `domani`. */
const whenFrom = (of: Closed, lang: Lang): string => {
  if (!sameDay(of.from, of.to)) return when(of, lang);
  const f = formats(lang);
  const near = f.dayFrom(of.from, of.today);
  return near === f.dayBy(of.from, of.today) ? near : `${near},`;
};

/** `alla Primaria Rodari`, `all'Infanzia Pineta`, `al Nido Arcobaleno`; other names: `presso Rodari`. */
function atSite(name: string): string {
  const first = /^[\p{L}]+/u.exec(name)?.[0].toLowerCase() ?? "";
  if (["scuola", "primaria", "secondaria", "media", "materna", "sezione"].includes(first))
    return `alla ${name}`;
  if (["nido", "plesso", "polo", "liceo", "centro", "micronido"].includes(first))
    return `al ${name}`;
  if (["infanzia", "istituto", "asilo", "elementare"].includes(first)) return `all'${name}`;
  return `presso ${name}`;
}

function where({ siteName, className }: ClosedPlace, lang: Lang): string {
  if (siteName === null) return lang === "it" ? "in tutte le scuole" : "in all schools";
  if (className === null) return lang === "it" ? atSite(siteName) : `at ${siteName}`;
  const section = /^Sezione (.*)$/.exec(className)?.[1];
  if (lang === "en") return `in class ${section ?? className}, ${siteName}`;
  return `${section ? `nella sezione ${section}` : `nella classe ${className}`}, ${siteName}`;
}

const WORDS = catalogue({
  it: {
    closedSubject: (service: string, days: string) => `${capital(service)} chiusa ${days}`,
    suspendedSubject: (service: string, days: string) => `Sospeso ${days}: ${service}`,
    closed: "la mensa è chiusa",
    suspended: (service: string, many: boolean) =>
      many ? `i servizi ${service} sono sospesi` : `il servizio ${service} è sospeso`,
    concerns: (names: string) => `Riguarda ${names}.`,
    nothingToDo: "Non serve disdire.",
    back: (day: string) => `Riprende ${day}.`,
    backEach: (each: string) => `Riprende ${each}.`,
    backOf: (day: string, names: string) => `${day} per ${names}`,
    noCharge: "Nessun addebito.",
    reversed: "Nessun addebito: quello già fatto è stornato.",
    fixedFee: "La quota non cambia.",
    againSubject: (service: string, days: string) => `Chiusura annullata: ${service}, ${days}`,
    again: (days: string, service: string, place: string) =>
      `La chiusura annunciata è annullata: ${days} ${service} ${place}.`,
    regular: "la mensa è regolare",
    regularOther: (service: string, many: boolean) =>
      many ? `i servizi ${service} sono regolari` : `il servizio ${service} è regolare`,
    cancelAsUsual: "Chi non mangia può disdire come sempre, entro l'orario limite.",
    reportAsUsual: "Le assenze si segnalano come sempre, entro l'orario limite.",
    schoolReports: "Le assenze le segnala la scuola, come sempre.",
  },
  en: {
    closedSubject: (service, days) => `No ${service} ${days}`,
    suspendedSubject: (service, days) => `Suspended ${days}: ${service}`,
    closed: "there are no school meals",
    suspended: (service, many) =>
      many ? `the services ${service} are suspended` : `the service ${service} is suspended`,
    concerns: (names) => `This concerns ${names}.`,
    nothingToDo: "No need to cancel.",
    back: (day) => `Back on ${day}.`,
    backEach: (each) => `Back on ${each}.`,
    backOf: (day, names) => `${day} for ${names}`,
    noCharge: "No charge.",
    reversed: "No charge: the one already made is taken back.",
    fixedFee: "The fee does not change.",
    againSubject: (service, days) => `Closure taken back: ${service}, ${days}`,
    again: (days, service, place) =>
      `The closure announced before is taken back: ${days} ${service} ${place}.`,
    regular: "school meals are served as usual",
    regularOther: (service, many) =>
      many ? `the services ${service} run as usual` : `the service ${service} runs as usual`,
    cancelAsUsual: "Who does not eat can cancel as always, within the time limit.",
    reportAsUsual: "Absences are reported as always, within the time limit.",
    schoolReports: "The school reports absences, as always.",
  },
});

const isMeals = (services: readonly ServiceWord[]): boolean =>
  services.length === 1 && services[0]!.kind === "canteen";

const namesOf = (services: readonly ServiceWord[], lang: Lang): string =>
  formats(lang).list(services.map((service) => serviceWord(service, lang)));

function returnSentence(returns: readonly Return[], lang: Lang): string[] {
  const f = formats(lang);
  const w = WORDS(lang);
  const known = returns.flatMap(({ on, children }) => (on ? [{ on, children }] : []));
  const [first] = known;
  if (!first) return [];
  if (returns.length === 1) return [w.back(f.day(first.on))];
  return [
    w.backEach(f.list(known.map(({ on, children }) => w.backOf(f.day(on), f.list(children))))),
  ];
}

/** The office's own words stay as they were written. */
function reasonOf(reason: ClosureReason, note: string, lang: Lang): string {
  if (lang === "it") return note.trim() || REASON_WORDS[reason];
  if (note.trim() === "") return ENGLISH_REASON_WORDS[reason];
  return reason === "other" ? note.trim() : `${ENGLISH_REASON_WORDS[reason]} (${note.trim()})`;
}

/** One message per family: days, place, reason, its children, when it starts again (pages.md 4). */
export function closureMessage(
  of: Closed & {
    reason: ClosureReason;
    note: string;
    returns: readonly Return[];
    /** what happens to this family's money */
    money: "no-charge" | "reversed" | "fixed-fee";
  },
  lang: Lang,
): MessageText {
  const w = WORDS(lang);
  const names = namesOf(of.services, lang);
  const meals = isMeals(of.services);
  const what = meals ? w.closed : w.suspended(names, of.services.length > 1);
  const money = { "no-charge": w.noCharge, reversed: w.reversed, "fixed-fee": w.fixedFee };
  return {
    subject: meals
      ? w.closedSubject(names, when(of, lang))
      : w.suspendedSubject(names, when(of, lang)),
    body: [
      `${capital(whenFrom(of, lang))} ${what} ${where(of.place, lang)}: ${reasonOf(of.reason, of.note, lang)}.`,
      w.concerns(formats(lang).list(of.children)),
      ...(of.money === "fixed-fee" ? [] : [w.nothingToDo]),
      ...returnSentence(of.returns, lang),
      money[of.money],
    ].join(" "),
  };
}

/** Says once, to whoever was told of the closure, that it is taken back. */
export function closureCancelledMessage(
  of: Closed & { reportedBy: "families" | "school" },
  lang: Lang,
): MessageText {
  const w = WORDS(lang);
  const names = namesOf(of.services, lang);
  const meals = isMeals(of.services);
  const what = meals ? w.regular : w.regularOther(names, of.services.length > 1);
  const report =
    of.reportedBy === "school" ? w.schoolReports : meals ? w.cancelAsUsual : w.reportAsUsual;
  return {
    subject: w.againSubject(names, when(of, lang)),
    body: [
      w.again(whenFrom(of, lang), what, where(of.place, lang)),
      w.concerns(formats(lang).list(of.children)),
      report,
    ].join(" "),
  };
}
