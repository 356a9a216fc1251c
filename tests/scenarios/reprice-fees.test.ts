// SPDX-License-Identifier: EUPL-1.2
/** Fixed fees whose price, by an ISEE, a tariff or payers of before, is another one now. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { feesMark, issueFeeNotices, previewReminders, repriceFees } from "#billing";
import { putPayerShares } from "#enrolment";
import { createFamily } from "#families";
import { day, type Moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { checkLedger } from "#ledger";
import { messagesOf } from "#messaging";
import { beginPayment, checkPayments, overdueNotices, planInstalments } from "#payments";
import { decisionById, putTariffVersion } from "#tariffs";
import { whileOpen } from "../support/at-once.ts";
import { staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import {
  ask,
  balanceOf,
  FEE,
  feesOf,
  feeTown,
  noticesNow,
  NOW,
  orderOf,
  pay,
  post,
  preview,
  rates,
  record,
  reprice,
  standing,
} from "../support/fee-town.ts";
import type { SmallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const LATER = NOW.add({ hours: 1 });

async function assertSound(place: SmallTown): Promise<void> {
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  assert.deepEqual(await place.town.read((tx) => checkPayments(tx)), []);
  // The office's daily run sees nothing that it would take back and post again.
  assert.equal(await post(place, LATER), 0);
}

const told = async (place: SmallTown, holderId = place.holderId) =>
  (await place.town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 20 }))).filter(
    ({ kind }) => kind === "charge-corrected",
  );

describe("a fixed fee that costs something else by an ISEE of before", () => {
  it("X-11 X-09 less: evenly from what is unpaid, in the same days, with the reasons of now", async () => {
    const place = await feeTown(base.db);
    assert.deepEqual(await rates(place), ["2026-10-31 70", "2027-01-31 70", "2027-03-31 70"]);
    await record(place, place.giulia, 800_000n);
    const shown = await preview(place);
    assert.deepEqual(
      shown.fees.map(({ period, before, after, why, whyNot }) => [
        period,
        before,
        after,
        why,
        whyNot,
      ]),
      [["2026/27", 21_000n, 12_000n, "isee", null]],
    );
    assert.deepEqual(await rates(place), ["2026-10-31 70", "2027-01-31 70", "2027-03-31 70"]);
    assert.deepEqual(await reprice(place), {
      outcome: "repriced",
      fees: 1,
      left: 0,
      differenceCents: -9000n,
    });
    assert.deepEqual(await rates(place), ["2026-10-31 40", "2027-01-31 40", "2027-03-31 40"]);
    assert.deepEqual(await rates(place, place.tommaso), [
      "2026-10-31 70",
      "2027-01-31 70",
      "2027-03-31 70",
    ]);
    const [fee] = await feesOf(place);
    const decision = await place.town.read((tx) => decisionById(tx, fee!.decisionId!));
    assert.equal(decision?.amountCents, 12_000n);
    assert.match(JSON.stringify(decision.explanation), /800000/);
    assert.equal((await reprice(place)).outcome, "nothing-to-do");
    assert.equal(await balanceOf(place), -12_000n);
    await assertSound(place);
  });

  it("X-11 BO-03 a paid instalment stays paid and counts; unpaid notices are replaced; told once, with both numbers", async () => {
    const place = await feeTown(base.db);
    const fees = await feesOf(place);
    const [first, second] = await ask(place, fees.slice(0, 2));
    await pay(base.db, first!);
    await record(place, place.giulia, 800_000n);
    await reprice(place, { now: LATER });
    // 120 in all, 70 are paid: 50 over the two that are left.
    assert.deepEqual(await rates(place), ["2026-10-31 70", "2027-01-31 25", "2027-03-31 25"]);
    assert.equal((await feesOf(place))[0]!.id, fees[0]!.id);
    const notices = await noticesNow(place, LATER);
    const open = notices.filter(({ state }) => state === "issued");
    assert.deepEqual(
      open.map(({ amountCents, dueOn }) => [amountCents, dueOn?.toString()]),
      [[2500n, "2027-01-31"]],
    );
    const old = notices.find(({ id }) => id === second!.id)!;
    assert.deepEqual([old.state, old.replacedById], ["replaced", open[0]!.id]);
    await pay(base.db, open[0]!, LATER);
    assert.equal(await balanceOf(place), -2500n);
    const messages = await told(place);
    assert.equal(messages.length, 1);
    const { body } = messages[0]!;
    assert.match(body, /Giulia, anno 2026\/27: la quota era 210,00\s€, ora è 120,00\s€\./);
    assert.match(body, /Motivo: ISEE presentato in ritardo\./);
    assert.match(body, /non va più pagato: al suo posto c'è l'avviso [\d ]+ di 25,00\s€/);
    await assertSound(place);
  });

  it("X-11 what was paid beyond the new fee is credit", async () => {
    const place = await feeTown(base.db);
    const fees = await feesOf(place);
    for (const notice of await ask(place, fees.slice(0, 2))) await pay(base.db, notice);
    const [third] = await ask(place, fees.slice(2));
    await record(place, place.giulia, 800_000n);
    assert.equal((await preview(place, LATER)).fees[0]!.creditCents, 2000n);
    await reprice(place, { now: LATER });
    assert.equal(await balanceOf(place), 2000n);
    assert.deepEqual(await rates(place), ["2026-10-31 70", "2027-01-31 50", "2027-03-31 0"]);
    const gone = (await noticesNow(place, LATER)).find(({ id }) => id === third!.id);
    assert.equal(gone?.state, "cancelled");
    assert.match((await told(place))[0]!.body, /Già pagati in più: 20,00\s€, restano a credito/);
    await assertSound(place);
  });

  it("X-11 more: on the instalments still to come, never on a late one; and back again", async () => {
    const place = await feeTown(base.db);
    await record(place, place.giulia, 800_000n);
    await reprice(place);
    await record(place, place.giulia, 1_500_000n, LATER);
    const back = LATER.add({ minutes: 5 });
    await reprice(place, { now: back });
    assert.deepEqual(await rates(place), ["2026-10-31 40", "2027-01-31 85", "2027-03-31 85"]);
    await assertSound(place);
  });

  it("X-11 more, where all is paid: one receivable of its own, with its notice and a day to come", async () => {
    const place = await feeTown(base.db);
    await record(place, place.giulia, 800_000n);
    await reprice(place);
    for (const notice of await ask(place, await feesOf(place))) await pay(base.db, notice);
    await record(place, place.giulia, 1_500_000n, LATER);
    const shown = await preview(place, LATER);
    assert.deepEqual(
      shown.fees.map(({ before, after, supplement }) => [
        before,
        after,
        supplement?.amountCents,
        supplement?.dueOn?.toString(),
      ]),
      [[12_000n, 21_000n, 9000n, "2026-12-05"]],
    );
    await reprice(place, { now: LATER });
    assert.equal(await balanceOf(place), -9000n);
    const [notice] = (await noticesNow(place, LATER)).filter(({ state }) => state === "issued");
    assert.deepEqual([notice?.amountCents, notice?.dueOn?.toString()], [9000n, "2026-12-05"]);
    assert.match(notice!.subject, /, 2026\/27, conguaglio$/);
    const message = (await told(place)).find(({ body }) => body.includes("era 120,00"));
    assert.match(message!.body, /Da pagare ancora 90,00\s€ entro sabato 5 dicembre, con l'avviso/);
    await pay(base.db, notice!, LATER);
    assert.equal(await balanceOf(place), 0n);
    await assertSound(place);
  });

  it("X-11 a fee that is free now asks for nothing; paid again, it keeps its days", async () => {
    const place = await feeTown(base.db, {
      tariff: {
        base: {
          kind: "brackets",
          brackets: [{ upToCents: 300_000, priceCents: 0 }, { priceCents: 21_000 }],
        },
        instalments: [{ due: "01-31" }, { due: "03-31" }],
      },
    });
    const [asked] = await ask(place, (await feesOf(place)).slice(0, 1));
    await record(place, place.giulia, 200_000n);
    await reprice(place);
    assert.equal(await balanceOf(place), 0n);
    assert.equal((await noticesNow(place)).find(({ id }) => id === asked!.id)?.state, "cancelled");
    await assertSound(place);
    await record(place, place.giulia, 500_000n, LATER);
    await reprice(place, { now: LATER });
    assert.deepEqual(await rates(place), ["2027-01-31 105", "2027-03-31 105"]);
    await assertSound(place);
  });
});

describe("what a repricing of fees leaves alone", () => {
  it("X-05 a fee that somebody is paying this moment: said, the others are posted", async () => {
    const place = await feeTown(base.db);
    const [asked] = await ask(place, (await feesOf(place)).slice(1, 2));
    await record(place, place.giulia, 800_000n);
    await record(place, place.tommaso, 800_000n);
    await place.town.write((tx) => beginPayment(tx, { ...asked!, station: "x", now: NOW }));
    const shown = await preview(place);
    assert.deepEqual(shown.fees.map(({ whyNot }) => whyNot).toSorted(), [null, "payment-pending"]);
    const done = await reprice(place);
    assert.ok(done.outcome === "repriced");
    assert.deepEqual([done.fees, done.left], [1, 1]);
    assert.deepEqual(await rates(place), ["2026-10-31 70", "2027-01-31 70", "2027-03-31 70"]);
    assert.equal(await balanceOf(place, place.tommaso), -12_000n);
    const after = NOW.add({ minutes: 31 });
    const later = await reprice(place, { now: after });
    assert.ok(later.outcome === "repriced");
    assert.equal(await balanceOf(place), -12_000n);
    await assertSound(place);
  });

  it("X-05 what the office still looks at, and what is paid by a plan", async () => {
    const place = await feeTown(base.db);
    const [giulias] = await ask(place, (await feesOf(place)).slice(0, 1));
    const other = await feesOf(place, place.tommaso);
    const [tommasos] = await ask(place, other.slice(1, 2));
    await pay(base.db, giulias!, NOW, 5000n);
    const planned = await place.town.write((tx) =>
      planInstalments(tx, {
        actor: staff(place, "office-manager"),
        source: { kind: "notice", noticeId: tommasos!.id },
        dueOn: [day("2026-12-31"), day("2027-01-31")],
        reason: "d'accordo con la famiglia",
        key: newId(),
        now: NOW,
      }),
    );
    assert.equal(planned.outcome, "planned");
    await record(place, place.giulia, 800_000n);
    await record(place, place.tommaso, 800_000n);
    const shown = await preview(place, LATER);
    assert.deepEqual(
      shown.fees.map(({ childId, whyNot }) => [childId === place.giulia, whyNot]).toSorted(),
      [
        [false, "plan"],
        [true, "payment-checked"],
      ],
    );
    const done = await reprice(place, { now: LATER });
    assert.ok(done.outcome === "repriced" && done.fees === 0 && done.left === 2);
    assert.deepEqual(await told(place), []);
  });

  it("X-05 a notice that the family makes of the old fee, while it is priced again, is not made", async () => {
    const place = await feeTown(base.db);
    const [fee] = await feesOf(place);
    await record(place, place.giulia, 800_000n);
    const shown = feesMark(await preview(place));
    const asked = await whileOpen(
      place.town,
      (tx) => repriceFees(tx, { ...orderOf(place, NOW), shown }),
      () =>
        place.town.write((tx) =>
          issueFeeNotices(tx, { fees: [{ fee: fee!, openCents: 7000n }], by: "x", now: NOW }),
        ),
    );
    assert.equal(asked.outcome, "key-reused");
    assert.deepEqual(await noticesNow(place), []);
    assert.equal(await balanceOf(place), -12_000n);
  });

  it("X-11 a fee that has no price by now: named, and as it was", async () => {
    const place = await feeTown(base.db);
    await place.town.write((tx) =>
      putTariffVersion(tx, {
        id: newId(),
        serviceId: place.serviceId,
        validFrom: day("2026-09-02"),
        act: "DGC 9/2026",
        definition: { ...FEE, missingIsee: "unpriced" },
        assumedReason: null,
        recordedBy: "test",
        recordedAt: NOW,
      }),
    );
    await record(place, place.giulia, 800_000n);
    const shown = await preview(place);
    assert.deepEqual(
      shown.fees.map(({ childId, after, why }) => [childId, after, why]),
      [[place.giulia, 12_000n, "tariff"]],
    );
    assert.deepEqual(
      shown.unpriced.map(({ childId, reason }) => [childId, reason]),
      [[place.tommaso, "isee-missing"]],
    );
    await reprice(place);
    assert.equal(await balanceOf(place, place.tommaso), -21_000n);
    await assertSound(place);
  });

  it("X-05 two presses at once: the second one finds nothing to do", async () => {
    const place = await feeTown(base.db);
    await record(place, place.giulia, 800_000n);
    const shown = feesMark(await preview(place));
    const press = () =>
      place.town.write((tx) => repriceFees(tx, { ...orderOf(place, NOW), shown }));
    const outcomes = (await Promise.all([press(), press()])).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes.toSorted(), ["nothing-to-do", "repriced"]);
    assert.equal(await balanceOf(place), -12_000n);
    assert.equal((await told(place)).length, 1);
    await assertSound(place);
  });

  it("BO-03 what is not what was shown, a clerk, no reason", async () => {
    const place = await feeTown(base.db);
    await record(place, place.giulia, 800_000n);
    assert.equal((await reprice(place, { shown: "x" })).outcome, "changed");
    assert.equal((await reprice(place, { role: "office" })).outcome, "forbidden");
    assert.equal((await reprice(place, { reason: " " })).outcome, "reason-missing");
    assert.equal(await balanceOf(place), -21_000n);
  });
});

describe("fees of several payers, of a household, in a tariff of before", () => {
  it("X-12 each payer's own part: who paid keeps it, who has not pays less", async () => {
    const place = await feeTown(base.db);
    const father = await place.town.write(async (tx) => {
      const holder = { id: newId(), kind: "adult", surname: "Neri", givenName: "Luca" } as const;
      const made = await createFamily(tx, { holder, children: [], from: day("2026-09-01") }, NOW);
      const share = { serviceId: null, from: day("2026-09-01"), to: null, childId: place.giulia };
      await putPayerShares(tx, [
        { ...share, id: newId(), holderId: place.holderId, basisPoints: 5000 },
        { ...share, id: newId(), holderId: made.holderId, basisPoints: 5000 },
      ]);
      return made.holderId;
    });
    await post(place);
    const [mothers] = await ask(place, (await feesOf(place)).slice(0, 1));
    await pay(base.db, mothers!);
    await record(place, place.giulia, 800_000n);
    await reprice(place, { now: LATER });
    const of = async (holderId: string) =>
      (await standing(place, holderId))
        .filter(({ childId }) => childId === place.giulia)
        .map(({ amountCents }) => amountCents);
    assert.deepEqual(await of(place.holderId), [3500n, 1250n, 1250n]);
    assert.deepEqual(await of(father), [2000n, 2000n, 2000n]);
    assert.equal((await told(place)).length, 1);
    assert.match((await told(place, father))[0]!.body, /era 105,00\s€, ora è 60,00\s€/);
    await assertSound(place);
  });

  it("X-12 payers changed backwards are in the preview, too: the new one pays, the old one has it back", async () => {
    const place = await feeTown(base.db);
    const [asked] = await ask(place, (await feesOf(place)).slice(0, 1));
    await pay(base.db, asked!);
    const other = await place.town.write(async (tx) => {
      const holder = { id: newId(), kind: "adult", surname: "Neri", givenName: "Luca" } as const;
      const made = await createFamily(tx, { holder, children: [], from: day("2026-09-01") }, NOW);
      const share = { serviceId: null, from: day("2026-09-01"), to: null, basisPoints: 10_000 };
      const { holderId } = made;
      await putPayerShares(tx, [{ ...share, id: newId(), childId: place.giulia, holderId }]);
      return holderId;
    });
    const shown = await preview(place, LATER);
    assert.deepEqual(shown.fees.map(({ before, after, why }) => [before, after, why]).toSorted(), [
      [0n, 21_000n, "payers"],
      [21_000n, 0n, "payers"],
    ]);
    await reprice(place, { now: LATER });
    assert.equal(await balanceOf(place), 7000n);
    assert.equal(await balanceOf(place, place.giulia, other), -21_000n);
    // Who pays it only now has days to do so.
    assert.equal((await standing(place, other))[0]!.dueOn?.toString(), "2026-12-05");
    await assertSound(place);
  });

  it("OS-01 a household that has one child less, then none", async () => {
    const place = await feeTown(base.db, {
      tariff: {
        payer: "household",
        base: { kind: "fixed", priceCents: { byChildren: [10_000, 16_000] } },
      },
    });
    assert.equal(await balanceOf(place, null), -16_000n);
    const leave = (childId: string) =>
      place.town.write((tx) =>
        tx.run(
          sql`delete from enrolment where tenant_id = ${tx.tenantId} and child_id = ${childId}`,
        ),
      );
    await leave(place.tommaso);
    const shown = await preview(place);
    assert.deepEqual(
      shown.fees.map(({ after, why }) => [after, why]),
      [[10_000n, "family"]],
    );
    await reprice(place);
    assert.equal(await balanceOf(place, null), -10_000n);
    await leave(place.giulia);
    assert.deepEqual(
      (await preview(place, LATER)).fees.map(({ after, why }) => [after, why]),
      [[0n, "gone"]],
    );
    await reprice(place, { now: LATER });
    assert.equal(await balanceOf(place, null), 0n);
    await assertSound(place);
  });

  it("X-11 a tariff of before, a fee per month: each period by itself, credit of one lessens the next", async () => {
    const place = await feeTown(base.db, {
      tariff: {
        per: "month",
        dueDay: 10,
        base: { kind: "fixed", priceCents: 4500 },
        instalments: undefined,
      },
    });
    const fees = await feesOf(place);
    const [september, , november] = await ask(place, fees);
    await pay(base.db, september!);
    await place.town.write((tx) =>
      putTariffVersion(tx, {
        id: newId(),
        serviceId: place.serviceId,
        validFrom: day("2026-09-02"),
        act: "DGC 9/2026",
        definition: {
          ...FEE,
          per: "month",
          dueDay: 10,
          base: { kind: "fixed", priceCents: 3000 },
          instalments: undefined,
        },
        assumedReason: null,
        recordedBy: "test",
        recordedAt: NOW,
      }),
    );
    const shown = await preview(place, LATER);
    assert.deepEqual([...new Set(shown.fees.map(({ why }) => why))], ["tariff"]);
    assert.deepEqual(
      shown.fees.filter(({ childId }) => childId === place.giulia).map(({ period }) => period),
      ["2026-09", "2026-10", "2026-11"],
    );
    await reprice(place, { now: LATER });
    // 90 for three months, 45 are paid.
    assert.equal(await balanceOf(place), -4500n);
    const open = (await noticesNow(place, LATER)).filter(({ state }) => state === "issued");
    assert.equal(
      open.reduce((sum, { amountCents }) => sum + amountCents, 0n),
      4500n,
    );
    assert.equal(
      open.some(({ id }) => id === november!.id),
      false,
    );
    await assertSound(place);
  });

  it("X-05 a late instalment stays late, with the new sum; who was told today is not reminded today", async () => {
    const place = await feeTown(base.db);
    const [late] = await ask(place, (await feesOf(place)).slice(0, 1));
    await record(place, place.giulia, 800_000n);
    await reprice(place);
    const overdue = await place.town.read((tx) => overdueNotices(tx, LATER));
    assert.deepEqual(
      overdue.map(({ notice }) => [notice.amountCents, notice.dueOn?.toString()]),
      [[4000n, "2026-10-31"]],
    );
    assert.notEqual(overdue[0]!.notice.id, late!.id);
    const round = (now: Moment) => place.town.read((tx) => previewReminders(tx, { now }));
    assert.deepEqual(
      (await round(LATER)).leave.map(({ why }) => why),
      ["asked-late"],
    );
    const [debt] = (await round(LATER.add({ hours: 24 * 8 }))).remind;
    assert.deepEqual([debt?.amountCents, debt?.noticeId], [4000n, overdue[0]!.notice.id]);
  });

  for (const model of ["prepaid", "postpaid"] as const)
    it(`X-11 a fee that is ${model}: the difference at once, no notice of its own`, async () => {
      const place = await feeTown(base.db, { payment: { model } });
      await record(place, place.giulia, 800_000n);
      await reprice(place);
      assert.equal(await balanceOf(place), -12_000n);
      assert.deepEqual(await noticesNow(place), []);
      assert.match(
        (await told(place))[0]!.body,
        model === "prepaid" ? /Il credito è già aggiornato/ : /va nel prossimo avviso/,
      );
      await assertSound(place);
    });
});
