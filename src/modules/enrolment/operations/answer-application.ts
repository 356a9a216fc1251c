// SPDX-License-Identifier: EUPL-1.2
import { firstDayOf, lastDayOf, townCalendar } from "#calendar";
import {
  becomeParent,
  childrenOf,
  holderOf,
  people,
  type Person,
  personByCodiceFiscale,
  putPeople,
  registerIdentity,
} from "#families";
import { type Actor, MANAGER_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, day, dayOf, isBefore, isWithin, later, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  type Application,
  applicationById,
  endApplication,
  holdApplications,
} from "../sql/applications.ts";
import { putMemberships } from "../sql/enrolments.ts";
import {
  endMemberships,
  enrolmentsOf,
  lockChildEnrolments,
  membershipsOf,
} from "../sql/memberships.ts";
import { enrol } from "./enrol.ts";

interface Given {
  readonly actor: Actor;
  readonly id: string;
  readonly now: Moment;
}

/** What the office decides when it accepts. */
export interface Acceptance {
  /** the child here that it is; `null`: one who is new */
  readonly childId: string | null;
  /** where the office chose the child: how it knows that the applicant is its parent; read by the family */
  readonly recognised: string;
  /** the adult here that a stranger is; `null`: who has the verified codice fiscale, or somebody new */
  readonly adultId: string | null;
  /** of that school year; `null`: none yet */
  readonly classId: string | null;
  /** service code → its first day for the child; a service that is not named is not given */
  readonly from: ReadonlyMap<string, Day>;
  /** read by whoever applied; may be empty */
  readonly note: string;
}

export type AcceptedApplication =
  | { outcome: "accepted"; application: Application; childId: string; personId: string }
  /** that school year, or that service in it, has no calendar: nobody can be enrolled in it */
  | { outcome: "year-not-planned" | "unknown-class" | "no-service" }
  | { outcome: "outside-the-year"; service: string }
  /** the child has the service in those days already */
  | { outcome: "overlaps"; service: string; from: Day; to: Day | null }
  | { outcome: "unknown-child" }
  /** who applied was the child's parent, and is no more */
  | { outcome: "no-longer-parent" }
  /** somebody here has the new child's codice fiscale */
  | { outcome: "child-known" }
  | { outcome: "unknown-person" | "has-other-code" | "taken" | "account-closed" }
  | { outcome: "not-waiting" | "not-allowed" };

type Refusal = Exclude<AcceptedApplication, { outcome: "accepted" }>;

/**
 * Accepts an application: the child with its parent, class and services, all or nothing. As with the link, managers alone:
 * it opens a child's data to an identity (domain.md "Who may do what").
 */
export async function acceptApplication(
  tx: WriteTx,
  of: Given & Acceptance,
): Promise<AcceptedApplication> {
  const { actor, now } = of;
  if (!isManager(actor)) return { outcome: "not-allowed" };
  await holdApplications(tx);
  const application = await waiting(tx, of.id);
  if (!application) return { outcome: "not-waiting" };
  const planned = await planOf(tx, application, of);
  if ("outcome" in planned) return planned;
  const number = `Domanda di iscrizione ${application.number}/${application.year}`;
  const reason = [number, of.recognised].filter(Boolean).join(": ");
  const found = await adultFor(tx, application, { ...of, reason });
  if (found.outcome !== "adult") return found;
  const { personId } = found;
  const childId = of.childId ?? (await createChild(tx, application, now));
  if (application.childId === null)
    await becomeParent(tx, { actor, reason, now, personId, childIds: [childId] });
  if (planned.membership) {
    const { classId, from } = planned.membership;
    const before = (await membershipsOf(tx, [childId])).map(({ id }) => id);
    await endMemberships(tx, before, from);
    await putMemberships(tx, [{ id: newId(), childId, classId, from, to: null }]);
  }
  const { year } = application;
  const enrolled = await Promise.all(
    planned.services.map((one) =>
      enrol(tx, { ...{ actor, childId, year, at: now, reason }, ...one }),
    ),
  );
  // Looked at before anything was written; nothing half-done may stay.
  const failed = enrolled.find(({ outcome }) => outcome !== "enrolled");
  if (failed) throw new Error(`enrolment ${failed.outcome}`);
  await endApplication(tx, {
    ...{ id: of.id, at: now, isAccepted: true, answer: of.note, by: actor.name, childId },
  });
  const holderId = await holderOf(tx, childId, dayOf(now));
  const details = { year, number: application.number };
  const entry = { actor, at: now, childId, holderId, reason, details };
  await recordAudit(tx, { ...entry, action: "enrolment.accept-application" });
  return { outcome: "accepted", application, childId, personId };
}

/** The office says no, and why. */
export async function refuseApplication(
  tx: WriteTx,
  of: Given & { reason: string },
): Promise<
  { outcome: "refused"; application: Application } | { outcome: "not-waiting" | "not-allowed" }
> {
  const { actor, id, reason, now } = of;
  if (!isManager(actor)) return { outcome: "not-allowed" };
  await holdApplications(tx);
  const application = await waiting(tx, id);
  if (!application) return { outcome: "not-waiting" };
  const answer = { isAccepted: false, answer: reason, by: actor.name, childId: null };
  await endApplication(tx, { id, at: now, ...answer });
  // Of no child's history: the other parent would read what was answered to this one.
  const details = { applicationId: id };
  const action = "enrolment.refuse-application";
  await recordAudit(tx, { actor, at: now, action, reason, details });
  return { outcome: "refused", application };
}

const isManager = ({ role }: Actor): boolean => MANAGER_ROLES.some((one) => one === role);

async function waiting(tx: ReadTx, id: string): Promise<Application | null> {
  const found = await applicationById(tx, id);
  return found && found.answeredAt === null && found.withdrawnAt === null ? found : null;
}

interface Planned {
  readonly membership: { readonly classId: string; readonly from: Day } | null;
  readonly services: readonly { readonly serviceId: string; readonly from: Day }[];
}

/** Whatever could refuse is looked at here, before anything is written. */
async function planOf(
  tx: WriteTx,
  application: Application,
  of: Given & Acceptance,
): Promise<Planned | Refusal> {
  const { year } = application;
  const calendar = await townCalendar(tx);
  const schoolYear = calendar.years.find((one) => one.year === year);
  if (!schoolYear) return { outcome: "year-not-planned" };
  const schoolClass = of.classId === null ? null : calendar.classes.get(of.classId);
  if (schoolClass === undefined || (schoolClass && schoolClass.year !== year))
    return { outcome: "unknown-class" };
  const child = await childOf(tx, application, of);
  if (child && "outcome" in child) return child;
  const services = calendar.services.filter(
    ({ code }) => of.from.has(code) && application.services.includes(code),
  );
  if (services.length === 0) return { outcome: "no-service" };
  // Whoever enrols the child at this moment is waited for, and then seen.
  if (child) await lockChildEnrolments(tx, child.id);
  const existing = child ? await enrolmentsOf(tx, [child.id]) : [];
  const wanted: { serviceId: string; from: Day }[] = [];
  for (const { id: serviceId, code, name } of services) {
    const first = firstDayOf(calendar, { serviceId, year });
    const last = lastDayOf(calendar, { serviceId, year });
    const from = of.from.get(code);
    if (!from || !first || !last || !isWithin(from, first, last))
      return { outcome: "outside-the-year", service: name };
    const other = existing.find(
      (one) =>
        one.serviceId === serviceId &&
        !isBefore(last, one.from) &&
        (one.to === null || !isBefore(one.to, from)),
    );
    if (other) return { outcome: "overlaps", service: name, from: other.from, to: other.to };
    wanted.push({ serviceId, from });
  }
  const begins = later(schoolYear.startsOn, dayOf(of.now));
  const membership = schoolClass ? { classId: schoolClass.id, from: begins } : null;
  return { membership, services: wanted };
}

/** The child that was chosen, or nobody, where it is new and nobody has its codice fiscale. */
async function childOf(
  tx: ReadTx,
  { child, childId: known, personId }: Application,
  { childId, now }: Given & Acceptance,
): Promise<Person | null | Refusal> {
  // Who applied for a child of theirs gets that one enrolled, and no other.
  if (known !== null && known !== childId) return { outcome: "unknown-child" };
  const own = known && personId ? await childrenOf(tx, personId, dayOf(now)) : null;
  if (own?.every(({ id }) => id !== known)) return { outcome: "no-longer-parent" };
  if (childId !== null) {
    const [found] = await people(tx, [childId]);
    return found?.kind === "child" ? found : { outcome: "unknown-child" };
  }
  const { codiceFiscale } = child;
  const taken = codiceFiscale && (await personByCodiceFiscale(tx, codiceFiscale));
  return taken ? { outcome: "child-known" } : null;
}

function adultFor(
  tx: WriteTx,
  { personId, subject, applicant }: Application,
  of: Given & Pick<Acceptance, "adultId"> & { reason: string },
): ReturnType<typeof registerIdentity> {
  if (personId !== null) return Promise.resolve({ outcome: "adult", personId });
  const { givenName, surname, email, phone } = applicant;
  const birthDate = applicant.birthDate === null ? null : day(applicant.birthDate);
  const identity = { subject, givenName, surname, birthDate };
  return registerIdentity(tx, {
    ...{ actor: of.actor, reason: of.reason, now: of.now, identity },
    ...{ personId: of.adultId, contacts: { email, phone } },
  });
}

async function createChild(tx: WriteTx, { child }: Application, now: Moment): Promise<string> {
  const { givenName, surname, codiceFiscale } = child;
  const id = newId();
  const birthDate = child.birthDate === null ? null : day(child.birthDate);
  const row = { id, kind: "child" as const, givenName, surname, birthDate, codiceFiscale };
  await putPeople(tx, [row], now);
  return id;
}
