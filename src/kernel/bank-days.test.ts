// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bankDaysBefore, isBankDay } from "./bank-days.ts";
import { day, daysBetween } from "./dates.ts";

describe("bank days", () => {
  it("are those of TARGET in 2026 and 2027", () => {
    const closed = (year: number): string[] =>
      [...daysBetween(day(`${year}-01-01`), day(`${year}-12-31`))]
        .filter((date) => date.dayOfWeek <= 5 && !isBankDay(date))
        .map(String);
    assert.deepEqual(closed(2026), [
      "2026-01-01",
      "2026-04-03",
      "2026-04-06",
      "2026-05-01",
      "2026-12-25",
    ]);
    assert.deepEqual(closed(2027), ["2027-01-01", "2027-03-26", "2027-03-29"]);
  });

  it("are counted backwards over weekends and Easter", () => {
    const before = (text: string, count: number) => bankDaysBefore(day(text), count).toString();
    assert.equal(before("2026-11-23", 2), "2026-11-19");
    assert.equal(before("2026-11-22", 2), "2026-11-19");
    assert.equal(before("2026-04-07", 2), "2026-04-01");
    assert.equal(before("2026-11-20", 0), "2026-11-20");
  });

  it("exactly so many of them lie between", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 0, max: 12 }),
        (n, count) => {
          const date = day("2020-01-01").add({ days: n });
          const found = bankDaysBefore(date, count);
          const between = [...daysBetween(found, date)].filter(
            (one) => isBankDay(one) && !one.equals(date),
          );
          assert.equal(between.length, count);
          assert.ok(count === 0 || isBankDay(found));
        },
      ),
    );
  });
});
