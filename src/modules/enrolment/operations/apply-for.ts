// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { checkContacts, childrenInReach, person } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { isUuid, newId } from "#kernel/ids.ts";
import { datedSettings } from "#tenancy";
import { type EnrolmentWindow, enrolmentWindow } from "../rules/enrolment-window.ts";
import {
  type ApplicationChoices,
  type ApplicationFault,
  type ApplicationField,
  type ApplicationWords,
  isOfAge,
  judgeApplication,
  type JudgedApplication,
  type JudgedSheet,
} from "../rules/judge-application.ts";
import {
  type Applicant,
  type Application,
  applicationByKey,
  applicationsOf,
  endApplication,
  holdApplications,
  insertApplication,
  openApplicationsFor,
} from "../sql/applications.ts";

/** Of one identity, still without an answer: enough for a family, too few to bury the office. */
const MOST_OPEN = 10;

/** Who applies: a provider's word for somebody unknown, or a parent who signed in. Nothing of it was typed. */
export interface Applying {
  /** `cf:…`, `eidas:…`, or `person:…` where the town's own credentials say who it is */
  readonly subject: string;
  readonly means: string;
  readonly who:
    | { readonly givenName: string; readonly surname: string; readonly birthDate: Day | null }
    | { readonly actor: Actor };
}

export type Applied =
  | { outcome: "sent"; id: string; number: number; isNew: boolean }
  /** this very form was sent before, with other words, and waits: that one counts */
  | { outcome: "sent-otherwise"; id: string; number: number }
  | { outcome: "invalid"; faults: Partial<Record<ApplicationField, ApplicationFault>> }
  /** an application of theirs, or of the child's other parent, waits for some of these services already */
  | { outcome: "already-open"; services: string[]; number: number }
  | { outcome: "too-many"; most: number }
  /** the window is shut, or is for another year (OS-02) */
  | { outcome: "shut" }
  | { outcome: "not-allowed" };

/** The window as it stands when something arrives, by the settings of that day. */
export async function windowAt(tx: ReadTx, at: Moment): Promise<EnrolmentWindow> {
  return enrolmentWindow((await datedSettings(tx)).town("enrolment", dayOf(at)).window, at);
}

/** What an applicant can choose among: children of theirs, the town's schools and services. */
export async function applicationChoices(
  tx: ReadTx,
  applying: Applying,
  date: Day,
): Promise<ApplicationChoices> {
  const calendar = await townCalendar(tx);
  const children =
    "actor" in applying.who ? await childrenInReach(tx, ownReach(applying.who.actor), date) : [];
  return {
    children,
    siteIds: [...calendar.sites.keys()],
    services: calendar.services.map(({ code }) => code),
  };
}

/** A parent's own children; those of others, by delegation, somebody else enrols (BO-23). */
const ownReach = (actor: Actor): Actor => ({ ...actor, delegations: [] });

/** The form as it would be sent, nothing of it kept: the page before sending. */
export async function checkApplication(
  tx: ReadTx,
  of: { applying: Applying; words: ApplicationWords; at: Moment },
): Promise<JudgedApplication> {
  const today = dayOf(of.at);
  const { email, phone } = of.words;
  const checked = checkContacts({ email, phone });
  const contacts =
    checked.outcome === "ok"
      ? { email: "", phone: "", ...checked.contacts }
      : {
          email: checked.faults.email ? null : email,
          phone: checked.faults.phone ? null : phone,
        };
  const choices = await applicationChoices(tx, of.applying, today);
  const { subject } = of.applying;
  return judgeApplication(of.words, choices, { contacts, today, subject });
}

/**
 * Sends an application for a school year, inside the window by the instant of its arrival (OS-02, OS-03). It has the next
 * number of its year; the same form sent twice is one application. Nothing of any family changes until the office accepts.
 */
export async function applyFor(
  tx: WriteTx,
  of: {
    applying: Applying;
    words: ApplicationWords;
    year: number;
    /** of the form */
    key: string;
    lang: Lang;
    /** when it arrived */
    at: Moment;
  },
): Promise<Applied> {
  const { applying, year, at } = of;
  const applicant = await applicantOf(tx, applying, dayOf(at));
  if (!applicant) return { outcome: "not-allowed" };
  const window = await windowAt(tx, at);
  if (window.state !== "open" || window.year !== year) return { outcome: "shut" };
  const judged = await checkApplication(tx, of);
  if (judged.outcome === "invalid") return judged;
  const { sheet } = judged;
  const { subject } = applying;
  await holdApplications(tx);
  const before = isUuid(of.key) && (await applicationByKey(tx, { subject, key: of.key }));
  if (before && before.withdrawnAt === null) {
    const { id, number } = before;
    if (isSame(before, sheet)) return { outcome: "sent", id, number, isNew: false };
    if (isWaiting(before)) return { outcome: "sent-otherwise", id, number };
  }
  // Taken back, or answered as it was then: the same form, found again in the browser, is another application.
  const key = before || !isUuid(of.key) ? newId() : of.key;
  const { personId } = applicant;
  const waiting = (await applicationsOf(tx, { subject, personId })).filter(isWaiting);
  if (waiting.length >= MOST_OPEN) return { outcome: "too-many", most: MOST_OPEN };
  const ofChild = sheet.childId === null ? [] : await openApplicationsFor(tx, sheet.childId);
  for (const other of [...waiting, ...ofChild]) {
    if (other.year !== year || !isSameChild(other, sheet)) continue;
    const services = sheet.services.filter((code) => other.services.includes(code));
    if (services.length > 0) return { outcome: "already-open", services, number: other.number };
  }
  const id = newId();
  const { childId, child, services, note, email, phone } = sheet;
  const number = await insertApplication(tx, {
    ...{ id, year, subject, personId, childId, child, services, note, sentAt: at, key },
    applicant: { ...applicant.named, means: applying.means, email, phone, lang: of.lang },
  });
  return { outcome: "sent", id, number, isNew: true };
}

async function applicantOf(
  tx: ReadTx,
  { who }: Applying,
  today: Day,
): Promise<{
  personId: string | null;
  named: Pick<Applicant, "givenName" | "surname" | "birthDate">;
} | null> {
  if (!("actor" in who))
    return isOfAge(who.birthDate, today) ? { personId: null, named: namedOf(who) } : null;
  const { role, desk, personId } = who.actor;
  if (role !== "guardian" || desk !== null || personId === null) return null;
  const adult = await person(tx, personId);
  return adult ? { personId, named: namedOf(adult) } : null;
}

const namedOf = (of: { givenName: string; surname: string; birthDate: Day | null }) => ({
  givenName: of.givenName,
  surname: of.surname,
  birthDate: of.birthDate?.toString() ?? null,
});

const isWaiting = ({ answeredAt, withdrawnAt }: Application): boolean =>
  answeredAt === null && withdrawnAt === null;

const isSame = (before: Application, { childId, child, services, note }: JudgedSheet): boolean =>
  // An answer may have named the child since.
  (childId === null || before.childId === childId) &&
  before.note === note &&
  before.services.join() === services.join() &&
  (Object.keys(child) as (keyof typeof child)[]).every((key) => before.child[key] === child[key]);

/** By codice fiscale where both have one, otherwise by name and birth. */
export function isSameChild(
  one: Pick<JudgedSheet, "childId" | "child">,
  other: Pick<JudgedSheet, "childId" | "child">,
): boolean {
  if (one.childId !== null && other.childId !== null) return one.childId === other.childId;
  const codes = [one.child.codiceFiscale, other.child.codiceFiscale];
  if (codes.every((code) => code !== null)) return codes[0] === codes[1];
  const nameOf = ({ givenName, surname }: JudgedSheet["child"]) =>
    `${surname} ${givenName}`.toLocaleLowerCase("it");
  return nameOf(one.child) === nameOf(other.child) && one.child.birthDate === other.child.birthDate;
}

/** Takes an application back, as long as nobody has answered it; twice is once. */
export async function withdrawApplication(
  tx: WriteTx,
  of: { id: string; subject: string; personId: string | null; at: Moment },
): Promise<{ outcome: "withdrawn" | "not-open" }> {
  await holdApplications(tx);
  const own = (await applicationsOf(tx, of)).find(({ id }) => id === of.id);
  const isWithdrawn =
    own !== undefined &&
    (own.withdrawnAt !== null ||
      (await endApplication(tx, { id: of.id, at: of.at, isWithdrawn: true })));
  return { outcome: isWithdrawn ? "withdrawn" : "not-open" };
}
