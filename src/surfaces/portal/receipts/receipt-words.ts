// SPDX-License-Identifier: EUPL-1.2
import type { Receipt } from "#booking";
import { type Day, dayOf, type Moment, sameDay } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { assertNever } from "#kernel/outcome.ts";

/** Did the act itself cancel? A late report did not; one in time is a cancellation (D5). */
export const isCancellation = ({ act, outcome, effect }: Receipt): boolean =>
  outcome === "done" &&
  (act === "cancel" || act === "unbook" || (act === "report-absence" && effect.charge !== "kept"));

const DONE: Record<Receipt["act"], string> = {
  cancel: "Pasto disdetto",
  restore: "Disdetta annullata",
  plain: "Pasto in bianco",
  normal: "Pasto normale",
  book: "Pasto prenotato",
  unbook: "Prenotazione disdetta",
  "report-absence": "Assenza segnalata",
  absence: "Assenza registrata",
  resume: "Ripresa registrata",
};

const REFUSED: Record<Receipt["act"], string> = {
  cancel: "Disdetta non accolta",
  restore: "Annullamento non accolto",
  plain: "Pasto in bianco non accolto",
  normal: "Ritorno al pasto normale non accolto",
  book: "Prenotazione non accolta",
  unbook: "Disdetta non accolta",
  "report-absence": "Segnalazione non accolta",
  absence: "Assenza non accolta",
  resume: "Ripresa non accolta",
};

/** `Pasto disdetto`, `Disdetta non accolta` */
export function receiptTitle(receipt: Receipt): string {
  if (receipt.outcome !== "done") return REFUSED[receipt.act];
  return receipt.act === "report-absence" && isCancellation(receipt)
    ? DONE.cancel
    : DONE[receipt.act];
}

/** Why it was refused; times to the second, because a second decides. */
export function refusalSentence(receipt: Receipt, lang: Lang): string | null {
  const f = formats(lang);
  switch (receipt.outcome) {
    case "done":
      return null;
    case "cutoff-passed": {
      const { receivedAt, cutoffAt } = receipt;
      if (!cutoffAt) return "Il limite per questo giorno è passato.";
      const limit = sameDay(dayOf(receivedAt), dayOf(cutoffAt))
        ? f.timeWithSeconds(cutoffAt)
        : `${f.dayAndMonth(dayOf(cutoffAt))} alle ${f.timeWithSeconds(cutoffAt)}`;
      return `Arrivata alle ${f.timeWithSeconds(receivedAt)}, limite ${limit}.`;
    }
    case "channel-closed":
      return "Da qui, a quest'ora, non si può fare.";
    case "not-a-service-day":
      return "In questo giorno il servizio non è previsto: non serve disdire.";
    case "closed-day":
      return "In questo giorno il servizio è chiuso: non serve disdire, nessun addebito.";
    case "day-closed":
      return "La giornata è già stata chiusa: per una correzione serve l'ufficio.";
    case "school-reports":
      return "Le assenze le segnala la scuola: non serve fare nulla da qui.";
    case "plain-not-allowed":
      return "Il pasto in bianco non è previsto in questo servizio.";
    case "plain-limit":
      return "Oltre il limite di giorni di fila serve un certificato.";
    case "not-possible":
      return "Il giorno non si trova nello stato adatto: nulla è cambiato.";
    default:
      return assertNever(receipt.outcome);
  }
}

const CHANNELS: Record<Receipt["channel"], string> = {
  portal: "portale",
  app: "app",
  voice: "telefono",
  office: "ufficio",
  school: "scuola",
};

/** `portale, Sara Ferrando` */
export const fromWords = (receipt: Receipt): string =>
  `${CHANNELS[receipt.channel]}, ${receipt.actorName}`;

/** `oggi alle 8:41:07`, `martedì 24 novembre alle 8:41:07` */
export function momentWords(at: Moment, today: Day, lang: Lang): string {
  const f = formats(lang);
  const date = dayOf(at);
  const day = sameDay(date, today) ? "oggi" : f.day(date);
  return `${day} alle ${f.timeWithSeconds(at)}`;
}

/** `Già disdetto alle 8:41:07.` */
export function alreadySentence(receipt: Receipt, today: Day, lang: Lang): string {
  const f = formats(lang);
  const date = dayOf(receipt.receivedAt);
  const when = sameDay(date, today)
    ? `alle ${f.timeWithSeconds(receipt.receivedAt)}`
    : `${f.day(date)} alle ${f.timeWithSeconds(receipt.receivedAt)}`;
  if (isCancellation(receipt) || receipt.act === "absence") return `Già disdetto ${when}.`;
  return `Già registrato ${when}: ${receiptTitle(receipt).toLowerCase()}.`;
}

/** `martedì 24 novembre`, `da … a …`, `da … (fine non ancora nota)` */
export function spanWords(receipt: Receipt, lang: Lang): string {
  const f = formats(lang);
  if (receipt.act === "absence")
    return receipt.to === null
      ? `da ${f.day(receipt.from)}, senza una fine`
      : sameDay(receipt.from, receipt.to)
        ? f.day(receipt.from)
        : `da ${f.day(receipt.from)} a ${f.day(receipt.to)}`;
  return receipt.act === "resume" ? `da ${f.day(receipt.from)}` : f.day(receipt.from);
}
