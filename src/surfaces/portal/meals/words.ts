// SPDX-License-Identifier: EUPL-1.2
import type { SchoolLevel } from "#calendar";
import { catalogue } from "#kernel/i18n.ts";

const LEVELS: Record<SchoolLevel, string> = {
  nido: "nido",
  infanzia: "infanzia",
  primaria: "primaria",
  secondaria1: "secondaria",
  secondaria2: "superiore",
};

/** Acts on a day, what a meal costs, and the names that every page of the portal uses. */
const it = {
  levels: LEVELS,
  canteen: "mensa",
  wallet: (own: string) => own,
  mealClosed: (reason: string) => `Mensa chiusa: ${reason}. Non serve disdire, nessun addebito.`,
  serviceClosed: (reason: string) =>
    `Servizio sospeso: ${reason}. Non serve disdire, nessun addebito.`,
  notForeseen: "Non previsto",

  cancelMeal: "Disdici il pasto",
  cancelService: "Disdici il servizio",
  cancelMealToday: "Disdici il pasto di oggi",
  cancelServiceToday: "Disdici per oggi",
  cancelOn: (day: string) => `Disdici ${day}`,
  cancelFor: (day: string) => `Disdici per ${day}`,
  takeBack: "Annulla la segnalazione",
  restore: "Annulla la disdetta",
  restoreOn: (day: string) => `Annulla la disdetta di ${day}`,
  plain: "Pasto in bianco",
  normal: "Torna al pasto normale",
  bookMeal: "Prenota il pasto",
  bookService: "Prenota il servizio",
  reportAnyway: "Segnala comunque l'assenza",
  actFor: (act: string, child: string) => `${act} per ${child}`,
  at: (time: string) => `alle ${time}`,
  atOn: (time: string, day: string) => `alle ${time} di ${day}`,
  until: (limit: string) => `fino ${limit}`,
  staysCharged: "Il pasto resta addebitato.",
  sameAlready: "Nulla da cambiare: il giorno è già così.",
  allSameAlready: "Nulla da cambiare: era già così.",
  formUsed: "Modulo già usato",
  formUsedWhy:
    "Questo modulo era già stato inviato con altri dati. Nulla è stato registrato adesso.",

  forAll: "Disdici per tutti",
  forAllNone: (day: string) => `Per ${day} non c'è niente che si possa ancora disdire.`,
  forAllWho: (day: string) => `Per chi, ${day}?`,
  cancelChosen: "Disdici i pasti scelti",
  chooseChild: "Scegliere almeno un bambino.",
  limitHint: (limit: string) => ` Fino ${limit}.`,
  noDayChosen: "Nessun giorno scelto: nulla è cambiato.",

  notPriced: "Prezzo non ancora definito: lo stabilisce l'ufficio.",
  fees: { month: "Quota mensile", term: "Quota del periodo", year: "Quota annuale" },
  fee: (name: string, price: string) => `${name}: ${price}, uguale anche con assenze.`,
  someFee: "Quota fissa, uguale anche con assenze.",
  /** what a sentence begins with while the meal can still be given up */
  ifEaten: "Se mangia: ",
  ownShare: (percent: string) => `Quota a carico: ${percent} %`,
  noCharge: "Nessun addebito.",
  stays: "Il pasto resta previsto.",
  samePrice: "Stesso prezzo.",
  samePriceOf: (price: string) => `Stesso prezzo: ${price}.`,
  free: "Pasto gratuito.",
};

const en: typeof it = {
  levels: {
    nido: "nursery",
    infanzia: "preschool",
    primaria: "primary",
    secondaria1: "lower secondary",
    secondaria2: "upper secondary",
  },
  canteen: "school meals",
  wallet: (own) => `wallet (${own})`,
  mealClosed: (reason) => `No school meals: ${reason}. No need to cancel, no charge.`,
  serviceClosed: (reason) => `Service suspended: ${reason}. No need to cancel, no charge.`,
  notForeseen: "Not planned",

  cancelMeal: "Cancel the meal",
  cancelService: "Cancel the service",
  cancelMealToday: "Cancel today's meal",
  cancelServiceToday: "Cancel for today",
  cancelOn: (day) => `Cancel ${day}`,
  cancelFor: (day) => `Cancel for ${day}`,
  takeBack: "Take back the report",
  restore: "Undo the cancellation",
  restoreOn: (day) => `Undo the cancellation of ${day}`,
  plain: "Plain meal",
  normal: "Back to the normal meal",
  bookMeal: "Book the meal",
  bookService: "Book the service",
  reportAnyway: "Report the absence anyway",
  actFor: (act, child) => `${act} for ${child}`,
  at: (time) => time,
  atOn: (time, day) => `${time} on ${day}`,
  until: (limit) => `until ${limit}`,
  staysCharged: "The meal is still charged.",
  sameAlready: "Nothing to change: the day is already like this.",
  allSameAlready: "Nothing to change: it was already like this.",
  formUsed: "Form already used",
  formUsedWhy: "This form was sent before with other data. Nothing was recorded now.",

  forAll: "Cancel for all",
  forAllNone: (day) => `For ${day} there is nothing left that can be cancelled.`,
  forAllWho: (day) => `For whom, ${day}?`,
  cancelChosen: "Cancel the chosen meals",
  chooseChild: "Choose at least one child.",
  limitHint: (limit) => ` Until ${limit}.`,
  noDayChosen: "No day chosen: nothing has changed.",

  notPriced: "Price not yet set: the school office will set it.",
  fees: { month: "Monthly fee", term: "Fee for the term", year: "Yearly fee" },
  fee: (name, price) => `${name}: ${price}, the same with absences.`,
  someFee: "Fixed fee, the same with absences.",
  ifEaten: "If eaten: ",
  ownShare: (percent) => `Own share: ${percent} %`,
  noCharge: "No charge.",
  stays: "The meal is still planned.",
  samePrice: "Same price.",
  samePriceOf: (price) => `Same price: ${price}.`,
  free: "Free meal.",
};

export const words = catalogue<typeof it>({ it, en });
