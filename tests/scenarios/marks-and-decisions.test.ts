// SPDX-License-Identifier: EUPL-1.2
/** What a school marks, what a family decides and what the office closes, in any order: who eats and who pays. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { submitRollCall } from "#attendance";
import { chargesOf, closeDay, closeService } from "#billing";
import { changeMeals, type MealAct } from "#booking";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { kitchenOrder } from "#kitchen";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { manyFamilies, RECEIPT_KEY, type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const DATE = day("2026-11-24");
const at = (time: string) => momentAt(DATE, time);
const ROLL_CALL = {
  attendance: { mode: "roll-call" as const },
  absences: { reportedBy: "both" as const },
};
const staff = (place: SmallTown, role: Actor["role"]): Actor => ({
  ...place.sara,
  role,
  name: role,
  personId: null,
});

const call = (
  place: SmallTown,
  time: string,
  words: { absent?: string[]; walkIns?: string[]; phase?: "morning" | "noon"; key?: string } = {},
) =>
  place.town.write((tx) =>
    submitRollCall(tx, {
      actor: staff(place, "school"),
      serviceId: place.serviceId,
      classId: place.classId,
      date: DATE,
      phase: words.phase ?? "morning",
      absentIds: words.absent ?? [],
      walkInIds: words.walkIns ?? [],
      unknownWalkIns: [],
      receivedAt: at(time),
      now: at(time),
      idempotencyKey: words.key ?? randomUUID(),
    }),
  );

async function decide(place: SmallTown, act: MealAct, time: string, childId = place.giulia) {
  const result = await place.town.write((tx) =>
    changeMeals(tx, {
      actor: place.sara,
      channel: "portal",
      act,
      serviceId: place.serviceId,
      items: [{ childId, date: DATE }],
      receivedAt: at(time),
      now: at(time),
      idempotencyKey: randomUUID(),
      receiptKey: RECEIPT_KEY,
    }),
  );
  return result.outcome === "answered" ? result.answers[0]!.decision : result.outcome;
}

const meals = async (place: SmallTown) => {
  const order = await place.town.read((tx) =>
    kitchenOrder(tx, { serviceId: place.serviceId, date: DATE }),
  );
  return order.sites.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.meals, 0);
};

async function chargedAfterClosing(place: SmallTown): Promise<number> {
  await closeDay(place.town, {
    serviceId: place.serviceId,
    siteId: place.siteId,
    date: DATE,
    by: "ufficio",
    now: at("15:00"),
  });
  const charges = await place.town.read((tx) =>
    chargesOf(tx, { holderId: place.holderId, from: DATE, to: DATE }),
  );
  return charges.reduce((sum, { kind }) => sum + (kind === "reversal" ? -1 : 1), 0);
}

describe("a family decides after the school's morning word", () => {
  for (const [name, settings] of [
    ["where schools take the roll", ROLL_CALL],
    ["where presence is presumed", { absences: { reportedBy: "both" as const } }],
  ] as const) {
    it(`X-01 X-02 a cancellation in time is neither cooked nor charged, ${name}`, async () => {
      const place = await smallTown(base.db, { settings });
      await call(place, "08:35");
      assert.equal(await meals(place), 2);
      assert.equal(await decide(place, "cancel", "08:50"), "done");
      assert.equal(await meals(place), 1);
      assert.equal(await chargedAfterClosing(place), 1);
    });

    it(`X-01 taken back in time, the meal is cooked and charged again, ${name}`, async () => {
      const place = await smallTown(base.db, { settings });
      await decide(place, "cancel", "08:30");
      await call(place, "08:35");
      assert.equal(await meals(place), 1);
      assert.equal(await decide(place, "restore", "08:50"), "done");
      assert.equal(await meals(place), 2);
      assert.equal(await chargedAfterClosing(place), 2);
    });
  }

  it("PE-02 what the school says at noon stands whatever was decided before", async () => {
    const place = await smallTown(base.db, { settings: ROLL_CALL });
    await call(place, "08:35");
    await decide(place, "cancel", "08:50");
    await call(place, "12:40", { phase: "noon", walkIns: [place.giulia] });
    assert.equal(await chargedAfterClosing(place), 2);
  });
});

describe("a closure after the roll call", () => {
  for (const [name, settings] of [
    ["where schools take the roll", ROLL_CALL],
    ["where presence is presumed", { absences: { reportedBy: "both" as const } }],
  ] as const)
    it(`BO-19 X-07 nothing is cooked and nothing charged, ${name}`, async () => {
      const place = await smallTown(base.db, { settings });
      const [guest] = await manyFamilies(place, 1);
      await call(place, "08:50", { walkIns: [guest!.childId] });
      assert.equal(await meals(place), 3);
      const closed = await place.town.write((tx) =>
        closeService(tx, {
          serviceIds: [place.serviceId],
          siteId: null,
          classId: null,
          from: DATE,
          to: DATE,
          actor: staff(place, "office"),
          reason: "weather",
          note: "",
          now: at("10:00"),
        }),
      );
      assert.equal(closed.outcome, "closed");
      assert.equal(await meals(place), 0);
      assert.equal(await chargedAfterClosing(place), 0);
    });
});

describe("a roll call sent again", () => {
  it("X-03 takes back who was served beyond the list and was not there after all", async () => {
    const place = await smallTown(base.db, { settings: ROLL_CALL });
    await decide(place, "cancel", "08:10");
    await call(place, "08:40", { walkIns: [place.giulia] });
    assert.equal(await meals(place), 2);
    await call(place, "08:45");
    assert.equal(await meals(place), 1);
    assert.equal(await chargedAfterClosing(place), 1);
  });

  it("refuses a child nobody knows: attendance itself refers to lists and marks only", async () => {
    const place = await smallTown(base.db, { settings: ROLL_CALL });
    await assert.rejects(
      call(place, "08:40", { walkIns: [randomUUID()] }),
      /attendance_mark_child/,
    );
  });

  it("a double tap records it once, on both databases", async () => {
    const place = await smallTown(base.db, { settings: ROLL_CALL });
    const key = randomUUID();
    const taps = await Promise.all([1, 2, 3].map(() => call(place, "08:40", { key })));
    assert.ok(taps.every((tap) => tap.outcome === "recorded"));
    assert.equal(taps.filter((tap) => tap.outcome === "recorded" && !tap.repeated).length, 1);
  });
});
