// SPDX-License-Identifier: EUPL-1.2
import { type PlatformTx, sql } from "../db/index.ts";

/** A table as the backup sees it. */
export interface BackupTable {
  /** `schema.table`, as in the file */
  readonly name: string;
  readonly columns: readonly string[];
  /** SQL types, one per column: what a value's text is cast to */
  readonly types: readonly string[];
  /** the primary key: the order of the rows, the same on both engines */
  readonly key: readonly string[];
  /** its rows belong to towns and are guarded by row security */
  readonly ofTenants: boolean;
}

interface Found extends Omit<BackupTable, "ofTenants"> {
  readonly schema: string;
  readonly parents: readonly string[];
}

/** Every table of the schema but the list of migrations, parents before children. */
export async function tablesInOrder(tx: PlatformTx): Promise<BackupTable[]> {
  const found = await tx.rows<Found>(sql`
    select n.nspname as schema, n.nspname || '.' || c.relname as name,
      array_agg(a.attname::text order by a.attnum) as columns,
      array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum) as types,
      coalesce((select array_agg(k.attname::text order by u.position)
        from pg_index i
        cross join unnest(i.indkey::smallint[]) with ordinality as u(number, position)
        join pg_attribute k on k.attrelid = c.oid and k.attnum = u.number
        where i.indrelid = c.oid and i.indisprimary), '{}') as key,
      coalesce((select array_agg(distinct pn.nspname || '.' || p.relname)
        from pg_constraint f
        join pg_class p on p.oid = f.confrelid
        join pg_namespace pn on pn.oid = p.relnamespace
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '{}') as parents
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      and not a.attisdropped and a.attgenerated = ''
    where n.nspname in ('platform', 'public') and c.relkind in ('r', 'p') and not c.relispartition
      and not (n.nspname = 'public' and c.relname = 'schema_migration')
    group by n.nspname, c.oid, c.relname
    order by n.nspname, c.relname`);
  return parentsFirst(found).map(({ schema, name, columns, types, key }) => {
    if (key.length === 0) throw new Error(`table ${name} has no primary key`);
    return { name, columns, types, key, ofTenants: schema === "public" };
  });
}

function parentsFirst(found: readonly Found[]): Found[] {
  const ordered: Found[] = [];
  const placed = new Set<string>();
  while (ordered.length < found.length) {
    const ready = found.filter(
      ({ name, parents }) => !placed.has(name) && parents.every((parent) => placed.has(parent)),
    );
    if (ready.length === 0) throw new Error("the foreign keys of the schema form a circle");
    for (const table of ready) placed.add(table.name);
    ordered.push(...ready);
  }
  return ordered;
}

/** Which migrations made the schema: only the same ones can take the data back. */
export const migrationsOf = (tx: PlatformTx): Promise<{ name: string; sha256: string }[]> =>
  tx.rows(sql`select name, sha256 from public.schema_migration order by name collate "C"`);

/** Values become text, and text values, in one way only. */
export async function fixTextForms(tx: PlatformTx): Promise<void> {
  for (const setting of [
    "timezone = 'UTC'",
    "datestyle = 'ISO, YMD'",
    "intervalstyle = 'iso_8601'",
    "bytea_output = 'hex'",
    "extra_float_digits = 1",
  ]) {
    await tx.run(sql.raw(`set local ${setting}`));
  }
}

export const quoted = (name: string): string =>
  name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");

/** Row security is forced on the owner too. @param tenantId a uuid, already checked */
export const enterTenant = (tx: PlatformTx, tenantId: string): Promise<number> =>
  tx.run(sql.raw(`set local app.tenant_id = '${tenantId}'`));
