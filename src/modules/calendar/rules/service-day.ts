// SPDX-License-Identifier: EUPL-1.2
import { type Day, daysBetween, hasWeekday, isWithin, type WeekdayMask } from "#kernel/dates.ts";
import { nationalHoliday } from "./holidays.ts";

export const SCHOOL_LEVELS = [
  "nido",
  "infanzia",
  "primaria",
  "secondaria1",
  "secondaria2",
] as const;
export type SchoolLevel = (typeof SCHOOL_LEVELS)[number];

export interface SchoolYear {
  year: number;
  startsOn: Day;
  endsOn: Day;
}

export interface SchoolSite {
  id: string;
  ministryCode: string | null;
  name: string;
  level: SchoolLevel;
  address: string;
  assumedReason: string | null;
}

export interface SchoolClass {
  id: string;
  siteId: string;
  year: number;
  grade: number;
  section: string;
}

export interface Service {
  id: string;
  code: string;
  kind: "canteen" | "transport" | "creche" | "pre-post-school";
  name: string;
}

/** When a service runs: for the whole town, or for one level, or for one site (the narrower one wins). */
export interface ServicePeriod {
  serviceId: string;
  year: number;
  level: SchoolLevel | null;
  siteId: string | null;
  startsOn: Day;
  endsOn: Day;
  weekdays: WeekdayMask;
}

/** Rientri of a class. With `weekdaysB`, weeks alternate: A in the week of `weekAMonday`, then B, then A… */
export interface ClassSession {
  serviceId: string;
  classId: string;
  weekdays: WeekdayMask;
  weekdaysB: WeekdayMask | null;
  weekAMonday: Day | null;
  from: Day;
  to: Day | null;
}

export const CLOSURE_REASONS = [
  "holiday",
  "patron",
  "school-break",
  "polling-station",
  "weather",
  "strike",
  "trip",
  "other",
] as const;
export type ClosureReason = (typeof CLOSURE_REASONS)[number];

/** Covers the town, one site or one class; one service or all (`null`). Both ends are closed days. */
export interface Closure {
  id: string;
  serviceId: string | null;
  siteId: string | null;
  classId: string | null;
  from: Day;
  to: Day;
  reason: ClosureReason;
  note: string;
}

/** All that decides on which days a service runs in one town. Loaded once per configuration version. */
export interface TownCalendar {
  years: readonly SchoolYear[];
  sites: ReadonlyMap<string, SchoolSite>;
  classes: ReadonlyMap<string, SchoolClass>;
  services: readonly Service[];
  periods: readonly ServicePeriod[];
  /** by `sessionKey` */
  sessions: ReadonlyMap<string, readonly ClassSession[]>;
  closures: readonly Closure[];
}

export const sessionKey = (serviceId: string, classId: string): string => `${serviceId}:${classId}`;

/** One child's dated rights to one service. Dates include both ends; `to: null` is open. */
export interface ChildSchedule {
  serviceId: string;
  memberships: readonly { classId: string; from: Day; to: Day | null }[];
  enrolments: readonly { from: Day; to: Day | null; weekdays: WeekdayMask | null }[];
}

export type ServiceDay =
  | { kind: "service"; siteId: string; classId: string }
  | { kind: "closed"; siteId: string; classId: string; reason: ClosureReason; note: string }
  /** the service runs, but this child or class does not stay on that weekday */
  | { kind: "no-session" }
  /** outside the service's period, not enrolled, or in no class */
  | { kind: "not-active" };

type ClassDay = { running: false } | { running: true; session: boolean; closure: ClosedBy | null };
interface ClosedBy {
  reason: ClosureReason;
  note: string;
}

/**
 * Is `date` a service day for this child? The service's period at that site and level ∧ the enrolment's weekdays,
 * or the class's ∧ no closure ∧ enrolment active (domain.md "Service calendar"; BI-02, BO-09, BO-10).
 */
export function serviceDay(calendar: TownCalendar, child: ChildSchedule, date: Day): ServiceDay {
  const enrolment = child.enrolments.find(({ from, to }) => isWithin(date, from, to));
  const membership = child.memberships.find(({ from, to }) => isWithin(date, from, to));
  const schoolClass = membership && calendar.classes.get(membership.classId);
  if (!enrolment || !schoolClass) return { kind: "not-active" };
  const classDay = dayOfClass(calendar, child.serviceId, schoolClass, date);
  if (!classDay.running) return { kind: "not-active" };
  const stays =
    enrolment.weekdays === null ? classDay.session : hasWeekday(enrolment.weekdays, date);
  if (!stays) return { kind: "no-session" };
  const place = { siteId: schoolClass.siteId, classId: schoolClass.id };
  return classDay.closure
    ? { kind: "closed", ...place, ...classDay.closure }
    : { kind: "service", ...place };
}

/** What the day is for a whole class, before looking at any child's own weekdays. */
export function dayOfClass(
  calendar: TownCalendar,
  serviceId: string,
  schoolClass: SchoolClass,
  date: Day,
): ClassDay {
  const period = periodOn(calendar, serviceId, schoolClass, date);
  if (!period) return { running: false };
  const sessions = calendar.sessions.get(sessionKey(serviceId, schoolClass.id)) ?? [];
  const session = sessions.find(({ from, to }) => isWithin(date, from, to));
  const pattern = session
    ? weekdaysInForce(session, date)
    : sessions.length > 0
      ? 0
      : period.weekdays;
  return {
    running: true,
    session: hasWeekday(pattern, date),
    closure: closureOn(calendar, serviceId, schoolClass, date),
  };
}

function periodOn(
  calendar: TownCalendar,
  serviceId: string,
  schoolClass: SchoolClass,
  date: Day,
): ServicePeriod | undefined {
  const level = calendar.sites.get(schoolClass.siteId)?.level;
  const ofYear = calendar.periods.filter(
    (period) => period.serviceId === serviceId && period.year === schoolClass.year,
  );
  const bySite = ofYear.filter(({ siteId }) => siteId === schoolClass.siteId);
  const byLevel = ofYear.filter((period) => period.siteId === null && period.level === level);
  const general = ofYear.filter((period) => period.siteId === null && period.level === null);
  const narrowest = [bySite, byLevel, general].find((group) => group.length > 0) ?? [];
  return narrowest.find(({ startsOn, endsOn }) => isWithin(date, startsOn, endsOn));
}

function weekdaysInForce(session: ClassSession, date: Day): WeekdayMask {
  if (session.weekdaysB === null || session.weekAMonday === null) return session.weekdays;
  const days = session.weekAMonday.until(date, { largestUnit: "days" }).days;
  return Math.floor(days / 7) % 2 === 0 ? session.weekdays : session.weekdaysB;
}

/** National holidays first, then the town's closures; the widest one names the reason. */
export function closureOn(
  calendar: TownCalendar,
  serviceId: string,
  schoolClass: { id: string; siteId: string },
  date: Day,
): ClosedBy | null {
  const holiday = nationalHoliday(date);
  if (holiday) return { reason: "holiday", note: holiday };
  const found = calendar.closures.find(
    (closure) =>
      isWithin(date, closure.from, closure.to) &&
      (closure.serviceId === null || closure.serviceId === serviceId) &&
      (closure.siteId === null || closure.siteId === schoolClass.siteId) &&
      (closure.classId === null || closure.classId === schoolClass.id),
  );
  return found ? { reason: found.reason, note: found.note } : null;
}

/** The next day from `from` on that satisfies `accepts`, looking no further than `until`. */
export function firstDay(from: Day, until: Day, accepts: (date: Day) => boolean): Day | null {
  for (const date of daysBetween(from, until)) if (accepts(date)) return date;
  return null;
}

/** `3A`, or just the section where classes have no grade (`Sezione A`, infanzia and nido). */
export function className(schoolClass: { grade: number; section: string }): string {
  return schoolClass.grade === 0
    ? `Sezione ${schoolClass.section}`
    : `${schoolClass.grade}${schoolClass.section}`;
}
