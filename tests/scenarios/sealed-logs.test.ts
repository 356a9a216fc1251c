// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { logHeads, recordSecurity, sealLogs, verifyLog } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { moment } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { testDatabase, testTown } from "../support/db.ts";

const AT = moment("2026-11-20T08:00:00Z");
/** Ids are made by the system's clock: everything written now has settled a quarter of an hour from now. */
const later = () => Temporal.Now.instant().add({ minutes: 15 });

const write = (town: TenantDb, count: number) =>
  town.write(async (tx) => {
    const entry = { actor: systemActor, at: AT, action: "test.act" };
    await recordAudit(
      tx,
      ...Array.from({ length: count }, (_, n) => ({ ...entry, reason: `${n}` })),
    );
    await recordSecurity(tx, { kind: "signed-in", at: AT });
  });

describe("logs that nobody changes unseen", async () => {
  const { db, close } = await testDatabase();
  after(close);

  it("X-15 what has settled is sealed, once; what is new waits", async () => {
    const { town } = await testTown(db);
    await write(town, 5);
    assert.equal(await sealLogs(town, Temporal.Now.instant()), 0, "not settled yet");
    const [one, two] = await Promise.all([sealLogs(town, later()), sealLogs(town, later())]);
    assert.equal(one + two, 6, "two at once seal every row once");
    assert.equal(await sealLogs(town, later()), 0);
    const whole = await verifyLog(town, { log: "audit_entry" });
    assert(whole.outcome === "whole");
    assert.deepEqual([whole.rows, whole.seals], [5, 1]);
  });

  it("X-15 any change to any sealed row, a row taken out or slipped in, is found", async () => {
    const { town, tenantId } = await testTown(db);
    for (const count of [3, 4]) {
      await write(town, count);
      await sealLogs(town, later());
    }
    const ids = await town.read((tx) =>
      tx.rows<{ id: string }>(
        sql`select id from audit_entry where tenant_id = ${tx.tenantId} order by id`,
      ),
    );
    const changes = [
      "reason = 'x'",
      "action = 'x'",
      "at = at + interval '1 second'",
      "actor_name = 'x'",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ids.map(({ id }) => id)),
        fc.constantFrom(...changes, "delete", "insert"),
        async (id, change) => {
          const undone = new Error("undone");
          let found: string | undefined;
          await db
            .owner(async (tx) => {
              await tx.run(sql`set local app.tenant_id = ${sql.lit(tenantId)}`);
              const of = sql`tenant_id = ${tenantId} and id = ${id}`;
              if (change === "delete") await tx.run(sql`delete from audit_entry where ${of}`);
              else if (change === "insert")
                await tx.run(sql`
                  insert into audit_entry (tenant_id, id, at, actor_role, actor_id, actor_name, action, details)
                  select tenant_id, overlay(id::text placing '0000' from 20 for 4)::uuid, at, actor_role, actor_id,
                    actor_name, action, details from audit_entry where ${of}`);
              else await tx.run(sql`update audit_entry set ${sql.raw(change)} where ${of}`);
              const bound = { tenantId, rows: tx.rows.bind(tx), maybe: tx.maybe.bind(tx) };
              const inside = { read: (work: (inner: unknown) => unknown) => work(bound) };
              const verified = await verifyLog(inside as never, { log: "audit_entry" });
              found = verified.outcome === "broken" ? verified.fault : "unseen";
              throw undone;
            })
            .catch((error: unknown) => {
              if (error !== undone) throw error;
            });
          assert.equal(found, "changed", `${change} of ${id}`);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("X-15 a chain made anew as a whole is found by the heads that were written down", async () => {
    const { town } = await testTown(db);
    await write(town, 2);
    await sealLogs(town, later());
    const heads = await town.read((tx) => logHeads(tx));
    const exported = new Map(
      heads.filter(({ log }) => log === "audit_entry").map(({ number, head }) => [number, head]),
    );
    assert.equal((await verifyLog(town, { log: "audit_entry", exported })).outcome, "whole");
    const forged = new Map([[1n, "0".repeat(64)]]);
    assert.deepEqual(await verifyLog(town, { log: "audit_entry", exported: forged }), {
      outcome: "broken",
      log: "audit_entry",
      number: 1n,
      fault: "exported-head",
    });
    const gone = new Map([[7n, "0".repeat(64)]]);
    assert.equal((await verifyLog(town, { log: "audit_entry", exported: gone })).outcome, "broken");
  });

  it("X-15 the application's role can add to a log and change nothing in it", async () => {
    const { town } = await testTown(db);
    await write(town, 1);
    for (const table of ["audit_entry", "security_event", "log_seal"])
      for (const act of [
        sql`update ${sql.table(table)} set tenant_id = tenant_id`,
        sql`delete from ${sql.table(table)}`,
      ])
        await assert.rejects(
          town.write((tx) => tx.run(act)),
          /permission denied/,
        );
  });
});
