// SPDX-License-Identifier: EUPL-1.2
import { isDeepStrictEqual } from "node:util";
import type {
  ClassSession,
  Closure,
  SchoolClass,
  SchoolSite,
  SchoolYear,
  Service,
  ServicePeriod,
  TownCalendar,
} from "#calendar";
import { MONDAY_TO_FRIDAY } from "#kernel/dates.ts";
import { idFromContent, newId } from "#kernel/ids.ts";
import { type ProfileCalendar, settingsStart } from "#tenancy";

/** The calendar rows that differ from what a profile asks for, ready for the calendar's fronts. */
export interface CalendarPlan {
  readonly year: SchoolYear | null;
  readonly services: readonly (Service & { position: number })[];
  readonly sites: readonly SchoolSite[];
  readonly classes: readonly SchoolClass[];
  readonly periods: readonly {
    serviceId: string;
    year: number;
    rows: (ServicePeriod & { id: string })[];
  }[];
  readonly sessions: readonly (ClassSession & { id: string })[];
  readonly closures: readonly Closure[];
  readonly cancelledClosureIds: readonly string[];
  /** code → id, also of services that are new */
  readonly serviceIds: ReadonlyMap<string, string>;
  /** one line per difference, for the operator */
  readonly lines: readonly string[];
}

type Wanted = ProfileCalendar;

/**
 * Compares a profile's calendar with the town's. Ids come from the content, so that the same profile always names
 * the same rows. `version` = how many profiles were applied before, plus one: part of a closure's id.
 */
export function planCalendar(
  current: TownCalendar,
  wanted: Wanted,
  town: { tenantId: string; version: number },
): CalendarPlan {
  const id = (...parts: (string | number)[]): string =>
    idFromContent([town.tenantId, ...parts].join("|"));
  const year = planYear(current, wanted);
  const services = planServices(current, wanted, id);
  const sites = planSites(current, wanted, id);
  const classes = planClasses(current, wanted, sites.idByName, id);
  const periods = planPeriods(current, wanted, services.ids, sites.idByName);
  const sessions = planSessions(current, wanted, services.ids, classes.idOf);
  const closures = planClosures(current, wanted, town, id);
  return {
    year: year.row,
    services: services.rows,
    serviceIds: services.ids,
    sites: sites.rows,
    classes: classes.rows,
    periods: periods.rows,
    sessions: sessions.rows,
    closures: closures.rows,
    cancelledClosureIds: closures.cancelled,
    lines: [year, services, sites, classes, periods, sessions, closures].flatMap(
      (part) => part.lines,
    ),
  };
}

type MakeId = (...parts: (string | number)[]) => string;

function planYear(current: TownCalendar, wanted: Wanted) {
  const row: SchoolYear = { year: wanted.year, startsOn: wanted.startsOn, endsOn: wanted.endsOn };
  const found = current.years.find(({ year }) => year === wanted.year);
  if (found && text(found) === text(row)) return { row: null, lines: [] };
  const line = `${found ? "~" : "+"} school year ${row.year}: ${row.startsOn} to ${row.endsOn}`;
  return { row, lines: [line] };
}

/** Temporal values have no own fields: rows are compared by their text. */
const text = (row: object | null): string =>
  row ? JSON.stringify(row, Object.keys(row).toSorted()) : "";

function planServices(current: TownCalendar, wanted: Wanted, id: MakeId) {
  const ids = new Map(current.services.map((service) => [service.code, service.id]));
  const lines: string[] = [];
  const rows = wanted.services.map(({ code, kind, name, position }) => {
    const found = current.services.find((service) => service.code === code);
    const row = { id: found?.id ?? id("service", code), code, kind, name, position };
    ids.set(code, row.id);
    if (!found) lines.push(`+ service ${code}: ${name} (${kind})`);
    else if (found.name !== name) lines.push(`~ service ${code}: ${found.name} -> ${name}`);
    return row as Service & { position: number };
  });
  return { ids, lines, rows: lines.length > 0 ? rows : [] };
}

/** A service keeps its kind: charges and settings depend on it. */
export function changedKinds(current: TownCalendar, wanted: Wanted): string[] {
  return wanted.services.flatMap(({ code, kind }) => {
    const found = current.services.find((service) => service.code === code);
    return found && found.kind !== kind
      ? [`service ${code} is ${found.kind} and cannot become ${kind}: use a new code`]
      : [];
  });
}

/** A site that came from the ministry's file is not renamed by an assumed name. */
function planSites(current: TownCalendar, wanted: Wanted, id: MakeId) {
  const idByName = new Map<string, string>();
  const rows: SchoolSite[] = [];
  const lines: string[] = [];
  const known = [...current.sites.values()];
  for (const school of wanted.schools) {
    const found =
      known.find((site) => site.ministryCode && site.ministryCode === school.ministryCode) ??
      known.find((site) => site.name === school.name);
    const row: SchoolSite = {
      id: found?.id ?? id("site", school.ministryCode ?? school.name),
      ...school,
    };
    idByName.set(school.name, row.id);
    const isBetterKnown = found && found.assumedReason === null && row.assumedReason !== null;
    if (isBetterKnown || (found && isDeepStrictEqual({ ...found }, row))) continue;
    rows.push(row);
    lines.push(`${found ? "~" : "+"} school ${row.name} (${row.level})`);
  }
  return { rows, lines, idByName };
}

function planClasses(
  current: TownCalendar,
  wanted: Wanted,
  siteIds: ReadonlyMap<string, string>,
  id: MakeId,
) {
  const key = (siteId: string, year: number, grade: number, section: string): string =>
    [siteId, year, grade, section].join("|");
  const known = new Map(
    [...current.classes.values()].map((row) => [
      key(row.siteId, row.year, row.grade, row.section),
      row.id,
    ]),
  );
  const rows: SchoolClass[] = [];
  const idOf = (school: string, grade: number, section: string): string => {
    const siteId = siteIds.get(school)!;
    const name = key(siteId, wanted.year, grade, section);
    return known.get(name) ?? id("class", name);
  };
  for (const { school, grade, section } of wanted.classes) {
    const siteId = siteIds.get(school)!;
    if (known.has(key(siteId, wanted.year, grade, section))) continue;
    rows.push({ id: idOf(school, grade, section), siteId, year: wanted.year, grade, section });
  }
  const lines = rows.length > 0 ? [`+ ${rows.length} classes for ${wanted.year}`] : [];
  return { rows, lines, idOf };
}

function planPeriods(
  current: TownCalendar,
  wanted: Wanted,
  serviceIds: ReadonlyMap<string, string>,
  siteIds: ReadonlyMap<string, string>,
) {
  const rows: { serviceId: string; year: number; rows: (ServicePeriod & { id: string })[] }[] = [];
  const lines: string[] = [];
  for (const [code, serviceId] of serviceIds) {
    const asked = wanted.periods
      .filter(({ service }) => service === code)
      .map(({ level, school, startsOn, endsOn, weekdays }): ServicePeriod => ({
        serviceId,
        year: wanted.year,
        level,
        siteId: school === null ? null : siteIds.get(school)!,
        startsOn,
        endsOn,
        weekdays,
      }));
    const present = current.periods.filter(
      (period) => period.serviceId === serviceId && period.year === wanted.year,
    );
    const sorted = (list: readonly ServicePeriod[]): string[] => list.map(text).sort();
    if (isDeepStrictEqual(sorted(asked), sorted(present))) continue;
    rows.push({
      serviceId,
      year: wanted.year,
      rows: asked.map((row) => ({ ...row, id: newId() })),
    });
    const days = asked.map((row) => `${row.level ?? "all"} ${row.startsOn} to ${row.endsOn}`);
    const what =
      days.length > 0 ? days.join(", ") : "none, the service is no longer in the profile";
    lines.push(`${present.length > 0 ? "~" : "+"} periods of ${code}: ${what}`);
  }
  return { rows, lines };
}

/**
 * Rientri from the start of the year. Those the office dated later are not touched; a class whose line left the
 * profile goes back to every weekday.
 */
function planSessions(
  current: TownCalendar,
  wanted: Wanted,
  serviceIds: ReadonlyMap<string, string>,
  classIdOf: (school: string, grade: number, section: string) => string,
) {
  const from = settingsStart(wanted.year);
  const asked = wanted.sessions.map((session): ClassSession => ({
    serviceId: serviceIds.get(session.service)!,
    classId: classIdOf(session.school, session.grade, session.section),
    weekdays: session.weekdays,
    weekdaysB: session.weekdaysB,
    weekAMonday: session.weekAMonday,
    from,
    to: null,
  }));
  const nameOf = ({ serviceId, classId }: ClassSession): string => `${serviceId}|${classId}`;
  const present = new Map(
    [...current.sessions.values()]
      .flat()
      .filter((session) => session.from.equals(from))
      .map((session) => [nameOf(session), session]),
  );
  const names = new Set(asked.map(nameOf));
  const left = [...present.values()]
    .filter((session) => !names.has(nameOf(session)))
    .map((session) => ({
      ...session,
      weekdays: MONDAY_TO_FRIDAY,
      weekdaysB: null,
      weekAMonday: null,
    }));
  const rows = [...asked, ...left]
    .filter(
      (session) => text(withoutEnd(present.get(nameOf(session)))) !== text(withoutEnd(session)),
    )
    .map((session) => ({ ...session, to: present.get(nameOf(session))?.to ?? null, id: newId() }));
  const lines = rows.length > 0 ? [`~ rientri of ${rows.length} classes`] : [];
  return { rows, lines };
}

/** The office may have ended a pattern: its end stays. */
const withoutEnd = (session: ClassSession | undefined): object | null =>
  session ? { ...session, to: null } : null;

/** Only closures that a profile made are cancelled when it no longer names them: their id tells. */
function planClosures(
  current: TownCalendar,
  wanted: Wanted,
  town: { version: number },
  id: MakeId,
) {
  const nameOf = ({ from, to, reason, note }: Wanted["closures"][number]): string =>
    [from, to, reason, note].join("|");
  const townWide = current.closures.filter(
    ({ serviceId, siteId, classId }) => serviceId === null && siteId === null && classId === null,
  );
  const nameOfRow = (row: Closure): string => [row.from, row.to, row.reason, row.note].join("|");
  const present = new Map(townWide.map((row) => [nameOfRow(row), row]));
  const idFor = (name: string, version: number): string =>
    id("closure", wanted.year, version, name);
  const missing = wanted.closures.filter((closure) => !present.has(nameOf(closure)));
  const asked = new Set(wanted.closures.map(nameOf));
  const gone = townWide.filter((row) => {
    const name = nameOfRow(row);
    const versions = Array.from({ length: town.version }, (_unused, index) => index + 1);
    return !asked.has(name) && versions.some((version) => idFor(name, version) === row.id);
  });
  return {
    rows: missing.map((closure): Closure => ({
      ...closure,
      id: idFor(nameOf(closure), town.version),
      serviceId: null,
      siteId: null,
      classId: null,
    })),
    cancelled: gone.map((row) => row.id),
    lines: [
      ...missing.map(({ from, to, note }) => `+ closed ${from} to ${to}: ${note}`),
      ...gone.map(({ from, to, note }) => `- closed ${from} to ${to}: ${note}`),
    ],
  };
}
