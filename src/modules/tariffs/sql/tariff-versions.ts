// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { type Definition, storedDefinition } from "../rules/tariff-definition.ts";

export interface TariffVersion {
  id: string;
  serviceId: string;
  validFrom: Day;
  /** resolution number and date */
  act: string;
  definition: Definition;
  /** why its prices are assumed; null = as the act says */
  assumedReason: string | null;
  recordedAt: Moment;
  recordedBy: string;
}

type VersionRow = Omit<TariffVersion, "definition"> & { definition: unknown };

const columns = sql`v.id, v.service_id as "serviceId", v.valid_from as "validFrom", v.act, v.definition,
  v.assumed_reason as "assumedReason", v.recorded_at as "recordedAt", v.recorded_by as "recordedBy"`;

const toVersion = (row: VersionRow): TariffVersion => ({
  ...row,
  definition: storedDefinition.parse(row.definition),
});

/** The version that holds on a day: the latest start; of two from the same day, the one recorded last. */
export async function tariffOn(
  tx: ReadTx,
  of: { serviceId: string; date: Day },
): Promise<TariffVersion | null> {
  const row = await tx.maybe<VersionRow>(sql`
    select ${columns} from tariff_version v
    where v.tenant_id = ${tx.tenantId} and v.service_id = ${of.serviceId} and v.valid_from <= ${of.date}
    order by v.valid_from desc, v.recorded_at desc, v.id desc limit 1`);
  return row ? toVersion(row) : null;
}

/** The versions of a service that hold or will hold, oldest first; superseded ones are left out. */
export async function tariffsOf(tx: ReadTx, serviceId: string): Promise<TariffVersion[]> {
  const rows = await tx.rows<VersionRow>(sql`
    select distinct on (v.valid_from) ${columns} from tariff_version v
    where v.tenant_id = ${tx.tenantId} and v.service_id = ${serviceId}
    order by v.valid_from, v.recorded_at desc, v.id desc`);
  return rows.map(toVersion);
}

export async function tariffVersion(tx: ReadTx, id: string): Promise<TariffVersion | null> {
  const row = await tx.maybe<VersionRow>(sql`
    select ${columns} from tariff_version v where v.tenant_id = ${tx.tenantId} and v.id = ${id}`);
  return row ? toVersion(row) : null;
}

/** Has this version priced anything? */
export async function isTariffUsed(tx: ReadTx, id: string): Promise<boolean> {
  const { used } = await tx.one<{ used: boolean }>(sql`
    select exists (select 1 from price_decision d
      where d.tenant_id = ${tx.tenantId} and d.tariff_version_id = ${id}) as used`);
  return used;
}

export async function insertTariffVersion(tx: WriteTx, version: TariffVersion): Promise<void> {
  await tx.run(sql`
    insert into tariff_version (tenant_id, id, service_id, valid_from, act, definition, assumed_reason,
      recorded_at, recorded_by)
    values (${tx.tenantId}, ${version.id}, ${version.serviceId}, ${version.validFrom}, ${version.act},
      ${JSON.stringify(version.definition)}::text::jsonb, ${version.assumedReason}, ${version.recordedAt},
      ${version.recordedBy})`);
}
