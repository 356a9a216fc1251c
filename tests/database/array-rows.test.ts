// SPDX-License-Identifier: EUPL-1.2
/** Any value goes in and comes out again, on either engine. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { day, moment } from "#kernel/dates.ts";
import { arrayRows, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type TestDatabase, testDatabase, testTown } from "../support/db.ts";

describe("rows as one array per column", () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.close());

  const texts = async (rows: { text: string | null }[]) => {
    const { town } = await testTown(database.db);
    return town.read((tx) =>
      tx.rows<{ text: string | null }>(sql`
        select r.text from ${arrayRows(
          rows.map((row, index) => ({ ...row, n: BigInt(index) })),
          { text: "text", n: "bigint" },
        )} as r(text, n) order by r.n`),
    );
  };

  it("text is never taken for anything else", async () => {
    const rows = ["", "null", "NULL", " ", 'a"b', "a\\b", "{a,b}", "a,b", "'", "\n", "è", null].map(
      (text) => ({ text }),
    );
    assert.deepEqual(await texts(rows), rows);
  });

  it("any text at all (property)", async () => {
    const noZero = fc
      .string({ unit: "binary", maxLength: 20 })
      .map((text) => text.replaceAll("\0", ""));
    const columns = fc.array(fc.option(noZero), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(columns, async (column) => {
        const found = await texts(column.map((text) => ({ text })));
        assert.deepEqual(
          found.map(({ text }) => text),
          column,
        );
      }),
      { numRuns: 20 },
    );
  });

  it("every type comes back as it went", async () => {
    const { town } = await testTown(database.db);
    const row = {
      id: newId(),
      cents: -(2n ** 62n),
      on: day("2028-02-29"),
      at: moment("2026-11-24T07:41:07.123456Z"),
      yes: true,
      json: { text: 'a "quoted" \\ word', list: [1, null] },
    };
    const types = {
      id: "uuid",
      cents: "bigint",
      on: "date",
      at: "timestamptz",
      yes: "boolean",
      json: "jsonb",
    } as const;
    const [found, none] = await town.read((tx) =>
      tx.rows<typeof row>(sql`
        select r.* from ${arrayRows([row, {} as typeof row], types)} as r(id, cents, "on", at, yes, json)`),
    );
    assert.deepEqual(
      JSON.parse(JSON.stringify(found, bigAsText)),
      JSON.parse(JSON.stringify(row, bigAsText)),
    );
    assert.deepEqual(Object.values(none!), [null, null, null, null, null, null]);
    const alike = await town.read((tx) =>
      tx.rows<typeof row>(sql`
        select r.* from ${arrayRows([row, row, row], types)} as r(id, cents, "on", at, yes, json)`),
    );
    assert.deepEqual(alike, [found, found, found]);
  });
});

const bigAsText = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;
