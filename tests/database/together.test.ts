// SPDX-License-Identifier: EUPL-1.2
/** Statements that leave together: in order, all or nothing, and named once they come again and again. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "#kernel/db/index.ts";
import { type TestDatabase, testDatabase, testEngine, testTown } from "../support/db.ts";

const postgresMissing = testEngine() === "postgres" ? false : "skipped: no PostgreSQL server";

describe("statements of one transaction sent together", () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.close());

  const insert = (tenantId: string, key: string) => sql`
    insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at, recorded_by)
    values (${tenantId}, '', ${key}, date '2026-08-01', '1', 'profile', timestamptz '2026-08-01', 'test')`;
  const keys = (tenantId: string) => sql<{ key: string }>`
    select key from tenant_setting where tenant_id = ${tenantId} order by key`;

  it("run in the order in which they were issued", async () => {
    const { town, tenantId } = await testTown(database.db);
    const [, rows, , all] = await town.write((tx) =>
      Promise.all([
        tx.run(insert(tenantId, "a")),
        tx.rows(keys(tenantId)),
        tx.run(insert(tenantId, "b")),
        tx.rows(keys(tenantId)),
      ]),
    );
    assert.deepEqual(rows, [{ key: "a" }]);
    assert.deepEqual(all, [{ key: "a" }, { key: "b" }]);
  });

  it("one that fails undoes all of them, those behind it too, and the connection goes on", async () => {
    const { town, tenantId } = await testTown(database.db);
    await assert.rejects(
      town.write((tx) =>
        Promise.all([
          tx.run(insert(tenantId, "a")),
          tx.run(insert(tenantId, "a")),
          tx.run(insert(tenantId, "b")),
        ]),
      ),
      { code: "23505" },
    );
    assert.deepEqual(await town.read((tx) => tx.rows(keys(tenantId))), []);
  });

  it("a statement used again and again is prepared, and row security still holds for each town", async () => {
    const towns = [await testTown(database.db), await testTown(database.db)];
    for (const { town, tenantId } of towns)
      await town.write((tx) => tx.run(insert(tenantId, tenantId)));
    for (let use = 0; use < 20; use += 1) {
      for (const [index, { town }] of towns.entries()) {
        const other = towns[1 - index]!.tenantId;
        const own = await town.read((tx) => tx.rows(keys(tx.tenantId)));
        assert.deepEqual(own, [{ key: town.tenantId }]);
        assert.deepEqual(await town.read((tx) => tx.rows(keys(other))), []);
      }
    }
  });

  it("bulk statements keep a plan of their own", { skip: postgresMissing }, async () => {
    const { town } = await testTown(database.db);
    await town.read(async (tx) => {
      const ask = (ids: string[]) =>
        tx.rows(sql`select 'bulk' as bulk from unnest(${ids}::text[]) as id where id = ''`);
      for (let use = 0; use < 10; use += 1) await ask(Array.from({ length: 100 }, String));
      const prepared = sql<{ statement: string }>`select statement from pg_prepared_statements
        where statement like '%as bulk%'`;
      assert.deepEqual(await tx.rows(prepared), []);
      for (let use = 0; use < 10; use += 1) await ask(["1"]);
      assert.equal((await tx.rows(prepared)).length, 1);
    });
  });
});
