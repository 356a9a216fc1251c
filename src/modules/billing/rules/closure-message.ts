// SPDX-License-Identifier: EUPL-1.2
import type { ClosureReason } from "#calendar";
import { type Day, sameDay } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";

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

interface Closed {
  from: Day;
  to: Day;
  place: string;
}

const { day } = formats("it");

const when = ({ from, to }: Closed): string =>
  sameDay(from, to) ? day(from) : `da ${day(from)} a ${day(to)}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One message per family, no names in the subject (pages.md 4). */
export function closureMessage(
  of: Closed & { reason: ClosureReason; note: string; childIds: readonly string[] },
): { subject: string; body: string } {
  const reason = of.note.trim() || REASON_WORDS[of.reason];
  return {
    subject: `Mensa chiusa ${when(of)}`,
    body:
      `${capital(when(of))} il servizio è chiuso: ${reason}. Riguarda: ${of.place}. ` +
      "Non serve disdire. Nessun addebito; se già fatto, è stornato.",
  };
}

export function closureCancelledMessage(of: Closed): { subject: string; body: string } {
  return {
    subject: `Chiusura annullata: mensa di ${when(of)}`,
    body:
      `La chiusura annunciata è annullata: ${when(of)} il servizio è regolare (${of.place}). ` +
      "Chi non mangia può disdire come sempre, entro l'orario limite.",
  };
}
