// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, dayOf, isWithin, moment, momentAt } from "#kernel/dates.ts";
import { enrolmentWindow } from "./enrolment-window.ts";

const SUMMER = { from: "2026-07-19", to: "2026-08-31" };
const stateAt = (window: { from: string; to: string }, at: string): string =>
  enrolmentWindow(window, moment(at)).state;

describe("the window of on-line enrolment", () => {
  it("OS-02 opens with the first instant of its first day in Rome, and shuts after the last second of its last", () => {
    assert.equal(stateAt(SUMMER, "2026-07-18T23:59:59.999+02:00"), "before");
    assert.equal(stateAt(SUMMER, "2026-07-19T00:00:00+02:00"), "open");
    assert.equal(stateAt(SUMMER, "2026-08-31T23:59:59.999+02:00"), "open");
    assert.equal(stateAt(SUMMER, "2026-09-01T00:00:00+02:00"), "after");
    // In Rome it is 1 September already, in London it is not.
    assert.equal(stateAt(SUMMER, "2026-08-31T22:30:00Z"), "after");
  });

  it("OS-02 also where its ends are days of 23 and 25 hours, and over the turn of the year", () => {
    const spring = { from: "2027-03-28", to: "2027-03-28" };
    assert.equal(stateAt(spring, "2027-03-27T23:59:59+01:00"), "before");
    assert.equal(stateAt(spring, "2027-03-28T00:00:00+01:00"), "open");
    assert.equal(stateAt(spring, "2027-03-28T23:59:59+02:00"), "open");
    assert.equal(stateAt(spring, "2027-03-29T00:00:00+02:00"), "after");
    const autumn = { from: "2026-10-25", to: "2026-10-25" };
    assert.equal(stateAt(autumn, "2026-10-25T23:59:59+01:00"), "open");
    assert.equal(stateAt(autumn, "2026-10-26T00:00:00+01:00"), "after");
    const winter = { from: "2026-12-15", to: "2027-01-31" };
    for (const at of ["2026-12-31T23:59:59+01:00", "2027-01-01T00:00:00+01:00"])
      assert.equal(stateAt(winter, at), "open");
  });

  it("OS-02 is for the school year that begins after it; without a window nobody applies on line", () => {
    const yearOf = (from: string, to: string) => {
      const found = enrolmentWindow({ from, to }, moment("2026-11-20T08:00:00Z"));
      return found.state === "not-offered" ? null : found.year;
    };
    assert.equal(yearOf("2026-07-19", "2026-08-31"), 2026);
    assert.equal(yearOf("2026-08-24", "2026-09-18"), 2026);
    assert.equal(yearOf("2027-01-07", "2027-01-31"), 2027);
    assert.equal(yearOf("2026-12-15", "2027-01-31"), 2027);
    const none = enrolmentWindow(undefined, moment("2026-07-20T08:00:00Z"));
    assert.deepEqual(none, { state: "not-offered" });
  });

  it("OS-02 one state at any instant: the one of its day in Rome", () => {
    const days = fc.integer({ min: 0, max: 900 }).map((n) => day("2026-01-01").add({ days: n }));
    const times = fc.integer({ min: 0, max: 86_399 });
    fc.assert(
      fc.property(days, fc.nat(120), days, times, (from, length, today, second) => {
        const to = from.add({ days: length });
        const at = momentAt(today, new Temporal.PlainTime().add({ seconds: second }));
        const found = enrolmentWindow({ from: from.toString(), to: to.toString() }, at);
        assert.equal(found.state === "open", isWithin(dayOf(at), from, to));
      }),
    );
  });
});
