// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { recordSecurity, sealLogs } from "#identity";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { startSealer } from "../../src/worker/sealer.ts";
import { testDatabase, testTown } from "../support/db.ts";
import { until } from "../support/until.ts";

const AT = moment("2026-11-20T08:00:00Z");

describe("campanella audit", async () => {
  const base = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), "audit-"));
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await base.close();
  });
  const { town, tenantId } = await testTown(base.db);
  await town.write((tx) => recordSecurity(tx, { kind: "signed-in", at: AT }));
  // Ids of this process may be ahead of its clock, once a file before this one has moved them.
  await sealLogs(town, { now: Temporal.Now.instant().add({ hours: 3 }), openSince: null });

  const run = async (...argv: string[]) => {
    const lines: string[] = [];
    const io = {
      ...{ cwd: folder, now: () => AT, database: async () => base.db },
      out: (line: string) => lines.push(line),
      err: (line: string) => lines.push(line),
    };
    const code = await runCommand(["audit", ...argv], io);
    return { code, text: lines.join("\n") };
  };

  it("X-15 the sealer writes heads outside the database, and they verify", async () => {
    const seals = join(folder, "seals");
    const sealer = startSealer(base.db, { folder: seals, onError: assert.fail });
    await until(() => readdirSync(folder).includes("seals"));
    await sealer.stop();
    const [file] = readdirSync(seals);
    const head = JSON.parse(readFileSync(join(seals, file!), "utf8").split("\n")[0]!) as object;
    assert.deepEqual(Object.keys(head), ["town", "log", "number", "head", "sealedAt"]);
    const verified = await run("verify", "--heads", join("seals", file!));
    assert.deepEqual([verified.code, verified.text.endsWith("Whole")], [0, true], verified.text);
    assert.match((await run("heads")).text, /"log":"security_event"/);
  });

  it("X-15 a touched row, another head, a file that is none: said, with an exit code for scripts", async () => {
    writeFileSync(join(folder, "other.jsonl"), '{"town":"x"}\n');
    assert.match((await run("verify", "--heads", "other.jsonl")).text, /line 1: not a head/);
    assert.equal((await run("verify", "--heads", "nowhere.jsonl")).code, 1);
    assert.equal((await run("rewrite")).code, 2);
    await base.db.owner(async (tx) => {
      await tx.run(sql`set local app.tenant_id = ${sql.lit(tenantId)}`);
      await tx.run(sql`alter table security_event no force row level security`);
      await tx.run(
        sql`update security_event set kind = 'signed-out' where tenant_id = ${tenantId}`,
      );
    });
    const broken = await run("verify");
    assert.equal(broken.code, 1);
    assert.match(broken.text, /security_event: seal 1: its rows are not those that were sealed/);
  });
});
