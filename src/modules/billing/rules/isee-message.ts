// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import type { MessageText } from "#messaging";
import { type ServiceWord, serviceWord } from "./service-word.ts";

export interface ToldIsee {
  /** first name */
  child: string;
  changes: readonly { service: ServiceWord; before: Cents; after: Cents | null }[];
}

const WORDS = catalogue({
  it: {
    expiring: (day: string) => `ISEE in scadenza il ${day}`,
    expired: (day: string) => `ISEE scaduto il ${day}`,
    until: (names: string, day: string) => `L'ISEE di ${names} vale fino al ${day}.`,
    wasUntil: (names: string, day: string) => `L'ISEE di ${names} valeva fino al ${day}.`,
    without: (day: string, prices: string) => `Senza un nuovo ISEE, dal ${day} ${prices}.`,
    since: (day: string, prices: string) => `Dal ${day} ${prices}.`,
    meal: (child: string) => `il pasto di ${child}`,
    use: (service: string, child: string) => `il servizio ${service} di ${child}`,
    costs: (what: string, now: string, before: string) =>
      `${what} costa ${now} invece di ${before}`,
    noPrice: (what: string) => `${what} non ha un prezzo finché l'ufficio non lo stabilisce`,
    present: "Il nuovo ISEE si presenta all'ufficio.",
  },
  en: {
    expiring: (day) => `ISEE expires on ${day}`,
    expired: (day) => `ISEE expired on ${day}`,
    until: (names, day) => `The ISEE of ${names} is valid until ${day}.`,
    wasUntil: (names, day) => `The ISEE of ${names} was valid until ${day}.`,
    without: (day, prices) => `Without a new ISEE, from ${day} ${prices}.`,
    since: (day, prices) => `From ${day} ${prices}.`,
    meal: (child) => `${child}'s meal`,
    use: (service, child) => `the service ${service} for ${child}`,
    costs: (what, now, before) => `${what} costs ${now} instead of ${before}`,
    noPrice: (what) => `${what} has no price until the office sets one`,
    present: "The new ISEE is presented to the office.",
  },
});

/** `dal 1 gennaio il pasto di Giulia costa 5,20 € invece di 3,50 €`: also what pages say. */
export function iseePrices(
  of: { validTo: Day; hasEnded: boolean; told: readonly ToldIsee[] },
  lang: Lang,
): string {
  const f = formats(lang);
  const w = WORDS(lang);
  const prices = of.told.flatMap(({ child, changes }) =>
    changes.map(({ service, before, after }) => {
      const what =
        service.kind === "canteen" ? w.meal(child) : w.use(serviceWord(service, lang), child);
      return after === null
        ? w.noPrice(what)
        : w.costs(what, formatEuro(after), formatEuro(before));
    }),
  );
  const next = f.dayAndMonth(of.validTo.add({ days: 1 }));
  return of.hasEnded ? w.since(next, f.list(prices)) : w.without(next, f.list(prices));
}

/** `ISEE in scadenza il 31 dicembre`, or `scaduto`. */
export const iseeTitle = (of: { validTo: Day; hasEnded: boolean }, lang: Lang): string =>
  (of.hasEnded ? WORDS(lang).expired : WORDS(lang).expiring)(formats(lang).dayAndMonth(of.validTo));

/** One message per family: the children whose ISEE ends on that day, and what a meal costs then. */
export function iseeMessage(
  of: { validTo: Day; hasEnded: boolean; told: readonly ToldIsee[] },
  lang: Lang,
): MessageText {
  const f = formats(lang);
  const w = WORDS(lang);
  const names = f.list(of.told.map(({ child }) => child));
  const last = f.dayAndMonth(of.validTo);
  return {
    subject: iseeTitle(of, lang),
    body: [
      of.hasEnded ? w.wasUntil(names, last) : w.until(names, last),
      iseePrices(of, lang),
      w.present,
    ].join(" "),
  };
}
