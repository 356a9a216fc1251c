// SPDX-License-Identifier: EUPL-1.2
/** Two processes close the same day: the office's button and the clock's work at 15:00, or a slow one and its heir. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { serviceDays, startClosing } from "#attendance";
import { closeDay, openUnpriced, reopenClosedDay } from "#billing";
import { day } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { at, chargesOn, close, owed, staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const TUESDAY = "2026-11-24";
/** The steps of a closing: it begins, records its one batch (others come to nothing), ends. */
const BATCH = 2;
const END = 3;

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const keyOf = ({ serviceId, siteId }: SmallTown) => ({ serviceId, siteId, date: day(TUESDAY) });

/** The same town for a process that is interrupted before one of its transactions. */
function interrupted(place: SmallTown, step: number, meanwhile: () => Promise<void>): TenantDb {
  let steps = 0;
  return {
    ...place.town,
    write: (async (work) => {
      steps += 1;
      if (steps === step) await meanwhile();
      return place.town.write(work);
    }) as TenantDb["write"],
  };
}

const closeSlowly = (town: TenantDb, place: SmallTown) =>
  closeDay(town, { ...keyOf(place), by: "lento", now: at(TUESDAY, "15:00") });

const stateOf = async (place: SmallTown) => {
  const of = { serviceId: place.serviceId, from: day(TUESDAY), to: day(TUESDAY) };
  const [row] = await place.town.read((tx) => serviceDays(tx, of));
  return [row?.state, row?.closingNumber];
};

describe("two closings of one day", () => {
  for (const step of [BATCH, END])
    it(`one that was overtaken ends nobody else's (step ${step})`, async () => {
      const place = await smallTown(base.db);
      const slow = interrupted(place, step, async () => {
        assert.equal((await close(place, TUESDAY)).outcome, "closed");
        const now = at(TUESDAY, "15:10");
        const reason = "appello sbagliato";
        const reopened = { ...keyOf(place), actor: staff(place, "office"), reason, now };
        await place.town.write((tx) => reopenClosedDay(tx, reopened));
        const again = { ...keyOf(place), by: "ufficio", at: now, acceptMissing: true };
        await place.town.write((tx) => startClosing(tx, again));
      });
      assert.equal((await closeSlowly(slow, place)).outcome, "already-closed");
      assert.deepEqual(await stateOf(place), ["closing", 2], "the second closing still runs");
      assert.equal(await owed(place), 0n);
      const closed = await close(place, TUESDAY);
      assert.ok(closed.outcome === "closed");
      assert.deepEqual([closed.attended, closed.charged, await owed(place)], [2, 2, -920n]);
    });

  it("one that was overtaken by the same closing hears that the day is closed", async () => {
    const place = await smallTown(base.db);
    const slow = interrupted(place, BATCH, async () => {
      await close(place, TUESDAY);
    });
    assert.equal((await closeSlowly(slow, place)).outcome, "already-closed");
    assert.equal((await chargesOn(place, TUESDAY)).length, 2);
    assert.equal(await owed(place), -920n);
  });

  it("X-09 a second one that stops at once takes nobody off the worklist", async () => {
    const place = await smallTown(base.db, { tariff: null });
    const first = interrupted(place, END, async () => {
      const second = interrupted(place, BATCH, () => Promise.reject(new Error("it stopped")));
      await assert.rejects(closeSlowly(second, place), /it stopped/);
    });
    const closed = await closeSlowly(first, place);
    assert.ok(closed.outcome === "closed");
    assert.deepEqual([closed.attended, closed.unpriced], [2, 2]);
    assert.equal((await place.town.read((tx) => openUnpriced(tx, 10))).length, 2);
  });
});
