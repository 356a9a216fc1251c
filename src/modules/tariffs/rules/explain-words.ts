// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";
import type { Level } from "./author-form.ts";
import type { UnpricedReason } from "./price-facts.ts";

const LEVELS: Record<Level, string> = {
  nido: "nido",
  infanzia: "scuola dell'infanzia",
  primaria: "scuola primaria",
  secondaria1: "scuola secondaria di primo grado",
  secondaria2: "scuola secondaria di secondo grado",
};

const UNPRICED: Record<UnpricedReason, string> = {
  "no-tariff": "Nessuna tariffa del servizio vale in questo giorno.",
  "not-a-meal-tariff": "La tariffa del servizio è una quota fissa: non prevede un prezzo a pasto.",
  "not-a-fee-tariff": "La tariffa del servizio non prevede una quota fissa.",
  "isee-missing": "Manca un ISEE valido e il regolamento non prevede un prezzo senza ISEE.",
  "level-unknown": "Non si conosce l'ordine di scuola.",
  "level-not-in-tariff": "La tariffa non prevede un prezzo per questo ordine di scuola.",
  "residency-unknown": "Non si sa se chi usa il servizio risiede nel comune.",
  "minors-unknown": "Non si conosce il numero di minori del nucleo.",
  "option-unknown": "Non si conosce la formula scelta all'iscrizione.",
  "option-not-in-tariff": "La tariffa non prevede la formula scelta all'iscrizione.",
};

/** The sentences of `Perché 4,60 €?`; amounts arrive written out. */
const it = {
  levels: LEVELS,
  unpriced: UNPRICED,
  about: (price: string) => `circa ${price}`,
  percent: (number: string) => `${number.replace(".", ",")}%`,
  isee: (kind: string, value: string, from: string, to: string) =>
    `${kind} di ${value}, valido dal ${from} al ${to}`,
  iseeByOffice: ", valore registrato dall'ufficio",
  rank: (rank: number) => `${rank}º figlio`,
  minors: (count: number) => (count === 1 ? "1 minore nel nucleo" : `${count} minori nel nucleo`),
  enrolled: (count: number) => (count === 1 ? "1 figlio iscritto" : `${count} figli iscritti`),
  resident: "residenti",
  notResident: "non residenti",
  tariff: (choices: string, price: string) => `Tariffa${choices}: ${price}.`,
  noIsee: "Nessun ISEE valido in questo giorno: vale la tariffa più alta.",
  onlyBand: "unica",
  bandUpTo: (to: string) => `fino a ${to}`,
  bandFrom: (from: string) => `da ${from} in su`,
  band: (from: string, to: string) => `da ${from} a ${to}`,
  inBand: (band: string, choices: string, price: string) =>
    `Fascia ISEE ${band}${choices}: ${price}.`,
  line: (min: string, minIsee: string, max: string, maxIsee: string) =>
    `Tariffa in proporzione all'ISEE: da ${min} con ISEE ${minIsee} a ${max} con ISEE ${maxIsee}.`,
  onLine: (choices: string, price: string) => `Prezzo per questo ISEE${choices}: ${price}.`,
  below: (isee: string, choices: string, price: string) => `Sotto ${isee}${choices}: ${price}.`,
  above: (isee: string, choices: string, price: string) => `Oltre ${isee}${choices}: ${price}.`,
  withoutIsee: (choices: string, price: string) => `Senza ISEE${choices}: ${price}.`,
  reduce: (percent: string) => `riduzione del ${percent}`,
  increase: (percent: string) => `aumento del ${percent}`,
  index: (percent: string) => `adeguamento ISTAT del ${percent}`,
  set: "prezzo stabilito",
  less: (amount: string) => `riduzione di ${amount}`,
  more: (amount: string) => `aggiunta di ${amount}`,
  floor: (amount: string) => `prezzo minimo ${amount}`,
  cap: (amount: string) => `prezzo massimo ${amount}`,
  free: "gratuito",
  freeInstead: (name: string, before: string) => `${name}: gratuito, invece di ${before}.`,
  modified: (name: string, effect: string, before: string, after: string) =>
    `${name}: ${effect}, da ${before} a ${after}.`,
  toCent: "al centesimo",
  toCents: (step: number) => `ai ${step} centesimi`,
  modes: { "half-up": "", down: " per difetto", up: " per eccesso" },
  rounded: (to: string, before: string, after: string) =>
    `Arrotondamento ${to}: da ${before} a ${after}.`,
};

/** English keeps ISEE: the word stands on the papers that families have. */
const en: typeof it = {
  levels: {
    nido: "nursery",
    infanzia: "preschool",
    primaria: "primary school",
    secondaria1: "lower secondary school",
    secondaria2: "upper secondary school",
  },
  unpriced: {
    "no-tariff": "No price list of the service holds on this day.",
    "not-a-meal-tariff": "The service has a fixed fee: there is no price per meal.",
    "not-a-fee-tariff": "The price list of the service has no fixed fee.",
    "isee-missing": "A valid ISEE is missing and the rules give no price without ISEE.",
    "level-unknown": "The kind of school is not known.",
    "level-not-in-tariff": "The price list has no price for this kind of school.",
    "residency-unknown": "It is not known whether the family lives in the municipality.",
    "minors-unknown": "The number of minors in the household is not known.",
    "option-unknown": "The option chosen at enrolment is not known.",
    "option-not-in-tariff": "The price list does not have the option chosen at enrolment.",
  },
  about: (price) => `about ${price}`,
  percent: (number) => `${number}%`,
  isee: (kind, value, from, to) => `${kind} of ${value}, valid from ${from} to ${to}`,
  iseeByOffice: ", a value recorded by the school office",
  rank: (rank) => `child number ${rank}`,
  minors: (count) =>
    count === 1 ? "1 minor in the household" : `${count} minors in the household`,
  enrolled: (count) => (count === 1 ? "1 child enrolled" : `${count} children enrolled`),
  resident: "residents",
  notResident: "non-residents",
  tariff: (choices, price) => `Price${choices}: ${price}.`,
  noIsee: "No valid ISEE on this day: the highest price holds.",
  onlyBand: "single",
  bandUpTo: (to) => `up to ${to}`,
  bandFrom: (from) => `from ${from} upwards`,
  band: (from, to) => `from ${from} to ${to}`,
  inBand: (band, choices, price) => `ISEE band ${band}${choices}: ${price}.`,
  line: (min, minIsee, max, maxIsee) =>
    `Price in proportion to the ISEE: from ${min} with ISEE ${minIsee} to ${max} with ISEE ${maxIsee}.`,
  onLine: (choices, price) => `Price for this ISEE${choices}: ${price}.`,
  below: (isee, choices, price) => `Below ${isee}${choices}: ${price}.`,
  above: (isee, choices, price) => `Above ${isee}${choices}: ${price}.`,
  withoutIsee: (choices, price) => `Without ISEE${choices}: ${price}.`,
  reduce: (percent) => `reduction of ${percent}`,
  increase: (percent) => `increase of ${percent}`,
  index: (percent) => `ISTAT price index ${percent}`,
  set: "set price",
  less: (amount) => `reduction of ${amount}`,
  more: (amount) => `addition of ${amount}`,
  floor: (amount) => `lowest price ${amount}`,
  cap: (amount) => `highest price ${amount}`,
  free: "free",
  freeInstead: (name, before) => `${name}: free, instead of ${before}.`,
  modified: (name, effect, before, after) => `${name}: ${effect}, from ${before} to ${after}.`,
  toCent: "to the cent",
  toCents: (step) => `to ${step} cents`,
  modes: { "half-up": "", down: " downwards", up: " upwards" },
  rounded: (to, before, after) => `Rounding ${to}: from ${before} to ${after}.`,
};

export type ExplainWords = typeof it;
export const explainWords = catalogue<ExplainWords>({ it, en });
