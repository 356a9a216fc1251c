// SPDX-License-Identifier: EUPL-1.2
import type { AskedLink } from "#identity";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { Lang } from "#kernel/i18n.ts";
import { checkContacts } from "./contacts.ts";
import { LONGEST_REQUEST } from "./correction-request.ts";
import { tidyText } from "#kernel/name-fault.ts";

/** What the form of somebody unknown gives: `Chiedi il collegamento` (OS-03, BI-01). */
export interface LinkWords {
  readonly childName: string;
  readonly childBirthDate: Day | null;
  readonly school: string;
  readonly note: string;
  readonly email: string;
  readonly phone: string;
}

export type LinkField = "childName" | "childBirthDate" | "school" | "note" | "email" | "phone";
export type LinkFault = "missing" | "birth-or-school" | "in-future" | "too-long" | "format";

export type JudgedLink =
  | { outcome: "fit"; asked: AskedLink }
  | { outcome: "invalid"; faults: Partial<Record<LinkField, LinkFault>> };

export const LONGEST_CHILD = 120;

const oneLine = (text: string): string => tidyText(text).replace(/\s+/g, " ");

/** A child's name, and the date of birth or the school by which the office tells it from another one. */
export function judgeLinkRequest(words: LinkWords, today: Day, lang: Lang): JudgedLink {
  const childName = oneLine(words.childName);
  const school = oneLine(words.school);
  const note = tidyText(words.note);
  const { childBirthDate } = words;
  const contacts = checkContacts({ email: words.email, phone: words.phone });
  const faults: Partial<Record<LinkField, LinkFault>> = {};
  if (childName === "") faults.childName = "missing";
  else if (childName.length > LONGEST_CHILD) faults.childName = "too-long";
  if (childBirthDate && isBefore(today, childBirthDate)) faults.childBirthDate = "in-future";
  else if (!childBirthDate && school === "") faults.childBirthDate = "birth-or-school";
  if (school.length > LONGEST_CHILD) faults.school = "too-long";
  if (note.length > LONGEST_REQUEST) faults.note = "too-long";
  if (contacts.outcome === "invalid") {
    if (contacts.faults.email) faults.email = "format";
    if (contacts.faults.phone) faults.phone = "format";
  }
  if (contacts.outcome === "invalid" || Object.keys(faults).length > 0)
    return { outcome: "invalid", faults };
  const { email = "", phone = "" } = contacts.contacts;
  const born = childBirthDate?.toString() ?? null;
  return {
    outcome: "fit",
    asked: { childName, childBirthDate: born, school, note, email, phone, lang },
  };
}
