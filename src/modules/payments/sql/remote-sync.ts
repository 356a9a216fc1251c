// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { RemoteChannel, Told } from "../rules/remote-sync.ts";

export interface RemoteRow {
  noticeId: string;
  positionId: string;
  channel: RemoteChannel;
  wanted: number;
  told: Told;
  hasReceipt: boolean;
  /** pagoPA's own word for the state (GPD) */
  remoteState: string;
  attempts: number;
}

/** The notices just issued are to be told; in the transaction that issues them. */
export function planRemotePositions(
  tx: WriteTx,
  of: {
    notices: readonly { id: string; positionId: string }[];
    channel: RemoteChannel;
    at: Moment;
  },
): Promise<number> {
  const rows = of.notices.map(({ id, positionId }) => ({ id, positionId }));
  return tx.run(sql`
    insert into remote_position (tenant_id, notice_id, position_id, channel, next_attempt_at)
    select ${tx.tenantId}, r.id, r."positionId", ${of.channel}::text, ${of.at}::timestamptz
    from ${jsonRows(rows)} as r(id uuid, "positionId" uuid)`);
}

/** A notice moved: pagoPA must hear of it and of its position's others, unless it has heard the last word already. */
export function replanRemotePositions(
  tx: WriteTx,
  of: { noticeIds: readonly string[]; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update remote_position r set wanted = r.wanted + 1, next_attempt_at = least(r.next_attempt_at, ${of.at}::timestamptz)
    where r.tenant_id = ${tx.tenantId} and r.told <> 'closed' and r.position_id in (
      select n.position_id from payment_notice n
      where n.tenant_id = ${tx.tenantId} and n.id = any(${of.noticeIds}::uuid[]))`);
}

/** Positions whose turn it is and that nobody is telling; oldest first. Whoever gets them holds them until the end. */
export async function duePositions(
  tx: WriteTx,
  of: {
    channels: readonly RemoteChannel[];
    now: Moment;
    limit: number;
    /** only what nobody has tried to tell */
    onlyFresh?: boolean;
  },
): Promise<string[]> {
  const fresh = of.onlyFresh ? sql`and r.attempts = 0` : sql``;
  const rows = await tx.rows<{ id: string }>(sql`
    select p.id from debt_position p
    join (select r.position_id, min(r.next_attempt_at) as due from remote_position r
      where r.tenant_id = ${tx.tenantId} and r.wanted > r.known and r.next_attempt_at <= ${of.now}
        and r.channel = any(${of.channels}::text[]) ${fresh}
        and (r.claimed_until is null or r.claimed_until <= ${of.now})
      group by r.position_id order by due, r.position_id limit ${of.limit}) d on d.position_id = p.id
    where p.tenant_id = ${tx.tenantId}
    order by d.due, p.id for update of p skip locked`);
  return rows.map(({ id }) => id);
}

/** How many positions wait that nobody has tried to tell; `atMost` are counted. */
export async function freshPositions(
  tx: ReadTx,
  of: { channel: RemoteChannel; now: Moment; atMost: number },
): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    select count(*)::int as count from (select distinct r.position_id from remote_position r
      where r.tenant_id = ${tx.tenantId} and r.wanted > r.known and r.next_attempt_at <= ${of.now}
        and r.channel = ${of.channel} and r.attempts = 0
        and (r.claimed_until is null or r.claimed_until <= ${of.now})
      limit ${of.atMost}) d`);
  return count;
}

/** Claims whole positions for one sender. What was never sent is unsure from now on. Returns what was known before. */
export async function claimPositions(
  tx: WriteTx,
  of: { positionIds: readonly string[]; claim: string; now: Moment; until: Moment },
): Promise<RemoteRow[]> {
  return tx.rows<RemoteRow>(sql`
    with mine as (
      select r.notice_id, r.told from remote_position r
      where r.tenant_id = ${tx.tenantId} and r.position_id = any(${of.positionIds}::uuid[])
        and (r.claimed_until is null or r.claimed_until <= ${of.now})
      for update),
    claimed as (
      update remote_position r set claim = ${of.claim}::uuid, claimed_until = ${of.until}::timestamptz,
        attempts = r.attempts + 1,
        told = case r.told when 'nothing' then 'unsure' else r.told end
      from mine m
      where r.tenant_id = ${tx.tenantId} and r.notice_id = m.notice_id
      returning r.notice_id, r.position_id, r.channel, r.wanted, r.remote_state, r.attempts)
    select c.notice_id as "noticeId", c.position_id as "positionId", c.channel, c.wanted, m.told,
      exists(select from payment_receipt p where p.tenant_id = ${tx.tenantId} and p.notice_id = c.notice_id)
        as "hasReceipt", c.remote_state as "remoteState", c.attempts
    from claimed c join mine m on m.notice_id = c.notice_id
    order by c.position_id, c.notice_id`);
}

export interface ToldRow {
  noticeId: string;
  wanted: number;
  /** null: as before */
  told: Told | null;
  remoteState: string;
  /** everything of that version has been said */
  done: boolean;
  /** closed, and nobody knows whether something said before arrives yet: looked at until then */
  watchUntil?: Moment | null;
}

/** What came of it, by whoever still holds the claim; a claim that ran out changes nothing. */
export function recordTold(
  tx: WriteTx,
  of: {
    claim: string;
    rows: readonly ToldRow[];
    problem: string;
    nextAttemptAt: Moment;
    now: Moment;
  },
): Promise<number> {
  return tx.run(sql`
    update remote_position r set told = coalesce(t.told, r.told), remote_state = t."remoteState",
      known = case when t.done then t.wanted else r.known end,
      attempts = case when t.done then 0 else r.attempts end,
      problem = case when t.done then '' else ${of.problem}::text end,
      next_attempt_at = case when t.done or r.wanted > t.wanted then ${of.now}::timestamptz
        else ${of.nextAttemptAt}::timestamptz end,
      told_at = case when t.done then ${of.now}::timestamptz else r.told_at end,
      watch_until = case when t.told = 'closed' then t."watchUntil" else r.watch_until end,
      claim = null, claimed_until = null
    from ${jsonRows(of.rows)} as t("noticeId" uuid, wanted integer, told text, "remoteState" text, done boolean,
      "watchUntil" timestamptz)
    where r.tenant_id = ${tx.tenantId} and r.notice_id = t."noticeId" and r.claim = ${of.claim}::uuid`);
}

/** Open positions of GPD that nobody has looked at since then, oldest look first. */
export function positionsToRead(
  tx: ReadTx,
  of: { before: Moment; limit: number },
): Promise<{ positionId: string; channel: RemoteChannel; creditorFiscalCode: string }[]> {
  return tx.rows(sql`
    select r.position_id as "positionId", min(r.channel) as channel,
      min(n.creditor_fiscal_code) as "creditorFiscalCode"
    from remote_position r join payment_notice n on n.tenant_id = r.tenant_id and n.id = r.notice_id
    where r.tenant_id = ${tx.tenantId} and r.channel <> 'aca' and r.told = 'open' and r.wanted = r.known
      and r.told_at < ${of.before}
    group by r.position_id order by min(r.told_at), r.position_id limit ${of.limit}`);
}

/** What GPD said of a position. Gone there though it is open here: it is told again. */
export function recordRead(
  tx: WriteTx,
  of: { positionId: string; remoteState: string; isGone: boolean; now: Moment },
): Promise<number> {
  return tx.run(sql`
    update remote_position r set remote_state = ${of.remoteState}, told_at = ${of.now}::timestamptz,
      wanted = case when ${of.isGone} then r.wanted + 1 else r.wanted end,
      next_attempt_at = case when ${of.isGone} then ${of.now}::timestamptz else r.next_attempt_at end,
      told = case when ${of.isGone} then 'unsure' else r.told end
    where r.tenant_id = ${tx.tenantId} and r.position_id = ${of.positionId} and r.told = 'open'
      and r.wanted = r.known`);
}

export interface RemoteStanding {
  channel: RemoteChannel;
  told: Told;
  remoteState: string;
  toldAt: Moment | null;
  /** something has not been said yet; `problem`: why */
  waiting: boolean;
  problem: string;
}

/** What pagoPA knows of one notice; undefined: it was issued before anybody told it. */
export function remoteStandingOf(
  tx: ReadTx,
  noticeId: string,
): Promise<RemoteStanding | undefined> {
  return tx.maybe<RemoteStanding>(sql`
    select channel, told, remote_state as "remoteState", told_at as "toldAt", wanted > known as waiting, problem
    from remote_position where tenant_id = ${tx.tenantId} and notice_id = ${noticeId}`);
}

/** Channels with something to tell now; usually none. */
export async function dueChannels(tx: ReadTx, now: Moment): Promise<RemoteChannel[]> {
  const rows = await tx.rows<{ channel: RemoteChannel }>(sql`
    select distinct channel from remote_position
    where tenant_id = ${tx.tenantId} and wanted > known and next_attempt_at <= ${now}
      and (claimed_until is null or claimed_until <= ${now})`);
  return rows.map(({ channel }) => channel);
}

export interface RemoteBacklog {
  channel: RemoteChannel;
  waiting: number;
  failing: number;
  oldest: Moment | null;
  /** the latest thing that went wrong among those that wait */
  problem: string;
}

/** How much pagoPA does not know yet, by channel: for the settings page. */
export function remoteBacklog(tx: ReadTx): Promise<RemoteBacklog[]> {
  return tx.rows<RemoteBacklog>(sql`
    select r.channel, count(*)::int as waiting, (count(*) filter (where r.problem <> ''))::int as failing,
      min(n.state_at) as oldest, coalesce((array_agg(r.problem order by r.next_attempt_at desc)
        filter (where r.problem <> ''))[1], '') as problem
    from remote_position r join payment_notice n on n.tenant_id = r.tenant_id and n.id = r.notice_id
    where r.tenant_id = ${tx.tenantId} and r.wanted > r.known
    group by r.channel order by r.channel`);
}

/** A file of positions that GPD works through. */
export interface RemoteUpload {
  claim: string;
  creditorFiscalCode: string;
  brokerCode: string;
  fileId: string;
  /** by GPD's key of the position: what is known of its notices once it is taken */
  positions: Record<string, ToldRow[]>;
  lookUntil: Moment;
}

/** Keeps what was sent, and holds its positions until the report is read or nobody waits for it any longer. */
export async function insertUpload(
  tx: WriteTx,
  of: { upload: RemoteUpload; now: Moment; nextLookAt: Moment },
): Promise<void> {
  const { upload } = of;
  const noticeIds = Object.values(upload.positions).flatMap((rows) =>
    rows.map(({ noticeId }) => noticeId),
  );
  await tx.run(sql`
    update remote_position set claimed_until = ${upload.lookUntil}
    where tenant_id = ${tx.tenantId} and claim = ${upload.claim}::uuid and notice_id = any(${noticeIds}::uuid[])`);
  await tx.run(sql`
    insert into remote_upload (tenant_id, claim, creditor_fiscal_code, broker_code, file_id, positions, sent_at,
      next_look_at, look_until)
    values (${tx.tenantId}, ${upload.claim}, ${upload.creditorFiscalCode}, ${upload.brokerCode}, ${upload.fileId},
      ${JSON.stringify(upload.positions)}::text::jsonb, ${of.now}, ${of.nextLookAt}, ${upload.lookUntil})
    on conflict do nothing`);
}

/** Files whose report may be there by now. Until `nextLookAt` nobody else looks. */
export function uploadsToRead(
  tx: WriteTx,
  of: { now: Moment; nextLookAt: Moment },
): Promise<RemoteUpload[]> {
  return tx.rows<RemoteUpload>(sql`
    update remote_upload set next_look_at = ${of.nextLookAt}
    where tenant_id = ${tx.tenantId} and next_look_at <= ${of.now}
    returning claim, creditor_fiscal_code as "creditorFiscalCode", broker_code as "brokerCode",
      file_id as "fileId", positions, look_until as "lookUntil"`);
}

export function deleteUpload(tx: WriteTx, fileId: string): Promise<number> {
  return tx.run(sql`
    delete from remote_upload where tenant_id = ${tx.tenantId} and file_id = ${fileId}`);
}
