// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface ProfileVersion {
  readonly version: number;
  readonly profile: string;
  /** the year the school year starts in */
  readonly schoolYear: number;
  readonly sha256: string;
  readonly appliedAt: Moment;
  readonly appliedBy: string;
}

/** Every application of a profile, the latest first. */
export function profileVersions(tx: ReadTx): Promise<ProfileVersion[]> {
  return tx.rows<ProfileVersion>(sql`
    select version, profile, school_year as "schoolYear", sha256,
      applied_at as "appliedAt", applied_by as "appliedBy"
    from profile_version where tenant_id = ${tx.tenantId} order by version desc`);
}

/** The text of the profile applied last, exactly as it was read; `undefined` before the first. */
export async function appliedDocument(tx: ReadTx): Promise<string | undefined> {
  const row = await tx.maybe<{ document: string }>(sql`
    select document from profile_version where tenant_id = ${tx.tenantId}
    order by version desc limit 1`);
  return row?.document;
}

export async function insertProfileVersion(
  tx: WriteTx,
  row: Omit<ProfileVersion, "version"> & { document: string },
): Promise<number> {
  const { version } = await tx.one<{ version: number }>(sql`
    insert into profile_version
      (tenant_id, version, profile, school_year, sha256, document, applied_at, applied_by)
    select ${tx.tenantId}, coalesce(max(version), 0) + 1, ${row.profile}::text, ${row.schoolYear}::integer,
      ${row.sha256}::text, ${row.document}::text, ${row.appliedAt}::timestamptz, ${row.appliedBy}::text
    from profile_version where tenant_id = ${tx.tenantId}
    returning version`);
  return version;
}
