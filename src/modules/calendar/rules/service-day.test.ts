// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, daysBetween, hasWeekday } from "#kernel/dates.ts";
import { nationalHoliday } from "./holidays.ts";
import {
  type ChildSchedule,
  type ClassSession,
  type Closure,
  serviceDay,
  type ServicePeriod,
  sessionKey,
  type TownCalendar,
} from "./service-day.ts";

const period = (over: Partial<ServicePeriod> = {}): ServicePeriod => ({
  serviceId: "mensa",
  year: 2026,
  level: null,
  siteId: null,
  startsOn: day("2026-10-05"),
  endsOn: day("2027-06-04"),
  weekdays: 31,
  ...over,
});

function calendarWith(
  over: Partial<Omit<TownCalendar, "sessions">> & { sessions?: ClassSession[] } = {},
): TownCalendar {
  const { sessions = [], ...rest } = over;
  return {
    years: [{ year: 2026, startsOn: day("2026-09-14"), endsOn: day("2027-06-08") }],
    sites: new Map([
      [
        "milano",
        {
          id: "milano",
          ministryCode: null,
          name: "Milano",
          level: "primaria",
          address: "",
          assumedReason: null,
        },
      ],
    ]),
    classes: new Map([["3a", { id: "3a", siteId: "milano", year: 2026, grade: 3, section: "A" }]]),
    services: [{ id: "mensa", code: "mensa", kind: "canteen", name: "Mensa" }],
    periods: [period()],
    closures: [],
    ...rest,
    sessions: new Map([[sessionKey("mensa", "3a"), sessions]]),
  };
}

const session = (over: Partial<ClassSession> = {}): ClassSession => ({
  serviceId: "mensa",
  classId: "3a",
  weekdays: 0b0001011,
  weekdaysB: null,
  weekAMonday: null,
  from: day("2026-09-01"),
  to: null,
  ...over,
});

const child = (over: Partial<ChildSchedule> = {}): ChildSchedule => ({
  serviceId: "mensa",
  memberships: [{ classId: "3a", from: day("2026-09-14"), to: null }],
  enrolments: [{ from: day("2026-09-14"), to: null, weekdays: null }],
  ...over,
});

const closure = (over: Partial<Closure>): Closure => ({
  id: "c",
  serviceId: null,
  siteId: null,
  classId: null,
  from: day("2026-11-24"),
  to: day("2026-11-24"),
  reason: "weather",
  note: "",
  ...over,
});

const kindOn = (calendar: TownCalendar, date: string, who = child()): string =>
  serviceDay(calendar, who, day(date)).kind;

describe("service day", () => {
  it("BI-02 without rientri: every weekday of the period, never Saturdays and Sundays", () => {
    const calendar = calendarWith();
    const kinds = ["2026-11-23", "2026-11-27", "2026-11-28", "2026-11-29"].map((date) =>
      kindOn(calendar, date),
    );
    assert.deepEqual(kinds, ["service", "service", "no-session", "no-session"]);
  });

  it("BO-09 BO-10 with rientri only their weekdays count, dated", () => {
    const calendar = calendarWith({
      sessions: [
        session({ to: day("2026-11-22") }),
        session({ from: day("2026-11-23"), weekdays: 0b0000100 }),
      ],
    });
    assert.equal(kindOn(calendar, "2026-11-19"), "service");
    assert.equal(kindOn(calendar, "2026-11-26"), "no-session");
    assert.equal(kindOn(calendar, "2026-11-25"), "service");
  });

  it("alternates A and B weeks, also across the year's end", () => {
    const calendar = calendarWith({
      sessions: [
        session({ weekdays: 0b0000001, weekdaysB: 0b0010000, weekAMonday: day("2026-09-14") }),
      ],
    });
    assert.equal(kindOn(calendar, "2026-11-23"), "service"); // ten weeks later: A
    assert.equal(kindOn(calendar, "2026-11-27"), "no-session");
    assert.equal(kindOn(calendar, "2026-12-04"), "service"); // B
    assert.equal(kindOn(calendar, "2027-01-11"), "no-session"); // seventeen: B
    assert.equal(kindOn(calendar, "2027-01-15"), "service");
  });

  it("the narrowest period wins: site, then level, then town", () => {
    const calendar = calendarWith({
      periods: [
        period(),
        period({ level: "primaria", startsOn: day("2026-10-12") }),
        period({ level: "infanzia", startsOn: day("2026-09-14") }),
      ],
    });
    assert.equal(kindOn(calendar, "2026-10-08"), "not-active");
    const bySite = {
      ...calendar,
      periods: [...calendar.periods, period({ siteId: "milano", startsOn: day("2026-10-07") })],
    };
    assert.equal(kindOn(bySite, "2026-10-08"), "service");
  });

  it("BO-19 a closure covers the town, the site or the class; another service goes on", () => {
    for (const over of [
      {},
      { siteId: "milano" },
      { siteId: "milano", classId: "3a" },
      { serviceId: "mensa" },
    ])
      assert.equal(kindOn(calendarWith({ closures: [closure(over)] }), "2026-11-24"), "closed");
    for (const over of [{ siteId: "pineta" }, { classId: "3b" }, { serviceId: "scuolabus" }])
      assert.equal(kindOn(calendarWith({ closures: [closure(over)] }), "2026-11-24"), "service");
  });

  it("holidays are closed days on days of lunch: 8 December, Easter Monday, 4 October from 2026", () => {
    assert.equal(kindOn(calendarWith(), "2026-12-08"), "closed");
    assert.equal(kindOn(calendarWith(), "2027-03-29"), "closed");
    assert.equal(nationalHoliday(day("2025-10-04")), null);
    assert.equal(nationalHoliday(day("2026-10-04")), "San Francesco d'Assisi");
    assert.equal(
      kindOn(calendarWith({ sessions: [session({ weekdays: 0b0000001 })] }), "2026-12-08"),
      "no-session",
    );
  });

  it("a child's own weekdays replace the class's", () => {
    const own = child({ enrolments: [{ from: day("2026-09-14"), to: null, weekdays: 0b0000100 }] });
    const calendar = calendarWith({ sessions: [session()] });
    assert.equal(kindOn(calendar, "2026-11-25", own), "service");
    assert.equal(kindOn(calendar, "2026-11-24", own), "no-session");
  });

  it("enrolment and class membership are dated: before, between and after there is no service", () => {
    const moved = child({
      memberships: [
        { classId: "3a", from: day("2026-09-14"), to: day("2026-11-20") },
        { classId: "3a", from: day("2026-11-24"), to: null },
      ],
      enrolments: [{ from: day("2026-10-12"), to: day("2026-12-18"), weekdays: null }],
    });
    const kinds = [
      "2026-10-09",
      "2026-10-12",
      "2026-11-23",
      "2026-11-24",
      "2026-12-18",
      "2026-12-21",
    ];
    assert.deepEqual(
      kinds.map((date) => kindOn(calendarWith(), date, moved)),
      ["not-active", "service", "not-active", "service", "service", "not-active"],
    );
  });
});

describe("service day, for any calendar", () => {
  const anyDay = fc
    .integer({ min: 0, max: 400 })
    .map((offset) => day("2026-08-15").add({ days: offset }));
  const anyClosure = fc.record({ from: anyDay, length: fc.integer({ min: 0, max: 20 }) });
  const anyCalendar = fc.record({
    start: anyDay,
    length: fc.integer({ min: 0, max: 300 }),
    weekdays: fc.integer({ min: 0, max: 127 }),
    closures: fc.array(anyClosure, { maxLength: 4 }),
  });

  it("a service day lies in the period, on a weekday of the pattern, under no closure and on no holiday", () => {
    fc.assert(
      fc.property(anyCalendar, ({ start, length, weekdays, closures }) => {
        const calendar = calendarWith({
          periods: [period({ startsOn: start, endsOn: start.add({ days: length }), weekdays })],
          closures: closures.map((row) =>
            closure({ from: row.from, to: row.from.add({ days: row.length }) }),
          ),
        });
        const always = child({
          memberships: [{ classId: "3a", from: day("2020-01-01"), to: null }],
          enrolments: [{ from: day("2020-01-01"), to: null, weekdays: null }],
        });
        for (const date of daysBetween(day("2026-08-15"), day("2027-09-15"))) {
          const inPeriod = date.since(start, { largestUnit: "days" }).days;
          const covered = closures.some((row) => {
            const offset = row.from.until(date, { largestUnit: "days" }).days;
            return offset >= 0 && offset <= row.length;
          });
          const expected =
            inPeriod < 0 || inPeriod > length
              ? "not-active"
              : !hasWeekday(weekdays, date)
                ? "no-session"
                : covered || nationalHoliday(date) !== null
                  ? "closed"
                  : "service";
          assert.equal(serviceDay(calendar, always, date).kind, expected, date.toString());
        }
      }),
      { numRuns: 60 },
    );
  });
});
