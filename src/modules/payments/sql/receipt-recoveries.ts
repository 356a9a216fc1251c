// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface Recovery {
  creditorFiscalCode: string;
  iur: string;
  iuv: string;
  attempts: number;
}

/** What a flow knows and we do not is asked for; what has come meanwhile is not. */
export async function planRecoveries(tx: WriteTx, now: Moment): Promise<void> {
  await tx.run(sql`
    insert into receipt_recovery (tenant_id, creditor_fiscal_code, iur, iuv, next_attempt_at)
    select distinct p.tenant_id, f.creditor_fiscal_code, p.iur, p.iuv, ${now}::timestamptz
    from settlement_payment p
    join settlement_flow f on f.tenant_id = p.tenant_id and f.id = p.flow_id and f.revision = p.revision
    where p.tenant_id = ${tx.tenantId} and p.standing = 'receipt-missing'
    on conflict do nothing`);
  await tx.run(sql`
    update receipt_recovery y set state = 'recovered', problem = ''
    where y.tenant_id = ${tx.tenantId} and y.state <> 'recovered' and exists (
      select 1 from payment_receipt r where r.tenant_id = ${tx.tenantId}
        and r.creditor_fiscal_code = y.creditor_fiscal_code and r.receipt_id = y.iur)`);
}

/** The row that two workers of one town contend for: who holds it counts the calls. */
export async function holdCursor(tx: WriteTx, creditorFiscalCode: string): Promise<void> {
  await tx.run(sql`
    insert into settlement_cursor as c (tenant_id, creditor_fiscal_code)
    values (${tx.tenantId}, ${creditorFiscalCode})
    on conflict (tenant_id, creditor_fiscal_code) do update set problem = c.problem`);
}

/**
 * Takes what is due, as many as the window still allows; the call counts from here on, whether it succeeds or not.
 * A receipt is asked for at most once in a window, hence rows with a recent attempt are calls.
 */
export function claimRecoveries(
  tx: WriteTx,
  of: { now: Moment; since: Moment; most: number; limit: number },
): Promise<Recovery[]> {
  return tx.rows<Recovery>(sql`
    update receipt_recovery y set attempts = y.attempts + 1, last_attempt_at = ${of.now}
    from (
      select creditor_fiscal_code, iur, iuv from receipt_recovery
      where tenant_id = ${tx.tenantId} and state = 'waiting' and next_attempt_at <= ${of.now}
        and (last_attempt_at is null or last_attempt_at <= ${of.since})
      order by next_attempt_at, iur
      limit least(${of.limit}::bigint, greatest(0, ${of.most}::bigint - (
        select count(*) from receipt_recovery
        where tenant_id = ${tx.tenantId} and last_attempt_at > ${of.since})))) due
    where y.tenant_id = ${tx.tenantId} and y.creditor_fiscal_code = due.creditor_fiscal_code
      and y.iur = due.iur and y.iuv = due.iuv
    returning y.creditor_fiscal_code as "creditorFiscalCode", y.iur, y.iuv, y.attempts`);
}

export function noteRecovery(
  tx: WriteTx,
  of: {
    recovery: Pick<Recovery, "creditorFiscalCode" | "iur" | "iuv">;
    state: "waiting" | "recovered" | "given-up";
    problem: string;
    nextAttemptAt: Moment;
  },
): Promise<number> {
  const { creditorFiscalCode, iur, iuv } = of.recovery;
  return tx.run(sql`
    update receipt_recovery set state = ${of.state}, problem = ${of.problem}, next_attempt_at = ${of.nextAttemptAt}
    where tenant_id = ${tx.tenantId} and creditor_fiscal_code = ${creditorFiscalCode} and iur = ${iur}
      and iuv = ${iuv} and state = 'waiting'`);
}

export interface Cursor {
  creditorFiscalCode: string;
  publishedUntil: Moment | null;
  fetchedAt: Moment | null;
  problem: string;
}

export function cursors(tx: ReadTx): Promise<Cursor[]> {
  return tx.rows<Cursor>(sql`
    select creditor_fiscal_code as "creditorFiscalCode", published_until as "publishedUntil",
      fetched_at as "fetchedAt", problem
    from settlement_cursor where tenant_id = ${tx.tenantId} order by 1`);
}

/** Never back: another worker may have read further. `problem`: an empty text when all went well. */
export function moveCursor(
  tx: WriteTx,
  row: { creditorFiscalCode: string; publishedUntil: Moment | null; at: Moment; problem: string },
): Promise<number> {
  return tx.run(sql`
    insert into settlement_cursor as c (tenant_id, creditor_fiscal_code, published_until, fetched_at, problem)
    values (${tx.tenantId}, ${row.creditorFiscalCode}, ${row.publishedUntil}, ${row.at}, ${row.problem})
    on conflict (tenant_id, creditor_fiscal_code) do update set
      published_until = greatest(c.published_until, excluded.published_until),
      fetched_at = excluded.fetched_at, problem = excluded.problem`);
}
