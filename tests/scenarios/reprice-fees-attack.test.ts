// SPDX-License-Identifier: EUPL-1.2
/** Fees priced again beside what else happens to their money: nobody is told to pay, or asked for, what is not owed. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { feesMark, repriceFees } from "#billing";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { checkLedger } from "#ledger";
import { messagesOf } from "#messaging";
import {
  checkPayments,
  decideWriteOff,
  inFours,
  type Notice,
  openCases,
  planInstalments,
  proposeWriteOff,
  resolveCase,
  writeOffs,
} from "#payments";
import { putTariffVersion } from "#tariffs";
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
  record,
  reprice,
} from "../support/fee-town.ts";
import type { SmallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const LATER = NOW.add({ hours: 1 });
const AGAIN = NOW.add({ hours: 2 });
/** A difference that no instalment falls to nothing by. */
const TARIFF = {
  base: {
    kind: "brackets",
    brackets: [
      { upToCents: 500_000, priceCents: 15_000 },
      { upToCents: 1_000_000, priceCents: 18_000 },
      { priceCents: 21_000 },
    ],
  },
};

const told = async (place: SmallTown): Promise<string[]> =>
  (await place.town.read((tx) => messagesOf(tx, { holderIds: [place.holderId], limit: 20 })))
    .filter(({ kind }) => kind === "charge-corrected")
    .map(({ body }) => body);
const asking = async (place: SmallTown) =>
  (await noticesNow(place, AGAIN)).filter(({ state }) => state === "issued");
const payAll = async (place: SmallTown, childId?: string): Promise<void> => {
  for (const notice of await ask(place, await feesOf(place, childId))) await pay(base.db, notice);
};

async function plan(
  place: SmallTown,
  source: Parameters<typeof planInstalments>[1]["source"],
  now = NOW,
): Promise<Notice[]> {
  const planned = await place.town.write((tx) =>
    planInstalments(tx, {
      actor: staff(place, "office-manager"),
      source,
      dueOn: [day("2026-12-31"), day("2027-01-31")],
      reason: "d'accordo con la famiglia",
      key: newId(),
      now,
    }),
  );
  assert.ok(planned.outcome === "planned", planned.outcome);
  return planned.notices;
}

const accountOf = (place: SmallTown) =>
  ({
    kind: "family",
    holderId: place.holderId,
    childId: place.giulia,
    serviceId: place.serviceId,
  }) as const;

async function credit(place: SmallTown) {
  const [found] = await place.town.read((tx) => openCases(tx));
  return place.town.write((tx) =>
    resolveCase(tx, {
      actor: staff(place, "office-manager"),
      caseId: found!.id,
      account: accountOf(place),
      reason: "della famiglia",
      now: AGAIN,
    }),
  );
}

async function assertSound(place: SmallTown): Promise<void> {
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  assert.deepEqual(await place.town.read((tx) => checkPayments(tx)), []);
  assert.equal(await post(place, AGAIN), 0);
}

describe("a supplement", () => {
  it("X-05 X-11 that credit covers: nobody is told to pay it, nothing asks for it", async () => {
    const place = await feeTown(base.db, { tariff: TARIFF });
    await payAll(place);
    await record(place, place.giulia, 800_000n);
    await reprice(place, { now: LATER });
    assert.equal(await balanceOf(place), 3000n);
    await record(place, place.giulia, 2_000_000n, LATER);
    const [shown] = (await preview(place, AGAIN)).fees;
    assert.deepEqual([shown!.supplement?.amountCents, shown!.supplement?.openCents], [3000n, 0n]);
    await reprice(place, { now: AGAIN });
    assert.equal(await balanceOf(place), 0n);
    assert.deepEqual(await asking(place), []);
    const [body] = (await told(place)).filter((text) => text.includes("era 180,00"));
    assert.match(body!, /già coperta dal credito: non c'è niente da pagare/);
    assert.doesNotMatch(body!, /Da pagare ancora/);
    await assertSound(place);
  });

  it("X-05 X-11 that credit covers in part, of two children: each sum with its own notice", async () => {
    const place = await feeTown(base.db, { tariff: TARIFF });
    // Giulia's fee was posted later than Tommaso's.
    await record(place, place.giulia, 800_000n);
    await reprice(place);
    await payAll(place);
    await payAll(place, place.tommaso);
    await record(place, place.tommaso, 400_000n, LATER);
    await reprice(place, { now: LATER });
    assert.equal(await balanceOf(place, place.tommaso), 6000n);
    await place.town.write((tx) =>
      putTariffVersion(tx, {
        id: newId(),
        serviceId: place.serviceId,
        validFrom: day("2026-09-02"),
        act: "DGC 9/2026",
        definition: { ...FEE, base: { kind: "fixed", priceCents: 25_000 } },
        assumedReason: null,
        recordedBy: "test",
        recordedAt: LATER,
      }),
    );
    await reprice(place, { now: AGAIN });
    const open = await asking(place);
    const sums = [open.length, ...open.map(({ amountCents }) => amountCents)].map(String);
    assert.deepEqual(sums.toSorted(), ["2", "4000", "7000"]);
    const [body] = (await told(place)).filter((text) => text.includes("ora è 250,00"));
    for (const { noticeNumber, amountCents } of open)
      assert.match(
        body!,
        new RegExp(
          `Da pagare ancora ${amountCents / 100n},00\\s€ entro [^.]+, con l'avviso ${inFours(noticeNumber)}\\.`,
        ),
      );
    await assertSound(place);
  });
});

describe("instalments that the office agreed, and one of them came short", () => {
  it("X-05 X-11 while the office looks at it the fee is not priced again", async () => {
    const place = await feeTown(base.db);
    const [whole] = await ask(place, (await feesOf(place)).slice(0, 1));
    const [first, second] = await plan(place, { kind: "notice", noticeId: whole!.id });
    await pay(base.db, first!);
    await pay(base.db, second!, NOW, 2000n);
    await record(place, place.giulia, 800_000n);
    assert.deepEqual(
      (await preview(place, LATER)).fees.map(({ whyNot }) => whyNot),
      ["plan"],
    );
    const done = await credit(place);
    assert.ok(done.outcome === "resolved" && done.rest?.amountCents === 1500n);
  });

  it("X-05 its rest is no more than what is owed and not asked for by a second plan", async () => {
    for (const { again, rest } of [
      { again: 10_500n, rest: undefined },
      { again: 3000n, rest: 1500n },
    ]) {
      const place = await feeTown(base.db);
      const [first, second] = await plan(place, debtOf(place, 21_000n));
      await pay(base.db, first!);
      await pay(base.db, second!, NOW, 6000n);
      // What lies in suspense is owed still: the office plans it once more before it decides.
      await plan(place, debtOf(place, again), LATER);
      const done = await credit(place);
      assert.ok(done.outcome === "resolved");
      assert.equal(done.rest?.amountCents, rest);
      assert.equal(await balanceOf(place), -4500n);
      await assertSound(place);
    }
  });
});

describe("a fee whose debt was written off", () => {
  it("X-11 MC-12 is no credit when it costs less: it stays, with the reason", async () => {
    const place = await feeTown(base.db);
    const [proposes, decides] = ["B. Verdi", "C. Rosa"].map((name) => ({
      ...staff(place, "office-manager"),
      id: newId(),
      name,
    }));
    await place.town.write(async (tx) => {
      const of = { account: accountOf(place), amountCents: 21_000n, reason: "irreperibile" };
      const put = await proposeWriteOff(tx, { ...of, actor: proposes!, key: newId(), now: NOW });
      assert.equal(put.outcome, "proposed");
      const [found] = await writeOffs(tx);
      const by = { actor: decides!, id: found!.id, reason: "", now: NOW };
      const done = await decideWriteOff(tx, { ...by, decision: "approved" });
      assert.equal(done.outcome, "approved");
    });
    await record(place, place.giulia, 800_000n);
    await record(place, place.tommaso, 800_000n);
    assert.deepEqual((await preview(place, LATER)).fees.map(({ whyNot }) => whyNot).toSorted(), [
      null,
      "written-off",
    ]);
    await reprice(place, { now: LATER });
    assert.equal(await balanceOf(place), 0n);
    assert.equal(await balanceOf(place, place.tommaso), -12_000n);
    await assertSound(place);
  });
});

describe("a payment that comes while its fee is priced again", () => {
  it("X-05 is not lost and not counted twice, whichever is first", async () => {
    const place = await feeTown(base.db, { tariff: TARIFF });
    const [asked] = await ask(place, (await feesOf(place)).slice(1, 2));
    await record(place, place.giulia, 800_000n);
    const shown = feesMark(await preview(place));
    await whileOpen(
      place.town,
      (tx) => repriceFees(tx, { ...orderOf(place, NOW), shown }),
      () => pay(base.db, asked!, LATER),
    );
    assert.equal(await balanceOf(place), -18_000n);
    assert.deepEqual(
      (await place.town.read((tx) => openCases(tx))).map(({ kind, amountCents }) => [
        kind,
        amountCents,
      ]),
      [["replaced", 7000n]],
    );
    await assertSound(place);
    // The other way round: what the office was shown is over.
    const [next] = await asking(place);
    await record(place, place.giulia, 400_000n, LATER);
    const before = feesMark(await preview(place, AGAIN));
    await pay(base.db, next!, AGAIN);
    assert.equal((await reprice(place, { now: AGAIN, shown: before })).outcome, "changed");
    assert.equal((await reprice(place, { now: AGAIN })).outcome, "repriced");
    assert.equal(await balanceOf(place), -9000n);
    await assertSound(place);
  });
});

describe("fees that cost a household what they cost its children", () => {
  it("X-11 are shown before they are posted: their notices are replaced, and the family is told", async () => {
    const place = await feeTown(base.db);
    const [old] = await ask(place, (await feesOf(place)).slice(1, 2));
    await place.town.write((tx) =>
      putTariffVersion(tx, {
        id: newId(),
        serviceId: place.serviceId,
        validFrom: day("2026-09-02"),
        act: "DGC 9/2026",
        definition: { ...FEE, payer: "household", base: { kind: "fixed", priceCents: 42_000 } },
        assumedReason: null,
        recordedBy: "test",
        recordedAt: NOW,
      }),
    );
    const shown = await preview(place, LATER);
    assert.deepEqual(
      shown.fees.map((fee) => [fee.before, fee.after, fee.childIds.length]),
      [[42_000n, 42_000n, 2]],
    );
    assert.equal((await reprice(place, { now: LATER })).outcome, "repriced");
    assert.equal(await balanceOf(place, null), -42_000n);
    assert.equal(await balanceOf(place), 0n);
    assert.ok((await told(place))[0]!.includes(inFours(old!.noticeNumber)));
    await assertSound(place);
  });
});

const debtOf = (place: SmallTown, amountCents: bigint) =>
  ({
    kind: "debt",
    account: accountOf(place),
    childId: place.giulia,
    serviceId: place.serviceId,
    subject: "Mensa",
    amountCents,
  }) as const;
