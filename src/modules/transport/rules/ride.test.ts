// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ServiceDay } from "#calendar";
import { day } from "#kernel/dates.ts";
import { lineName, stopFault, stopName, stopsInOrder } from "./line-words.ts";
import { carriesAnybody, ride, type RideFacts } from "./ride.ts";
import { type BusStop, type NamedSeat, WAYS } from "./rows.ts";

const MONDAY = day("2026-11-23");
const at = (text: string | null): Temporal.PlainTime | null =>
  text === null ? null : Temporal.PlainTime.from(text);

const stop = (id: string, outward: string | null, back: string | null): BusStop => ({
  ...{ id, lineId: "2", name: `Fermata ${id}`, endedOn: null },
  times: { outward: at(outward), return: at(back) },
});

const seat = (childId: string, outward: string | null, back: string | null): NamedSeat => ({
  ...{ childId, serviceId: "bus", surname: `Rossi ${childId}`, givenName: "Anna" },
  stopIds: { outward, return: back },
  from: day("2026-09-14"),
  to: null,
});

const SERVICE: ServiceDay = { kind: "service", siteId: "milano", classId: "3a" };
const facts = (over: Partial<RideFacts>): RideFacts => ({
  line: { endedOn: null },
  stops: [stop("a", "07:40", "13:20"), stop("b", "07:30", "13:35"), stop("c", null, "13:10")],
  seats: [seat("1", "a", "a"), seat("2", "b", "c"), seat("3", null, "a")],
  dayOfChild: () => SERVICE,
  isWholeSchool: () => true,
  ...over,
});

const said = (of: RideFacts, date = MONDAY) => {
  const found = ride(of, date);
  return WAYS.map((way) =>
    found.ways[way].map(
      (one) =>
        `${one.at.toString().slice(0, 5)} ${one.stopId}: ${one.passengers.map(({ childId }) => childId).join(" ")}`,
    ),
  );
};

describe("a ride", () => {
  it("PE-01 has its stops in the order of their times, each way, with who gets on or off there", () => {
    assert.deepEqual(said(facts({})), [
      ["07:30 b: 2", "07:40 a: 1"],
      ["13:10 c: 2", "13:20 a: 1 3", "13:35 b: "],
    ]);
  });

  it("X-07 leaves out who has no service that day, and names the closed school or class once", () => {
    const closed = { siteId: "milano", reason: "strike", note: "" } as const;
    const dayOfChild = (childId: string): ServiceDay => {
      if (childId === "1") return { kind: "not-active" };
      return { kind: "closed", classId: childId, ...closed };
    };
    const whole = ride(facts({ dayOfChild }), MONDAY);
    assert.deepEqual(whole.closed, [{ ...closed, classId: null }]);
    assert.ok(!carriesAnybody(whole));
    const classes = ride(facts({ dayOfChild, isWholeSchool: () => false }), MONDAY);
    assert.deepEqual(
      classes.closed.map(({ classId }) => classId),
      ["2", "3"],
    );
  });

  it("counts neither a stop nor a line that is over, and a seat only from its first day to its last", () => {
    const ended = { ...stop("a", "07:40", null), endedOn: day("2026-11-20") };
    assert.deepEqual(said(facts({ stops: [ended] })), [[], []]);
    assert.deepEqual(said(facts({ stops: [ended] }), day("2026-11-20")), [["07:40 a: 1"], []]);
    assert.deepEqual(said(facts({ line: { endedOn: day("2026-11-22") } })), [[], []]);
    const seats = [{ ...seat("1", "a", null), to: MONDAY }];
    const on = (date: string) => carriesAnybody(ride(facts({ seats }), day(date)));
    assert.deepEqual(["2026-09-13", "2026-09-14", "2026-11-23", "2026-11-24"].map(on), [
      ...[false, true, true, false],
    ]);
  });

  it("carries each child once a way at most, whoever sits where", () => {
    const place = fc.option(fc.constantFrom("a", "b", "c"), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { maxLength: 12 }), (places) => {
        const seats = places.map(([outward, back], index) => seat(`${index}`, outward, back));
        const found = ride(facts({ seats }), MONDAY);
        for (const way of WAYS) {
          const aboard = found.ways[way].flatMap(({ passengers }) => passengers);
          assert.equal(new Set(aboard.map(({ childId }) => childId)).size, aboard.length);
          const times = found.ways[way].map((one) => one.at.toString());
          assert.deepEqual(times, times.toSorted());
          // Nobody gets lost: who has a stop that is served on that way is there.
          const served = new Set(found.ways[way].map(({ stopId }) => stopId));
          assert.equal(
            aboard.length,
            seats.filter(({ stopIds }) => served.has(stopIds[way] ?? "")).length,
          );
        }
      }),
    );
  });
});

describe("names of lines and stops", () => {
  it("do not repeat the word that pages say before them", () => {
    assert.equal(lineName("  Linea   2 "), "2");
    assert.equal(lineName("linea"), "linea");
    assert.equal(lineName("Blu"), "Blu");
    assert.equal(stopName("fermata  Pineta"), "Pineta");
    assert.equal(stopName("Fermata"), "Fermata");
  });

  it("a stop needs a name and a time", () => {
    const times = { outward: null, return: null };
    assert.equal(stopFault({ name: "", times }), "name-missing");
    assert.equal(stopFault({ name: "x".repeat(81), times }), "name-too-long");
    assert.equal(stopFault({ name: "Pineta", times }), "no-time");
    assert.equal(stopFault(stop("a", null, "13:00")), null);
  });

  it("the office reads them in the order of the morning, those of the way back alone after", () => {
    const all = [stop("c", null, "13:10"), stop("a", "07:40", "13:20"), stop("b", "07:30", null)];
    assert.deepEqual(
      stopsInOrder(all).map(({ id }) => id),
      ["b", "a", "c"],
    );
  });
});
