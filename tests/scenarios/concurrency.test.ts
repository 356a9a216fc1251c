// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { chargesOf, closeDay, closeService } from "#billing";
import { changeMeals } from "#booking";
import { townCalendar } from "#calendar";
import { freezeDueOrders } from "#kitchen";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { balances, checkLedger } from "#ledger";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { manyFamilies, RECEIPT_KEY, type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const DATE = "2026-11-24";
const at = (time: string) => momentAt(day(DATE), time);

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
    const answers = results.map((result) =>
      result.outcome === "answered" ? result.answers[0]! : null,
    );
    assert.deepEqual(answers.map((answer) => answer?.decision).sort(), [
      "already",
      "already",
      "done",
    ]);
    assert.equal(new Set(answers.map((answer) => answer?.receipt?.id)).size, 1);
  });

  it("cancellations race the freeze and the closing: acknowledged means not charged, refused means charged", async () => {
    const place = await smallTown(base.db);
    const families = await manyFamilies(place, 40);
    const { serviceId, siteId } = place;
    const work = families.map(
      ({ childId, parent }) =>
        () =>
          cancel(place, childId, parent),
    );
    const half = work.length / 2;
    const started = work.slice(0, half).map((run) => run());
    const freeze = place.town.write((tx) =>
      freezeDueOrders(tx, { serviceId, date: day(DATE), now: at("09:00:16"), by: "orologio" }),
    );
    const closing = closeDay(place.town, {
      serviceId,
      siteId,
      date: day(DATE),
      by: "ufficio",
      now: at("09:01"),
    });
    const late = work.slice(half).map((run) => run());
    const results = await Promise.all([...started, ...late]);
    await freeze;
    assert.equal((await closing).outcome, "closed");
    const charges = await place.town.read((tx) =>
      chargesOf(tx, {
        childIds: families.map(({ childId }) => childId),
        from: day(DATE),
        to: day(DATE),
      }),
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

  it("X-07 one closure by two clicks at once, and one against a closing: told once, nothing charged", async () => {
    const place = await smallTown(base.db);
    const { serviceId, siteId } = place;
    const actor: Actor = { ...place.sara, role: "office", personId: null };
    const closeTown = () =>
      place.town.write((tx) =>
        closeService(tx, {
          serviceIds: [serviceId],
          siteId: null,
          classId: null,
          from: day(DATE),
          to: day(DATE),
          actor,
          reason: "strike",
          note: "",
          now: at("10:00"),
        }),
      );
    const closing = closeDay(place.town, {
      serviceId,
      siteId,
      date: day(DATE),
      by: "x",
      now: at("10:00"),
      batchMeals: 1,
    });
    const outcomes = [
      await closeTown(),
      await closeTown(),
      ...(await Promise.all([closeTown(), closeTown()])),
    ];
    await closing;
    const told = outcomes.filter(({ outcome }) => outcome === "closed").length;
    const waited = outcomes.filter(({ outcome }) => outcome === "day-closing").length;
    assert.ok(
      told <= 1 && (told === 1 || waited === outcomes.length),
      JSON.stringify(outcomes.map(String)),
    );
    if (told === 0) assert.equal((await closeTown()).outcome, "closed");
    const owed = await place.town.read((tx) => balances(tx, { holderId: place.holderId }));
    assert.equal(
      owed.reduce((sum, { balanceCents }) => sum + balanceCents, 0n),
      0n,
    );
    const { closures: standing } = await place.town.read((tx) => townCalendar(tx));
    assert.equal(standing.length, 1);
  });

  it("a day closed by two people at once is charged once", async () => {
    const place = await smallTown(base.db);
    const { serviceId, siteId } = place;
    const close = () =>
      closeDay(place.town, {
        serviceId,
        siteId,
        date: day(DATE),
        by: "ufficio",
        now: at("15:00"),
        batchMeals: 1,
      });
    await Promise.all([close(), close(), close()]);
    const charges = await place.town.read((tx) =>
      chargesOf(tx, { childIds: [place.giulia, place.tommaso], from: day(DATE), to: day(DATE) }),
    );
    assert.equal(charges.length, 2);
  });
});
