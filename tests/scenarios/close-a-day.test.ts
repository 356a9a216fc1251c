// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import {
  attendanceOn,
  serveEveryoneSince,
  submitRollCall,
  switchServeEveryone,
  unknownWalkIns,
} from "#attendance";
import { closeDay, closeService, closureEffect, openUnpriced, reopenClosedDay } from "#billing";
import { putPayerShares, withdraw } from "#enrolment";
import { createFamily } from "#families";
import { freezeDueOrders, kitchenOrder, putStaffMeals } from "#kitchen";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balances, checkLedger } from "#ledger";
import { messagesOf } from "#messaging";
import { putTariffVersion } from "#tariffs";
import { act, at, chargesOn, close, owed, staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { manyFamilies, type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

describe("closing a day", () => {
  it("BO-02 BO-09 charges who was expected, not who was cancelled; again changes nothing", async () => {
    const place = await smallTown(base.db);
    await act(place, "cancel", "2026-11-24", place.tommaso);
    const closed = await close(place, "2026-11-24");
    assert.ok(closed.outcome === "closed");
    assert.deepEqual(
      { ...closed },
      { outcome: "closed", attended: 1, charged: 1, exempt: 0, unpriced: 0, totalCents: 460n },
    );
    assert.equal((await close(place, "2026-11-24")).outcome, "already-closed");
    assert.equal((await chargesOn(place, "2026-11-24")).length, 1);
    assert.equal(await owed(place), -460n);
  });

  it("D5 a late absence is absent and charged", async () => {
    const place = await smallTown(base.db);
    await act(place, "report-absence", "2026-11-24", place.giulia, "09:30");
    await close(place, "2026-11-24");
    const rows = await place.town.read((tx) =>
      attendanceOn(tx, { serviceId: place.serviceId, date: day("2026-11-24") }),
    );
    const giulia = rows.find(({ childId }) => childId === place.giulia)!;
    assert.deepEqual([giulia.status, giulia.billable], ["absent", true]);
    assert.equal((await chargesOn(place, "2026-11-24")).length, 2);
  });

  it("nobody stays on a day without rientro, and bookings are refused once a day is closing", async () => {
    const place = await smallTown(base.db);
    assert.equal((await close(place, "2026-11-25")).outcome, "no-service");
    await close(place, "2026-11-24");
    const late = await act(place, "cancel", "2026-11-24", place.giulia, "08:00");
    assert.ok(late.outcome === "answered");
    assert.equal(late.answers[0]!.decision, "day-closed");
  });

  it("BO-14 never before the last cut-off: a meal that can still be cancelled is not charged", async () => {
    const place = await smallTown(base.db);
    const of = { serviceId: place.serviceId, siteId: place.siteId, date: day("2026-11-24") };
    const early = await closeDay(place.town, {
      ...of,
      by: "ufficio",
      now: at("2026-11-24", "09:00:15"),
    });
    assert.equal(early.outcome, "too-early");
    await act(place, "cancel", "2026-11-24", place.giulia, "08:59:59");
    const closed = await closeDay(place.town, {
      ...of,
      by: "ufficio",
      now: at("2026-11-24", "09:00:16"),
    });
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.charged, 1);
  });

  it("X-09 a child without a price becomes a worklist entry and stops nobody", async () => {
    const place = await smallTown(base.db, { tariff: null });
    const closed = await close(place, "2026-11-24");
    assert.ok(closed.outcome === "closed");
    assert.deepEqual([closed.attended, closed.unpriced, closed.charged], [2, 2, 0]);
    const open = await place.town.read((tx) => openUnpriced(tx, 10));
    assert.deepEqual(
      open.map(({ reason }) => reason),
      ["no-tariff", "no-tariff"],
    );
  });

  it("is repeatable after a stop between two batches", async () => {
    const place = await smallTown(base.db);
    let batches = 0;
    const broken = {
      ...place.town,
      write: ((work) => {
        batches += 1;
        // The first begins the day, the second is a batch.
        if (batches === 3) throw new Error("the machine stopped");
        return place.town.write(work);
      }) as typeof place.town.write,
    };
    const once = { serviceId: place.serviceId, siteId: place.siteId, date: day("2026-11-24") };
    await assert.rejects(
      closeDay(broken, { ...once, by: "x", now: at("2026-11-24", "15:00"), batchMeals: 1 }),
    );
    assert.equal((await chargesOn(place, "2026-11-24")).length, 1);
    const closed = await close(place, "2026-11-24", { batchMeals: 1 });
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.charged, 2);
    assert.equal(await owed(place), -920n);
  });

  it("goes on after a stop though the price has changed meanwhile: what is charged stands", async () => {
    const place = await smallTown(base.db);
    const town = (times: number) => {
      let left = times;
      return {
        ...place.town,
        write: ((work) => {
          left -= 1;
          if (left < 0) throw new Error("the machine stopped");
          return place.town.write(work);
        }) as typeof place.town.write,
      };
    };
    const of = { serviceId: place.serviceId, siteId: place.siteId, date: day("2026-11-24") };
    const now = at("2026-11-24", "15:00");
    await assert.rejects(closeDay(town(2), { ...of, by: "x", now, batchMeals: 1 }));
    await place.town.write((tx) =>
      putTariffVersion(tx, {
        id: newId(),
        serviceId: place.serviceId,
        validFrom: day("2026-11-24"),
        act: "DGC 2/2026",
        definition: { kind: "fixed", priceCents: 500 },
        assumedReason: null,
        recordedBy: "test",
        recordedAt: now,
      }),
    );
    const closed = await closeDay(place.town, { ...of, by: "x", now, batchMeals: 1 });
    assert.ok(closed.outcome === "closed");
    const amounts = (await chargesOn(place, "2026-11-24")).map(({ amountCents }) => amountCents);
    assert.equal(amounts.length, 2);
    assert.equal(await owed(place), -amounts.reduce((sum, cents) => sum + cents, 0n));
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("goes on after an upgrade: what version 0.1.0 charged before it was stopped stands", async () => {
    const place = await smallTown(base.db);
    const of = { serviceId: place.serviceId, siteId: place.siteId, date: day("2026-11-24") };
    const now = at("2026-11-24", "15:00");
    let writes = 0;
    const broken: typeof place.town = {
      ...place.town,
      write: (work) => {
        writes += 1;
        if (writes === 3) throw new Error("the machine stopped");
        return place.town.write(work);
      },
    };
    await assert.rejects(closeDay(broken, { ...of, by: "x", now, batchMeals: 1 }));
    await base.db.owner(async (tx) => {
      await tx.run(sql`select set_config('app.tenant_id', ${place.tenantId}, true)`);
      const key = sql`'meal:' || c.service_id || ':' || c.date || ':' || c.child_id || ':' || c.site_id || ':1:' || c.holder_id`;
      await tx.run(sql`
        update ledger_transfer t set idempotency_key = ${key}
        from charge c where c.tenant_id = t.tenant_id and c.charge_key = t.idempotency_key`);
      await tx.run(sql`update charge c set charge_key = ${key}`);
    });
    const closed = await closeDay(place.town, { ...of, by: "x", now, batchMeals: 1 });
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.charged, 2);
    assert.equal((await chargesOn(place, "2026-11-24")).length, 2);
    assert.equal(await owed(place), -920n);
  });

  it("X-12 payer shares split a charge to the cent, ties to the first holder", async () => {
    const place = await smallTown(base.db, { tariff: { kind: "fixed", priceCents: 461 } });
    await place.town.write(async (tx) => {
      const { holderId } = await createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", surname: "Bianchi", givenName: "Marco" },
          children: [],
          from: day("2026-09-01"),
        },
        at("2026-09-01", "10:00"),
      );
      const share = { childId: place.giulia, serviceId: null, from: day("2026-09-01"), to: null };
      await putPayerShares(tx, [
        { ...share, id: newId(), holderId: place.holderId, basisPoints: 5000 },
        { ...share, id: newId(), holderId, basisPoints: 5000 },
      ]);
    });
    await act(place, "cancel", "2026-11-24", place.tommaso);
    await close(place, "2026-11-24");
    const amounts = (await chargesOn(place, "2026-11-24")).map((charge) => [
      charge.holderId === place.holderId,
      charge.amountCents,
    ]);
    assert.deepEqual(new Set(amounts.map(String)), new Set(["true,231", "false,230"]));
  });

  it("reopening reverses every charge; closing again charges anew, the books stay balanced", async () => {
    const place = await smallTown(base.db);
    await close(place, "2026-11-24");
    const reopened = await place.town.write((tx) =>
      reopenClosedDay(tx, {
        serviceId: place.serviceId,
        siteId: place.siteId,
        date: day("2026-11-24"),
        actor: staff(place, "office"),
        reason: "appello sbagliato",
        now: at("2026-11-24", "16:00"),
      }),
    );
    assert.deepEqual(reopened, { outcome: "reopened", reversed: 2 });
    assert.equal(await owed(place), 0n);
    await close(place, "2026-11-24");
    assert.equal(await owed(place), -920n);
    assert.equal((await chargesOn(place, "2026-11-24")).length, 6);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });
});

describe("roll call", () => {
  const settings = {
    attendance: { mode: "roll-call" as const },
    absences: { reportedBy: "school" as const },
    payment: {
      model: "prepaid" as const,
      accountScope: "child-service" as const,
      directDebit: false,
    },
  };
  const call = (
    place: SmallTown,
    absentIds: string[],
    time: string,
    phase: "morning" | "noon" = "morning",
    key = randomUUID(),
  ) =>
    place.town.write((tx) =>
      submitRollCall(tx, {
        actor: staff(place, "school"),
        serviceId: place.serviceId,
        classId: place.classId,
        date: day("2026-11-24"),
        phase,
        absentIds,
        walkInIds: [],
        unknownWalkIns: [],
        receivedAt: at("2026-11-24", time),
        now: at("2026-11-24", time),
        idempotencyKey: key,
      }),
    );

  it("PE-02 MC-13 the morning roll call is the booking; the noon correction decides the charge", async () => {
    const place = await smallTown(base.db, { settings });
    assert.equal((await close(place, "2026-11-24")).outcome, "roll-call-missing");
    const key = randomUUID();
    const first = await call(place, [place.tommaso], "08:50", "morning", key);
    assert.ok(first.outcome === "recorded");
    assert.deepEqual([first.rollCall.presentCount, first.rollCall.absentCount], [1, 1]);
    const again = await call(place, [place.tommaso], "08:51", "morning", key);
    assert.ok(again.outcome === "recorded" && again.repeated);
    assert.equal((await call(place, [], "08:51", "morning", key)).outcome, "key-reused");
    await call(place, [place.giulia, place.tommaso], "12:45", "noon");
    await call(place, [], "12:50", "morning");
    const closed = await close(place, "2026-11-24");
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.attended, 0);
  });

  it("PE-03 lowers the account of the child and service", async () => {
    const place = await smallTown(base.db, { settings });
    await call(place, [place.tommaso], "08:50");
    await close(place, "2026-11-24");
    const accounts = await place.town.read((tx) => balances(tx, { holderId: place.holderId }));
    assert.deepEqual(
      accounts.map(({ childId, serviceId, balanceCents }) => ({
        childId,
        serviceId,
        balanceCents,
      })),
      [{ childId: place.giulia, serviceId: place.serviceId, balanceCents: -460n }],
    );
    assert.equal((await call(place, [], "16:00", "noon")).outcome, "day-closed");
  });
});

describe("no child goes without lunch", () => {
  it("X-03 who cancelled, who is on no list and who has no name: served, counted, regularised later", async () => {
    const place = await smallTown(base.db);
    const [guest] = await manyFamilies(place, 1);
    await place.town.write((tx) =>
      withdraw(tx, {
        actor: staff(place, "office"),
        childId: guest!.childId,
        serviceId: place.serviceId,
        year: 2026,
        from: day("2026-11-02"),
        at: at("2026-11-01", "10:00"),
      }),
    );
    await act(place, "cancel", "2026-11-24", place.giulia);
    const school = staff(place, "school");
    const office = staff(place, "office");
    await place.town.write(async (tx) => {
      const now = at("2026-11-24", "07:30");
      await switchServeEveryone(tx, { actor: office, date: day("2026-11-24"), on: true, now });
      await switchServeEveryone(tx, { actor: office, date: day("2026-11-24"), on: true, now });
    });
    const since = await place.town.read((tx) => serveEveryoneSince(tx, day("2026-11-24")));
    assert.ok(since!.equals(at("2026-11-24", "07:30")));
    const answer = await place.town.write((tx) =>
      submitRollCall(tx, {
        actor: school,
        serviceId: place.serviceId,
        classId: place.classId,
        date: day("2026-11-24"),
        phase: "noon",
        absentIds: [],
        walkInIds: [place.giulia, guest!.childId],
        unknownWalkIns: ["bambina nuova, 3A"],
        receivedAt: at("2026-11-24", "12:40"),
        now: at("2026-11-24", "12:40"),
        idempotencyKey: randomUUID(),
      }),
    );
    assert.ok(answer.outcome === "recorded");
    assert.equal(answer.rollCall.presentCount, 4);
    const order = await place.town.read((tx) =>
      kitchenOrder(tx, { serviceId: place.serviceId, date: day("2026-11-24") }),
    );
    const meals = order.sites[0]!.lines.reduce((sum, line) => sum + line.meals, 0);
    assert.equal(meals, 4);
    const closed = await close(place, "2026-11-24");
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.attended, 3);
    const open = await place.town.read((tx) =>
      unknownWalkIns(tx, { from: day("2026-11-24"), to: day("2026-11-24"), onlyOpen: true }),
    );
    assert.deepEqual(
      open.map(({ description }) => description),
      ["bambina nuova, 3A"],
    );
  });
});

describe("the kitchen's order", () => {
  it("counts, freezes 15 seconds after the last cut-off and then shows differences", async () => {
    const place = await smallTown(base.db);
    const of = { serviceId: place.serviceId, date: day("2026-11-24") };
    await place.town.write((tx) =>
      putStaffMeals(tx, {
        ...of,
        siteId: place.siteId,
        meals: 2,
        by: "scuola",
        at: at("2026-11-24", "07:00"),
      }),
    );
    await act(place, "plain", "2026-11-24", place.giulia);
    const read = () => place.town.read((tx) => kitchenOrder(tx, of));
    const shown = async () =>
      (await read()).sites[0]!.lines.map(({ meal, meals }) => [meal, meals]);
    assert.deepEqual(await shown(), [
      ["staff", 2],
      ["normal", 1],
      ["plain", 1],
    ]);
    const freeze = (time: string) =>
      place.town.write((tx) =>
        freezeDueOrders(tx, { ...of, now: at("2026-11-24", time), by: "orologio" }),
      );
    assert.equal(await freeze("09:00:15"), 0);
    assert.equal(await freeze("09:00:16"), 1);
    assert.equal(await freeze("09:00:17"), 0);
    // It arrived in time and was only committed now: accepted, and the kitchen sees it.
    await act(place, "cancel", "2026-11-24", place.tommaso, "08:59:59");
    assert.deepEqual(await shown(), [
      ["staff", 2],
      ["normal", 1],
      ["plain", 1],
    ]);
    const order = await read();
    assert.deepEqual(
      order.sites[0]!.differences.map(({ meal, change }) => [meal, change]),
      [["normal", -1]],
    );
    assert.notEqual(order.digest, "");
  });
});

describe("a closure with one click", () => {
  it("BO-19 X-07 on the day itself, after closing: charges are reversed and each family is told once", async () => {
    const place = await smallTown(base.db);
    await close(place, "2026-11-24");
    const scope = {
      serviceIds: [place.serviceId],
      siteId: null,
      classId: null,
      from: day("2026-11-24"),
      to: day("2026-11-26"),
    };
    const effect = await place.town.read((tx) => closureEffect(tx, scope));
    assert.deepEqual(
      [effect.meals, effect.amountCents, effect.chargesToReverse, effect.families],
      [4, 1840n, 2, 1],
    );
    const now = at("2026-11-24", "16:00");
    const closed = await place.town.write((tx) =>
      closeService(tx, {
        ...scope,
        actor: staff(place, "office"),
        reason: "weather",
        note: "Allerta meteo arancione. ",
        now,
      }),
    );
    assert.equal(closed.outcome, "closed");
    assert.equal(await owed(place), 0n);
    const messages = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 10 }),
    );
    assert.deepEqual(
      messages.map(({ subject }) => subject),
      ["Mensa chiusa da martedì 24 novembre a giovedì 26 novembre"],
    );
    assert.match(messages[0]!.body, /in tutte le scuole: Allerta meteo arancione\. Riguarda /);
    const answer = await act(place, "cancel", "2026-11-26", place.giulia);
    assert.ok(answer.outcome === "answered");
    assert.equal(answer.answers[0]!.decision, "closed-day");
  });

  it("X-07 a day closed again after that tells nobody once more: the closure had said it", async () => {
    const place = await smallTown(base.db);
    await close(place, "2026-11-24");
    const scope = { serviceIds: [place.serviceId], siteId: null, classId: null };
    const days = { from: day("2026-11-24"), to: day("2026-11-24") };
    const actor = staff(place, "office");
    const closure = { ...scope, ...days, actor, reason: "weather", note: "" } as const;
    await place.town.write((tx) =>
      closeService(tx, { ...closure, now: at("2026-11-24", "16:00") }),
    );
    const now = at("2026-11-24", "16:30");
    const of = { serviceId: place.serviceId, siteId: place.siteId, date: days.from };
    const reason = "controllo";
    await place.town.write((tx) => reopenClosedDay(tx, { ...of, actor, reason, now }));
    assert.equal((await close(place, "2026-11-24")).outcome, "closed");
    const told = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 10 }),
    );
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ["closure"],
    );
    assert.equal(await owed(place), 0n);
  });
});
