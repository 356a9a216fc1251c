// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";

/** Bills whose day is past and that no payment was seen for when they were drawn; payments are not looked at here. */
export function overdueBillIds(tx: ReadTx, today: Day): Promise<{ id: string }[]> {
  return tx.rows<{ id: string }>(sql`
    select id from bill where tenant_id = ${tx.tenantId} and state in ('drawn', 'issued') and due_on < ${today}
    order by due_on, id`);
}

/** When each of these debts was asked for before. */
export function remindersOf(
  tx: ReadTx,
  keys: readonly string[],
): Promise<{ key: string; at: Moment }[]> {
  return tx.rows<{ key: string; at: Moment }>(sql`
    select r.debt_key as key, o.started_at as at
    from reminder r join reminder_round o on o.tenant_id = r.tenant_id and o.id = r.round_id
    where r.tenant_id = ${tx.tenantId} and r.debt_key = any(${keys}::text[])`);
}

export async function roundExists(tx: ReadTx, id: string): Promise<boolean> {
  const row = await tx.maybe(sql`
    select id from reminder_round where tenant_id = ${tx.tenantId} and id = ${id}`);
  return row !== undefined;
}

export function insertRound(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string; automatic: boolean },
): Promise<number> {
  return tx.run(sql`
    insert into reminder_round (tenant_id, id, started_at, started_by, automatic)
    values (${tx.tenantId}, ${of.id}, ${of.at}, ${of.by}, ${of.automatic})`);
}

export async function insertReminders(
  tx: WriteTx,
  roundId: string,
  rows: readonly {
    key: string;
    holderId: string;
    noticeId: string | null;
    amountCents: Cents;
    dueOn: Day;
    emailed: boolean;
  }[],
): Promise<void> {
  await tx.run(sql`
    insert into reminder (tenant_id, round_id, debt_key, holder_id, notice_id, amount_cents, due_on, emailed)
    select ${tx.tenantId}, ${roundId}::uuid, r.key, r."holderId", r."noticeId", r."amountCents", r."dueOn", r.emailed
    from ${jsonRows(rows)} as r(key text, "holderId" uuid, "noticeId" uuid, "amountCents" bigint, "dueOn" date,
      emailed boolean)`);
}

/** What rounds asked of accounts. */
export function askedFor(
  tx: ReadTx,
  of: readonly { roundId: string; holderId: string }[],
): Promise<{ roundId: string; holderId: string; key: string; noticeId: string | null }[]> {
  const rows = of.map(({ roundId, holderId }) => ({ roundId, holderId }));
  return tx.rows(sql`
    select r.round_id as "roundId", r.holder_id as "holderId", r.debt_key as key, r.notice_id as "noticeId"
    from ${jsonRows(rows)} as w("roundId" uuid, "holderId" uuid)
    join reminder r on r.tenant_id = ${tx.tenantId} and r.round_id = w."roundId" and r.holder_id = w."holderId"
    order by r.due_on, r.debt_key`);
}

export interface ReminderRound {
  id: string;
  startedAt: Moment;
  startedBy: string;
  automatic: boolean;
  debts: number;
  families: number;
  emailed: number;
  totalCents: Cents;
}

/** The latest rounds, with what each asked for. */
export function reminderRounds(tx: ReadTx, limit: number): Promise<ReminderRound[]> {
  return tx.rows<ReminderRound>(sql`
    select o.id, o.started_at as "startedAt", o.started_by as "startedBy", o.automatic, count(*)::int as debts,
      count(distinct r.holder_id)::int as families,
      (count(distinct r.holder_id) filter (where r.emailed))::int as emailed,
      sum(r.amount_cents)::bigint as "totalCents"
    from reminder_round o join reminder r on r.tenant_id = o.tenant_id and r.round_id = o.id
    where o.tenant_id = ${tx.tenantId}
    group by o.id, o.started_at, o.started_by, o.automatic order by o.started_at desc limit ${limit}`);
}
