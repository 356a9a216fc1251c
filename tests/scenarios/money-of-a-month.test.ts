// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import {
  chargesOf,
  disputeCharge,
  drawMonth,
  feePeriodsDue,
  billLines,
  billsOf,
  postFees,
} from "#billing";
import { day } from "#kernel/dates.ts";
import { registerCredit } from "#ledger";
import { at, chargesOn, close, owed, staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

describe("the month's bill", () => {
  it("BO-02 one per child, a line per day, only when every day is closed; late corrections go to the next", async () => {
    const place = await smallTown(base.db);
    const draw = (month: string, today: string) =>
      place.town.write((tx) =>
        drawMonth(tx, {
          serviceId: place.serviceId,
          month: day(month),
          today: day(today),
          now: at(today, "09:00"),
          by: "ufficio",
        }),
      );
    assert.equal((await draw("2026-10-01", "2026-10-20")).outcome, "month-not-over");
    assert.equal((await draw("2026-10-01", "2026-11-02")).outcome, "days-open");
    for (let date = day("2026-10-05"); date.month === 10; date = date.add({ days: 1 }))
      await close(place, date.toString());
    const drawn = await draw("2026-10-01", "2026-11-02");
    assert.ok(drawn.outcome === "drawn");
    assert.equal(drawn.bills, 2);
    const bills = await place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
    assert.deepEqual(
      bills.map(({ number, meals, dueOn }) => [number, meals, dueOn.toString()]),
      [
        ["2026/00001", 12, "2026-11-18"],
        ["2026/00002", 12, "2026-11-18"],
      ],
    );
    const lines = await place.town.read((tx) => billLines(tx, bills[0]!.id));
    assert.equal(lines.length, 12);
    assert.ok(lines.every(({ amountCents }) => amountCents === 460n));
    const again = await draw("2026-10-01", "2026-11-02");
    assert.ok(again.outcome === "drawn" && again.bills === 0);
  });

  it("X-09 a family disputes a charge once and gets a promised date", async () => {
    const place = await smallTown(base.db);
    await close(place, "2026-11-24");
    const [charge] = await chargesOn(place, "2026-11-24");
    const dispute = () =>
      place.town.write((tx) =>
        disputeCharge(tx, {
          actor: place.sara,
          holderIds: [place.holderId],
          chargeId: charge!.id,
          text: "Giulia era a casa",
          now: at("2026-11-25", "10:00"),
        }),
      );
    const opened = await dispute();
    assert.ok(opened.outcome === "opened");
    assert.equal(opened.dispute.answerDueOn.toString(), "2026-12-10");
    assert.equal((await dispute()).outcome, "already-open");
  });
});

describe("fixed fees", () => {
  const fee = (definition: object) =>
    smallTown(base.db, {
      tariff: { kind: "fixed-fee", ...definition },
      settings: {
        payment: { model: "fixed-fee", accountScope: "child-service", directDebit: false },
      },
    });
  const post = async (place: SmallTown, today: string) => {
    const of = { serviceId: place.serviceId, today: day(today) };
    const periods = await place.town.read((tx) => feePeriodsDue(tx, of));
    let fees = 0;
    for (const period of periods) {
      const now = at(today, "09:00");
      fees += (await place.town.write((tx) => postFees(tx, { ...of, period, now }))).fees;
    }
    return fees;
  };

  it("OS-01 a monthly fee per child is posted once a month, whatever the attendance", async () => {
    const place = await fee({
      per: "month",
      payer: "child",
      base: { kind: "fixed", priceCents: 4500 },
      dueDay: 15,
    });
    assert.equal(await post(place, "2026-10-20"), 4);
    assert.equal(await post(place, "2026-10-21"), 0);
    assert.equal(await owed(place), -18_000n);
    await close(place, "2026-10-20");
    assert.equal(await owed(place), -18_000n);
  });

  it("OS-01 a yearly fee of the household falls due in instalments", async () => {
    const place = await fee({
      per: "year",
      payer: "household",
      base: { kind: "fixed", priceCents: 18_000 },
      instalments: [{ due: "09-30" }, { due: "03-31" }],
    });
    assert.equal(await post(place, "2026-10-20"), 2);
    const charges = await place.town.read((tx) =>
      chargesOf(tx, { holderId: place.holderId, from: day("2026-09-01"), to: day("2026-10-31") }),
    );
    assert.deepEqual(
      charges.map(({ amountCents, dueOn, childId }) => [amountCents, dueOn!.toString(), childId]),
      [
        [9000n, "2026-09-30", null],
        [9000n, "2027-03-31", null],
      ],
    );
  });
});

describe("paying a bill at the desk", () => {
  it("BO-03 BI-09 a payment the office registers settles the oldest bill, and the family's page says so", async () => {
    const place = await smallTown(base.db);
    for (const [from, month] of [
      ["2026-10-05", 10],
      ["2026-11-02", 11],
    ] as const)
      for (let date = day(from); date.month === month; date = date.add({ days: 1 }))
        await close(place, date.toString());
    for (const [month, today] of [
      ["2026-10-01", "2026-11-02"],
      ["2026-11-01", "2026-12-02"],
    ] as const)
      await place.town.write((tx) =>
        drawMonth(tx, {
          serviceId: place.serviceId,
          month: day(month),
          today: day(today),
          now: at(today, "09:00"),
          by: "ufficio",
        }),
      );
    const bills = () => place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
    const [october] = (await bills()).filter(
      (bill) => bill.childId === place.giulia && bill.month.month === 10,
    );
    await place.town.write((tx) =>
      registerCredit(tx, {
        actor: staff(place, "office"),
        account: { kind: "family", holderId: place.holderId, childId: place.giulia },
        method: "bank-transfer",
        amountCents: october!.totalCents + 100n,
        happenedOn: day("2026-12-02"),
        reason: `Avviso ${october!.number}`,
        key: randomUUID(),
        recordedAt: at("2026-12-02", "10:00"),
      }),
    );
    const states = (await bills()).map(({ childId, month, state, paidCents }) => [
      childId === place.giulia ? "giulia" : "tommaso",
      month.month,
      state,
      paidCents,
    ]);
    assert.deepEqual(
      new Set(states.map(String)),
      new Set(
        [
          ["giulia", 10, "paid", october!.totalCents],
          ["giulia", 11, "drawn", 100n],
          ["tommaso", 10, "drawn", 0n],
          ["tommaso", 11, "drawn", 0n],
        ].map(String),
      ),
    );
  });
});
