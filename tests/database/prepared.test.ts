// SPDX-License-Identifier: EUPL-1.2
/** A statement that comes again is prepared: it must answer as it did the first time, and refuse as it did. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, type TestDatabase, testTown } from "../support/db.ts";

/** More than either engine waits before it prepares, or settles on a plan. */
const TIMES = 14;
let base: TestDatabase;
let town: TenantDb;
before(async () => {
  base = await testDatabase();
  town = (await testTown(base.db)).town;
});
after(() => base.close());

const times = <Result>(work: (time: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: TIMES }, (_, time) => work(time)));
const insertYear = (year: number) =>
  town.write((tx) =>
    tx.run(sql`insert into school_year (tenant_id, year, starts_on, ends_on)
      values (${tx.tenantId}, ${year}, ${day(`${year}-09-14`)}, ${day(`${year + 1}-06-10`)})`),
  );

describe("a statement that comes again", () => {
  it("gives every type as the first time, also several at once in one transaction", async () => {
    const [id, at] = [newId(), moment("2026-11-20T08:00:00.123Z")];
    const rows = await town.read((tx) =>
      times((time) =>
        tx.one(sql`select ${time}::bigint as big, ${day("2026-11-20")}::date as day, ${at}::timestamptz as at,
          ${id}::uuid as id, ${["a", 'b "c"']}::text[] as texts, ${null}::text as nothing, ${true}::boolean as yes,
          ${JSON.stringify({ time })}::jsonb as json where ${tx.tenantId}::uuid is not null`),
      ),
    );
    for (const [time, row] of rows.entries())
      assert.deepEqual(row, {
        ...{ big: BigInt(time), day: day("2026-11-20"), at, id, texts: ["a", 'b "c"'] },
        ...{ nothing: null, yes: true, json: { time } },
      });
  });

  it("counts the rows it touched, sees what was written since, and is another town's in another town", async () => {
    const years = (of: TenantDb) =>
      of.read((tx) =>
        tx.rows<{ year: number }>(
          sql`select year from school_year where tenant_id = ${tx.tenantId} order by year`,
        ),
      );
    const { town: other } = await testTown(base.db);
    for (let year = 2001; year <= 2000 + TIMES; year += 1) {
      assert.equal(await insertYear(year), 1);
      assert.equal((await years(town)).at(-1)?.year, year);
      assert.deepEqual(await years(other), []);
    }
  });

  it("is refused each time as the first time, and the next one is answered", async () => {
    await insertYear(1999);
    for (let time = 0; time < TIMES; time += 1) {
      await assert.rejects(insertYear(1999), { code: "23505" });
      await assert.rejects(
        town.read((tx) =>
          tx.rows(sql`select nothing from school_year where tenant_id = ${tx.tenantId}`),
        ),
        { code: "42703" },
      );
      assert.equal(await insertYear(1900 + time), 1);
    }
  });
});
