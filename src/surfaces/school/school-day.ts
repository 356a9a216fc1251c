// SPDX-License-Identifier: EUPL-1.2
/** What every school page settles first: which day, which service, which class, and whether the person may. */
import {
  type ClassSheet,
  classSheet,
  mayMarkClass,
  type ServiceDayRow,
  serviceDays,
} from "#attendance";
import {
  dayOfClass,
  type SchoolClass,
  type Service,
  type TownCalendar,
  townCalendar,
} from "#calendar";
import { schoolChildren } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import { type DatedSettings, datedSettings } from "#tenancy";
import { forbidden, notFound, OFFICE_ROLES } from "../web/route.ts";
import { parseDay, type Visit } from "../web/visit.ts";

export const SCHOOL_ROLES = ["school", ...OFFICE_ROLES] as const;

/** How far back a school may look: corrections end when the day closes, long before. */
const MOST_DAYS_BACK = 60;

export interface SchoolTown {
  calendar: TownCalendar;
  settings: DatedSettings;
  /** services with meals, in the town's order */
  services: Service[];
}

export async function schoolTown(tx: ReadTx, date: Day): Promise<SchoolTown> {
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const services = calendar.services.filter(
    ({ kind, code }) =>
      kind !== "transport" && settings.maybeService(code, "attendance", date) !== undefined,
  );
  return { calendar, settings, services };
}

/** `?giorno=`: today without it; `null` for text that is no day, days to come and days long gone. */
export function askedDay(visit: Visit, text: string | undefined): Day | null {
  if (text === undefined || text === "") return visit.today;
  const date = parseDay(text);
  if (!date || isBefore(visit.today, date)) return null;
  return isBefore(date, visit.today.subtract({ days: MOST_DAYS_BACK })) ? null : date;
}

/** Does the school say who is absent here? Otherwise families do, and the school corrects. */
export function schoolReports(town: SchoolTown, service: Service, date: Day): boolean {
  const { mode } = town.settings.service(service.code, "attendance", date);
  if (mode === "roll-call") return true;
  const reported = town.settings.maybeService(service.code, "absences", date)?.reportedBy;
  return reported !== undefined && reported !== "parents";
}

export interface ClassDay {
  actor: Actor;
  town: SchoolTown;
  service: Service;
  date: Day;
  schoolClass: SchoolClass;
  sheet: ClassSheet;
  /** somebody has begun to close the day: nothing changes any more */
  closing: ServiceDayRow | null;
  path: ClassPath;
}

export type ClassPath = (page?: "fuori-lista" | "correzioni" | "foglio") => string;

/** The class, day and service a page or form asks for; `notFound` or `forbidden` where they are not this person's. */
export async function classDay(
  tx: ReadTx,
  visit: Visit,
  asked: { date: string | undefined; service: string | undefined },
): Promise<ClassDay | typeof notFound | typeof forbidden> {
  const classId = visit.params["classId"] ?? "";
  const date = askedDay(visit, asked.date);
  const { actor } = visit;
  if (!actor || !isUuid(classId) || !date) return notFound;
  const town = await schoolTown(tx, date);
  const schoolClass = town.calendar.classes.get(classId);
  if (!schoolClass) return notFound;
  if (!mayMarkClass(actor, schoolClass)) return forbidden;
  const runs = ({ id }: Service): boolean =>
    dayOfClass(town.calendar, id, schoolClass, date).running;
  const service = asked.service
    ? town.services.find(({ code }) => code === asked.service)
    : (town.services.find(runs) ?? town.services[0]);
  if (!service) return notFound;
  const key = { serviceId: service.id, date };
  const sheet = await classSheet(tx, { actor, classId, ...key });
  if (!sheet) return forbidden;
  const days = await serviceDays(tx, { serviceId: service.id, from: date, to: date });
  const closing = days.find(
    ({ siteId, state }) => siteId === schoolClass.siteId && state !== "open",
  );
  const path: ClassPath = (page) => classPath(visit, { classId, date, service, town }, page);
  return { actor, town, service, date, schoolClass, sheet, closing: closing ?? null, path };
}

export const isAnswer = (
  found: ClassDay | typeof notFound | typeof forbidden,
): found is typeof notFound | typeof forbidden => "kind" in found;

/** `/scuola/{id}/correzioni?giorno=…&servizio=…`: only what differs from the usual is in the address. */
export function classPath(
  visit: Visit,
  of: { classId: string; date: Day; service: Service; town: SchoolTown },
  page?: string,
): string {
  const query = new URLSearchParams();
  // The sheets by themselves are of the next day.
  if (page === "foglio" || !of.date.equals(visit.today)) query.set("giorno", of.date.toString());
  if (of.town.services.length > 1) query.set("servizio", of.service.code);
  const text = query.toString();
  return `/scuola/${of.classId}${page ? `/${page}` : ""}${text ? `?${text}` : ""}`;
}

/** The form's own hidden fields: a POST acts on the day and service its page showed. */
export const dayFields = (at: ClassDay): Record<string, string> => ({
  giorno: at.date.toString(),
  servizio: at.service.code,
});

/** Names of all children of the school, for those served in a class that is not theirs. */
export async function namesOfSchool(tx: ReadTx, at: ClassDay): Promise<Map<string, string>> {
  const { siteId } = at.schoolClass;
  const children = await schoolChildren(tx, { siteId, date: at.date });
  return new Map(children.map((child) => [child.childId, nameOf(child)]));
}

export const nameOf = (child: { surname: string; givenName: string }): string =>
  `${child.surname} ${child.givenName}`;
