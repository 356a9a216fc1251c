// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { schoolYearBegan } from "./school-year-began.ts";

const years = [
  { year: 2025, startsOn: day("2025-09-15") },
  { year: 2026, startsOn: day("2026-09-14") },
  { year: 2027, startsOn: day("2027-08-23") },
];

describe("schoolYearBegan", () => {
  const cases: [string, string][] = [
    ["2026-11-20", "2026-09-01"],
    ["2026-09-05", "2026-09-01"],
    ["2026-08-31", "2025-09-01"],
    ["2027-06-30", "2026-09-01"],
    ["2027-08-22", "2026-09-01"],
    ["2027-08-23", "2027-08-23"],
    ["2027-10-01", "2027-08-23"],
    ["2030-01-01", "2029-09-01"],
  ];
  for (const [today, began] of cases)
    it(`MC-05 on ${today} the year in course began on ${began}`, () => {
      assert.equal(schoolYearBegan(day(today), years).toString(), began);
    });
});
