// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { type Day, day, moment } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  type AccountRef,
  accountKey,
  balances,
  balanceOf,
  checkLedger,
  type FamilyAccount,
  postMany,
  reverse,
  statement,
  type Transfer,
} from "#ledger";
import { testDatabase, type TestDatabase, testTown } from "../support/db.ts";

const NOW = moment("2026-11-20T12:00:00Z");
const [FROM, TO] = [day("2026-11-01"), day("2026-11-30")];
const holders = [newId(), newId(), newId()];
const [child, service] = [newId(), newId()];
const families = holders.flatMap((holderId): FamilyAccount[] => [
  { kind: "family", holderId },
  { kind: "family", holderId, childId: child },
  { kind: "family", holderId, childId: child, serviceId: service },
]);
const accounts: AccountRef[] = [
  ...families,
  { kind: "revenue", serviceId: service },
  { kind: "bank" },
  { kind: "suspense" },
];

/** Key n always means the same money, so that repeats are repeats. */
function transferOf(n: number): Transfer {
  const debit = accounts[(n * 7) % accounts.length];
  const credit = accounts[(n * 7 + 1 + (n % (accounts.length - 1))) % accounts.length];
  assert.ok(debit && credit);
  const happenedOn: Day = FROM.add({ days: (n * 13) % 30 });
  return {
    key: `t${n}`,
    debit,
    credit,
    amountCents: BigInt(1 + ((n * 97) % 500)),
    kind: "test",
    happenedOn,
  };
}

const keys = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 });
const command = fc.oneof(
  fc.record({ verb: fc.constant("post" as const), keys }),
  fc.record({ verb: fc.constant("reverse" as const), keys }),
);
type Command = { verb: "post" | "reverse"; keys: number[] };

const perform = (town: TenantDb, { verb, keys }: Command, position: number): Promise<unknown> =>
  town.write<unknown>((tx) =>
    verb === "post"
      ? postMany(tx, keys.map(transferOf), NOW)
      : reverse(tx, {
          keys: keys.map((n) => `t${n}`),
          keyPrefix: `undo-${position}`,
          happenedOn: TO,
          recordedAt: NOW,
          reason: "prova",
        }),
  );

/** What the ledger must hold after these commands, one after the other. */
function expected(commands: readonly Command[]): Map<string, bigint> {
  const [posted, reversed] = [new Set<number>(), new Set<number>()];
  for (const { verb, keys } of commands) {
    for (const n of keys) {
      if (verb === "post") posted.add(n);
      else if (posted.has(n)) reversed.add(n);
    }
  }
  const totals = new Map<string, bigint>();
  for (const n of posted) {
    if (reversed.has(n)) continue;
    const { debit, credit, amountCents } = transferOf(n);
    totals.set(accountKey(debit), (totals.get(accountKey(debit)) ?? 0n) - amountCents);
    totals.set(accountKey(credit), (totals.get(accountKey(credit)) ?? 0n) + amountCents);
  }
  return totals;
}

async function assertSound(town: TenantDb): Promise<void> {
  await town.read(async (tx) => {
    assert.deepEqual(await checkLedger(tx), []);
    let total = 0n;
    for (const account of accounts) total += await balanceOf(tx, account);
    assert.equal(total, 0n);
    for (const holderId of holders) {
      const { rows, openingCents, closingCents } = await statement(tx, {
        holderId,
        from: FROM,
        to: TO,
        limit: 500,
      });
      const summed = rows.reduce((sum, { amountCents }) => sum + amountCents, 0n);
      const held = (await balances(tx, { holderId })).reduce(
        (sum, { balanceCents }) => sum + balanceCents,
        0n,
      );
      assert.equal(openingCents, 0n);
      assert.equal(summed, held, "the balance is the sum of the statement's rows");
      assert.equal(closingCents, held);
      assert.equal(rows.at(-1)?.balanceCents ?? 0n, held);
    }
  });
}

describe("the ledger, for any sequence of posts, repeats and reversals", () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.close());

  it("keeps its invariants, and its balances are those of a plain model", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 8 }), async (commands) => {
        const { town } = await testTown(database.db);
        for (const [position, one] of commands.entries()) await perform(town, one, position);
        const totals = expected(commands);
        await town.read(async (tx) => {
          for (const account of accounts) {
            assert.equal(await balanceOf(tx, account), totals.get(accountKey(account)) ?? 0n);
          }
        });
        await assertSound(town);
      }),
      { numRuns: 25 },
    );
  });

  it("keeps them when the commands run at the same time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 2, maxLength: 8 }), async (commands) => {
        const { town } = await testTown(database.db);
        await Promise.all(commands.map((one, position) => perform(town, one, position)));
        await assertSound(town);
        const { n } = await town.read((tx) =>
          tx.one<{ n: bigint }>(sql`select count(*) as n from ledger_transfer
            where tenant_id = ${tx.tenantId} and reverses_id is null`),
        );
        const asked = commands.flatMap(({ verb, keys }) => (verb === "post" ? keys : []));
        assert.equal(Number(n), new Set(asked).size);
      }),
      { numRuns: 15 },
    );
  });
});
