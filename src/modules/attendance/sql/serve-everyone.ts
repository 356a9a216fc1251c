// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** Since when everybody present eats on that day, or `null` when the switch is off. */
export async function serveEveryoneSince(tx: ReadTx, date: Day): Promise<Moment | null> {
  const row = await tx.maybe<{ since: Moment }>(sql`
    select turned_on_at as since from serve_everyone
    where tenant_id = ${tx.tenantId} and date = ${date} and turned_off_at is null`);
  return row?.since ?? null;
}

export function putServeEveryone(
  tx: WriteTx,
  of: { date: Day; on: boolean; by: string; at: Moment },
): Promise<number> {
  if (!of.on)
    return tx.run(sql`
      update serve_everyone set turned_off_at = ${of.at}, turned_off_by = ${of.by}
      where tenant_id = ${tx.tenantId} and date = ${of.date} and turned_off_at is null`);
  return tx.run(sql`
    insert into serve_everyone (tenant_id, date, turned_on_at, turned_on_by)
    values (${tx.tenantId}, ${of.date}, ${of.at}, ${of.by})
    on conflict (tenant_id, date) do update
      set turned_on_at = excluded.turned_on_at, turned_on_by = excluded.turned_on_by,
        turned_off_at = null, turned_off_by = null
      where serve_everyone.turned_off_at is not null`);
}
