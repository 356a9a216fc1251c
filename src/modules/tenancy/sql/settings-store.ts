// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { StoredSetting } from "../rules/diff-settings.ts";
import type { SettingPoint } from "../rules/resolve-profile.ts";

/** Every row of the town, with who chose it and why it is assumed. */
export function storedSettings(tx: ReadTx): Promise<StoredSetting[]> {
  return tx.rows<StoredSetting>(sql`
    select scope, key, valid_from as "validFrom", value, assumed_reason as "assumedReason", source
    from tenant_setting where tenant_id = ${tx.tenantId} order by scope, key, valid_from`);
}

/** Writes rows; one with the same scope, key and day replaces the earlier one. */
export function writeSettings(
  tx: WriteTx,
  rows: readonly SettingPoint[],
  by: { source: "profile" | "office"; name: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into tenant_setting
      (tenant_id, scope, key, valid_from, value, assumed_reason, source, recorded_at, recorded_by)
    select ${tx.tenantId}, r.scope, r.key, r."validFrom", r.value, r."assumedReason",
      ${by.source}::text, ${by.at}::timestamptz, ${by.name}::text
    from ${jsonRows(rows)} as r(scope text, key text, "validFrom" date, value jsonb, "assumedReason" text)
    on conflict (tenant_id, scope, key, valid_from) do update set value = excluded.value,
      assumed_reason = excluded.assumed_reason, source = excluded.source,
      recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`);
}

export function deleteSettings(
  tx: WriteTx,
  rows: readonly { scope: string; key: string; validFrom: Day }[],
): Promise<number> {
  return tx.run(sql`
    delete from tenant_setting s using ${jsonRows(rows)} as r(scope text, key text, "validFrom" date)
    where s.tenant_id = ${tx.tenantId} and s.scope = r.scope and s.key = r.key
      and s.valid_from = r."validFrom"`);
}
