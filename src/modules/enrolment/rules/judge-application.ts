// SPDX-License-Identifier: EUPL-1.2
import { nameFault, tidyText } from "#kernel/name-fault.ts";
import { type Day, isBefore } from "#kernel/dates.ts";
import { judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";

/** What the form of an application gives (OS-02, OS-03). */
export interface ApplicationWords {
  /** one of the applicant's children here; `null`: the names below are of one who is new */
  readonly childId: string | null;
  readonly givenName: string;
  readonly surname: string;
  /** `undefined`: something was written, and it is no day */
  readonly birthDate: Day | null | undefined;
  readonly codiceFiscale: string;
  /** one of the town's schools; otherwise `school` says which */
  readonly siteId: string | null;
  readonly school: string;
  /** class, or age of the group, in words */
  readonly schoolClass: string;
  /** codes */
  readonly services: readonly string[];
  readonly note: string;
  readonly email: string;
  readonly phone: string;
}

/** A child as an application keeps it; days as ISO text. */
export interface AppliedChild {
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: string | null;
  readonly codiceFiscale: string | null;
  readonly siteId: string | null;
  readonly school: string;
  readonly schoolClass: string;
}

export type ApplicationField = keyof ApplicationWords;
export type ApplicationFault =
  | "missing"
  | "too-long"
  | "not-a-name"
  | "not-a-day"
  | "in-future"
  | "too-old"
  | "code"
  | "own-code"
  | "format";

/** The sheet of an application that fits; who sends it is not its matter. */
export interface JudgedSheet {
  readonly childId: string | null;
  readonly child: AppliedChild;
  readonly services: readonly string[];
  readonly note: string;
  readonly email: string;
  readonly phone: string;
}

export type JudgedApplication =
  | { outcome: "fit"; sheet: JudgedSheet }
  | { outcome: "invalid"; faults: Partial<Record<ApplicationField, ApplicationFault>> };

/** E-mail and telephone, tidied; `null`: written, and none. */
interface CheckedReach {
  readonly email: string | null;
  readonly phone: string | null;
}

/** What the form can choose among. */
export interface ApplicationChoices {
  readonly children: readonly {
    readonly id: string;
    readonly givenName: string;
    readonly surname: string;
    readonly birthDate: Day | null;
    readonly codiceFiscale: string | null;
  }[];
  readonly siteIds: readonly string[];
  readonly services: readonly string[];
}

export const LONGEST_LINE = 120;
export const LONGEST_NOTE = 500;
/** Nobody at school is older: a date of birth of this age is the applicant's own. */
const OLDEST_YEARS = 21;

const ADULT_YEARS = 18;

/** An identity without codice fiscale is of any age: children do not enrol themselves. */
export const isOfAge = (birthDate: Day | null, today: Day): boolean =>
  birthDate === null || !isBefore(today.subtract({ years: ADULT_YEARS }), birthDate);

const oneLine = (text: string): string => tidyText(text).replace(/\s+/g, " ");

type Faults = Partial<Record<ApplicationField, ApplicationFault>>;

/**
 * Judges a form against what the town has. A child's codice fiscale may be missing, provisional or disagree with the name
 * (`domain.md`, "Identities and persons"); only a malformed one is a fault.
 */
export function judgeApplication(
  words: ApplicationWords,
  { children, siteIds, services }: ApplicationChoices,
  { contacts, today, subject }: { contacts: CheckedReach; today: Day; subject: string },
): JudgedApplication {
  const faults: Faults = {};
  const known = children.find(({ id }) => id === words.childId);
  const person = known ?? newChild(words, today, faults);
  if (words.childId !== null && !known) faults.childId = "missing";
  if (`cf:${person.codiceFiscale ?? ""}` === subject) faults.codiceFiscale = "own-code";
  const place = placeIn(words, siteIds, faults);
  const wanted = services.filter((code) => words.services.includes(code));
  if (wanted.length === 0) faults.services = "missing";
  const note = tidyText(words.note);
  if (note.length > LONGEST_NOTE) faults.note = "too-long";
  const { email, phone } = contacts;
  if (email === null) faults.email = "format";
  if (phone === null) faults.phone = "format";
  if (email === "" && phone === "") faults.email = "missing";
  if (email === null || phone === null || Object.keys(faults).length > 0)
    return { outcome: "invalid", faults };
  const { givenName, surname, birthDate, codiceFiscale } = person;
  const named = { givenName, surname, birthDate: birthDate?.toString() ?? null, codiceFiscale };
  const child = { ...named, ...place };
  const childId = known?.id ?? null;
  return { outcome: "fit", sheet: { childId, child, services: wanted, note, email, phone } };
}

function placeIn(
  words: ApplicationWords,
  siteIds: readonly string[],
  faults: Faults,
): Pick<AppliedChild, "siteId" | "school" | "schoolClass"> {
  const siteId = siteIds.find((id) => id === words.siteId) ?? null;
  const school = siteId === null ? oneLine(words.school) : "";
  const schoolClass = oneLine(words.schoolClass);
  const lines = { school, schoolClass };
  for (const field of ["school", "schoolClass"] as const)
    if (lines[field].length > LONGEST_LINE) faults[field] = "too-long";
  if (siteId === null && school === "") faults.school = "missing";
  if (schoolClass === "") faults.schoolClass = "missing";
  return { siteId, ...lines };
}

function newChild(
  words: ApplicationWords,
  today: Day,
  faults: Faults,
): Pick<ApplicationChoices["children"][number], "givenName" | "surname" | "birthDate"> & {
  codiceFiscale: string | null;
} {
  for (const field of ["givenName", "surname"] as const) {
    const fault = nameFault(words[field]);
    if (words[field].trim() === "") faults[field] = "missing";
    else if (fault) faults[field] = fault === "too-long" ? "too-long" : "not-a-name";
  }
  const { birthDate = null } = words;
  if (words.birthDate === undefined) faults.birthDate = "not-a-day";
  else if (!birthDate) faults.birthDate = "missing";
  else if (isBefore(today, birthDate)) faults.birthDate = "in-future";
  else if (isBefore(birthDate, today.subtract({ years: OLDEST_YEARS })))
    faults.birthDate = "too-old";
  const [givenName, surname] = [oneLine(words.givenName), oneLine(words.surname)];
  const judged = judgeCodiceFiscale(words.codiceFiscale, { givenName, surname, birthDate });
  if (judged.outcome === "invalid") faults.codiceFiscale = "code";
  const codiceFiscale = judged.outcome === "accepted" ? judged.codiceFiscale : null;
  return { givenName, surname, birthDate, codiceFiscale };
}
