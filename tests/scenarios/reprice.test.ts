// SPDX-License-Identifier: EUPL-1.2
/** A retroactive change (ISEE, tariff) is previewed, then posted; issued bills stay (domain.md "Prices"). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { correctAttendance } from "#attendance";
import {
  billsOf,
  chargesOf,
  drawMonth,
  openUnpriced,
  previewReprice,
  rechargeMeal,
  repriceInParts,
  repriceMeals,
  repricingMark,
  unbilledOf,
} from "#billing";
import { putPayerShares } from "#enrolment";
import { createFamily } from "#families";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { checkLedger } from "#ledger";
import { messagesOf } from "#messaging";
import { decisionById, putTariffVersion, recordIsees } from "#tariffs";
import { whileOpen } from "../support/at-once.ts";
import { at, chargesOn, close, owed, staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const BRACKETS = {
  kind: "brackets",
  brackets: [{ upToCents: 1_000_000, priceCents: 350 }, { priceCents: 520 }],
};
const NOW = momentAt(day("2026-11-20"), "10:00");
const DAYS = ["2026-11-10", "2026-11-12", "2026-11-16"] as const;

async function closedTown(options: Parameters<typeof smallTown>[1] = {}): Promise<SmallTown> {
  const place = await smallTown(base.db, { tariff: BRACKETS, ...options });
  for (const date of DAYS) await close(place, date);
  return place;
}

/** Giulia's ISEE, which counts from before: the office got it only now. */
const record = (place: SmallTown, from: string, valueCents = 800_000n) =>
  place.town.write((tx) =>
    recordIsees(tx, {
      actor: staff(place, "office"),
      at: NOW,
      isees: [
        {
          id: newId(),
          childId: place.giulia,
          kind: "minorenni",
          valueCents,
          presentedOn: day(from),
          validFrom: day(from),
          validTo: day("2026-12-31"),
          appliesFrom: day(from),
          overriddenBy: null,
          reason: null,
        },
      ],
    }),
  );

const span = (place: SmallTown, childIds?: readonly string[]) => ({
  serviceId: place.serviceId,
  from: day("2026-11-01"),
  to: day("2026-11-30"),
  ...(childIds ? { childIds } : {}),
});
const preview = (place: SmallTown, childIds?: readonly string[]) =>
  place.town.read((tx) => previewReprice(tx, span(place, childIds)));
const reprice = async (
  place: SmallTown,
  of: { shown?: string; reason?: string; role?: "office"; now?: Moment } = {},
) => {
  const shown = of.shown ?? repricingMark(await preview(place));
  return place.town.write((tx) =>
    repriceMeals(tx, {
      ...span(place),
      actor: staff(place, of.role ?? "office-manager"),
      shown,
      reason: of.reason ?? "ISEE presentato in ritardo",
      now: of.now ?? NOW,
    }),
  );
};
const standing = async (place: SmallTown) =>
  (
    await place.town.read((tx) =>
      chargesOf(tx, { kind: "meal", from: day(DAYS[0]), to: day(DAYS[2]) }),
    )
  )
    .filter(({ reversed }) => !reversed)
    .map(
      ({ childId, date, amountCents }) =>
        `${date.toString()} ${childId === place.giulia ? "Giulia" : "Tommaso"} ${amountCents}`,
    )
    .toSorted();

describe("BI-05 X-09 an ISEE that counts from a day that was charged", () => {
  it("is previewed, posted as reversals and new charges, told once; again there is nothing to do", async () => {
    const place = await closedTown();
    assert.equal(await owed(place), -3120n);
    await record(place, "2026-11-12");
    const shown = await preview(place);
    assert.deepEqual(
      shown.differences.map(({ childId, date, before: was, after: is }) => [
        childId === place.giulia,
        date.toString(),
        was,
        is,
      ]),
      [
        [true, "2026-11-12", 520n, 350n],
        [true, "2026-11-16", 520n, 350n],
      ],
    );
    assert.equal(await owed(place), -3120n, "nothing is written by looking");
    assert.deepEqual((await preview(place, [place.tommaso])).differences, []);
    assert.deepEqual(await reprice(place), {
      outcome: "repriced",
      meals: 2,
      differenceCents: -340n,
    });
    assert.equal(await owed(place), -2780n);
    assert.deepEqual(await standing(place), [
      "2026-11-10 Giulia 520",
      "2026-11-10 Tommaso 520",
      "2026-11-12 Giulia 350",
      "2026-11-12 Tommaso 520",
      "2026-11-16 Giulia 350",
      "2026-11-16 Tommaso 520",
    ]);
    const charge = (await chargesOn(place, "2026-11-12")).find(
      ({ childId, kind, reversed }) => childId === place.giulia && kind === "meal" && !reversed,
    )!;
    const why = await place.town.read((tx) => decisionById(tx, charge.decisionId!));
    assert.match(JSON.stringify(why?.explanation), /800000/, "it says by which ISEE");
    const messages = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 5 }),
    );
    assert.equal(messages.length, 1);
    assert.match(
      messages[0]!.body,
      /Per Giulia sono stati ricalcolati 2 addebiti.*erano 10,40\s€, ora sono 7,00\s€\. 3,40\s€ in meno\. Motivo: ISEE presentato in ritardo\. La differenza va nel prossimo avviso\./,
    );
    assert.deepEqual(await reprice(place), { outcome: "nothing-to-do" });
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("BO-02 an issued bill stays as it is; the difference goes to the next one", async () => {
    const place = await smallTown(base.db, { tariff: BRACKETS });
    for (let date = day("2026-10-05"); date.month === 10; date = date.add({ days: 1 }))
      await close(place, date.toString());
    const drawn = await place.town.write((tx) =>
      drawMonth(tx, {
        serviceId: place.serviceId,
        month: day("2026-10-01"),
        today: day("2026-11-02"),
        now: at("2026-11-02", "09:00"),
        by: "ufficio",
      }),
    );
    assert.equal(drawn.outcome, "drawn");
    const bills = () => place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
    const issued = await bills();
    await record(place, "2026-10-20");
    const of = { ...span(place), from: day("2026-10-01"), to: day("2026-10-31") };
    const shown = await place.town.read((tx) => previewReprice(tx, of));
    const done = await place.town.write((tx) =>
      repriceMeals(tx, {
        ...of,
        actor: staff(place, "office-manager"),
        shown: repricingMark(shown),
        reason: "ISEE",
        now: NOW,
      }),
    );
    assert.ok(done.outcome === "repriced" && done.differenceCents < 0n);
    assert.deepEqual(await bills(), issued);
    await close(place, DAYS[0]);
    const next = await place.town.read((tx) => unbilledOf(tx, place.holderId));
    assert.deepEqual(
      next.map(({ childId, cents }) => [childId === place.tommaso, cents]),
      [[true, 520n]],
      "Giulia's November begins with what October had too much",
    );
  });

  it("BI-05 a meal without a price gets one, and leaves the worklist", async () => {
    const place = await closedTown({ tariff: { ...BRACKETS, missingIsee: "unpriced" } });
    assert.equal((await place.town.read((tx) => openUnpriced(tx, 50))).length, 6);
    await record(place, "2026-11-01");
    const shown = await preview(place);
    assert.deepEqual([shown.newlyPriced, shown.unpriced.length, shown.afterCents], [3, 3, 1050n]);
    assert.equal((await reprice(place)).outcome, "repriced");
    assert.equal(await owed(place), -1050n);
    assert.deepEqual(
      (await place.town.read((tx) => openUnpriced(tx, 50))).map(({ childId }) => childId),
      [place.tommaso, place.tommaso, place.tommaso],
    );
  });

  it("X-12 each payer is charged, and told, the own part", async () => {
    const place = await closedTown();
    const holderId = await place.town.write(async (tx) => {
      const holder = { id: newId(), kind: "adult", surname: "Neri", givenName: "Luca" } as const;
      const made = await createFamily(tx, { holder, children: [], from: day("2026-09-01") }, NOW);
      const share = {
        childId: place.giulia,
        serviceId: place.serviceId,
        basisPoints: 5000,
        from: day("2026-11-01"),
        to: null,
      };
      await putPayerShares(tx, [
        { ...share, id: newId(), holderId: place.holderId },
        { ...share, id: newId(), holderId: made.holderId },
      ]);
      return made.holderId;
    });
    const shown = await preview(place);
    assert.deepEqual(
      [shown.differences.length, shown.beforeCents, shown.afterCents],
      [6, 1560n, 1560n],
    );
    assert.equal((await reprice(place)).outcome, "repriced");
    const told = await place.town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 5 }));
    assert.match(told[0]!.body, /erano 0,00\s€, ora sono 7,80\s€/);
  });
});

describe("a tariff that counts from a day that was charged", () => {
  it("BI-05 X-09 the same; days before it, open days and a prepaid account's credit are right", async () => {
    const place = await closedTown({
      settings: { payment: { model: "prepaid", accountScope: "child", directDebit: false } },
    });
    const put = await place.town.write((tx) =>
      putTariffVersion(tx, {
        id: newId(),
        serviceId: place.serviceId,
        validFrom: day("2026-11-12"),
        definition: { kind: "fixed", priceCents: 500 },
        act: "Delibera 12 del 20 novembre 2026",
        assumedReason: null,
        recordedAt: NOW,
        recordedBy: "ufficio",
      }),
    );
    assert.equal(put.outcome, "recorded");
    const shown = await preview(place);
    assert.deepEqual(
      [shown.differences.length, shown.beforeCents, shown.afterCents],
      [4, 2080n, 2000n],
    );
    await reprice(place);
    assert.equal(await owed(place), -3040n);
    const [told] = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 1 }),
    );
    assert.match(told!.body, /Per Giulia e Tommaso sono stati ricalcolati 4 addebiti/);
    assert.match(told!.body, /Il credito è già aggiornato\./);
  });

  it("what was not shown is not posted; without a manager and a reason nothing is", async () => {
    const place = await closedTown();
    await record(place, "2026-11-12");
    const { outcome } = await reprice(place, { shown: "1:0:1:1" });
    assert.equal(outcome, "changed");
    assert.deepEqual(await reprice(place, { reason: " " }), { outcome: "reason-missing" });
    assert.deepEqual(await reprice(place, { role: "office" }), { outcome: "forbidden" });
    assert.equal(await owed(place), -3120n);
    const both = await Promise.all([reprice(place), reprice(place)]);
    assert.equal(both.filter((one) => one.outcome === "repriced").length, 1, "two at once: once");
    assert.equal(await owed(place), -2780n);
  });

  it("BI-10 a presence that is corrected at this very moment is waited for: that was not shown", async () => {
    const place = await closedTown();
    await record(place, "2026-11-12");
    const shown = repricingMark(await preview(place));
    const of = { serviceId: place.serviceId, date: day(DAYS[2]), now: NOW };
    const outcome = await whileOpen(
      place.town,
      async (tx) => {
        const corrected = await correctAttendance(tx, {
          ...of,
          actor: staff(place, "office-manager"),
          classId: place.classId,
          childId: place.giulia,
          status: "absent",
          reason: "assente",
          receivedAt: NOW,
          onClosedDay: true,
        });
        assert.ok(corrected.outcome === "corrected");
        const { after: row } = corrected;
        await rechargeMeal(tx, { ...of, siteId: row.siteId, corrected: row, reason: "assente" });
      },
      async () => (await reprice(place, { shown })).outcome,
    );
    assert.equal(outcome, "changed");
    assert.equal(await owed(place), -2600n);
    assert.equal((await reprice(place)).outcome, "repriced");
    assert.equal(await owed(place), -2430n);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });
});

describe("BI-05 X-09 many days, a week at a time", () => {
  const order = async (place: SmallTown, now = NOW) => ({
    ...span(place),
    actor: staff(place, "office-manager"),
    shown: repricingMark(await preview(place)),
    reason: "ISEE presentato in ritardo",
    now,
  });
  const told = async (place: SmallTown) =>
    (await place.town.read((tx) => messagesOf(tx, { holderIds: [place.holderId], limit: 5 }))).map(
      ({ body }) => body,
    );

  it("posts what was shown, all of it, and tells each family once of the whole", async () => {
    const place = await closedTown();
    await record(place, "2026-11-01");
    assert.deepEqual(await repriceInParts(place.town, { ...(await order(place)), shown: "x" }), {
      outcome: "changed",
    });
    assert.deepEqual(await repriceInParts(place.town, await order(place)), {
      outcome: "repriced",
      meals: 3,
      differenceCents: -510n,
    });
    const [body, ...more] = await told(place);
    assert.deepEqual(more, []);
    assert.match(
      body!,
      /3 addebiti, da martedì 10 novembre a lunedì 16 novembre.*erano 15,60\s€, ora sono 10,50\s€/,
    );
    assert.equal((await repriceInParts(place.town, await order(place))).outcome, "nothing-to-do");
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  it("is whole where it is cut: what was posted was told, the next press posts the rest", async () => {
    const place = await closedTown();
    await record(place, "2026-11-01");
    let writes = 0;
    const dying: TenantDb = {
      ...place.town,
      write: (work) => {
        writes += 1;
        return writes === 2 ? Promise.reject(new Error("cut")) : place.town.write(work);
      },
    };
    await assert.rejects(repriceInParts(dying, await order(place)), /cut/);
    assert.equal((await preview(place)).differences.length, 1);
    assert.match((await told(place))[0]!, /2 addebiti.*erano 10,40\s€, ora sono 7,00\s€/);
    const later = NOW.add({ minutes: 5 });
    const rest = await repriceInParts(place.town, await order(place, later));
    assert.deepEqual(rest, { outcome: "repriced", meals: 1, differenceCents: -170n });
    assert.equal((await told(place)).length, 2);
    assert.equal(await owed(place), -2610n);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });
});
