// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { type Database, type ReadTx, sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  type AccountRef,
  balanceOf,
  balances,
  checkLedger,
  type FamilyAccount,
  hasPostings,
  LedgerKeyConflict,
  negativeBalances,
  post,
  postMany,
  postNew,
  registerCredit,
  reverse,
  statement,
  type Transfer,
} from "#ledger";
import { testDatabase, type TestDatabase, testTown } from "../support/db.ts";

const NOW = moment("2026-11-20T12:00:00Z");
const TODAY = day("2026-11-20");
const [holder, child, sister, canteen, bus] = [newId(), newId(), newId(), newId(), newId()];
const wallet: FamilyAccount = { kind: "family", holderId: holder };
const revenue: AccountRef = { kind: "revenue", serviceId: canteen };
const bank: AccountRef = { kind: "bank" };

let database: TestDatabase;
let db: Database;
let town: TenantDb;

before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());
beforeEach(async () => {
  ({ town } = await testTown(db));
});

const meal = (key: string, cents = 460n, changes: Partial<Transfer> = {}): Transfer => ({
  key,
  debit: wallet,
  credit: revenue,
  amountCents: cents,
  kind: "meal",
  happenedOn: TODAY,
  ...changes,
});
const topUp = (key: string, cents: bigint, credit: AccountRef = wallet): Transfer =>
  meal(key, cents, { debit: bank, credit, kind: "top-up" });

const postAll = (...transfers: Transfer[]): Promise<{ posted: number; alreadyThere: number }> =>
  town.write((tx) => postMany(tx, transfers, NOW));
const undo = (...keys: string[]) =>
  town.write((tx) =>
    reverse(tx, { keys, keyPrefix: "undo", happenedOn: TODAY, recordedAt: NOW, reason: "errore" }),
  );
const countTransfers = async (tx: ReadTx): Promise<number> =>
  Number(
    (
      await tx.one<{ n: bigint }>(sql`
    select count(*) as n from ledger_transfer where tenant_id = ${tx.tenantId}`)
    ).n,
  );

describe("posting", () => {
  it("OS-11 a meal lowers the wallet, a top-up raises it; accounts open by themselves", async () => {
    assert.deepEqual(await postAll(topUp("t1", 2000n), meal("m1"), meal("m2", 500n)), {
      posted: 3,
      alreadyThere: 0,
    });
    await town.read(async (tx) => {
      assert.equal(await balanceOf(tx, wallet), 1040n);
      assert.equal(await balanceOf(tx, revenue), 960n);
      assert.equal(await balanceOf(tx, bank), -2000n);
      assert.equal(await balanceOf(tx, { kind: "suspense" }), 0n);
      assert.deepEqual(await checkLedger(tx), []);
    });
  });

  it("the same key again changes nothing, also within one call and beside new ones", async () => {
    await postAll(meal("m1"));
    assert.deepEqual(await postAll(meal("m1"), meal("m2"), meal("m2")), {
      posted: 1,
      alreadyThere: 2,
    });
    assert.equal(
      await town.write((tx) => post(tx, meal("m2", 460n, { reference: { other: 1 } }), NOW)),
      "already-there",
    );
    await town.read(async (tx) => assert.equal(await countTransfers(tx), 2));
  });

  it("the same key with other money throws, and nothing of the call is posted", async () => {
    await postAll(meal("m1"));
    const others: Transfer[] = [
      meal("m1", 461n),
      meal("m1", 460n, { happenedOn: day("2026-11-19") }),
      meal("m1", 460n, { kind: "fee" }),
      meal("m1", 460n, { credit: { kind: "suspense" } }),
      meal("m1", 460n, { debit: { ...wallet, childId: child } }),
      meal("m1", 460n, { reversesId: newId() }),
    ];
    for (const other of others) {
      await assert.rejects(postAll(meal("new"), other), (error) => {
        assert.ok(error instanceof LedgerKeyConflict);
        assert.deepEqual(error.keys, ["m1"]);
        return true;
      });
    }
    await assert.rejects(postAll(meal("x"), meal("x", 1n)), LedgerKeyConflict);
    await town.read(async (tx) => assert.equal(await countTransfers(tx), 1));
  });

  it("new transfers are posted without looking; one that stands ends the call, with nothing posted", async () => {
    const postFresh = (...transfers: Transfer[]) => town.write((tx) => postNew(tx, transfers, NOW));
    await postFresh(meal("n1"), meal("n2", 500n));
    await assert.rejects(postFresh(meal("n3"), meal("n1")), /duplicate key/);
    await assert.rejects(postFresh(meal("n4"), meal("n4", 1n)), /duplicate key/);
    assert.equal(await town.read(countTransfers), 2);
    assert.deepEqual(await town.read(checkLedger), []);
  });

  it("refuses what is no transfer", async () => {
    await assert.rejects(postAll(meal("m", 0n)), RangeError);
    await assert.rejects(postAll(meal("m", -1n)), RangeError);
    await assert.rejects(postAll(meal("m", 1n, { credit: wallet })), RangeError);
    await assert.rejects(postAll(meal("")), RangeError);
    assert.deepEqual(await postAll(), { posted: 0, alreadyThere: 0 });
  });

  it("keys and references hold any text", async () => {
    const key = `strange "key", {with} \\ 'quotes' \u00e8 \n NULL`;
    const reference = { note: key, list: ["a,b", "{}"], nothing: null };
    await postAll(meal(key, 1n, { reference }), meal("NULL", 1n));
    const { rows } = await town.read((tx) =>
      statement(tx, { holderId: holder, from: TODAY, to: TODAY }),
    );
    const found = rows.find((row) => row.key === key);
    assert.deepEqual(found?.reference, reference);
  });

  it("towns do not see each other's ledger, not even by the same keys", async () => {
    await postAll(meal("m1"));
    const other = (await testTown(db)).town;
    assert.equal(await other.write((tx) => post(tx, meal("m1", 999n), NOW)), "posted");
    assert.equal(await other.read((tx) => balanceOf(tx, wallet)), -999n);
    assert.equal(await town.read((tx) => balanceOf(tx, wallet)), -460n);
  });

  it("the app can neither change nor delete a transfer", async () => {
    await postAll(meal("m1"));
    await assert.rejects(
      town.write((tx) =>
        tx.run(sql`update ledger_transfer set amount_cents = 1 where tenant_id = ${tx.tenantId}`),
      ),
      /permission denied/,
    );
    await assert.rejects(
      town.write((tx) => tx.run(sql`delete from ledger_transfer where tenant_id = ${tx.tenantId}`)),
      /permission denied/,
    );
  });
});

describe("reversing", () => {
  it("BI-10 posts the opposite once, with its reason; a reversal is not reversed", async () => {
    await postAll(meal("m1", 460n, { reference: { childId: child } }), meal("m2"));
    assert.deepEqual(await undo("m1", "m1", "nowhere"), {
      reversed: ["m1"],
      alreadyReversed: [],
      notReversible: [],
      unknown: ["nowhere"],
    });
    assert.deepEqual(await undo("m1", "m2", "undo:m1"), {
      reversed: ["m2"],
      alreadyReversed: ["m1"],
      notReversible: ["undo:m1"],
      unknown: [],
    });
    await town.read(async (tx) => {
      assert.equal(await balanceOf(tx, wallet), 0n);
      assert.deepEqual(await checkLedger(tx), []);
      const { rows } = await statement(tx, { holderId: holder, from: TODAY, to: TODAY });
      const reversal = rows.find(({ key }) => key === "undo:m1");
      const original = rows.find(({ key }) => key === "m1");
      assert.deepEqual(reversal?.reference, { childId: child, reason: "errore" });
      assert.equal(reversal?.amountCents, 460n);
      assert.equal(reversal?.reversesId, original?.transferId);
      assert.equal(original?.reversedById, reversal?.transferId);
    });
  });

  it("a reversal whose key was taken by something else is not lost in silence", async () => {
    await postAll(meal("m1"), meal("undo:m1", 5n));
    await assert.rejects(undo("m1"), LedgerKeyConflict);
    await town.read(async (tx) => assert.equal(await balanceOf(tx, wallet), -465n));
  });
});

describe("at the same time", () => {
  it("the same key by ten callers is one row; overlapping batches in any order do not lock up", async () => {
    const meals = Array.from({ length: 40 }, (_, index) =>
      meal(`k${index}`, 100n, { debit: { ...wallet, childId: newId() } }),
    );
    const calls = Array.from({ length: 10 }, (_, caller) =>
      postAll(...(caller % 2 ? meals.toReversed() : meals)),
    );
    const results = await Promise.all(calls);
    assert.equal(
      results.reduce((sum, { posted }) => sum + posted, 0),
      40,
    );
    await town.read(async (tx) => {
      assert.equal(await countTransfers(tx), 40);
      assert.equal(await balanceOf(tx, revenue), 4000n);
      assert.deepEqual(await checkLedger(tx), []);
    });
  });

  it("the same transfer reversed by ten callers is reversed once, also under other prefixes", async () => {
    await postAll(meal("m1"), meal("m2"));
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, caller) =>
        town.write((tx) =>
          reverse(tx, {
            keys: caller % 2 ? ["m1", "m2"] : ["m2", "m1"],
            keyPrefix: `by-${caller}`,
            happenedOn: TODAY,
            recordedAt: NOW,
            reason: "doppio",
          }),
        ),
      ),
    );
    assert.equal(results.flatMap(({ reversed }) => reversed).length, 2);
    assert.equal(results.flatMap(({ alreadyReversed }) => alreadyReversed).length, 18);
    assert.equal(await town.read((tx) => balanceOf(tx, wallet)), 0n);
  });
});

describe("balances and statement", () => {
  const perChild = (childId: string, serviceId: string): FamilyAccount => ({
    ...wallet,
    childId,
    serviceId,
  });

  it("PE-03 credit per child and service; the others of the town are not touched", async () => {
    await postAll(
      topUp("t1", 1000n, perChild(child, canteen)),
      topUp("t2", 500n, perChild(child, bus)),
      topUp("t3", 70n, perChild(sister, canteen)),
      meal("m1", 460n, { debit: perChild(child, canteen), happenedOn: day("2026-11-21") }),
      topUp("other", 9n, { kind: "family", holderId: newId() }),
    );
    await town.read(async (tx) => {
      const shown = async (of: Parameters<typeof balances>[1]): Promise<string[]> =>
        (await balances(tx, of))
          .map(
            (one) =>
              `${one.childId === child ? "child" : "sister"} ${one.serviceId === bus ? "bus" : "canteen"} ${one.balanceCents}`,
          )
          .toSorted();
      const today = ["child bus 500", "child canteen 540", "sister canteen 70"];
      assert.deepEqual(await shown({ holderId: holder }), today);
      assert.deepEqual(await shown({ holderId: holder, until: TODAY }), [
        "child bus 500",
        "child canteen 1000",
        "sister canteen 70",
      ]);
      assert.deepEqual(await shown({ accounts: [perChild(child, bus), perChild(sister, bus)] }), [
        "child bus 500",
      ]);
      assert.deepEqual(await balances(tx, { holderId: newId() }), []);
    });
  });

  it("the office's list of negative balances, lowest first", async () => {
    const [a, b] = [newId(), newId()].map((holderId): FamilyAccount => ({
      kind: "family",
      holderId,
    }));
    assert.ok(a && b);
    await postAll(
      meal("1", 100n, { debit: a }),
      meal("2", 300n, { debit: b }),
      topUp("3", 1n),
      meal("4", 1n),
    );
    const list = await town.read((tx) => negativeBalances(tx));
    assert.deepEqual(
      list.map(({ holderId, balanceCents }) => [holderId, balanceCents]),
      [
        [b.holderId, -300n],
        [a.holderId, -100n],
      ],
    );
  });

  it("OS-05 the statement pages in both directions with the running balance", async () => {
    const days = Array.from({ length: 12 }, (_, index) => day("2026-11-01").add({ days: index }));
    await postAll(
      topUp("start", 1000n),
      ...days.map((happenedOn, index) => meal(`m${index}`, 100n, { happenedOn })),
      meal("between siblings", 7n, {
        debit: { ...wallet, childId: child },
        credit: { ...wallet, childId: sister },
        happenedOn: day("2026-11-05"),
      }),
    );
    const range = { holderId: holder, from: day("2026-11-03"), to: TODAY, limit: 3 };
    const walk = async (newestFirst: boolean): Promise<string[]> => {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof statement>> = await town.read((tx) =>
          statement(tx, { ...range, newestFirst, after }),
        );
        assert.ok(page.rows.length <= 3);
        assert.deepEqual([page.openingCents, page.closingCents], [-200n, -200n]);
        seen.push(...page.rows.map((row) => `${row.key} ${row.amountCents} ${row.balanceCents}`));
        after = page.next;
      } while (after);
      return seen;
    };
    const rows = await walk(false);
    assert.equal(rows.length, 13);
    assert.deepEqual([rows[0], rows.at(-1)], ["m2 -100 -300", "start 1000 -200"]);
    assert.equal(rows.filter((row) => row.startsWith("between")).length, 2);
    assert.deepEqual((await walk(true)).toReversed(), rows);
    const own = await town.read((tx) =>
      statement(tx, { holderId: holder, childId: sister, from: days[0] ?? TODAY, to: TODAY }),
    );
    assert.deepEqual(
      own.rows.map(({ amountCents, balanceCents }) => [amountCents, balanceCents]),
      [[7n, 7n]],
    );
    const hostile = await town.read((tx) => statement(tx, { ...range, after: "'; drop table x" }));
    assert.equal(hostile.rows.length, 3, "what is no cursor starts at the beginning");
  });

  it("postings between two days are known", async () => {
    await postAll(meal("m1"));
    await town.read(async (tx) => {
      assert.equal(await hasPostings(tx, { from: TODAY, to: TODAY }), true);
      assert.equal(
        await hasPostings(tx, { from: day("2026-11-21"), to: day("2027-06-30") }),
        false,
      );
    });
  });
});

describe("checkLedger", () => {
  it("finds what the code would never write", async () => {
    await postAll(meal("m1"), meal("m2"));
    await undo("m1");
    const found = await town.write(async (tx) => {
      const from = (key: string) =>
        sql`from ledger_transfer t where t.tenant_id = ${tx.tenantId} and t.idempotency_key = ${key}`;
      const opposite = sql`t.credit_account_id, t.debit_account_id`;
      const insert = (
        key: string,
        money: ReturnType<typeof sql>,
        reverses: ReturnType<typeof sql>,
      ) =>
        tx.run(sql`insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id,
            amount_cents, kind, happened_on, recorded_at, idempotency_key, reverses_id)
          select t.tenant_id, ${newId()}, ${money}, 'reversal', t.happened_on, t.recorded_at,
            'bad ' || t.idempotency_key || ${newId()}, ${reverses} ${from(key)}`);
      await insert("m2", sql`${opposite}, t.amount_cents + 1`, sql`t.id`);
      await insert("undo:m1", sql`${opposite}, t.amount_cents`, sql`t.id`);
      await insert("m2", sql`${opposite}, t.amount_cents`, sql`${newId()}::uuid`);
      await tx.run(sql`insert into ledger_account (tenant_id, id, key, kind, opened_at)
        values (${tx.tenantId}, ${newId()}, 'banca', 'bank', ${NOW})`);
      return checkLedger(tx);
    });
    assert.deepEqual(found.map(({ rule }) => rule).toSorted(), [
      "account-key",
      "reversal-mismatch",
      "reversal-of-reversal",
      "reversal-unknown",
    ]);
  });
});

describe("a credit by hand", () => {
  const credit = (changes: Partial<Parameters<typeof registerCredit>[1]> = {}) =>
    town.write((tx) =>
      registerCredit(tx, {
        actor: { ...systemActor, role: "office", id: "rita", name: "Rita" },
        account: wallet,
        method: "vouchers",
        amountCents: 4600n,
        happenedOn: TODAY,
        reason: " 10 buoni consegnati ",
        key: "form-1",
        recordedAt: NOW,
        ...changes,
      }),
    );

  it("MC-05 paper vouchers are loaded once, with reason and audit", async () => {
    assert.deepEqual(await credit(), { outcome: "registered" });
    assert.deepEqual(await credit(), { outcome: "already-registered" });
    await assert.rejects(credit({ amountCents: 1n }), LedgerKeyConflict);
    await town.read(async (tx) => {
      assert.equal(await balanceOf(tx, wallet), 4600n);
      assert.equal(await balanceOf(tx, { kind: "vouchers" }), -4600n);
      const audit =
        await tx.rows<object>(sql`select action, actor_id, holder_id, reason from audit_entry
        where tenant_id = ${tx.tenantId}`);
      assert.deepEqual(audit, [
        {
          action: "ledger.register-credit",
          actor_id: "rita",
          holder_id: holder,
          reason: "10 buoni consegnati",
        },
      ]);
    });
  });

  it("BI-09 a payment on another portal waits in clearing; desk and transfer have their accounts", async () => {
    await credit({ method: "pagopa-other-portal", key: "a", amountCents: 1n });
    await credit({ method: "cash-desk", key: "b", amountCents: 2n });
    await credit({ method: "bank-transfer", key: "c", amountCents: 4n });
    await town.read(async (tx) => {
      assert.equal(await balanceOf(tx, { kind: "pagopa-clearing" }), -1n);
      assert.equal(await balanceOf(tx, { kind: "cash-desk" }), -2n);
      assert.equal(await balanceOf(tx, bank), -4n);
    });
  });

  it("MC-08 any amount; but no reason, no money, the future and a slipped comma are refused, and families may not", async () => {
    assert.deepEqual(await credit({ amountCents: 1n }), { outcome: "registered" });
    assert.deepEqual(await credit({ amountCents: 0n, reason: " " }), {
      outcome: "refused",
      faults: ["amount-not-positive", "reason-missing"],
    });
    assert.deepEqual(await credit({ amountCents: 1_000_001n, happenedOn: day("2026-11-21") }), {
      outcome: "refused",
      faults: ["amount-too-high", "in-the-future"],
    });
    const earliest = day("2026-09-01");
    assert.deepEqual(await credit({ happenedOn: day("2026-08-31"), earliest }), {
      outcome: "refused",
      faults: ["before-the-year"],
    });
    assert.deepEqual(await credit({ happenedOn: earliest, earliest, key: "first-day" }), {
      outcome: "registered",
    });
    assert.deepEqual(await credit({ actor: { ...systemActor, role: "guardian" } }), {
      outcome: "forbidden",
    });
    assert.deepEqual(await credit({ actor: { ...systemActor, role: "kitchen" } }), {
      outcome: "forbidden",
    });
  });
});
