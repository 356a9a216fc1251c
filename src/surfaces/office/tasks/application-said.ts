// SPDX-License-Identifier: EUPL-1.2
import type { TownCalendar } from "#calendar";
import type { Application } from "#enrolment";
import type { FamilyToLink, LinkMatches, Person } from "#families";
import { day, dayOf } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";
import { alert, definitionList, linkButton } from "#ui/components.ts";
import { CODE_WORDS } from "./link-view.ts";

export const APPLICATIONS = "/ufficio/compiti/iscrizioni";
const f = formats("it");

const schoolOf = (calendar: TownCalendar, { siteId, school }: Application["child"]): string =>
  siteId === null ? school : (calendar.sites.get(siteId)?.name ?? school);

const servicesOf = (calendar: TownCalendar, { services }: Application): string =>
  f.list(services.map((code) => calendar.services.find((one) => one.code === code)?.name ?? code));

export interface LoadedApplication {
  readonly application: Application;
  readonly calendar: TownCalendar;
  /** others that wait for the same child */
  readonly others: readonly Application[];
  /** what the office looked for instead */
  readonly text: string;
  readonly matches: LinkMatches;
  /** `3A, Primaria Milano` */
  readonly classOf: (childId: string) => string;
  /** child id, or `nuovo`; empty: not chosen yet */
  readonly chosen: string;
  /** of the child that was chosen */
  readonly family: FamilyToLink | null;
  /** who is registered with the verified codice fiscale, or had signed in */
  readonly applicant: Person | null;
}

export const MEANS: Record<string, string> = {
  spid: "SPID",
  cie: "CIE",
  eidas: "un'identità di un altro Paese europeo",
  password: "codice utente e password",
  passkey: "passkey",
  persona: "persona di prova",
};

export const numberOf = ({ number, year }: Application): string => `${number}/${year}`;
export const yearOf = (year: number): string => `${year}/${year + 1}`;

const codeIn = (subject: string, kind: string): string | null =>
  subject.startsWith(kind) ? subject.slice(kind.length) : null;

/** What the form said, and who vouched for whom. */
export function saidPart({ application, calendar, others }: LoadedApplication): Html {
  const { applicant, child, subject, sentAt } = application;
  const born = child.birthDate === null ? null : day(child.birthDate);
  const judged = judgeCodiceFiscale(child.codiceFiscale, { ...child, birthDate: born });
  const code = judged.outcome === "accepted" ? judged : null;
  const row = (label: string, value: Content) => (value ? [{ label, value }] : []);
  return html`${definitionList([
    { label: "Anno scolastico", value: yearOf(application.year) },
    { label: "Bambino", value: `${child.givenName} ${child.surname}` },
    { label: "Nascita", value: born ? f.dayWithYear(born) : "non indicata" },
    {
      label: "Codice fiscale",
      value: [code?.codiceFiscale, CODE_WORDS[code?.state ?? "missing"]].filter(Boolean).join(", "),
    },
    { label: "Scuola", value: schoolOf(calendar, child) },
    { label: "Classe o età", value: child.schoolClass },
    { label: "Servizi chiesti", value: servicesOf(calendar, application) },
    ...row("Nota", application.note),
    ...row("Codice fiscale di chi la fa", codeIn(subject, "cf:")),
    ...row("Identificativo europeo di chi la fa", codeIn(subject, "eidas:")),
    ...row("E-mail (non verificata)", applicant.email),
    ...row("Telefono (non verificato)", applicant.phone),
    { label: "Inviata", value: `${f.dayWithYear(dayOf(sentAt))}, ${f.time(sentAt)}` },
  ])}
  ${others.map((other) =>
    alert({
      tone: "warning",
      title: `Per lo stesso bambino aspetta anche la domanda ${numberOf(other)}.`,
      body: html`<a href="${APPLICATIONS}/${other.id}">Apri la domanda ${numberOf(other)}</a>`,
    }),
  )}`;
}

export function answerPart({ isAccepted, withdrawnAt, answeredAt, answer }: Application): Html {
  const at = withdrawnAt ?? answeredAt;
  return definitionList([
    { label: "Esito", value: withdrawnAt ? "Ritirata" : isAccepted ? "Accolta" : "Non accolta" },
    ...(answer ? [{ label: "Risposta", value: answer }] : []),
    ...(at ? [{ label: "Quando", value: `${f.dayWithYear(dayOf(at))}, ${f.time(at)}` }] : []),
  ]);
}

/** One row of the worklist. */
export const applicationRow = (
  calendar: TownCalendar,
  one: Application,
  isManager: boolean,
): readonly Content[] => [
  `${one.child.givenName} ${one.child.surname}`,
  [schoolOf(calendar, one.child), one.child.schoolClass].join(", "),
  servicesOf(calendar, one),
  `${numberOf(one)}, ${f.dayAndTime(one.sentAt)}`,
  isManager
    ? linkButton({
        href: `${APPLICATIONS}/${one.id}`,
        label: "Apri",
        ariaLabel: `Apri: domanda ${numberOf(one)}, ${one.child.givenName} ${one.child.surname}`,
      })
    : "Lo vede il responsabile",
];
