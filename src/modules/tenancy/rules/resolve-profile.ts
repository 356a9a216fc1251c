// SPDX-License-Identifier: EUPL-1.2
import { day, type Day, isBefore } from "#kernel/dates.ts";
import { isOneOff, resolveDay, settingsStart } from "./day-pattern.ts";
import { type LEVELS, type Profile, type ProfileSchool, WEEKDAYS } from "./profile-schema.ts";
import { serviceSettingSchemas } from "./settings.ts";

export interface SettingPoint {
  /** '' = the whole town, otherwise a service code */
  readonly scope: string;
  readonly key: string;
  readonly validFrom: Day;
  readonly value: unknown;
  readonly assumedReason: string | null;
}

export type Level = (typeof LEVELS)[number];

/** A class as a profile describes it: its school's name, grade (0 = none) and section. */
export interface ProfileClass {
  readonly school: string;
  readonly level: Level;
  readonly grade: number;
  readonly section: string;
}

export interface ProfileCalendar {
  readonly year: number;
  readonly startsOn: Day;
  readonly endsOn: Day;
  readonly schools: readonly {
    name: string;
    ministryCode: string | null;
    level: Level;
    address: string;
    assumedReason: string | null;
  }[];
  readonly classes: readonly ProfileClass[];
  readonly services: readonly { code: string; kind: string; name: string; position: number }[];
  readonly periods: readonly {
    service: string;
    level: Level | null;
    school: string | null;
    startsOn: Day;
    endsOn: Day;
    weekdays: number;
  }[];
  readonly sessions: readonly (ProfileClass & {
    service: string;
    weekdays: number;
    weekdaysB: number | null;
    weekAMonday: Day | null;
    from: Day;
  })[];
  readonly closures: readonly {
    from: Day;
    to: Day;
    reason: "patron" | "school-break";
    note: string;
  }[];
  readonly tariffs: readonly {
    service: string;
    validFrom: Day;
    act: string;
    assumedReason: string | null;
    definition: Record<string, unknown>;
  }[];
}

const TOWN_KEYS = [
  "town",
  "login",
  "patronDay",
  "words",
  "notices",
  "collection",
  "dietCodes",
  "staff",
  "retention",
  "accessibility",
] as const;
const SERVICE_KEYS = Object.keys(serviceSettingSchemas) as (keyof typeof serviceSettingSchemas)[];

const mask = (names: readonly string[]): number =>
  WEEKDAYS.reduce((sum, name, bit) => (names.includes(name) ? sum | (1 << bit) : sum), 0);

/**
 * The settings a profile asks for in one school year, each with the day it counts from: 1 August for the base
 * (1 January for the enrolment window), the day of the switch for `changes`. A switch with a full date from before the year is part of the base;
 * one from after it waits for its own year.
 */
export function settingsFor(profile: Profile, year: number): SettingPoint[] {
  const start = settingsStart(year);
  const next = settingsStart(year + 1);
  const point = (scope: string, key: string, validFrom: Day, value: unknown): SettingPoint => ({
    scope,
    key,
    validFrom,
    value,
    assumedReason: assumedFor(profile, scope === "" ? [key] : ["services", scope, key]),
  });
  const points = TOWN_KEYS.map((key) => point("", key, start, profile[key]));
  points.push(point("", "office", start, officeOf(profile)));
  // Families enrol before the school year starts: its window must be in force by then.
  points.push(point("", "enrolment", day(`${year}-01-01`), enrolmentOf(profile, year)));
  for (const [code, service] of Object.entries(profile.services)) {
    const dated = service.changes.map((change) => ({
      change,
      from: resolveDay(change.from, year),
    }));
    const changes = dated.toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
    for (const key of SERVICE_KEYS) {
      const past = changes.filter(({ from, change }) => change[key] && !isBefore(start, from));
      const base = past.at(-1)?.change[key] ?? service[key];
      if (base) points.push(point(code, key, start, concrete(base, year)));
      for (const { change, from } of changes) {
        if (!change[key] || !isBefore(start, from) || !isBefore(from, next)) continue;
        points.push(point(code, key, from, concrete(change[key], year)));
      }
    }
  }
  return points;
}

/** Only `negativeBalance.until` holds a day that comes back every year. */
function concrete(value: object, year: number): object {
  if (!("until" in value) || typeof value.until !== "string") return value;
  return { ...value, until: resolveDay(value.until, year).toString() };
}

function officeOf({ office }: Profile): object {
  const hours = WEEKDAYS.flatMap((name, index) =>
    (office.hours[name] ?? []).map((range) => ({
      weekday: index + 1,
      from: range.slice(0, 5),
      to: range.slice(6),
    })),
  );
  return { ...office, hours };
}

/** A window without a year lies in the calendar year in which the school year starts. */
function enrolmentOf({ enrolment }: Profile, year: number): object {
  const { window, ...rest } = enrolment;
  if (!window) return rest;
  const on = (pattern: string): string => (isOneOff(pattern) ? pattern : `${year}-${pattern}`);
  return { ...rest, window: { from: on(window.from), to: on(window.to) } };
}

/** The reasons of all assumed values inside `path`, or around it; `null` when all of it is a fact. */
export function assumedFor(profile: Profile, path: readonly string[]): string | null {
  const here = path.join(".");
  const found = profile.assumed.filter(
    (entry) =>
      entry.path === here || entry.path.startsWith(`${here}.`) || here.startsWith(`${entry.path}.`),
  );
  if (found.length === 0) return null;
  return found
    .map((entry) =>
      entry.path.startsWith(`${here}.`)
        ? `${entry.path.slice(here.length + 1)}: ${entry.reason}`
        : entry.reason,
    )
    .join("\n");
}

/** The classes of a school, or those of them that an entry of `rientri` names. */
export function classesOf(
  school: ProfileSchool,
  only: {
    level?: Level;
    school?: string | undefined;
    grades?: readonly number[] | undefined;
    sections?: readonly string[] | undefined;
  } = {},
): ProfileClass[] {
  if (only.level !== undefined && only.level !== school.level) return [];
  if (only.school !== undefined && only.school !== school.name) return [];
  const byGrade = Object.entries(school.classes ?? {}).flatMap(([grade, sections]) =>
    sections.map((section) => ({ grade: Number(grade), section })),
  );
  const plain = (school.sections ?? []).map((section) => ({ grade: 0, section }));
  return [...byGrade, ...plain]
    .filter(({ grade }) => !only.grades || only.grades.includes(grade))
    .filter(({ section }) => !only.sections || only.sections.includes(section))
    .map((entry) => ({ school: school.name, level: school.level, ...entry }));
}

/** Everything of a profile that becomes calendar rows and tariff versions, with real days of one school year. */
export function calendarFor(profile: Profile, year: number): ProfileCalendar {
  const on = (pattern: string): Day => resolveDay(pattern, year);
  const startsOn = on(profile.schoolYear.starts);
  const services = Object.entries(profile.services);
  return {
    year,
    startsOn,
    endsOn: on(profile.schoolYear.ends),
    schools: profile.schools.map(({ name, code, level, address, assumed }) => ({
      name,
      ministryCode: code ?? null,
      level,
      address,
      assumedReason: assumed ?? assumedFor(profile, ["schools"]),
    })),
    classes: profile.schools.flatMap((school) => classesOf(school)),
    services: services.map(([code, { kind, name }], position) => ({ code, kind, name, position })),
    periods: services.flatMap(([service, { periods }]) =>
      periods.flatMap((period) => {
        const levels: (Level | null)[] = period.levels ?? [null];
        const places = period.schools
          ? period.schools.map((school) => ({ level: null, school }))
          : levels.map((level) => ({ level, school: null }));
        return places.map((place) => ({
          service,
          ...place,
          startsOn: on(period.from),
          endsOn: on(period.to),
          weekdays: mask(period.weekdays),
        }));
      }),
    ),
    sessions: services.flatMap(([service, { rientri }]) =>
      sessionsOf(profile, service, rientri, year),
    ),
    closures: closuresOf(profile, year),
    tariffs: services.flatMap(([service, { tariffs }]) =>
      tariffs.map(({ validFrom, act, assumed, definition }) => ({
        service,
        validFrom: on(validFrom),
        act,
        assumedReason: assumed ?? null,
        definition,
      })),
    ),
  };
}

function sessionsOf(
  profile: Profile,
  service: string,
  rientri: Profile["services"][string]["rientri"],
  year: number,
): ProfileCalendar["sessions"] {
  const from = settingsStart(year);
  const byClass = new Map<string, ProfileCalendar["sessions"][number]>();
  for (const entry of rientri) {
    for (const found of profile.schools.flatMap((school) => classesOf(school, entry))) {
      const monday = entry.weekA ? resolveDay(entry.weekA, year) : null;
      byClass.set(`${found.school}|${found.grade}|${found.section}`, {
        ...found,
        service,
        weekdays: mask(entry.weekdays),
        weekdaysB: entry.weekdaysB ? mask(entry.weekdaysB) : null,
        weekAMonday: monday && monday.subtract({ days: monday.dayOfWeek - 1 }),
        from,
      });
    }
  }
  return [...byClass.values()];
}

/** The patron day and the breaks that fall in the school year; a break of another year is left out. */
function closuresOf(profile: Profile, year: number): ProfileCalendar["closures"] {
  const start = settingsStart(year);
  const end = settingsStart(year + 1).subtract({ days: 1 });
  const pad = (value: number): string => String(value).padStart(2, "0");
  const { month, day, name } = profile.patronDay;
  const patron = resolveDay(`${pad(month)}-${pad(day)}`, year);
  const breaks = profile.schoolYear.breaks.map((entry) => ({
    from: resolveDay(entry.from, year),
    to: resolveDay(entry.to, year),
    reason: "school-break" as const,
    note: entry.name,
  }));
  return [
    ...breaks.filter(({ from, to }) => !isBefore(from, start) && !isBefore(end, to)),
    { from: patron, to: patron, reason: "patron" as const, note: name },
  ];
}
