// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, isBefore, sameDay } from "./dates.ts";

const anyDay = fc
  .integer({ min: -200_000, max: 200_000 })
  .map((days) => day("2026-11-24").add({ days }));

describe("days in order", () => {
  it("is that of Temporal for any two days (property)", () => {
    fc.assert(
      fc.property(anyDay, anyDay, (a, b) => {
        assert.equal(isBefore(a, b), Temporal.PlainDate.compare(a, b) < 0);
        assert.equal(sameDay(a, b), Temporal.PlainDate.compare(a, b) === 0);
        assert.ok(sameDay(a, day(a.toString())));
      }),
    );
  });
});
