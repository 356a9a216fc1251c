// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

/** A run of letters with codes. */
export interface LetterRun {
  id: string;
  title: string;
  madeAt: Moment;
  madeBy: string;
  state: "preparing" | "ready" | "discarded";
  letters: number;
  done: number;
  leftOut: number;
  finishedAt: Moment | null;
  /** pages that can still be fetched */
  hasFile: boolean;
}

export interface LetterItem {
  item: number;
  holderId: string;
  /** credentials for one child (PE-04) */
  childId: string | null;
  channel: "paper" | "email";
}

export interface LetterOutcome {
  item: number;
  outcome: "done" | "left-out";
  reason: string;
}

const COLUMNS = sql`r.id, r.title, r.made_at as "madeAt", r.made_by as "madeBy", r.state, r.letters, r.done,
  r.left_out as "leftOut", r.finished_at as "finishedAt",
  exists (select 1 from letter_run_file f where f.tenant_id = r.tenant_id and f.run_id = r.id) as "hasFile"`;

/** `undefined`: a run with this key was begun before. */
export async function insertRun(
  tx: WriteTx,
  row: { id: string; key: string; title: string; madeAt: Moment; madeBy: string; letters: number },
): Promise<string | undefined> {
  const made = await tx.maybe<{ id: string }>(sql`
    insert into letter_run (tenant_id, id, idempotency_key, title, made_at, made_by, letters)
    values (${tx.tenantId}, ${row.id}, ${row.key}, ${row.title}, ${row.madeAt}, ${row.madeBy}, ${row.letters})
    on conflict (tenant_id, idempotency_key) do nothing returning id`);
  return made?.id;
}

export async function runByKey(tx: ReadTx, key: string): Promise<string | undefined> {
  const row = await tx.maybe<{ id: string }>(sql`
    select id from letter_run where tenant_id = ${tx.tenantId} and idempotency_key = ${key}`);
  return row?.id;
}

export function insertItems(
  tx: WriteTx,
  runId: string,
  items: readonly LetterItem[],
): Promise<number> {
  return tx.run(sql`
    insert into letter_run_item (tenant_id, run_id, item, holder_id, child_id, channel)
    select ${tx.tenantId}, ${runId}, r.item, r."holderId", r."childId", r.channel
    from ${jsonRows(items)} as r(item int, "holderId" uuid, "childId" uuid, channel text)`);
}

export function letterRuns(tx: ReadTx, limit: number): Promise<LetterRun[]> {
  return tx.rows<LetterRun>(sql`
    select ${COLUMNS} from letter_run r where r.tenant_id = ${tx.tenantId}
    order by r.made_at desc, r.id desc limit ${limit}`);
}

export function letterRun(tx: ReadTx, id: string): Promise<LetterRun | undefined> {
  return tx.maybe<LetterRun>(sql`
    select ${COLUMNS} from letter_run r where r.tenant_id = ${tx.tenantId} and r.id = ${id}`);
}

/** Of the runs that nobody works on the one that waits longest. */
export async function oldestPreparing(tx: ReadTx, now: Moment): Promise<string | undefined> {
  const row = await tx.maybe<{ id: string }>(sql`
    select id from letter_run where tenant_id = ${tx.tenantId} and state = 'preparing'
      and (claimed_until is null or claimed_until <= ${now}::timestamptz)
    order by made_at, id limit 1`);
  return row?.id;
}

export interface RunClaim {
  runId: string;
  claim: string;
  now: Moment;
  until: Moment;
}

/** Takes a run, or holds on to it: nobody else has it before `until`. False: it is over, or another's. */
export async function claimRun(tx: WriteTx, of: RunClaim): Promise<boolean> {
  const taken = await tx.run(sql`
    update letter_run set claim = ${of.claim}::uuid, claimed_until = ${of.until}::timestamptz
    where tenant_id = ${tx.tenantId} and id = ${of.runId} and state = 'preparing'
      and (claim = ${of.claim}::uuid or claimed_until is null or claimed_until <= ${of.now}::timestamptz)`);
  return taken > 0;
}

export function releaseRun(tx: WriteTx, of: Pick<RunClaim, "runId" | "claim">): Promise<number> {
  return tx.run(sql`
    update letter_run set claim = null, claimed_until = null
    where tenant_id = ${tx.tenantId} and id = ${of.runId} and claim = ${of.claim}::uuid`);
}

export function waitingItems(
  tx: ReadTx,
  of: { runId: string; limit: number },
): Promise<LetterItem[]> {
  return tx.rows<LetterItem>(sql`
    select item, holder_id as "holderId", child_id as "childId", channel from letter_run_item
    where tenant_id = ${tx.tenantId} and run_id = ${of.runId} and outcome = 'waiting'
    order by item limit ${of.limit}`);
}

export function markItems(
  tx: WriteTx,
  runId: string,
  rows: readonly LetterOutcome[],
): Promise<number> {
  return tx.run(sql`
    update letter_run_item i set outcome = r.outcome, reason = r.reason
    from ${jsonRows(rows)} as r(item int, outcome text, reason text)
    where i.tenant_id = ${tx.tenantId} and i.run_id = ${runId} and i.item = r.item and i.outcome = 'waiting'`);
}

export function countItems(
  tx: WriteTx,
  of: { runId: string; done: number; leftOut: number; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update letter_run set done = done + ${of.done}, left_out = left_out + ${of.leftOut},
      state = case when done + left_out + ${of.done} + ${of.leftOut} >= letters then 'ready' else state end,
      finished_at = case when done + left_out + ${of.done} + ${of.leftOut} >= letters then ${of.at}::timestamptz end
    where tenant_id = ${tx.tenantId} and id = ${of.runId}`);
}

/** Some pages of a run: `shape` as whoever joins the parts gave it; `null`: they are a file by themselves. */
export interface LetterPart {
  part: number;
  shape: unknown;
  pages: number;
  /** of the bytes, before they were sealed */
  length: number;
}

export function insertFile(
  tx: WriteTx,
  runId: string,
  row: LetterPart & { sealedPages: string },
): Promise<number> {
  return tx.run(sql`
    insert into letter_run_file (tenant_id, run_id, part, shape, pages, length, sealed_pages)
    values (${tx.tenantId}, ${runId}, ${row.part}, ${row.shape === null ? null : JSON.stringify(row.shape)}::jsonb,
      ${row.pages}, ${row.length}, ${row.sealedPages})`);
}

export function partsOf(tx: ReadTx, runId: string): Promise<LetterPart[]> {
  return tx.rows<LetterPart>(sql`
    select part, shape, pages, length from letter_run_file
    where tenant_id = ${tx.tenantId} and run_id = ${runId} order by part`);
}

export async function sealedPagesOf(
  tx: ReadTx,
  of: { runId: string; part: number },
): Promise<string | undefined> {
  const row = await tx.maybe<{ sealedPages: string }>(sql`
    select sealed_pages as "sealedPages" from letter_run_file
    where tenant_id = ${tx.tenantId} and run_id = ${of.runId} and part = ${of.part}`);
  return row?.sealedPages;
}

export interface LetterLine extends LetterItem {
  outcome: "waiting" | "done" | "left-out";
  reason: string;
}

export function itemsOf(tx: ReadTx, runId: string): Promise<LetterLine[]> {
  return tx.rows<LetterLine>(sql`
    select item, holder_id as "holderId", child_id as "childId", channel, outcome, reason from letter_run_item
    where tenant_id = ${tx.tenantId} and run_id = ${runId} order by item`);
}

export function endRun(tx: WriteTx, of: { id: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update letter_run set state = 'discarded', finished_at = coalesce(finished_at, ${of.at}::timestamptz)
    where tenant_id = ${tx.tenantId} and id = ${of.id} and state = 'preparing'`);
}

export function deleteFiles(tx: WriteTx, runId: string): Promise<number> {
  return tx.run(sql`
    delete from letter_run_file where tenant_id = ${tx.tenantId} and run_id = ${runId}`);
}

/** Pages of runs that were over before then. */
export function deleteOldFiles(tx: WriteTx, before: Moment): Promise<number> {
  return tx.run(sql`
    delete from letter_run_file f using letter_run r
    where f.tenant_id = ${tx.tenantId} and r.tenant_id = f.tenant_id and r.id = f.run_id
      and r.finished_at < ${before}::timestamptz`);
}
