// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { forgetSecurityEvents, logHeads, recordSecurity, sealLogs, verifyLog } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { moment } from "#kernel/dates.ts";
import { type PlatformTx, sql, type TenantDb } from "#kernel/db/index.ts";
import { keepIdsAbove, newId } from "#kernel/ids.ts";
import { oldestOpenTransaction } from "#kernel/open-transactions.ts";
import { testDatabase, testTown } from "../support/db.ts";

const AT = moment("2026-11-20T08:00:00Z");
/** Ids are made by the system's clock: everything written now has settled a quarter of an hour from now. */
const later = () => Temporal.Now.instant().add({ minutes: 15 });

const settled = () => ({ now: later(), openSince: null });
const unsettled = () => ({ now: Temporal.Now.instant(), openSince: null });

const write = (town: TenantDb, count: number) =>
  town.write(async (tx) => {
    const entry = { actor: systemActor, at: AT, action: "test.act" };
    await recordAudit(
      tx,
      ...Array.from({ length: count }, (_, n) => ({ ...entry, reason: `${n}` })),
    );
    await recordSecurity(tx, { kind: "signed-in", at: AT });
  });

const LONG_AGO = Temporal.Now.zonedDateTimeISO("Europe/Rome").subtract({ months: 25 }).toInstant();
const idAt = (at: Temporal.Instant): string => {
  const hex = at.epochMilliseconds.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${newId().slice(15)}`;
};

/** Security events as a process of two years ago wrote them, each above the one before. */
let longAgo = LONG_AGO;
const writeLongAgo = (town: TenantDb, count: number) =>
  town.write(async (tx) => {
    await recordAudit(tx, { actor: systemActor, at: AT, action: "test.act" });
    for (let row = 0; row < count; row += 1) {
      longAgo = longAgo.add({ milliseconds: 1 });
      await tx.run(sql`
        insert into security_event (tenant_id, id, at, kind)
        values (${tx.tenantId}, ${idAt(longAgo)}, ${longAgo}, 'signed-in')`);
    }
  });

const log = "security_event" as const;
const headsOf = async (town: TenantDb) => {
  const heads = await town.read((tx) => logHeads(tx));
  return new Map(
    heads.filter((one) => one.log === log).map(({ number, ...kept }) => [number, kept]),
  );
};

describe("logs that nobody changes unseen", async () => {
  const { db, close } = await testDatabase();
  after(close);

  /** With the rights of the tables' owner; `unguarded`: whose row security is switched off for it meanwhile. */
  const asOwnerOf = <Result>(
    tenantId: string,
    unguarded: readonly string[],
    work: (tx: PlatformTx) => Promise<Result>,
  ): Promise<Result> =>
    db.owner(async (tx) => {
      await tx.run(sql`set local app.tenant_id = ${sql.lit(tenantId)}`);
      const each = (forced: string) =>
        Promise.all(
          unguarded.map((table) =>
            tx.run(sql.raw(`alter table ${table} ${forced} row level security`)),
          ),
        );
      await each("no force");
      const result = await work(tx);
      await each("force");
      return result;
    });
  const dateBack = (tx: PlatformTx, tenantId: string) =>
    tx.run(
      sql`update log_seal set sealed_at = sealed_at - interval '25 months' where tenant_id = ${tenantId}`,
    );

  it("X-15 what has settled is sealed, once; what is new waits", async () => {
    const { town } = await testTown(db);
    await write(town, 5);
    assert.equal(await sealLogs(town, unsettled()), 0, "not settled yet");
    const [one, two] = await Promise.all([sealLogs(town, settled()), sealLogs(town, settled())]);
    assert.equal(one + two, 6, "two at once seal every row once");
    assert.equal(await sealLogs(town, settled()), 0);
    const whole = await verifyLog(town, { wallNow: later(), log: "audit_entry" });
    assert(whole.outcome === "whole");
    assert.deepEqual([whole.rows, whole.seals], [5, 1]);
  });

  it("X-15 any change to any sealed row, a row taken out or slipped in, is found", async () => {
    const { town, tenantId } = await testTown(db);
    for (const count of [3, 4]) {
      await write(town, count);
      await sealLogs(town, settled());
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
              const verified = await verifyLog(inside as never, {
                wallNow: later(),
                log: "audit_entry",
              });
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
    await sealLogs(town, settled());
    const heads = await town.read((tx) => logHeads(tx));
    const exported = new Map(
      heads.filter(({ log }) => log === "audit_entry").map(({ number, ...kept }) => [number, kept]),
    );
    assert.equal(
      (await verifyLog(town, { wallNow: later(), log: "audit_entry", exported })).outcome,
      "whole",
    );
    const forged = new Map([[1n, { head: "0".repeat(64) }]]);
    assert.deepEqual(
      await verifyLog(town, { wallNow: later(), log: "audit_entry", exported: forged }),
      {
        outcome: "broken",
        log: "audit_entry",
        number: 1n,
        fault: "exported-head",
      },
    );
    const gone = new Map([[7n, { head: "0".repeat(64) }]]);
    assert.equal(
      (await verifyLog(town, { wallNow: later(), log: "audit_entry", exported: gone })).outcome,
      "broken",
    );
  });

  it("X-15 the application's role can add to a log and change nothing in it", async () => {
    const { town } = await testTown(db);
    await write(town, 1);
    for (const table of ["audit_entry", "security_event", "log_seal"])
      for (const act of [
        sql`update ${sql.table(table)} set tenant_id = tenant_id`,
        ...(table === "security_event" ? [] : [sql`delete from ${sql.table(table)}`]),
      ])
        await assert.rejects(
          town.write((tx) => tx.run(act)),
          /permission denied/,
        );
    await sealLogs(town, settled());
    const gone = await town.write((tx) => tx.run(sql`delete from security_event`));
    assert.equal(gone, 0, "no seal says that its rows may go");
    await assert.rejects(
      town.write((tx) => tx.run(sql`update log_seal set rows_gone_at = sealed_at`)),
      /log_seal_rows_kept/,
    );
  });

  it("X-15 security events go when the town's time for them is over, and the chain still verifies", async () => {
    const { town, tenantId } = await testTown(db);
    for (const count of [2, 3]) {
      await writeLongAgo(town, count);
      await sealLogs(town, settled());
    }
    await asOwnerOf(tenantId, ["log_seal"], (tx) => dateBack(tx, tenantId));
    const exported = await headsOf(town);
    const forget = (keepMonths: number) =>
      town.write((tx) => forgetSecurityEvents(tx, { keepMonths, wallNow: later() }));
    assert.equal(await forget(26), 0, "not yet");
    assert.equal(await forget(24), 2);
    const half = await verifyLog(town, { wallNow: later(), log, exported });
    assert.deepEqual(half, { ...half, outcome: "whole", seals: 2, rows: 3, gone: 2 });
    assert.equal(await forget(24), 3);
    await write(town, 1);
    await sealLogs(town, settled());
    assert.equal(await forget(24), 0, "the young ones stay");
    const whole = await verifyLog(town, { wallNow: later(), log, exported });
    assert.deepEqual(whole, { ...whole, outcome: "whole", seals: 3, rows: 1, gone: 5 });
    const trail = await verifyLog(town, { wallNow: later(), log: "audit_entry" });
    assert.equal(trail.outcome, "whole", "who did what to a family's data stays");
  });

  it("X-15 no row goes before its time, whatever the seals say and whoever asks, the owner of the tables too", async () => {
    const { town, tenantId } = await testTown(db);
    await write(town, 1);
    await sealLogs(town, settled());
    const sayGone = sql`update log_seal set rows_gone_at = sealed_at + interval '180 days'
      where tenant_id = ${tenantId} and log = ${log}`;
    await assert.rejects(
      town.write((tx) => tx.run(sayGone)),
      /rows_go_once/,
    );
    await asOwnerOf(tenantId, ["log_seal"], async (tx) => {
      await dateBack(tx, tenantId);
      await tx.run(sayGone);
    });
    const remove = sql`delete from security_event where tenant_id = ${tenantId}`;
    assert.equal(await town.write((tx) => tx.run(remove)), 0, "its own age counts");
    // Embedded, the owner is a superuser, whom nothing holds.
    if (db.engine === "postgres")
      for (const act of [remove, sql`update security_event set id = ${idAt(LONG_AGO)}`])
        assert.equal(await asOwnerOf(tenantId, [], (tx) => tx.run(act)), 0);
    const rows = await town.read((tx) => tx.rows(sql`select id from security_event`));
    assert.equal(rows.length, 1);
  });

  it("X-15 rows that were taken away before their time are missed, whatever the seals say of it", async () => {
    const { town, tenantId } = await testTown(db);
    await write(town, 1);
    await sealLogs(town, settled());
    const exported = await headsOf(town);
    const takeAway = (change: (tx: PlatformTx) => Promise<unknown>) =>
      asOwnerOf(tenantId, ["log_seal", "security_event"], async (tx) => {
        await change(tx);
        await tx.run(sql`delete from security_event where tenant_id = ${tenantId}`);
      });
    // Row security is switched off, which only the owner can do. A time that is still to come:
    await takeAway((tx) =>
      tx.run(sql`update log_seal set rows_gone_at = sealed_at + interval '180 days'
        where tenant_id = ${tenantId} and log = ${log}`),
    );
    const early = { outcome: "broken", log, number: 1n, fault: "gone-early" };
    assert.deepEqual(await verifyLog(town, { wallNow: later(), log }), early);
    // The seal is dated back: what was written down elsewhere says otherwise.
    await takeAway((tx) => dateBack(tx, tenantId));
    const alone = await verifyLog(town, { wallNow: later(), log });
    assert.equal(alone.outcome, "whole", "nothing here tells");
    assert.deepEqual(await verifyLog(town, { wallNow: later(), log, exported }), early);
    const inTime = await verifyLog(town, {
      wallNow: later().add({ hours: 24 * 190 }),
      log,
      exported,
    });
    assert.equal(inTime.outcome, "whole");
  });

  it("X-15 the server's role empties no table; when the owner does, the seals miss the rows, and the copies the seals", async () => {
    const { town, tenantId } = await testTown(db);
    await write(town, 1);
    await sealLogs(town, settled());
    const exported = await headsOf(town);
    for (const table of ["security_event", "log_seal", "audit_entry"])
      await assert.rejects(
        town.write((tx) => tx.run(sql.raw(`truncate ${table}`))),
        /permission denied/,
      );
    const undone = new Error("undone");
    const found: unknown[] = [];
    const emptied = asOwnerOf(tenantId, [], async (tx) => {
      const bound = { tenantId, rows: tx.rows.bind(tx), maybe: tx.maybe.bind(tx) };
      const inside = { read: (work: (inner: unknown) => unknown) => work(bound) } as never;
      await tx.run(sql`truncate security_event`);
      found.push(await verifyLog(inside, { wallNow: later(), log }));
      await tx.run(sql`truncate log_seal`);
      found.push(await verifyLog(inside, { wallNow: later(), log, exported }));
      throw undone;
    });
    await assert.rejects(emptied, undone);
    const broken = { outcome: "broken", log, number: 1n };
    assert.deepEqual(found, [
      { ...broken, fault: "changed" },
      { ...broken, fault: "exported-head" },
    ]);
  });

  it("X-15 a clock that was set back makes no row that looks slipped in", async () => {
    const { town } = await testTown(db);
    // The clock went an hour fast: ids of then, and a seal above them.
    keepIdsAbove(idAt(Temporal.Now.instant().add({ hours: 1 })));
    await write(town, 2);
    await sealLogs(town, { now: Temporal.Now.instant().add({ hours: 2 }), openSince: null });
    await write(town, 2);
    assert.equal(
      (await verifyLog(town, { wallNow: later(), log: "audit_entry" })).outcome,
      "whole",
    );
    await sealLogs(town, { now: Temporal.Now.instant().add({ hours: 2 }), openSince: null });
    const whole = await verifyLog(town, { wallNow: later(), log: "audit_entry" });
    assert.deepEqual(whole, { ...whole, outcome: "whole", rows: 4 });
    // A process that starts anew begins above what is sealed.
    const [last] = await town.read((tx) => logHeads(tx));
    keepIdsAbove(last!.lastId);
    assert(newId() > last!.lastId);
  });

  it("X-15 a transaction that stays open for long is waited for", async () => {
    const { town } = await testTown(db);
    const since = Temporal.Now.instant();
    const [hold, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const long =
      db.engine === "postgres"
        ? town.write(async (tx) => {
            await recordSecurity(tx, { kind: "signed-in", at: AT });
            held.resolve();
            await hold.promise;
          })
        : Promise.resolve(held.resolve());
    await held.promise;
    const openSince = await oldestOpenTransaction(db);
    if (db.engine === "postgres") {
      assert(openSince && Math.abs(openSince.since(since).total("seconds")) < 60);
      await write(town, 1);
      assert.equal(await sealLogs(town, { now: later(), openSince }), 0);
    } else assert.equal(openSince, null, "one connection: nothing else is open");
    hold.resolve();
    await long;
    await write(town, 1);
    await sealLogs(town, settled());
    assert.equal(
      (await verifyLog(town, { wallNow: later(), log: "security_event" })).outcome,
      "whole",
    );
  });
});
