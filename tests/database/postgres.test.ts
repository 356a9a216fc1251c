// SPDX-License-Identifier: EUPL-1.2
/** What only a database server does: refuse, time out, and go away. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { DatabaseUnusableError, openDatabase, sql } from "#kernel/db/index.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { testBlankDatabase, testDatabase, testEngine, testTown } from "../support/db.ts";

const NOW = Temporal.Instant.from("2026-07-01T00:00:00Z");

describe("the address of a PostgreSQL server", () => {
  it("is refused with a message that says where and why, never the password", async () => {
    const url = "postgres://comune:segretissima@127.0.0.1:1/scuole";
    const refusal = await openDatabase({ url }).catch((error: unknown) => error);
    assert.ok(refusal instanceof DatabaseUnusableError);
    assert.match(refusal.message, /postgres:\/\/comune@127\.0\.0\.1:1\/scuole: .*ECONNREFUSED/);
    for (const wrong of ["mysql://comune:segretissima@db/scuole", "://segretissima"]) {
      const error = await openDatabase({ url: wrong }).catch((failure: unknown) => failure);
      assert.ok(error instanceof DatabaseUnusableError);
      assert.doesNotMatch(error.message, /segretissima/);
    }
  });

  it("is refused when the server is older than 15", async (t) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (data: Buffer) => socket.write(answerOfAnOldServer(data)));
    });
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await assert.rejects(
      openDatabase({ url: `postgres://a:b@127.0.0.1:${port}/c` }),
      /PostgreSQL 15 or newer is needed; this server is 14\.9/,
    );
  });
});

if (testEngine() === "postgres") {
  describe("a PostgreSQL server", () => {
    it("may drop every idle connection: the next transaction takes a new one", async (t) => {
      const { db, close } = await testDatabase();
      t.after(close);
      const { town } = await testTown(db);
      const pids = new Set<unknown>();
      await Promise.all(
        Array.from({ length: 4 }, () =>
          town.read(async (tx) => pids.add((await tx.one<{ pid: number }>(PID)).pid)),
        ),
      );
      assert.ok(pids.size > 1);
      await db.owner((tx) =>
        tx.run(sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`),
      );
      for (let turn = 0; turn < 4; turn += 1) await town.read((tx) => tx.one(PID));
    });

    it("that drops a connection at work undoes the transaction and says so", async (t) => {
      const { db, close } = await testDatabase();
      t.after(close);
      const { town } = await testTown(db);
      const dropped = town.write(async (tx) => {
        await tx.run(sql`insert into school_year (tenant_id, year, starts_on, ends_on)
          values (${tx.tenantId}, 2026, '2026-09-14', '2027-06-10')`);
        await tx.run(sql`reset role`);
        await tx.run(sql`select pg_terminate_backend(pg_backend_pid())`);
      });
      await assert.rejects(dropped, /terminat/);
      assert.deepEqual(await town.read((tx) => tx.rows(sql`select year from school_year`)), []);
    });

    it("stops a statement and a pause that last too long, but not the owner's", async (t) => {
      const { db, close } = await testDatabase();
      t.after(close);
      const { town } = await testTown(db);
      const limits = sql<{ statement: string; pause: string }>`select
        current_setting('statement_timeout') as statement,
        current_setting('idle_in_transaction_session_timeout') as pause`;
      assert.deepEqual(await town.read((tx) => tx.one(limits)), {
        statement: "1min",
        pause: "1min",
      });
      assert.deepEqual(await db.owner((tx) => tx.one(limits)), { statement: "0", pause: "0" });
      assert.deepEqual(await town.read((tx) => tx.one(limits)), {
        statement: "1min",
        pause: "1min",
      });
    });

    it("is migrated once by several processes that start together", async (t) => {
      const { db, url, close } = await testBlankDatabase();
      t.after(close);
      const other = await openDatabase({ url });
      t.after(() => other.close());
      const ran = await Promise.all([migrate(db, NOW), migrate(other, NOW)]);
      const names = ran.flat();
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(await migrate(db, NOW), []);
    });
  });
}

const PID = sql<{ pid: number }>`select pg_backend_pid() as pid, pg_sleep(0.05)::text as slept`;

/** Just enough of the protocol: accept the login, answer the one query with two columns. */
function answerOfAnOldServer(data: Buffer): Buffer {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.write(type, 0);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const ready = message("Z", Buffer.from("I"));
  const isStartup = data[0] === 0;
  if (isStartup) return Buffer.concat([message("R", Buffer.alloc(4)), ready]);
  if (String.fromCharCode(data[0]!) !== "Q") return Buffer.alloc(0);
  const column = (name: string): Buffer => {
    const rest = Buffer.alloc(18);
    rest.writeInt32BE(25, 6);
    rest.writeInt16BE(-1, 10);
    rest.writeInt32BE(-1, 12);
    return Buffer.concat([Buffer.from(`${name}\0`), rest]);
  };
  const value = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const two = Buffer.from([0, 2]);
  return Buffer.concat([
    message("T", Buffer.concat([two, column("number"), column("text")])),
    message("D", Buffer.concat([two, value("140009"), value("14.9")])),
    message("C", Buffer.from("SELECT 1\0")),
    ready,
  ]);
}
