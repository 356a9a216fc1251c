// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { auditOf, recordAudit } from "#kernel/audit.ts";
import { moment } from "#kernel/dates.ts";
import { jsonRows, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, testTown } from "../support/db.ts";

describe("rows as one JSON parameter", async () => {
  const { db, close } = await testDatabase();
  after(close);
  const { town } = await testTown(db);
  const back = (text: string) =>
    town.read(async (tx) => {
      const rows = [{ text, deep: { list: [text] } }];
      return tx.one<{ text: string; deep: string }>(sql`
        select r.text, r.deep -> 'list' ->> 0 as deep from ${jsonRows(rows)} as r(text text, deep jsonb)`);
    });

  it("X-15 text comes back as it was, whatever looks like an escape in it", async () => {
    for (const text of ["😀", "\\ud83d", "\\\\u0000", 'a\u0001\n\t"\\', "\\\\", "\ud83d\ude00é"])
      assert.deepEqual(await back(text), { text, deep: text });
  });

  it("X-15 half a character, or a NUL, refuses nothing: it is the sign for what cannot be read", async () => {
    for (const [given, kept] of [
      ["aaa\ud83d", "aaa\uFFFD"],
      ["\ude00aaa", "\uFFFDaaa"],
      ["a\0b", "a\uFFFDb"],
      ["\\\ud83d", "\\\uFFFD"],
    ] as const)
      assert.deepEqual(await back(given), { text: kept, deep: kept });
  });

  it("X-15 an act whose reason was cut in the middle of an emoji is done and recorded", async () => {
    const holderId = newId();
    const [at, reason] = [moment("2026-11-20T08:00:00Z"), `${"a".repeat(199)}😀`.slice(0, 200)];
    await town.write((tx) =>
      recordAudit(tx, { actor: systemActor, at, action: "test.act", holderId, reason }),
    );
    const [row] = await town.read((tx) => auditOf(tx, { holderIds: [holderId], limit: 1 }));
    assert.equal(row?.reason, `${"a".repeat(199)}\uFFFD`);
  });
});
