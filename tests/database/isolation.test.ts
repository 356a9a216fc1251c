// SPDX-License-Identifier: EUPL-1.2
/**
 * One town never reaches another's rows, whatever the code above asks for: tried in SQL, as the role of the
 * application, over every table the schema has. A new table is covered without a line here.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type PlatformTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { type TestDatabase, testDatabase, testTown } from "../support/db.ts";

/** Facts nobody may change afterwards, not even the application itself. */
const APPEND_ONLY = [
  "attendance_mark",
  "audit_entry",
  "bill_line",
  "charge",
  "ledger_account",
  "ledger_transfer",
  "person_change",
  "price_decision",
  "receipt",
  "roll_call",
  "tariff_version",
];
/** Nobody changes what was tried; old attempts go, as personal data must. */
const UNCHANGED = [...APPEND_ONLY, "login_attempt"];

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
}
type Right = "insert" | "select" | "update" | "delete" | "truncate";

/** The same value for every column of a type, so that views find rows to join. */
const SAMPLES: Readonly<Record<string, string>> = {
  uuid: "'018f0000-0000-7000-8000-00000000000f'",
  text: "'x'",
  bytea: "'x'",
  date: "'2026-11-20'",
  "timestamp with time zone": "'2026-11-20T08:00:00Z'",
  "time without time zone": "'09:00'",
  jsonb: "'{}'",
  boolean: "true",
  smallint: "1",
  integer: "1",
  bigint: "1",
  ARRAY: "'{}'",
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function valuesFor(table: Table, tenantId: string): string {
  return table.columns
    .map((column, index) => {
      if (column === "tenant_id") return `'${tenantId}'`;
      const sample = SAMPLES[table.types[index]!];
      assert.ok(sample, `no sample for ${table.name}.${column}: ${table.types[index]}`);
      return sample;
    })
    .join(", ");
}

const insertOf = (table: Table, tenantId: string): string =>
  `insert into ${quoted(table.name)} (${table.columns.map(quoted).join(", ")})
   values (${valuesFor(table, tenantId)})`;

describe("isolation of the towns, in the database itself", () => {
  let test: TestDatabase;
  let a: string;
  let b: string;
  let tables: Table[];
  let views: { name: string; invoker: boolean }[];
  const rights = new Map<string, Set<Right>>();

  before(async () => {
    test = await testDatabase();
    a = (await testTown(test.db)).tenantId;
    b = (await testTown(test.db)).tenantId;
    await test.db.owner(async (tx) => {
      tables = await tablesOf(tx);
      views = await viewsOf(tx);
      await dropOtherConstraints(tx);
      for (const tenantId of [a, b]) await plantIn(tx, tables, tenantId);
      for (const { name, granted } of await rightsOf(tx)) rights.set(name, new Set(granted));
    });
  });
  after(() => test.close());

  const as = <Result>(tenantId: string, work: (tx: WriteTx) => Promise<Result>): Promise<Result> =>
    test.db.forTenant(tenantId).write(work);
  const may = (name: string, right: Right): boolean => rights.get(name)?.has(right) ?? false;
  const refusedFor = (reason: RegExp) => (error: unknown) =>
    error instanceof Error &&
    (error as Error & { code?: string }).code === "42501" &&
    reason.test(error.message);
  const run = (tenantId: string, text: string): Promise<number> =>
    as(tenantId, (tx) => tx.run(sql.raw(text)));
  const countIn = (tx: PlatformTx, name: string, where = "true"): Promise<{ n: number }> =>
    tx.one<{ n: number }>(
      sql.raw(`select count(*)::integer as n from ${quoted(name)} where ${where}`),
    );

  it("finds tables to try, and every one is guarded", async () => {
    assert.ok(tables.length > 40, `${tables.length} tables`);
    const bare = await test.db.owner((tx) =>
      tx.rows<{ name: string }>(sql`select c.relname as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and c.relname <> 'schema_migration'
          and not (c.relrowsecurity and c.relforcerowsecurity and exists (
            select 1 from pg_policy p where p.polrelid = c.oid)
            and exists (select 1 from pg_attribute t
              where t.attrelid = c.oid and t.attname = 'tenant_id' and t.attnotnull))`),
    );
    assert.deepEqual(bare, []);
  });

  it("shows a town its own rows only", async () => {
    for (const { name } of tables) {
      for (const tenantId of [a, b]) {
        const seen = await as(tenantId, (tx) =>
          tx.rows<{ tenant_id: string }>(sql.raw(`select tenant_id from ${quoted(name)}`)),
        );
        assert.deepEqual(seen, [{ tenant_id: tenantId }], name);
      }
      const other = await as(a, (tx) => countIn(tx, name, `tenant_id = '${b}'`));
      assert.equal(other.n, 0, name);
    }
  });

  it("shows through views no more than through tables", async () => {
    for (const { name, invoker } of views) {
      assert.ok(invoker, `${name} must be made with (security_invoker = true)`);
      const other = await as(a, (tx) => countIn(tx, name, `tenant_id <> '${a}'`));
      assert.equal(other.n, 0, name);
    }
  });

  it("shows nothing without a town, and takes nothing", async () => {
    for (const table of tables) {
      const seen = await test.db.platform((tx) => countIn(tx, table.name));
      assert.equal(seen.n, 0, table.name);
      if (!may(table.name, "insert")) continue;
      await assert.rejects(
        test.db.platform((tx) => tx.run(sql.raw(insertOf(table, b)))),
        refusedFor(/row-level security/),
        table.name,
      );
    }
  });

  it("takes no row of another town", async () => {
    for (const table of tables) {
      const reason = may(table.name, "insert") ? /row-level security/ : /permission denied/;
      await assert.rejects(run(a, insertOf(table, b)), refusedFor(reason), table.name);
    }
  });

  it("changes and deletes no row of another town, and gives none away", async () => {
    for (const { name } of tables) {
      const table = quoted(name);
      const toB = `update ${table} set tenant_id = '${b}'`;
      if (may(name, "update")) {
        const keep = `update ${table} set tenant_id = tenant_id where tenant_id = '${b}'`;
        assert.equal(await run(a, keep), 0, name);
        await assert.rejects(run(a, toB), refusedFor(/row-level security/), name);
      } else {
        await assert.rejects(run(a, toB), refusedFor(/permission denied/), name);
      }
      const remove = `delete from ${table} where tenant_id = '${b}'`;
      if (may(name, "delete")) assert.equal(await run(a, remove), 0, name);
      else await assert.rejects(run(a, remove), refusedFor(/permission denied/), name);
      assert.equal((await as(b, (tx) => countIn(tx, name))).n, 1, name);
    }
  });

  it("refuses to change or delete what is append-only, in the own town too", async () => {
    for (const name of UNCHANGED) {
      assert.ok(may(name, "insert"), name);
      const change = run(a, `update ${quoted(name)} set tenant_id = tenant_id`);
      await assert.rejects(change, refusedFor(/permission denied/), name);
    }
    for (const name of APPEND_ONLY) {
      const removal = run(a, `delete from ${quoted(name)}`);
      await assert.rejects(removal, refusedFor(/permission denied/), name);
    }
    for (const { name } of tables) assert.ok(!may(name, "truncate"), `truncate ${name}`);
  });

  it("refuses the installation's secrets and the list of migrations", async () => {
    for (const name of ["platform.installation", "public.schema_migration"]) {
      for (const text of [`select * from ${name}`, `delete from ${name}`]) {
        await assert.rejects(run(a, text), refusedFor(/permission denied/), text);
        const work = test.db.platform((tx) => tx.run(sql.raw(text)));
        await assert.rejects(work, refusedFor(/permission denied/), text);
      }
    }
  });

  it("refuses a tenant id that is no uuid before it reaches the database", async () => {
    assert.throws(() => test.db.forTenant("x'; reset role; --").read(async () => {}), TypeError);
  });
});

const tablesOf = (tx: PlatformTx): Promise<Table[]> =>
  tx.rows<Table>(sql`
    select t.table_name as name, array_agg(c.column_name::text order by c.ordinal_position) as columns,
      array_agg(c.data_type::text order by c.ordinal_position) as types
    from information_schema.tables t
    join information_schema.columns c using (table_schema, table_name)
    where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
    group by t.table_name having bool_or(c.column_name = 'tenant_id')
    order by t.table_name`);

const viewsOf = (tx: PlatformTx): Promise<{ name: string; invoker: boolean }[]> =>
  tx.rows(sql`select relname as name,
      coalesce('security_invoker=true' = any (reloptions), false) as invoker
    from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'`);

/** Only row security and grants are tried here: a sample row need not make sense otherwise. */
async function dropOtherConstraints(tx: PlatformTx): Promise<void> {
  await tx.run(sql`
    do $$
    declare c record;
    begin
      for c in select conrelid::regclass as owner, conname from pg_constraint
               where contype in ('c', 'f') and connamespace = 'public'::regnamespace and conrelid <> 0
      loop
        execute format('alter table %s drop constraint %I', c.owner, c.conname);
      end loop;
    end $$`);
}

async function plantIn(tx: PlatformTx, tables: readonly Table[], tenantId: string): Promise<void> {
  // Row security is forced on the owner too, unless it is a superuser.
  await tx.run(sql.raw(`set local app.tenant_id = '${tenantId}'`));
  for (const table of tables) await tx.run(sql.raw(insertOf(table, tenantId)));
}

const rightsOf = (tx: PlatformTx): Promise<{ name: string; granted: Right[] }[]> =>
  tx.rows(sql`select c.relname as name, array_agg(r.name) as granted
    from pg_class c
    cross join unnest(array['insert', 'select', 'update', 'delete', 'truncate']) as r(name)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and has_table_privilege('campanella_app', c.oid, r.name)
    group by c.relname`);
