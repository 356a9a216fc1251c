// SPDX-License-Identifier: EUPL-1.2
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { SchoolClass, SchoolSite } from "../rules/service-day.ts";

export function sites(tx: ReadTx): Promise<SchoolSite[]> {
  return tx.rows<SchoolSite>(sql`
    select id, ministry_code as "ministryCode", name, level, address, assumed_reason as "assumedReason"
    from school_site where tenant_id = ${tx.tenantId} and closed_on is null order by name, id`);
}

export function classes(tx: ReadTx, year?: number): Promise<SchoolClass[]> {
  const ofYear = year === undefined ? sql`` : sql`and year = ${year}`;
  return tx.rows<SchoolClass>(sql`
    select id, site_id as "siteId", year, grade, section
    from school_class where tenant_id = ${tx.tenantId} ${ofYear} order by year, grade, section, id`);
}

/** Inserts or renames sites; a site is recognised by its id. */
export function putSites(tx: WriteTx, rows: readonly SchoolSite[]): Promise<number> {
  return tx.run(sql`
    insert into school_site (tenant_id, id, ministry_code, name, level, address, assumed_reason)
    select ${tx.tenantId}, r.id, r."ministryCode", r.name, r.level, r.address, r."assumedReason"
    from ${jsonRows(rows)} as r(id uuid, "ministryCode" text, name text, level text, address text, "assumedReason" text)
    on conflict (tenant_id, id) do update set ministry_code = excluded.ministry_code, name = excluded.name,
      level = excluded.level, address = excluded.address, assumed_reason = excluded.assumed_reason
    where (school_site.ministry_code, school_site.name, school_site.level, school_site.address, school_site.assumed_reason)
      is distinct from (excluded.ministry_code, excluded.name, excluded.level, excluded.address, excluded.assumed_reason)`);
}

/** Inserts classes that are not there yet (same site, year, grade and section = the same class). */
export function putClasses(tx: WriteTx, rows: readonly SchoolClass[]): Promise<number> {
  return tx.run(sql`
    insert into school_class (tenant_id, id, site_id, year, grade, section)
    select ${tx.tenantId}, r.id, r."siteId", r.year, r.grade, r.section
    from ${jsonRows(rows)} as r(id uuid, "siteId" uuid, year integer, grade smallint, section text)
    on conflict do nothing`);
}
