// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { putClasses, putClosures, putSites } from "#calendar";
import { putMemberships, withdraw } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { auditOf } from "#kernel/audit.ts";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  endLine,
  linesToSee,
  rideOf,
  saveLine,
  seatChild,
  seatsOf,
  serviceLines,
  type StopGiven,
  unseatChild,
  type Way,
  WAYS,
} from "#transport";
import { addBus, busOffice as office, type BusTown, stopAt } from "../support/bus-town.ts";
import { testDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const AT = moment("2026-11-24T08:00:00Z");
const TODAY = day("2026-11-24");
const driverOf = (...lineIds: string[]): Actor => ({
  ...{ ...office, role: "driver", id: newId(), name: "Aldo" },
  lineIds,
});

describe("the school bus", async () => {
  const { db, close } = await testDatabase();
  after(close);

  async function start(): Promise<SmallTown & BusTown> {
    const place = await smallTown(db);
    return { ...place, ...(await addBus(place)) };
  }
  type Bus = Awaited<ReturnType<typeof start>>;

  const ride = async (of: Bus, date: string, actor: Actor = driverOf(of.lineId)) => {
    const found = await of.town.read((tx) =>
      rideOf(tx, { actor, lineId: of.lineId, date: day(date) }),
    );
    if (found.outcome !== "ride") return { said: found.outcome };
    const way = (one: Way): string[] =>
      found.ride.ways[one].map(
        ({ name, at, passengers }) =>
          `${at.toString().slice(0, 5)} ${name}: ${passengers.map(({ givenName }) => givenName).join(" ")}`,
      );
    const { closed } = found.ride;
    return { said: WAYS.map(way), runs: found.runs, next: found.next?.toString(), closed };
  };
  const seat = (
    { town, busId }: Bus,
    childId: string,
    stopIds: Partial<Record<Way, string | null>>,
    from = TODAY,
  ) =>
    town.write((tx) =>
      seatChild(tx, { actor: office, childId, serviceId: busId, stopIds, from, at: AT }),
    );
  const save = (
    { town, busId, lineId }: Bus,
    over: { stops?: readonly StopGiven[]; removed?: string[]; name?: string; lineId?: string },
    actor = office,
  ) =>
    town.write((tx) =>
      saveLine(tx, {
        ...{ actor, lineId, serviceId: busId, name: "2", stops: [], today: TODAY, at: AT },
        ...over,
      }),
    );
  const spells = ({ town, giulia }: Bus) =>
    town.read(async (tx) => {
      const rows = await tx.rows<{ spell: string }>(sql`
        select from_date || ' ' || coalesce(to_date::text, '') as spell from bus_seat
        where tenant_id = ${tx.tenantId} and child_id = ${giulia} order by from_date`);
      return rows.map(({ spell }) => spell);
    });
  const nobody = [
    ["07:30 Stazione: ", "07:40 Pineta: "],
    ["13:15 Chiesa: ", "13:25 Pineta: ", "13:40 Stazione: "],
  ];

  it("PE-01 a driver reads stops, times and who gets on and off; weekends and other lines carry nobody", async () => {
    const bus = await start();
    assert.deepEqual(await ride(bus, "2026-11-24"), {
      said: [
        ["07:30 Stazione: ", "07:40 Pineta: Giulia"],
        ["13:15 Chiesa: Giulia", "13:25 Pineta: ", "13:40 Stazione: "],
      ],
      ...{ runs: true, next: "2026-11-25", closed: [] },
    });
    assert.deepEqual(await ride(bus, "2026-11-28"), {
      ...{ said: nobody, runs: false, next: "2026-11-30", closed: [] },
    });
  });

  it("X-15 a driver has the own lines and no others, without a grant none; office yes, school and kitchen no", async () => {
    const bus = await start();
    const other = { lineId: newId(), name: "3", stops: [stopAt("Mare", "07:20", "13:50")] };
    assert.equal((await save(bus, other)).outcome, "saved");
    const ask = (actor: Actor, lineId: string) =>
      bus.town.read(async (tx) => (await rideOf(tx, { actor, lineId, date: TODAY })).outcome);
    const own = driverOf(bus.lineId);
    assert.equal(await ask(own, bus.lineId), "ride");
    assert.equal(await ask(own, other.lineId), "not-allowed");
    assert.equal(await ask(driverOf(), bus.lineId), "not-allowed");
    assert.equal(await ask(office, other.lineId), "ride");
    for (const role of ["school", "kitchen", "caterer", "guardian"] as const)
      assert.equal(await ask({ ...own, role }, bus.lineId), "not-allowed", role);
    const elsewhere = await start();
    const there = await elsewhere.town.read((tx) =>
      rideOf(tx, { actor: own, lineId: bus.lineId, date: TODAY }),
    );
    assert.equal(there.outcome, "unknown-line", "another town's line does not exist here");
    const seen = await bus.town.read((tx) => linesToSee(tx, { actor: own, date: TODAY }));
    assert.deepEqual(
      seen.map(({ id }) => id),
      [bus.lineId],
    );
    for (const role of ["driver", "guardian", "school"] as const)
      assert.equal((await save(bus, { name: "9" }, { ...office, role })).outcome, "not-allowed");
  });

  it("X-07 on a closure nobody gets on: the school is named with its reason, and the next day", async () => {
    const bus = await start();
    const shut = { id: newId(), serviceId: null, siteId: bus.siteId, classId: null };
    const when = { from: TODAY, to: day("2026-11-25"), reason: "weather" as const, note: "" };
    await bus.town.write((tx) =>
      putClosures(tx, [{ ...shut, ...when }], { name: "ufficio", at: AT }),
    );
    const closed = [{ siteId: bus.siteId, classId: null, reason: "weather", note: "" }];
    assert.deepEqual(await ride(bus, "2026-11-24"), {
      ...{ said: nobody, runs: false, next: "2026-11-26", closed },
    });
    assert.deepEqual((await ride(bus, "2026-12-25")).closed, [
      { siteId: bus.siteId, classId: null, reason: "holiday", note: "Natale" },
    ]);
  });

  it("an enrolment that ends empties the seat, everywhere", async () => {
    const bus = await start();
    const { town, giulia, busId } = bus;
    const of = { actor: office, childId: giulia, serviceId: busId, year: 2026, at: AT };
    await town.write((tx) => withdraw(tx, { ...of, from: day("2026-12-01") }));
    assert.equal((await ride(bus, "2026-11-30")).runs, true);
    assert.equal((await ride(bus, "2026-12-01")).runs, false);
    const seats = (date: string) =>
      town.read((tx) => seatsOf(tx, { childIds: [giulia], date: day(date) }));
    assert.equal((await seats("2026-11-30")).length, 1);
    assert.equal((await seats("2026-12-01")).length, 0);
    const inSummer = (await seats("2026-08-20")).map(({ from }) => from?.toString());
    assert.deepEqual(inSummer, ["2026-09-14"], "the family reads September's stop in August");
    const kept = await town.read((tx) =>
      serviceLines(tx, { serviceId: busId, date: day("2026-12-01") }),
    );
    assert.deepEqual(
      [kept.seats.length, kept.enrolled.map(({ givenName }) => givenName)],
      [0, ["Tommaso"]],
    );
    assert.equal(
      (await seat(bus, giulia, { outward: bus.stazione }, day("2026-12-01"))).outcome,
      "not-enrolled",
    );
    // Nobody who is enrolled needs the stops any more.
    const end = (lastDay: string) =>
      town.write((tx) =>
        endLine(tx, { actor: office, lineId: bus.lineId, lastDay: day(lastDay), at: AT }),
      );
    assert.deepEqual(await end("2026-11-29"), { outcome: "in-use", children: 1 });
    assert.deepEqual(await end("2026-11-30"), { outcome: "ended" });
    assert.deepEqual(await end("2026-11-30"), { outcome: "ended" });
    assert.deepEqual(await ride(bus, "2026-12-01"), {
      ...{ said: [[], []], runs: false, next: undefined, closed: [] },
    });
    assert.equal((await seat(bus, bus.tommaso, { outward: bus.pineta })).outcome, "unknown-stop");
    const lines = await town.read((tx) =>
      linesToSee(tx, { actor: driverOf(bus.lineId), date: day("2026-12-01") }),
    );
    assert.deepEqual(lines, []);
  });

  it("a child is moved from a day on, one way or both; a change of the same day takes its place", async () => {
    const bus = await start();
    assert.equal((await seat(bus, bus.giulia, { outward: bus.stazione })).outcome, "seated");
    assert.deepEqual((await ride(bus, "2026-11-23")).said[0], [
      "07:30 Stazione: ",
      "07:40 Pineta: Giulia",
    ]);
    assert.deepEqual((await ride(bus, "2026-11-24")).said, [
      ["07:30 Stazione: Giulia", "07:40 Pineta: "],
      ["13:15 Chiesa: Giulia", "13:25 Pineta: ", "13:40 Stazione: "],
    ]);
    await seat(bus, bus.giulia, { outward: null, return: bus.pineta });
    assert.deepEqual(await spells(bus), ["2026-09-14 2026-11-23", "2026-11-24 "]);
    assert.deepEqual((await ride(bus, "2026-11-24")).said[0], nobody[0]);
    assert.equal((await seat(bus, bus.giulia, { outward: null, return: null })).outcome, "no-stop");
    assert.deepEqual(await seat(bus, bus.giulia, { outward: bus.chiesa }), {
      ...{ outcome: "unknown-stop", way: "outward" },
    });
    const leave = () =>
      bus.town.write((tx) =>
        unseatChild(tx, {
          ...{ actor: office, childId: bus.giulia, serviceId: bus.busId },
          ...{ from: day("2026-12-01"), at: AT },
        }),
      );
    assert.equal((await leave()).outcome, "unseated");
    assert.equal((await leave()).outcome, "not-seated");
    assert.deepEqual(await spells(bus), ["2026-09-14 2026-11-23", "2026-11-24 2026-11-30"]);
  });

  it("X-15 the family reads who seated the child; a second tap writes nothing", async () => {
    const bus = await start();
    const acts = async () =>
      (await bus.town.read((tx) => auditOf(tx, { childIds: [bus.tommaso], limit: 9 }))).map(
        ({ action, actorName, holderId }) => `${action} ${actorName} ${holderId === bus.holderId}`,
      );
    for (const _ of [1, 2]) await seat(bus, bus.tommaso, { outward: bus.pineta, return: null });
    assert.deepEqual(await acts(), ["transport.seat M. Conti true"]);
    assert.deepEqual((await ride(bus, "2026-11-24")).said[0]?.[1], "07:40 Pineta: Giulia Tommaso");
  });

  it("X-15 of a child a driver is told name and class, and nothing else", async () => {
    const bus = await start();
    const found = await bus.town.read((tx) =>
      rideOf(tx, { actor: driverOf(bus.lineId), lineId: bus.lineId, date: TODAY }),
    );
    assert.ok(found.outcome === "ride");
    const [passenger] = found.ride.ways.outward.flatMap(({ passengers }) => passengers);
    assert.deepEqual(Object.keys(passenger ?? {}).toSorted(), [
      ...["childId", "classId", "givenName", "siteId", "surname"],
    ]);
  });

  it("the newest class counts: who changes school rides when the new one is open", async () => {
    const bus = await start();
    const [siteId, classId] = [newId(), newId()];
    const school = { id: siteId, name: "Primaria Mare", address: "", level: "primaria" } as const;
    const shut = { id: newId(), serviceId: null, siteId, classId: null };
    const when = { from: TODAY, to: TODAY, reason: "strike" as const, note: "" };
    await bus.town.write(async (tx) => {
      await putSites(tx, [{ ...school, ministryCode: null, assumedReason: null }]);
      await putClasses(tx, [{ id: classId, siteId, year: 2026, grade: 3, section: "B" }]);
      await putClosures(tx, [{ ...shut, ...when }], { name: "ufficio", at: AT });
      await putMemberships(tx, [
        { id: newId(), childId: bus.giulia, classId, from: TODAY, to: null },
      ]);
    });
    assert.equal((await ride(bus, "2026-11-23")).runs, true);
    assert.equal((await ride(bus, "2026-11-24")).runs, false);
    assert.equal((await ride(bus, "2026-11-24")).next, "2026-11-25");
  });

  it("a stop in use is not taken away, nor its time of that way; another is, and past seats keep it", async () => {
    const bus = await start();
    const inUse = (of: Awaited<ReturnType<typeof save>>) =>
      of.outcome === "stop-in-use" ? `${of.name} ${of.children}` : of.outcome;
    assert.equal(inUse(await save(bus, { removed: [bus.pineta] })), "Pineta 1");
    const pineta = { ...stopAt("Pineta", null, "13:25"), id: bus.pineta };
    assert.equal(inUse(await save(bus, { stops: [pineta] })), "Pineta 1");
    const later = { ...stopAt("Pineta", "07:45", null), id: bus.pineta };
    assert.equal(inUse(await save(bus, { stops: [later] })), "saved");
    assert.deepEqual((await ride(bus, "2026-11-24")).said, [
      ["07:30 Stazione: ", "07:45 Pineta: Giulia"],
      ["13:15 Chiesa: Giulia", "13:40 Stazione: "],
    ]);
    await seat(bus, bus.giulia, { outward: bus.stazione });
    assert.equal(inUse(await save(bus, { removed: [bus.pineta] })), "saved");
    assert.deepEqual((await ride(bus, "2026-11-24")).said[0], ["07:30 Stazione: Giulia"]);
    assert.deepEqual((await ride(bus, "2026-11-23")).said[0], [
      ...["07:30 Stazione: ", "07:45 Pineta: Giulia"],
    ]);
  });

  it("a line says what is wrong with it, keeps what a form does not name, and is written once", async () => {
    const bus = await start();
    const outcome = async (over: Parameters<typeof save>[1]) => (await save(bus, over)).outcome;
    assert.equal(await outcome({ name: " linea " }), "saved");
    assert.equal(await outcome({ name: "" }), "name-missing");
    assert.equal(await outcome({ name: "x".repeat(41) }), "name-too-long");
    assert.equal(await outcome({ name: "LINEA\u202e Blu\u0007" }), "saved");
    const blank = stopAt("", "07:10", null);
    assert.deepEqual(await save(bus, { stops: [blank] }), {
      ...{ outcome: "stop-faulty", stopId: blank.id, fault: "name-missing" },
    });
    const second = { lineId: newId(), name: "blu", stops: [stopAt("Mare", "07:20", null)] };
    assert.equal(await outcome(second), "name-taken");
    assert.equal(await outcome({ ...second, name: "3", stops: [] }), "no-stops");
    assert.equal(await outcome({ ...second, name: "3" }), "saved");
    assert.equal(await outcome({ ...second, name: "3" }), "saved");
    const stolen = { ...stopAt("Pineta", "07:00", null), id: bus.pineta };
    assert.equal(await outcome({ ...second, name: "3", stops: [stolen] }), "unknown-line");
    const meals = await bus.town.write((tx) =>
      saveLine(tx, {
        ...{ actor: office, ...second, name: "4", serviceId: bus.serviceId, today: TODAY, at: AT },
      }),
    );
    assert.equal(meals.outcome, "unknown-service");
    const { lines } = await bus.town.read((tx) =>
      serviceLines(tx, { serviceId: bus.busId, date: TODAY }),
    );
    assert.deepEqual(
      lines.map(({ name, stops }) => `${name}: ${stops.map((one) => one.name).join(", ")}`),
      ["3: Mare", "Blu: Stazione, Pineta, Chiesa"],
    );
  });

  it("the database says which names are the same, in every alphabet", async () => {
    const bus = await start();
    const named = async (name: string) =>
      (await save(bus, { lineId: newId(), name, stops: [stopAt("Mare", "07:20", null)] })).outcome;
    const { same } = await bus.town.read((tx) =>
      tx.one<{ same: boolean }>(sql`select lower('ΟΔΟΣ'::text) = 'οδοσ' as same`),
    );
    assert.deepEqual(
      [await named("ΟΔΟΣ"), await named("οδοσ")],
      ["saved", same ? "name-taken" : "saved"],
    );
  });

  it("two of the office at once: both changes of a line and both seats are there", async () => {
    const bus = await start();
    const [a, b] = [stopAt("Mare", "07:20", null), stopAt("Colle", "07:10", null)];
    const done = await Promise.all([
      save(bus, { stops: [a] }),
      save(bus, { stops: [b] }),
      seat(bus, bus.giulia, { outward: bus.stazione }),
      seat(bus, bus.giulia, { return: bus.stazione }),
    ]);
    assert.deepEqual(
      done.map((one) => one.outcome),
      ["saved", "saved", "seated", "seated"],
    );
    assert.deepEqual((await ride(bus, "2026-11-24")).said, [
      ["07:10 Colle: ", "07:20 Mare: ", "07:30 Stazione: Giulia", "07:40 Pineta: "],
      ["13:15 Chiesa: ", "13:25 Pineta: ", "13:40 Stazione: Giulia"],
    ]);
  });
});
