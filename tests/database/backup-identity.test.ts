// SPDX-License-Identifier: EUPL-1.2
/** Who signs in, by what, and what was logged of it goes from engine to engine and back, row by row. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { backup, restore } from "#kernel/backup/index.ts";
import { moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { roleTown } from "../support/role-world.ts";
import { testDatabase, testEngine } from "../support/db.ts";

const NOW = moment("2026-11-20T09:16:00Z");
/** What a town keeps in which every page was used once. */
const WITH_ROWS = [
  ...[
    "account",
    "role_grant",
    "session",
    "device",
    "one_time_code",
    "voice_code",
    "security_event",
  ],
  ...["letter_run", "letter_run_item", "letter_run_file"],
  ...[
    "person",
    "person_change",
    "person_account",
    "account_holder",
    "child_holder",
    "guardianship",
  ],
  ...["correction_request", "delegate", "audit_entry"],
];

describe("backup and restore of identity", () => {
  const folder = mkdtempSync(join(tmpdir(), "campanella-backup-"));
  const closing: (() => Promise<void>)[] = [];
  const fresh = async (engine = testEngine()): Promise<Database> => {
    const { db, close } = await testDatabase(engine);
    closing.push(close);
    return db;
  };
  const first = join(folder, "first.campanella.gz");
  const linesIn = (path: string): string[] => gunzipSync(readFileSync(path)).toString().split("\n");
  before(async () => {
    const source = await fresh("pglite");
    const town = await roleTown(source, { surname: "Altri", children: ["Zeno", "Zita"] });
    for (const role of ["guardian", "office-manager", "school"] as const)
      await town.site.signInAs(role);
    await backup(source, first, { now: NOW });
  });
  after(async () => {
    for (const close of closing) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("X-15 accounts, roles, sessions, means and the security register come back as they were", async () => {
    const middle = await fresh();
    const restored = await restore(middle, first);
    const rows = new Map(restored.tables.map(({ name, rows: count }) => [name, count]));
    for (const table of WITH_ROWS) assert.ok(rows.get(`public.${table}`), `${table} has rows`);
    const second = join(folder, "second.campanella.gz");
    await backup(middle, second, { now: NOW });
    const last = await fresh("pglite");
    await restore(last, second);
    const third = join(folder, "third.campanella.gz");
    await backup(last, third, { now: NOW });
    assert.deepEqual(linesIn(third), linesIn(first));
  });
});
