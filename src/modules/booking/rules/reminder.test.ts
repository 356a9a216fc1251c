// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day, hasWeekday, MONDAY_TO_FRIDAY } from "#kernel/dates.ts";
import { isReminderDue } from "./reminder.ts";

const yearEndsOn = day("2027-06-30");
const isServed = (date: Temporal.PlainDate): boolean => hasWeekday(MONDAY_TO_FRIDAY, date);
const due = (today: string, lastReminderOn: string | null = null, to: string | null = null) =>
  isReminderDue({
    absence: {
      from: day("2026-11-09"),
      to: to === null ? null : day(to),
      lastReminderOn: lastReminderOn === null ? null : day(lastReminderOn),
    },
    today: day(today),
    yearEndsOn,
    isServed,
  });

describe("reminder of an absence without an end", () => {
  it("X-08 comes after five service days, weekends do not count", () => {
    assert.equal(due("2026-11-13"), false);
    assert.equal(due("2026-11-14"), true);
    assert.equal(due("2026-11-16"), true);
  });

  it("X-08 then weekly", () => {
    assert.equal(due("2026-11-20", "2026-11-14"), false);
    assert.equal(due("2026-11-21", "2026-11-14"), true);
  });

  it("X-08 stops at the year's end, and when an end is known", () => {
    assert.equal(due("2027-06-30", "2027-06-20"), true);
    assert.equal(due("2027-07-01", "2027-06-20"), false);
    assert.equal(due("2026-11-25", null, "2026-12-01"), false);
  });
});
