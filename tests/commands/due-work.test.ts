// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { serviceDays } from "#attendance";
import { changeAbsence } from "#booking";
import { kitchenOrder } from "#kitchen";
import { day, momentAt } from "#kernel/dates.ts";
import { messagesOf } from "#messaging";
import { DueWork } from "../../src/worker/due-work.ts";
import { startTick } from "../../src/worker/tick.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { RECEIPT_KEY, type SmallTown, smallTown } from "../support/small-town.ts";
import { until } from "../support/until.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const at = (date: string, time: string) => momentAt(day(date), time);
const doDue = (work: DueWork, place: SmallTown, date: string, time: string) =>
  work.doFor(
    place.town,
    at(date, time),
    () => false,
    (_what, error) => {
      throw error;
    },
  );
const closedDays = async (place: SmallTown, from: string, to: string) => {
  const { serviceId } = place;
  const span = { serviceId, from: day(from), to: day(to) };
  const days = await place.town.read((tx) => serviceDays(tx, span));
  return days.filter(({ state }) => state === "closed").map(({ date }) => date.toString());
};

describe("the tick", () => {
  it("BO-09 freezes the order after the cut-off, not before", async () => {
    const place = await smallTown(base.db);
    const work = new DueWork();
    const frozen = async () => {
      const of = { serviceId: place.serviceId, date: day("2026-11-24") };
      const order = await place.town.read((tx) => kitchenOrder(tx, of));
      return order.sites.filter((site) => site.frozen).length;
    };
    await doDue(work, place, "2026-11-24", "09:00:10");
    assert.equal(await frozen(), 0);
    await doDue(work, place, "2026-11-24", "09:00:16");
    assert.equal(await frozen(), 1);
    await doDue(new DueWork(), place, "2026-11-24", "09:00:21");
    assert.equal(await frozen(), 1);
  });

  it("closes days that are over; today's after 15:00", async () => {
    const place = await smallTown(base.db);
    await doDue(new DueWork(), place, "2026-11-24", "14:59:00");
    const before = await closedDays(place, "2026-11-03", "2026-11-24");
    assert.ok(before.includes("2026-11-23") && !before.includes("2026-11-24"));
    await doDue(new DueWork(), place, "2026-11-24", "15:00:01");
    assert.ok((await closedDays(place, "2026-11-24", "2026-11-24")).includes("2026-11-24"));
  });

  it("PE-02 leaves a roll-call day open while a class was not heard", async () => {
    const attendance = { mode: "roll-call" as const };
    const place = await smallTown(base.db, { settings: { attendance } });
    await doDue(new DueWork(), place, "2026-11-24", "16:00");
    assert.deepEqual(await closedDays(place, "2026-11-01", "2026-11-24"), []);
  });

  it("X-08 reminds of an open absence after five service days, then weekly, once for the family", async () => {
    const place = await smallTown(base.db);
    const receivedAt = at("2026-11-09", "08:00");
    const absent = await place.town.write((tx) =>
      changeAbsence(tx, {
        actor: place.sara,
        channel: "portal",
        act: "absence",
        serviceId: place.serviceId,
        childIds: [place.giulia, place.tommaso],
        from: day("2026-11-09"),
        to: null,
        receivedAt,
        now: receivedAt,
        idempotencyKey: randomUUID(),
        receiptKey: RECEIPT_KEY,
      }),
    );
    assert.equal(absent.outcome, "answered");
    const reminders = async () => {
      const of = { holderIds: [place.holderId], limit: 50 };
      const all = await place.town.read((tx) => messagesOf(tx, of));
      return all.filter(({ kind }) => kind === "absence-open");
    };
    // Monday, Tuesday, Thursday: the fifth service day is Tuesday the 17th.
    const expected: [string, number][] = [
      ["2026-11-17", 0],
      ["2026-11-18", 1],
      ["2026-11-19", 1],
      ["2026-11-24", 1],
      ["2026-11-25", 2],
      ["2027-06-09", 2],
    ];
    for (const [date, count] of expected) {
      await doDue(new DueWork(), place, date, "08:00");
      await doDue(new DueWork(), place, date, "12:00");
      assert.equal((await reminders()).length, count, date);
    }
    const [message] = await reminders();
    assert.match(message!.body, /Giulia e Tommaso/);
    assert.doesNotMatch(message!.subject, /Giulia/);
  });

  it("a town's failure is told and stops no other; stop waits for the round", async () => {
    const failing = await smallTown(base.db);
    const sound = await smallTown(base.db);
    const errors: string[] = [];
    const db = {
      ...base.db,
      forTenant(id: string) {
        if (id === failing.tenantId) throw new Error("this town is ill");
        return base.db.forTenant(id);
      },
    };
    const tick = startTick(
      { db, clock: { now: () => at("2026-11-24", "09:30") } },
      { everyMs: 5, onError: (_town, error) => errors.push(String(error)) },
    );
    const order = { serviceId: sound.serviceId, date: day("2026-11-24") };
    await until(async () => {
      const { sites } = await sound.town.read((tx) => kitchenOrder(tx, order));
      return sites.some((site) => site.frozen);
    });
    await tick.stop();
    const { sites } = await sound.town.read((tx) => kitchenOrder(tx, order));
    assert.ok(sites.every((site) => site.frozen));
    assert.ok(errors.length > 0 && errors.every((text) => /this town is ill/.test(text)));
  });
});
