// SPDX-License-Identifier: EUPL-1.2
/** What every table of the product must be (design: a schema that a distributed PostgreSQL accepts). */
import { type Database, sql } from "../../src/kernel/db/index.ts";
import type { Architecture } from "./tree.ts";

interface TableRow {
  name: string;
  enabled: boolean;
  forced: boolean;
  policies: string[];
  columns: string[];
  tenantType: string | null;
  tenantNullable: boolean | null;
}

interface KeyRow {
  table: string;
  name: string;
  kind: "primary" | "unique" | "foreign" | "exclude";
  columns: string[];
  target: string | null;
  targetColumns: string[] | null;
  onDelete: string | null;
}

const POLICY = "nullif(current_setting('app.tenant_id'::text, true), ''::text)";

/** Faults as sentences; no fault and at least one table = sound. */
export async function schemaFaults(
  db: Database,
  plan: Architecture,
): Promise<{ faults: string[]; tables: number }> {
  const { tables, keys, odd } = await db.owner(async (tx) => ({
    tables: await tx.rows<TableRow>(TABLES),
    keys: await tx.rows<KeyRow>(KEYS),
    odd: await tx.rows<{ fault: string }>(ODDITIES),
  }));
  const ofModules = Object.values(plan.modules).flatMap((module) => module.tables);
  const listed = new Set([...ofModules, ...plan.kernelTables]);
  const faults = odd.map((row) => row.fault);
  for (const table of tables) {
    if (!listed.has(table.name)) faults.push(`${table.name}: not in architecture.json`);
    if (table.name !== "schema_migration") faults.push(...tableFaults(table, keys));
  }
  const present = new Set(tables.map((table) => table.name));
  for (const name of listed) {
    if (!present.has(name)) faults.push(`${name}: in architecture.json, but no migration makes it`);
  }
  for (const key of keys) faults.push(...keyFaults(key));
  const platform = await platformTables(db);
  for (const name of platform) {
    if (!(name in plan.platformTables)) {
      faults.push(`platform.${name}: not in architecture.json; tenant data does not belong there`);
    }
  }
  if (tables.length === 0) faults.push("no table was found");
  return { faults, tables: tables.length + platform.length };
}

async function platformTables(db: Database): Promise<string[]> {
  const rows = await db.owner((tx) =>
    tx.rows<{ name: string }>(sql`
      select c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'platform' and c.relkind in ('r', 'p') order by 1`),
  );
  return rows.map((row) => row.name);
}

function tableFaults(table: TableRow, keys: readonly KeyRow[]): string[] {
  const faults: string[] = [];
  const { name } = table;
  if (!table.columns.includes("tenant_id")) return [`${name}: has no tenant_id`];
  if (table.tenantType !== "uuid" || table.tenantNullable) {
    faults.push(`${name}: tenant_id must be uuid not null`);
  }
  const primary = keys.find((key) => key.table === name && key.kind === "primary");
  if (primary?.columns[0] !== "tenant_id") {
    faults.push(`${name}: the primary key must begin with tenant_id`);
  }
  if (!table.enabled || !table.forced) {
    faults.push(`${name}: row level security must be enabled and forced`);
  }
  if (table.policies.length !== 1 || !table.policies[0]?.toLowerCase().includes(POLICY)) {
    faults.push(`${name}: needs exactly one policy, the tenant's (using and with check)`);
  }
  return faults;
}

function keyFaults(key: KeyRow): string[] {
  if (key.table === "schema_migration") return [];
  const faults: string[] = [];
  const said = `${key.table}.${key.name}`;
  if (!key.columns.includes("tenant_id")) faults.push(`${said}: the key must contain tenant_id`);
  if (key.kind !== "foreign") return faults;
  const at = key.columns.indexOf("tenant_id");
  if (key.targetColumns?.[at] !== "tenant_id") {
    faults.push(`${said}: must refer to the tenant_id of ${key.target}`);
  }
  if (key.onDelete !== "a" && key.onDelete !== "r") {
    faults.push(`${said}: on delete must be restrict`);
  }
  return faults;
}

const TABLES = sql<TableRow>`
  select c.relname::text as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
    array(select coalesce(pg_get_expr(p.polqual, p.polrelid), '') ||
        case when p.polwithcheck is null then '' else ' ' || pg_get_expr(p.polwithcheck, p.polrelid) end
      from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polwithcheck is not null) as policies,
    array(select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
    t.type as "tenantType", not t.required as "tenantNullable"
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  left join lateral (
    select format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required
    from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') t on true
  where c.relkind in ('r', 'p') order by 1`;

const KEYS = sql<KeyRow>`
  with columns_of as (
    select i.indexrelid, i.indrelid, i.indisprimary,
      array(select coalesce(a.attname::text, '(expression)')
        from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality as k(attnum, position)
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
        order by k.position) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    where i.indisunique or i.indisexclusion)
  select r.relname::text as "table", x.relname::text as name,
    case when o.indisprimary then 'primary' else 'unique' end as kind, o.columns,
    null::text as target, null::text[] as "targetColumns", null::text as "onDelete"
  from columns_of o join pg_class r on r.oid = o.indrelid join pg_class x on x.oid = o.indexrelid
  union all
  select r.relname::text, f.conname::text, 'foreign',
    array(select a.attname::text from unnest(f.conkey) with ordinality k(attnum, position)
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum order by k.position),
    t.relname::text,
    array(select a.attname::text from unnest(f.confkey) with ordinality k(attnum, position)
      join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum order by k.position),
    f.confdeltype::text
  from pg_constraint f join pg_class r on r.oid = f.conrelid join pg_class t on t.oid = f.confrelid
  join pg_namespace n on n.oid = r.relnamespace and n.nspname = 'public'
  where f.contype = 'f'
  order by 1, 2`;

const ODDITIES = sql<{ fault: string }>`
  select r.relname || ': no triggers (' || t.tgname || ')' as fault
  from pg_trigger t join pg_class r on r.oid = t.tgrelid
  join pg_namespace n on n.oid = r.relnamespace and n.nspname in ('public', 'platform')
  where not t.tgisinternal
  union all
  select c.relname || ': a view reads with its caller''s rights (security_invoker = true)'
  from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  where c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false)
  union all
  select c.relname || ': a view that other modules read is called v_*'
  from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  where c.relkind in ('v', 'm') and c.relname not like 'v!_%' escape '!'
  union all
  select c.relname || ': no sequences, ids are made by the application'
  from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'platform')
  where c.relkind = 'S'
  union all
  select c.relname || '.' || a.attname || ': the database has no clock and no chance of its own'
  from pg_attrdef d join pg_class c on c.oid = d.adrelid
  join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'platform')
  join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
  where pg_get_expr(d.adbin, d.adrelid) ~* '(now[(]|current_|random)'
  union all
  select c.relname || '.' || a.attname || ': money is bigint cents'
  from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  where a.attname like '%!_cents' escape '!' and format_type(a.atttypid, a.atttypmod) <> 'bigint' and a.attnum > 0
  union all
  select c.relname || '.' || a.attname || ': ' || format_type(a.atttypid, null) || ' is not used here'
  from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
  join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'platform')
  where a.attnum > 0 and format_type(a.atttypid, null) in
    ('timestamp without time zone', 'real', 'double precision', 'money')
  union all
  select 'campanella_app may read platform.installation, where the secrets are'
  where has_table_privilege('campanella_app', 'platform.installation', 'select')
  order by 1`;
