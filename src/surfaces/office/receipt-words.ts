// SPDX-License-Identifier: EUPL-1.2
import type { Receipt } from "#booking";
import type { ActedByDelegation } from "#families";
import { day } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import type { Channel } from "#kernel/actor.ts";

/** What an accepted act did, as the office reads it in a list. */
const DONE: Record<Receipt["act"], string> = {
  cancel: "Pasto disdetto",
  restore: "Disdetta annullata",
  plain: "Pasto in bianco",
  normal: "Pasto normale",
  book: "Pasto prenotato",
  unbook: "Prenotazione annullata",
  "report-absence": "Assenza segnalata",
  absence: "Assenza per più giorni",
  resume: "Rientro dall'assenza",
};

const REFUSED: Record<Exclude<Receipt["outcome"], "done">, string> = {
  "cutoff-passed": "arrivata dopo il limite",
  "channel-closed": "canale non attivo in quel momento",
  "not-a-service-day": "giorno senza servizio",
  "closed-day": "servizio chiuso in quel giorno",
  "day-closed": "giornata già chiusa",
  "school-reports": "le assenze le segnala la scuola",
  "plain-not-allowed": "pasto in bianco non previsto",
  "plain-limit": "oltre i giorni di pasto in bianco ammessi",
  "not-possible": "non possibile per questo giorno",
};

const CHANNEL_WORDS: Record<Channel, string> = {
  portal: "portale",
  app: "app",
  voice: "telefono automatico",
  office: "sportello",
  school: "scuola",
};

/** `portale, Sara Ferrando`; `portale, Rosa Ferrando, persona delegata` (BO-23) */
export function receiptFrom(
  { channel, actorId, actorName, receivedAt: at }: Receipt,
  isDelegated: ActedByDelegation,
): string {
  const by = isDelegated({ actorId, at }) ? ", persona delegata" : "";
  return `${CHANNEL_WORDS[channel]}, ${actorName}${by}`;
}

/**
 * `Pasto disdetto`, or `Pasto disdetto: richiesta non accolta, arrivata dopo il limite`; where it counts for a later
 * day: `…; vale per lunedì 23 novembre`
 */
export function receiptText({
  act,
  outcome,
  effect,
}: Pick<Receipt, "act" | "outcome" | "effect">): string {
  if (outcome === "done") return DONE[act];
  const refused = `${DONE[act]}: richiesta non accolta, ${REFUSED[outcome]}`;
  if (!effect.countsFor) return refused;
  const other = formats("it").day(day(effect.countsFor));
  return `${refused}; ${effect.wasOff ? `${other} era già disdetto` : `vale per ${other}`}`;
}
