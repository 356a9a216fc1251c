// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type ReadTx, sql, type TenantDb, type WriteTx } from "#kernel/db/index.ts";
import { type TestDatabase, testDatabase, testTown } from "../support/db.ts";

describe("a transaction", () => {
  let test: TestDatabase;
  let town: TenantDb;

  before(async () => {
    test = await testDatabase();
    ({ town } = await testTown(test.db));
  });
  after(() => test.close());

  const addYear = (tx: WriteTx, year: number): Promise<number> =>
    tx.run(sql`insert into school_year (tenant_id, year, starts_on, ends_on)
      values (${tx.tenantId}, ${year}, '2026-09-14', '2027-06-10')`);
  const years = (tx: ReadTx): Promise<{ year: number }[]> =>
    tx.rows(sql`select year from school_year where tenant_id = ${tx.tenantId} order by year`);

  it("does all or nothing", async () => {
    const failed = town.write(async (tx) => {
      await addYear(tx, 2001);
      throw new Error("on purpose");
    });
    await assert.rejects(failed, /on purpose/);
    assert.deepEqual(await town.read(years), []);
  });

  it("never says done when a swallowed error has undone it", async () => {
    const swallowed = town.write(async (tx) => {
      await addYear(tx, 2002);
      await addYear(tx, 2002).catch(() => {});
      return "done";
    });
    await assert.rejects(swallowed, /swallowed/);
    assert.deepEqual(await town.read(years), []);
  });

  it("cannot write when it said it would read", async () => {
    await assert.rejects(
      town.read((tx) => addYear(tx as WriteTx, 2003)),
      /read-only transaction/,
    );
  });

  it("takes no query after its end and no other transaction inside", async () => {
    let kept: ReadTx | undefined;
    await town.read(async (tx) => {
      kept = tx;
    });
    await assert.rejects(years(kept!), /after its transaction ended/);
    await assert.rejects(
      town.write(() => town.read(years)),
      /transaction inside a transaction/,
    );
  });

  it("is done again when the database gives it up for another's sake", async () => {
    let attempts = 0;
    await town.write(async (tx) => {
      attempts += 1;
      await addYear(tx, 2004);
      if (attempts === 1) {
        await tx.run(sql`do $$ begin raise exception 'given up' using errcode = '40P01'; end $$`);
      }
    });
    assert.equal(attempts, 2);
    assert.deepEqual(await town.read(years), [{ year: 2004 }]);
  });

  it("keeps bigint, days and microseconds exact both ways", async () => {
    const values = {
      cents: 9_007_199_254_740_993n,
      day: Temporal.PlainDate.from("2028-02-29"),
      at: Temporal.Instant.from("2026-10-25T00:59:59.123456Z"),
    };
    const back = await town.read((tx) =>
      tx.one(sql`select ${values.cents}::bigint as cents, ${values.day}::date as day,
        ${values.at}::timestamptz as at`),
    );
    assert.deepEqual(String(JSON.stringify(back, asText)), JSON.stringify(values, asText));
  });

  it("serves many at once, each alone with its tenant", async () => {
    const towns = await Promise.all(Array.from({ length: 12 }, () => testTown(test.db)));
    await Promise.all(
      towns.flatMap(({ town: one }, index) => [
        one.write((tx) => addYear(tx, 3000 + index)),
        one.read(async (tx) => {
          const seen = await tx.rows<{ tenant_id: string }>(
            sql`select distinct tenant_id from school_year`,
          );
          for (const row of seen) assert.equal(row.tenant_id, tx.tenantId);
        }),
      ]),
    );
    for (const [index, { town: one }] of towns.entries()) {
      assert.deepEqual(await one.read(years), [{ year: 3000 + index }]);
    }
  });
});

const asText = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;
