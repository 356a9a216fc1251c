// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { chargesOf, closeDay } from "#billing";
import { changeMeals } from "#booking";
import { putEnrolments, putMemberships } from "#enrolment";
import { createFamily } from "#families";
import { freezeDueOrders } from "#kitchen";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { checkLedger } from "#ledger";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { RECEIPT_KEY, type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const DATE = "2026-11-24";
const at = (time: string) => momentAt(day(DATE), time);

/** Many families of one child each in the small town's class. */
async function manyFamilies(place: SmallTown, count: number): Promise<{ childId: string; parent: Actor }[]> {
  const made: { childId: string; parent: Actor }[] = [];
  await place.town.write(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const personId = newId();
      const childId = newId();
      await createFamily(
        tx,
        {
          holder: { id: personId, kind: "adult", surname: `Famiglia${index}`, givenName: "Anna" },
          children: [{ id: childId, kind: "child", surname: `Famiglia${index}`, givenName: "Leo" }],
          from: day("2026-09-01"),
        },
        at("07:00"),
      );
      made.push({ childId, parent: { ...place.sara, personId } });
    }
    const dates = { from: day("2026-09-14"), to: null };
    await putMemberships(
      tx,
      made.map(({ childId }) => ({ id: newId(), childId, classId: place.classId, ...dates })),
    );
    const { serviceId } = place;
    await putEnrolments(
      tx,
      made.map(({ childId }) => ({ id: newId(), childId, serviceId, year: 2026, ...dates, weekdays: null })),
      at("07:00"),
    );
  });
  return made;
}

const cancel = (place: SmallTown, childId: string, actor: Actor) =>
  place.town.write((tx) =>
    changeMeals(tx, {
      actor,
      channel: "portal",
      act: "cancel",
      serviceId: place.serviceId,
      items: [{ childId, date: day(DATE) }],
      receivedAt: at("08:59:59"),
      now: at("09:00:05"),
      idempotencyKey: randomUUID(),
      receiptKey: RECEIPT_KEY,
    }),
  );

describe("at the same moment", () => {
  it("two parents cancel the same meal: one receipt, the other hears already", async () => {
    const place = await smallTown(base.db);
    const results = await Promise.all([1, 2, 3].map(() => cancel(place, place.giulia, place.sara)));
    const answers = results.map((result) => (result.outcome === "answered" ? result.answers[0]! : null));
    assert.deepEqual(answers.map((answer) => answer?.decision).sort(), ["already", "already", "done"]);
    assert.equal(new Set(answers.map((answer) => answer?.receipt?.id)).size, 1);
  });

  it("cancellations race the freeze and the closing: acknowledged means not charged, refused means charged", async () => {
    const place = await smallTown(base.db);
    const families = await manyFamilies(place, 40);
    const { serviceId, siteId } = place;
    const work = families.map(({ childId, parent }) => () => cancel(place, childId, parent));
    const half = work.length / 2;
    const started = work.slice(0, half).map((run) => run());
    const freeze = place.town.write((tx) =>
      freezeDueOrders(tx, { serviceId, date: day(DATE), now: at("09:00:16"), by: "orologio" }),
    );
    const closing = closeDay(place.town, { serviceId, siteId, date: day(DATE), by: "ufficio", now: at("09:01") });
    const late = work.slice(half).map((run) => run());
    const results = await Promise.all([...started, ...late]);
    await freeze;
    assert.equal((await closing).outcome, "closed");
    const charges = await place.town.read((tx) =>
      chargesOf(tx, { childIds: families.map(({ childId }) => childId), from: day(DATE), to: day(DATE) }),
    );
    const charged = new Set(charges.map(({ childId }) => childId));
    for (const [index, result] of results.entries()) {
      assert.ok(result.outcome === "answered");
      const { decision } = result.answers[0]!;
      assert.ok(decision === "done" || decision === "day-closed", decision);
      assert.equal(charged.has(families[index]!.childId), decision !== "done");
    }
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("a day closed by two people at once is charged once", async () => {
    const place = await smallTown(base.db);
    const { serviceId, siteId } = place;
    const close = () =>
      closeDay(place.town, { serviceId, siteId, date: day(DATE), by: "ufficio", now: at("15:00"), batchMeals: 1 });
    await Promise.all([close(), close(), close()]);
    const charges = await place.town.read((tx) =>
      chargesOf(tx, { childIds: [place.giulia, place.tommaso], from: day(DATE), to: day(DATE) }),
    );
    assert.equal(charges.length, 2);
  });
});
