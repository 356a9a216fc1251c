// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";

/** Children of a service who got their first notice of that school year. */
export async function firstNoticesMade(
  tx: ReadTx,
  of: { serviceId: string; year: number },
): Promise<Set<string>> {
  const rows = await tx.rows<{ childId: string }>(sql`
    select child_id as "childId" from first_notice
    where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and year = ${of.year} and reason = ''`);
  return new Set(rows.map(({ childId }) => childId));
}

/** Notes which children have theirs, and which could not get one and why; a later try replaces the reason. */
export async function noteFirstNotices(
  tx: WriteTx,
  of: { serviceId: string; year: number; meals: number; at: Moment; by: string },
  rows: readonly { childId: string; mealCents: Cents; reason: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.run(sql`
    insert into first_notice (tenant_id, service_id, year, child_id, meals, meal_cents, reason, made_at, made_by)
    select ${tx.tenantId}, ${of.serviceId}::uuid, ${of.year}::integer, r."childId", ${of.meals}::integer, r."mealCents",
      r.reason, ${of.at}::timestamptz, ${of.by}::text
    from ${jsonRows(rows)} as r("childId" uuid, "mealCents" bigint, reason text)
    on conflict (tenant_id, service_id, year, child_id) do update set meals = excluded.meals,
      meal_cents = excluded.meal_cents, reason = excluded.reason, made_at = excluded.made_at, made_by = excluded.made_by
    where first_notice.reason <> ''`);
}

export interface OpenFirstNotice {
  serviceId: string;
  childId: string;
  /** as of a meal without a price, or `no-holder` */
  reason: string;
}

/** The worklist: who should have a first notice and cannot get one, in the newest year of each service. */
export function openFirstNotices(tx: ReadTx, limit: number): Promise<OpenFirstNotice[]> {
  return tx.rows<OpenFirstNotice>(sql`
    select f.service_id as "serviceId", f.child_id as "childId", f.reason from first_notice f
    where f.tenant_id = ${tx.tenantId} and f.reason <> '' and f.year = (select max(x.year) from first_notice x
      where x.tenant_id = ${tx.tenantId} and x.service_id = f.service_id)
    order by f.made_at, f.child_id limit ${limit}`);
}
