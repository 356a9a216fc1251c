// SPDX-License-Identifier: EUPL-1.2
/** Fixed fees: posted once, for every school year, by whoever pays, whenever the office gets round to it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Charge, chargesOf, feePeriodsDue, openUnpriced, postFees } from "#billing";
import { putClasses, putSchoolYear } from "#calendar";
import { putEnrolments, putMemberships, putPayerShares } from "#enrolment";
import { changeHolder, createFamily } from "#families";
import { day, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balances, checkLedger } from "#ledger";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const at = (date: string, time: string) => momentAt(day(date), time);
const YEAR = { per: "year", payer: "child", base: { kind: "fixed", priceCents: 18_000 } };
const TERMS = {
  per: "term",
  payer: "child",
  base: { kind: "fixed", priceCents: 9000 },
  terms: [
    { name: "I quadrimestre", firstDay: "09-01", lastDay: "01-31", due: "10-15" },
    { name: "II quadrimestre", firstDay: "02-01", lastDay: "06-30", due: "02-15" },
  ],
};
const MONTHS = { per: "month", payer: "child", base: { kind: "fixed", priceCents: 4500 } };

const feeTown = (definition: object): Promise<SmallTown> =>
  smallTown(base.db, {
    tariff: { kind: "fixed-fee", ...definition },
    settings: {
      payment: { model: "fixed-fee", accountScope: "child-service", directDebit: false },
    },
  });

async function post(place: SmallTown, today: string): Promise<{ fees: number; unpriced: number }> {
  const of = { serviceId: place.serviceId, today: day(today) };
  const periods = await place.town.read((tx) => feePeriodsDue(tx, of));
  const total = { fees: 0, unpriced: 0 };
  for (const period of periods) {
    const now = at(today, "09:00");
    const posted = await place.town.write((tx) => postFees(tx, { ...of, period, now }));
    total.fees += posted.fees;
    total.unpriced += posted.unpriced;
  }
  return total;
}

const standing = async (place: SmallTown, holderId: string): Promise<Charge[]> =>
  (
    await place.town.read((tx) =>
      chargesOf(tx, { holderId, from: day("2026-08-01"), to: day("2028-07-31") }),
    )
  ).filter(({ kind, reversed }) => kind === "fixed-fee" && !reversed);

const owed = async (place: SmallTown, holderId: string) =>
  (await place.town.read((tx) => balances(tx, { holderId }))).reduce(
    (sum, { balanceCents }) => sum + balanceCents,
    0n,
  );

/** A family with some children of its own, in class and service from a day on. */
async function family(
  place: SmallTown,
  of: { from: string; children: number; held?: string },
): Promise<{ holderId: string; childIds: string[] }> {
  const childIds = Array.from({ length: of.children }, newId);
  return place.town.write(async (tx) => {
    const from = day(of.from);
    const recordedAt = at(of.from, "09:00");
    const { holderId } = await createFamily(
      tx,
      {
        holder: { id: newId(), kind: "adult", surname: "Nuovi", givenName: "Ada" },
        children: childIds.map((id) => ({
          id,
          kind: "child" as const,
          surname: "Nuovi",
          givenName: "Leo",
        })),
        from: day(of.held ?? of.from),
      },
      recordedAt,
    );
    const { classId, serviceId } = place;
    const dates = { from, to: null };
    await putMemberships(
      tx,
      childIds.map((childId) => ({ id: newId(), childId, classId, ...dates })),
    );
    const enrolment = { serviceId, year: 2026, ...dates, weekdays: null };
    await putEnrolments(
      tx,
      childIds.map((childId) => ({ id: newId(), childId, ...enrolment })),
      recordedAt,
    );
    return { holderId, childIds };
  });
}

describe("OS-01 fixed fees", () => {
  it("a term's fee is posted in the second school year too", async () => {
    const place = await feeTown(TERMS);
    assert.deepEqual(await post(place, "2026-11-20"), { fees: 2, unpriced: 0 });
    await place.town.write(async (tx) => {
      const classId = newId();
      const from = day("2027-09-13");
      await putSchoolYear(tx, { year: 2027, startsOn: from, endsOn: day("2028-06-08") });
      await putClasses(tx, [
        { id: classId, siteId: place.siteId, year: 2027, grade: 4, section: "A" },
      ]);
      await tx.run(sql`update class_membership set to_date = date '2027-06-30'
        where tenant_id = ${tx.tenantId}`);
      await tx.run(
        sql`update enrolment set to_date = date '2027-06-30' where tenant_id = ${tx.tenantId}`,
      );
      const children = [place.giulia, place.tommaso];
      const { serviceId } = place;
      await putMemberships(
        tx,
        children.map((childId) => ({ id: newId(), childId, classId, from, to: null })),
      );
      await putEnrolments(
        tx,
        children.map((childId) => ({
          id: newId(),
          childId,
          serviceId,
          year: 2027,
          from,
          to: null,
          weekdays: null,
        })),
        at("2027-09-01", "09:00"),
      );
    });
    assert.deepEqual(await post(place, "2027-11-20"), { fees: 2, unpriced: 0 });
    assert.deepEqual(await post(place, "2027-11-21"), { fees: 0, unpriced: 0 });
    assert.equal(await owed(place, place.holderId), -36_000n);
  });

  it("what was not posted before the year's last day can still be posted, until the next year begins", async () => {
    const place = await feeTown(MONTHS);
    assert.deepEqual(await post(place, "2027-06-20"), { fees: 20, unpriced: 0 });
    assert.deepEqual(await post(place, "2027-08-20"), { fees: 0, unpriced: 0 });
  });

  it("a family that arrives during the period pays: its first day counts", async () => {
    const place = await feeTown(YEAR);
    const late = await family(place, { from: "2026-11-09", children: 1 });
    assert.deepEqual(await post(place, "2026-11-20"), { fees: 3, unpriced: 0 });
    assert.equal(await owed(place, late.holderId), -18_000n);
  });

  it("two children of a family that arrives during the period pay one household fee", async () => {
    const place = await feeTown({ ...YEAR, payer: "household" });
    const late = await family(place, { from: "2026-11-09", children: 2 });
    assert.deepEqual(await post(place, "2026-11-20"), { fees: 2, unpriced: 0 });
    assert.deepEqual(await post(place, "2026-11-21"), { fees: 0, unpriced: 0 });
    assert.equal(await owed(place, late.holderId), -18_000n);
  });

  it("a fee that nobody can be asked for is on the worklist until somebody can", async () => {
    const place = await feeTown(YEAR);
    // The holder begins after the children: somebody has to say who paid for the days before.
    const late = await family(place, { from: "2026-11-09", children: 1, held: "2026-11-16" });
    assert.deepEqual(await post(place, "2026-11-20"), { fees: 2, unpriced: 1 });
    const worklist = () => place.town.read((tx) => openUnpriced(tx, 10));
    assert.deepEqual(
      (await worklist()).map(({ kind, childId, reason }) => [kind, childId, reason]),
      [["fixed-fee", late.childIds[0], "no-holder"]],
    );
    await place.town.write((tx) =>
      tx.run(sql`update child_holder set from_date = date '2026-11-09'
        where tenant_id = ${tx.tenantId} and holder_id = ${late.holderId}`),
    );
    assert.deepEqual(await post(place, "2026-11-21"), { fees: 1, unpriced: 0 });
    assert.deepEqual(await worklist(), []);
  });

  it("X-12 shares entered backwards: the fee is taken back and posted anew, never both", async () => {
    const place = await feeTown({ ...YEAR, instalments: [{ due: "09-30" }, { due: "03-31" }] });
    await post(place, "2026-11-20");
    const other = await family(place, { from: "2026-09-01", children: 0 });
    const share = { childId: place.giulia, serviceId: null, from: day("2026-09-01"), to: null };
    await place.town.write((tx) =>
      putPayerShares(tx, [
        { ...share, id: newId(), holderId: place.holderId, basisPoints: 5000 },
        { ...share, id: newId(), holderId: other.holderId, basisPoints: 5000 },
      ]),
    );
    assert.deepEqual(await post(place, "2026-11-21"), { fees: 4, unpriced: 0 });
    assert.deepEqual(await post(place, "2026-11-22"), { fees: 0, unpriced: 0 });
    assert.equal(await owed(place, place.holderId), -27_000n);
    assert.equal(await owed(place, other.holderId), -9000n);
    await place.town.write((tx) =>
      tx.run(sql`delete from payer_share where tenant_id = ${tx.tenantId}`),
    );
    await post(place, "2026-11-23");
    assert.equal(await owed(place, place.holderId), -36_000n);
    assert.equal(await owed(place, other.holderId), 0n);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });

  for (const payer of ["child", "household"]) {
    it(`a holder changed backwards: the fee per ${payer} moves to the new one`, async () => {
      const place = await feeTown({ ...YEAR, payer });
      await post(place, "2026-11-20");
      const before = await owed(place, place.holderId);
      const other = await family(place, { from: "2026-09-01", children: 0 });
      await place.town.write(async (tx) => {
        for (const childId of [place.giulia, place.tommaso]) {
          const changed = await changeHolder(tx, {
            actor: { ...place.sara, role: "office", personId: null },
            childId,
            holderId: other.holderId,
            from: day("2026-09-01"),
            at: at("2026-11-21", "09:00"),
            reason: "intestatario sbagliato",
          });
          assert.equal(changed.outcome, "changed");
        }
      });
      await post(place, "2026-11-21");
      await post(place, "2026-11-22");
      assert.equal(await owed(place, place.holderId), 0n);
      assert.equal(await owed(place, other.holderId), before);
      assert.deepEqual(await standing(place, place.holderId), []);
    });
  }
});
