// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, momentAt } from "#kernel/dates.ts";
import type { ServiceSettings } from "#tenancy";
import { cutoffAt, isChannelOpen, isInTime, latestCutoff } from "./cutoff.ts";
import { decideMealChange, MEAL_ACTS, type MealChangeFacts } from "./decide-meal-change.ts";
import { isOrdered, type MealState, mealState } from "./meal-state.ts";
import { checkCode, formatReceiptCode, parseReceiptCode, receiptNumber } from "./receipt-code.ts";

const cutoffs: ServiceSettings["cutoffs"] = {
  portal: { time: "09:00", daysBefore: 0 },
  voice: { time: "09:00", daysBefore: 0, opensAt: "18:00" },
  office: { time: "09:30", daysBefore: 0 },
  school: { time: "09:15", daysBefore: 0 },
  toleranceSeconds: 30,
  lateCountsForNextDay: false,
  sites: { Pineta: { portal: { time: "17:00", daysBefore: 1 } } },
};

describe("cut-off", () => {
  it("X-02 per channel and site; a channel the town lacks has none", () => {
    const on = day("2026-11-24");
    assert.ok(cutoffAt(cutoffs, "portal", "Milano", on)!.equals(momentAt(on, "09:00")));
    assert.ok(
      cutoffAt(cutoffs, "portal", "Pineta", on)!.equals(momentAt(day("2026-11-23"), "17:00")),
    );
    assert.equal(cutoffAt(cutoffs, "app", "Milano", on), null);
    assert.ok(
      latestCutoff(cutoffs, "Milano", on).equals(momentAt(on, "09:30").add({ seconds: 30 })),
    );
    assert.equal(isChannelOpen(cutoffs, "app", "Milano", momentAt(on, "08:00")), false);
  });

  it("X-02 in time up to cut-off and tolerance, late one nanosecond after, on any day and time", () => {
    const seconds = fc.integer({ min: 0, max: 300 });
    const date = fc
      .integer({ min: 0, max: 800 })
      .map((offset) => day("2026-01-01").add({ days: offset }));
    fc.assert(
      fc.property(date, seconds, (on, tolerance) => {
        const limit = momentAt(on, "09:00");
        const last = limit.add({ seconds: tolerance });
        assert.equal(isInTime(last, limit, tolerance), true);
        assert.equal(isInTime(last.add({ nanoseconds: 1 }), limit, tolerance), false);
        assert.equal(limit.toZonedDateTimeISO("Europe/Rome").hour, 9);
      }),
    );
  });
});

describe("meal change", () => {
  const states: MealState[] = ["expected", "plain", "cancelled", "absent-late", "not-booked"];
  const facts = fc.record({
    act: fc.constantFrom(...MEAL_ACTS),
    mode: fc.constantFrom("presumed" as const, "roll-call" as const, "opt-in" as const),
    state: fc.constantFrom(...states),
    day: fc.constantFrom<MealChangeFacts["day"]>(
      { kind: "service", siteId: "s", classId: "c" },
      { kind: "closed", siteId: "s", classId: "c", reason: "strike", note: "" },
      { kind: "no-session" },
      { kind: "not-active" },
    ),
    cutoffAt: fc.constantFrom(null, momentAt(day("2026-11-24"), "09:00")),
    inTime: fc.boolean(),
    channelOpen: fc.boolean(),
    locked: fc.boolean(),
    familiesReport: fc.boolean(),
    plain: fc.record({
      allowed: fc.boolean(),
      limit: fc.constantFrom(null, 3),
      runIfPlain: fc.integer({ min: 1, max: 6 }),
    }),
  });

  it("never changes a closed or locked day, nor one without service, nor after the cut-off what is ordered", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const decision = decideMealChange(given);
        if (decision.outcome !== "done") return;
        assert.equal(given.day.kind, "service");
        assert.equal(given.locked, false);
        // late, only what leaves the order as it is: an absence told, or taken back
        if (!given.inTime) assert.ok(isOrdered(given.state) && isOrdered(decision.choice));
      }),
      { numRuns: 2000 },
    );
  });

  it("doing the same twice says already: the second act finds the state the first one made", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const first = decideMealChange(given);
        if (first.outcome !== "done") return;
        const state = mealState(given.mode, first.choice, [], day("2026-11-24"));
        assert.equal(decideMealChange({ ...given, state }).outcome, "already");
      }),
      { numRuns: 10_000 },
    );
  });

  it("a day's own choice wins over an absence; without both the mode decides", () => {
    const span = [{ from: day("2026-11-20"), to: null }];
    const on = day("2026-11-24");
    assert.equal(mealState("presumed", "expected", span, on), "expected");
    assert.equal(mealState("presumed", null, span, on), "cancelled");
    assert.equal(mealState("presumed", null, [], on), "expected");
    assert.equal(mealState("opt-in", null, [], on), "not-booked");
    assert.equal(mealState("opt-in", "cancelled", [], on), "not-booked");
  });
});

describe("receipt code", () => {
  const sealed = {
    tenantId: "t",
    number: "K7M492QX",
    act: "cancel",
    outcome: "done",
    childId: "c",
    serviceId: "s",
    from: "2026-11-24",
    to: null,
    receivedAt: "2026-11-24T07:41:07Z",
  };

  it("X-01 is read however it is typed, and every altered fact changes the check", () => {
    const check = checkCode("key", sealed);
    const code = formatReceiptCode("K7M492QX", check);
    assert.deepEqual(parseReceiptCode(` ${code.toLowerCase()} `), { number: "K7M492QX", check });
    for (const name of Object.keys(sealed))
      assert.notEqual(checkCode("key", { ...sealed, [name]: "other" }), check, name);
    assert.notEqual(checkCode("another", sealed), check);
    // a late cancellation's other day is vouched for too, and leaves the other codes as they were
    const moved = checkCode("key", { ...sealed, countsFor: "2026-11-26" });
    assert.notEqual(moved, check);
    assert.notEqual(moved, checkCode("key", { ...sealed, countsFor: "2026-11-27" }));
    assert.equal(checkCode("key", { ...sealed, countsFor: undefined }), check);
  });

  it("D3 has no look-alikes and refuses what cannot be a code", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        assert.match(receiptNumber(bytes), /^[2-9A-HJKMNP-TV-Z]{8}$/);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseReceiptCode(text);
        assert.ok(parsed === null || parsed.number.length === 8);
      }),
    );
  });
});
