// SPDX-License-Identifier: EUPL-1.2
import { type Day } from "#kernel/dates.ts";
import { formats, plural } from "#kernel/i18n.ts";
import type { FlowPayment, LineStanding } from "#payments";

export const PATH = "/ufficio/riconciliazione";
export const f = formats("it");

export const STANDING_WORDS: Readonly<Record<LineStanding, string>> = {
  matched: "Ricevuta uguale",
  "receipt-missing": "Ricevuta mancante",
  "amount-differs": "Importo diverso dalla ricevuta",
  "reported-twice": "Già in un altro flusso",
  revoked: "Revocato",
};

export const OUTCOME_WORDS: Readonly<Record<FlowPayment["outcome"], string>> = {
  EXECUTED: "Eseguito",
  REVOKED: "Revocato (3)",
  STAND_IN: "Eseguito in stand-in (4)",
  STAND_IN_NO_RPT: "Stand-in senza richiesta (8)",
  NO_RPT: "Eseguito senza richiesta (9)",
};

export const RECOVERY_WORDS: Readonly<Record<NonNullable<FlowPayment["recovery"]>, string>> = {
  waiting: "chiesta a pagoPA",
  recovered: "recuperata da pagoPA",
  "given-up": "pagoPA non la trova",
};

/** `oggi`, `da 1 giorno`, `da 12 giorni`; a day to come by its date; nothing when there is no day. */
export function ageOf(day: Day | null, today: Day): string {
  if (day === null) return "";
  const { days } = day.until(today, { largestUnit: "days" });
  if (days < 0) return `con data ${f.dayWithYear(day)}`;
  return days === 0 ? "oggi" : `da ${plural(days, "giorno", "giorni")}`;
}

/** `20 novembre 2026, da 4 giorni`; of a day to come the date is all there is to say. */
export const dayAndAge = (day: Day, today: Day): string =>
  Temporal.PlainDate.compare(day, today) > 0
    ? `${shortDay(day)}, data futura`
    : `${shortDay(day)}, ${ageOf(day, today)}`;

/** Why flows do not come, as the worker noted it. */
export function problemWords(problem: string): string {
  const status = /^answered (\d{3})$/.exec(problem)?.[1];
  if (status === "401" || status === "403") return "pagoPA non accetta la chiave del servizio FdR";
  if (status) return `pagoPA ha risposto con l'errore ${status}`;
  if (problem === "not reachable") return "pagoPA non si raggiunge";
  if (problem === "no answer in time") return "pagoPA non ha risposto in tempo";
  return "pagoPA ha dato una risposta che non si legge";
}

export const shortDay = (day: Day): string => `${f.dayAndMonth(day)} ${day.year}`;

export const flowPath = (id: string): string => `${PATH}/flussi/${id}`;
export const movementPath = (id: string): string => `${PATH}/movimenti/${id}`;
export const paymentPath = (flowId: string, line: number): string =>
  `${PATH}/flussi/${flowId}/righe/${line}`;
