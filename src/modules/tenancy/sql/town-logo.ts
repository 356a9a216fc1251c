// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** The town's logo, a PNG; `null`: it has none. */
export async function townLogo(tx: ReadTx): Promise<Uint8Array | null> {
  const row = await tx.maybe<{ png: string }>(sql`
    select encode(png, 'base64') as png from town_logo where tenant_id = ${tx.tenantId}`);
  return row ? new Uint8Array(Buffer.from(row.png, "base64")) : null;
}

export function writeLogo(
  tx: WriteTx,
  of: { png: Uint8Array; at: Moment; by: string },
): Promise<number> {
  const png = Buffer.from(of.png).toString("base64");
  return tx.run(sql`
    insert into town_logo (tenant_id, png, stored_at, stored_by)
    values (${tx.tenantId}, decode(${png}::text, 'base64'), ${of.at}, ${of.by})
    on conflict (tenant_id) do update set png = excluded.png, stored_at = excluded.stored_at,
      stored_by = excluded.stored_by`);
}

export function deleteLogo(tx: WriteTx): Promise<number> {
  return tx.run(sql`delete from town_logo where tenant_id = ${tx.tenantId}`);
}
