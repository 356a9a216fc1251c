// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, daysBetween, isWithin } from "#kernel/dates.ts";
import type { Seat } from "./rows.ts";
import { childrenAt, firstDayInUse, scheduleLookup } from "./seats-in-use.ts";

const FIRST = day("2026-11-01");
const spell = fc
  .tuple(fc.nat({ max: 15 }), fc.option(fc.nat({ max: 15 }), { nil: null }))
  .map(([begin, length]) => {
    const from = FIRST.add({ days: begin });
    return { from, to: length === null ? null : from.add({ days: length }) };
  });

const seatOf = (childId: string, of: Pick<Seat, "from" | "to">): Seat => {
  return { childId, serviceId: "bus", stopIds: { outward: "a", return: null }, ...of };
};
const scheduleOf = (childId: string, enrolments: { from: Seat["from"]; to: Seat["to"] }[]) => ({
  ...{ childId, serviceId: "bus", memberships: [] },
  enrolments: enrolments.map((one) => ({ ...one, weekdays: null })),
});

describe("a seat in use", () => {
  it("is one with a day from then on, on which its child is enrolled", () => {
    fc.assert(
      fc.property(
        spell,
        fc.array(spell, { maxLength: 3 }),
        fc.nat({ max: 40 }),
        (own, had, ago) => {
          const from = FIRST.add({ days: ago });
          const days = [...daysBetween(from, FIRST.add({ days: 80 }))];
          const expected = days.find(
            (date) =>
              isWithin(date, own.from, own.to) &&
              had.some((one) => isWithin(date, one.from, one.to)),
          );
          const found = firstDayInUse(seatOf("1", own), scheduleOf("1", had), from);
          assert.equal(found?.toString(), expected?.toString());
        },
      ),
    );
  });

  it("counts a child once, and only where it gets on or off on that way", () => {
    const open = { from: FIRST, to: null };
    const seats = [
      seatOf("1", { from: FIRST, to: day("2026-11-10") }),
      seatOf("1", { from: day("2026-11-11"), to: null }),
      seatOf("2", open),
      seatOf("3", open),
    ];
    const schedule = scheduleLookup([scheduleOf("1", [open]), scheduleOf("2", [open])]);
    const of = { stopIds: ["a"], from: FIRST };
    assert.equal(childrenAt(seats, schedule, of), 2);
    assert.equal(childrenAt(seats, schedule, { ...of, ways: ["return"] }), 0);
    assert.equal(childrenAt(seats, schedule, { ...of, stopIds: ["b"] }), 0);
  });
});
