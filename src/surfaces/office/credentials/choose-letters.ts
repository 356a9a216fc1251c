// SPDX-License-Identifier: EUPL-1.2
/** Which families get a letter with credentials: of a service, a school, a class, or one family. */
import { className, type TownCalendar, townCalendar } from "#calendar";
import { classesOn, enrolmentsOf } from "#enrolment";
import { allHolders, type CredentialSubject, credentialSubjects } from "#families";
import type { LetterItem } from "#identity";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import { byKey, classSeat, LAST } from "../made-files/choice.ts";
import { letterDay } from "./letter-day.ts";

/** As the form and the address have it; empty text: no condition. */
export interface LetterChoice {
  readonly serviceId: string;
  readonly siteId: string;
  readonly classId: string;
  /** only those who never chose a password */
  readonly onlyNew: boolean;
  /** who has an e-mail address gets the codes there */
  readonly byEmail: boolean;
}

export function readLetterChoice(text: (name: string) => string): LetterChoice {
  const id = (name: string): string => (isUuid(text(name)) ? text(name) : "");
  return {
    serviceId: id("servizio"),
    siteId: id("scuola"),
    classId: id("classe"),
    onlyNew: text("chi") !== "tutti",
    byEmail: text("email") === "si",
  };
}

export const letterChoiceText = (choice: LetterChoice): Record<string, string> => ({
  servizio: choice.serviceId,
  scuola: choice.siteId,
  classe: choice.classId,
  chi: choice.onlyNew ? "" : "tutti",
  email: choice.byEmail ? "si" : "",
});

export interface ChosenLetters {
  readonly items: readonly Omit<LetterItem, "item">[];
  readonly byEmail: number;
  /** on paper, to nobody knows where */
  readonly withoutAddress: number;
}

/** The letters of a choice in the order of delivery: school, class, surname. */
export async function chooseLetters(
  tx: ReadTx,
  of: { choice: LetterChoice; per: "holder" | "child"; today: Day },
): Promise<ChosenLetters> {
  const { choice, per, today } = of;
  const calendar = await townCalendar(tx);
  const day = await letterDay(tx, today);
  const holders = await allHolders(tx);
  const subjects = await credentialSubjects(tx, {
    holderIds: holders.map(({ id }) => id),
    per,
    date: day,
  });
  const childIds = [...new Set(subjects.flatMap(({ children }) => children.map(({ id }) => id)))];
  const classes = await classesOn(tx, childIds, day);
  const enrolled = choice.serviceId
    ? await childrenOfService(tx, { childIds, serviceId: choice.serviceId, day })
    : null;
  const chosen = subjects.flatMap((subject) => {
    if (choice.onlyNew && subject.account?.isActive) return [];
    const seats = subject.children
      .filter(({ id }) => enrolled === null || enrolled.has(id))
      .flatMap(({ id }) => classSeat(calendar, classes.get(id)) ?? []);
    const [seat] = seats.filter(
      ({ site, schoolClass }) =>
        (choice.siteId === "" || site.id === choice.siteId) &&
        (choice.classId === "" || schoolClass.id === choice.classId),
    );
    const isNarrowed = choice.siteId !== "" || choice.classId !== "" || choice.serviceId !== "";
    return seat || !isNarrowed ? [{ subject, key: keyOf(subject, seat?.key ?? [LAST]) }] : [];
  });
  const sorted = chosen.toSorted((a, b) => byKey(a.key, b.key)).map(({ subject }) => subject);
  const items = sorted.map((subject) => itemOf(subject, choice.byEmail));
  return {
    items,
    byEmail: items.filter(({ channel }) => channel === "email").length,
    withoutAddress: sorted.filter(
      ({ holder }, index) =>
        items[index]?.channel === "paper" && (holder.contactsProtected || holder.address === ""),
    ).length,
  };
}

async function childrenOfService(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceId: string; day: Day },
): Promise<Set<string>> {
  const enrolments = await enrolmentsOf(tx, of.childIds);
  const there = enrolments.filter(
    ({ serviceId, from, to }) =>
      serviceId === of.serviceId && !isBefore(of.day, from) && !(to && isBefore(to, of.day)),
  );
  return new Set(there.map(({ childId }) => childId));
}

export const itemOf = (
  { holder, childId }: CredentialSubject,
  byEmail: boolean,
): Omit<LetterItem, "item"> => ({
  holderId: holder.holderId,
  childId,
  channel: byEmail && holder.email !== "" ? "email" : "paper",
});

const keyOf = ({ holder, children }: CredentialSubject, seat: readonly string[]): string[] => [
  ...seat,
  holder.surname,
  holder.givenName,
  children[0]?.givenName ?? "",
];

/** `Mensa scolastica, Primaria Milano, 3A`. */
export function letterTitle(choice: LetterChoice, calendar: TownCalendar): string {
  const schoolClass = calendar.classes.get(choice.classId);
  const site = calendar.sites.get(schoolClass?.siteId ?? choice.siteId);
  return [
    calendar.services.find(({ id }) => id === choice.serviceId)?.name ?? "Tutti i servizi",
    site?.name ?? "tutte le scuole",
    schoolClass ? className(schoolClass) : "",
    choice.onlyNew ? "chi non ha ancora una password" : "tutte le famiglie",
  ]
    .filter(Boolean)
    .join(", ");
}
