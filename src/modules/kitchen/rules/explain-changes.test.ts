// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { type ChangeEvent, explainChanges } from "./explain-changes.ts";
import type { Difference } from "./order.ts";

const at = (time: string) => moment(`2026-11-24T${time}+01:00`);
const frozenAt = at("09:00:15");
const line = (classId: string | null, change: number): Difference => ({
  siteId: "s",
  classId,
  meal: "normal",
  dietCode: "",
  change,
});
const event = (cause: ChangeEvent["cause"], classId: string | null, time: string): ChangeEvent => ({
  siteId: "s",
  classId,
  cause,
  at: at(time),
});

describe("what the kitchen is told about a difference", () => {
  it("names the latest event of the class after the freeze, and none from before it", () => {
    const events = [
      event("school", "3A", "08:50:00"),
      event("family", "3A", "09:00:20"),
      event("school", "3A", "09:12:00"),
      event("school", "3B", "09:30:00"),
    ];
    const [change, other] = explainChanges([line("3A", 1), line("4A", -1)], events, frozenAt);
    assert.deepEqual([change!.cause, change!.at], ["school", at("09:12:00")]);
    assert.deepEqual([other!.cause, other!.at], [null, null]);
  });

  it("X-07 a closure explains what fell in its school or class, staff included, and nothing that was added", () => {
    const events = [event("closure", null, "10:00:00"), event("school", "3A", "10:05:00")];
    const staff = { ...line(null, -2), meal: "staff" as const };
    const changes = explainChanges([line("3A", -20), staff, line("3A", 1)], events, frozenAt);
    assert.deepEqual(
      changes.map(({ cause }) => cause),
      ["closure", "closure", "school"],
    );
  });
});
