// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { RemoteChannel } from "../rules/remote-sync.ts";

/** Closed positions of GPD that may appear yet and that nobody has looked at since then, with what must not be payable. */
export function positionsToWatch(
  tx: ReadTx,
  of: { before: Moment; limit: number },
): Promise<
  {
    positionId: string;
    channel: RemoteChannel;
    creditorFiscalCode: string;
    noticeNumbers: string[];
  }[]
> {
  return tx.rows(sql`
    select r.position_id as "positionId", min(r.channel) as channel,
      min(n.creditor_fiscal_code) as "creditorFiscalCode", array_agg(n.notice_number) as "noticeNumbers"
    from remote_position r join payment_notice n on n.tenant_id = r.tenant_id and n.id = r.notice_id
    where r.tenant_id = ${tx.tenantId} and r.watch_until is not null and r.told = 'closed'
      and r.channel <> 'aca' and r.told_at < ${of.before}
    group by r.position_id order by min(r.told_at), r.position_id limit ${of.limit}`);
}

/** What was seen of a closed position: what is payable there is closed again, the rest until its time is over. */
export function recordWatched(
  tx: WriteTx,
  of: { positionId: string; payable: readonly string[]; now: Moment },
): Promise<number> {
  return tx.run(sql`
    update remote_position r set told_at = ${of.now}::timestamptz,
      watch_until = case when r.watch_until > ${of.now} then r.watch_until end,
      told = case when there.again then 'unsure' else r.told end,
      wanted = case when there.again then r.wanted + 1 else r.wanted end,
      next_attempt_at = case when there.again then ${of.now}::timestamptz else r.next_attempt_at end
    from (select n.id, n.notice_number = any(${of.payable}::text[]) as again from payment_notice n
      where n.tenant_id = ${tx.tenantId} and n.position_id = ${of.positionId}) there
    where r.tenant_id = ${tx.tenantId} and r.notice_id = there.id and r.told = 'closed'
      and r.watch_until is not null and r.claimed_until is null`);
}
