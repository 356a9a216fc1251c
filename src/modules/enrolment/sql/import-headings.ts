// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { LearnedHeading } from "../rules/import/learned-headings.ts";

/** What was said about a school's files, and about the town's where the school's own say nothing. */
export function learnedHeadings(tx: ReadTx, siteId: string | null): Promise<LearnedHeading[]> {
  return tx.rows<LearnedHeading>(sql`
    select distinct on (sheet, heading_key) sheet, heading_key as "headingKey", heading,
      column_name as "column"
    from import_heading
    where tenant_id = ${tx.tenantId} and (site_id is null or site_id = ${siteId}::uuid)
    order by sheet, heading_key, site_id nulls last`);
}

/** The newest word about a heading counts. */
export async function putHeadings(
  tx: WriteTx,
  of: {
    siteId: string | null;
    headings: readonly LearnedHeading[];
    recordedAt: Moment;
    recordedBy: string;
  },
): Promise<void> {
  // Said twice in one breath, the last word counts: one statement writes a row only once.
  const last = new Map(of.headings.map((one) => [`${one.sheet} ${one.headingKey}`, one]));
  if (last.size === 0) return;
  const rows = [...last.values()].map((one) => ({ ...one, id: newId() }));
  await tx.run(sql`
    insert into import_heading (tenant_id, id, site_id, sheet, heading_key, heading, column_name,
      recorded_at, recorded_by)
    select ${tx.tenantId}, r.id, ${of.siteId}::uuid, r.sheet, r."headingKey", r.heading, r."column",
      ${of.recordedAt}::timestamptz, ${of.recordedBy}
    from ${jsonRows(rows)} as r(id uuid, sheet text, "headingKey" text, heading text, "column" text)
    on conflict (tenant_id, coalesce(site_id, '00000000-0000-0000-0000-000000000000'), sheet,
      heading_key)
    do update set heading = excluded.heading, column_name = excluded.column_name,
      recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`);
}
