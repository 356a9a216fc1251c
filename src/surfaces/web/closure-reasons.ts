// SPDX-License-Identifier: EUPL-1.2
import { ENGLISH_REASON_WORDS, REASON_WORDS } from "#billing";
import type { ClosureReason } from "#calendar";
import { catalogue, type Lang } from "#kernel/i18n.ts";

const reasons = catalogue<Record<ClosureReason, string>>({
  it: REASON_WORDS,
  en: ENGLISH_REASON_WORDS,
});

/** The word of a stored code, `undefined` when it is none of ours. */
export const closureReasonOf = (code: string, lang: Lang): string | undefined =>
  Object.hasOwn(REASON_WORDS, code) ? reasons(lang)[code as ClosureReason] : undefined;

const HOLIDAYS_EN: Readonly<Record<string, string>> = {
  Capodanno: "New Year's Day",
  Epifania: "Epiphany",
  Pasqua: "Easter Sunday",
  "Lunedì dell'Angelo": "Easter Monday",
  "Festa della Liberazione": "Liberation Day",
  "Festa del lavoro": "Labour Day",
  "Festa della Repubblica": "Republic Day",
  Ferragosto: "Assumption Day (Ferragosto)",
  "San Francesco d'Assisi": "Saint Francis of Assisi",
  Ognissanti: "All Saints' Day",
  Immacolata: "Immaculate Conception",
  Natale: "Christmas Day",
  "Santo Stefano": "Saint Stephen's Day",
};

/** A national holiday by its name; what the office wrote itself stays as it is. */
export const holidayName = (name: string, lang: Lang): string =>
  lang === "it" ? name : (HOLIDAYS_EN[name] ?? name);

/** Why a day is closed: what the calendar or the office wrote, else the reason's own word. */
export const whyClosed = (closed: { reason: ClosureReason; note: string }, lang: Lang): string =>
  holidayName(closed.note.trim(), lang) || reasons(lang)[closed.reason];
