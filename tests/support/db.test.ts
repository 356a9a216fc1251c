// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "#kernel/db/index.ts";
import { testDatabase, testEngine, testTown } from "./db.ts";

describe("the database of a test", () => {
  it("is migrated, is empty, and belongs to one test", async (t) => {
    const first = await testDatabase();
    t.after(first.close);
    const second = await testDatabase();
    t.after(second.close);
    assert.equal(first.db.engine, testEngine());

    const { tenantId, town } = await testTown(first.db);
    await town.write((tx) =>
      tx.run(sql`insert into school_year (tenant_id, year, starts_on, ends_on)
        values (${tenantId}, 2026, '2026-09-14', '2027-06-10')`),
    );
    const years = (tx: { rows<Row>(statement: unknown): Promise<Row[]> }): Promise<unknown[]> =>
      tx.rows(sql`select year from school_year where tenant_id = ${tenantId}`);
    assert.deepEqual(await town.read(years), [{ year: 2026 }]);
    assert.deepEqual(await second.db.forTenant(tenantId).read(years), []);
  });
});
