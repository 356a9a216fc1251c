// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { schoolYearOf } from "#kernel/dates.ts";
import { easterSunday } from "#kernel/easter.ts";
import { isDayPattern, resolveDay } from "./day-pattern.ts";

describe("days as profiles write them", () => {
  it("month-day lies in the school year, August first", () => {
    assert.equal(resolveDay("10-05", 2026).toString(), "2026-10-05");
    assert.equal(resolveDay("08-01", 2026).toString(), "2026-08-01");
    assert.equal(resolveDay("06-08", 2026).toString(), "2027-06-08");
    assert.equal(resolveDay("2020-10-05", 2026).toString(), "2020-10-05");
  });

  it("29 February is the 28th in the other years", () => {
    assert.equal(resolveDay("02-29", 2027).toString(), "2028-02-29");
    assert.equal(resolveDay("02-29", 2026).toString(), "2027-02-28");
  });

  it("Easter: known years, and the distance from it", () => {
    const known = [
      "2000-04-23",
      "2008-03-23",
      "2011-04-24",
      "2024-03-31",
      "2026-04-05",
      "2038-04-25",
    ];
    for (const text of known) assert.equal(easterSunday(Number(text.slice(0, 4))).toString(), text);
    assert.equal(resolveDay("easter-3", 2023).toString(), "2024-03-28");
    assert.equal(resolveDay("easter", 2023).toString(), "2024-03-31");
  });

  it("refuses what is no day", () => {
    const wrong = [
      "09-31",
      "2026-02-29",
      "13-01",
      "00-10",
      "5 ottobre",
      "easter-",
      "pasqua",
      "1-5",
      "",
    ];
    for (const text of wrong) assert.equal(isDayPattern(text), false, text);
  });

  it("every recurring day falls in its own school year, Easter always on a spring Sunday", () => {
    const days = fc.date({
      min: new Date("2023-08-01"),
      max: new Date("2024-07-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(days, fc.integer({ min: 2000, max: 2100 }), (date, year) => {
        assert.equal(schoolYearOf(resolveDay(date.toISOString().slice(5, 10), year)), year);
        const easter = easterSunday(year);
        assert.equal(easter.dayOfWeek, 7);
        assert.ok(easter.month === 3 ? easter.day >= 22 : easter.month === 4 && easter.day <= 25);
      }),
    );
  });
});
