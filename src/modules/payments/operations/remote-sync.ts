// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  planRemote,
  type RemoteCall,
  type RemoteChannel,
  retrySeconds,
  type Told,
} from "../rules/remote-sync.ts";
import * as notices from "../sql/notices.ts";
import {
  claimPositions,
  duePositions,
  recordTold,
  type RemoteRow,
  type ToldRow,
} from "../sql/remote-sync.ts";

/**
 * How long a sender may take for a position. Whoever finds an older claim takes over: the sender ended, or must have
 * given up by then.
 */
export const CLAIM_SECONDS = 300;

/**
 * So long a request that got no answer may arrive yet, above all a file that GPD works through at its own pace: what was
 * closed meanwhile is looked at.
 */
const WATCH_HOURS = 72;

/** A notice as pagoPA is told of it. */
export interface ToldNotice extends notices.Notice {
  readonly told: Told;
  readonly hasReceipt: boolean;
  readonly transfers: readonly notices.TransferRow[];
  readonly wanted: number;
  readonly remoteState: string;
}

/** One debt position whose turn it is, and what to say of it, in order. */
export interface RemoteWork {
  readonly claim: string;
  readonly positionId: string;
  readonly channel: RemoteChannel;
  readonly attempts: number;
  readonly notices: readonly ToldNotice[];
  readonly calls: readonly RemoteCall<ToldNotice>[];
}

/**
 * Takes the positions that pagoPA must hear of now, for one sender. Call pagoPA after the commit, then `recordRemote`.
 * Nobody else sends for them meanwhile, so that of one notice nothing is said out of order.
 */
export async function claimRemote(
  tx: WriteTx,
  of: { channels: readonly RemoteChannel[]; now: Moment; limit: number; onlyFresh?: boolean },
): Promise<RemoteWork[]> {
  const { now } = of;
  const positionIds = await duePositions(tx, of);
  if (positionIds.length === 0) return [];
  const claim = newId();
  const until = now.add({ seconds: CLAIM_SECONDS });
  const rows = await claimPositions(tx, { positionIds, claim, now, until });
  const ids = rows.map(({ noticeId }) => noticeId);
  const [found, transfers] = await Promise.all([
    notices.noticesById(tx, ids),
    notices.transfersOf(tx, ids),
  ]);
  const noticeOf = new Map(found.map((notice) => [notice.id, notice]));
  const transfersOf = Map.groupBy(transfers, ({ noticeId }) => noticeId);
  return [...Map.groupBy(rows, ({ positionId }) => positionId)].map(([positionId, ofPosition]) => {
    const { channel, attempts } = ofPosition[0]!;
    const told = ofPosition.map((row) => toTold(row, noticeOf, transfersOf));
    const { calls } = planRemote(channel, told);
    return { claim, positionId, channel, attempts, notices: told, calls };
  });
}

function toTold(
  row: RemoteRow,
  noticeOf: ReadonlyMap<string, notices.Notice>,
  transfersOf: ReadonlyMap<string, readonly notices.TransferRow[]>,
): ToldNotice {
  const { noticeId, told, hasReceipt, wanted, remoteState } = row;
  const notice = noticeOf.get(noticeId);
  if (!notice) throw new Error(`a remote position without its notice ${noticeId}`);
  const transfers = transfersOf.get(noticeId) ?? [];
  return { ...notice, told, hasReceipt, wanted, remoteState, transfers };
}

/** How the requests of a position went. */
export interface RemoteResult {
  /** those that pagoPA accepted, in the order of `RemoteWork.calls` */
  readonly done: readonly RemoteCall<ToldNotice>[];
  /** empty: all of them; otherwise why the next one failed, for the office: no personal data */
  readonly problem: string;
  /** the position's state in pagoPA's word; null: not read */
  readonly remoteState: string | null;
}

/** Writes down what pagoPA knows now; what it does not is tried again later, without end. */
export async function recordRemote(
  tx: WriteTx,
  of: { work: RemoteWork; result: RemoteResult; now: Moment },
): Promise<void> {
  const { work, result, now } = of;
  const nextAttemptAt = now.add({ seconds: retrySeconds(work.attempts) });
  const rows = toldRows(work, result);
  // Sent before, closed now, and GPD has never seen it.
  const unseen = new Set(
    result.done
      .flatMap(tellsOf)
      .flatMap(([{ id, told }, says]) => (told === "unsure" && says === "closed" ? [id] : [])),
  );
  const watchUntil = now.add({ hours: WATCH_HOURS });
  const watched = rows.map((row) =>
    result.remoteState === null && unseen.has(row.noticeId) ? { ...row, watchUntil } : row,
  );
  const { problem } = result;
  await recordTold(tx, { claim: work.claim, rows: watched, problem, nextAttemptAt, now });
}

/** What is known of each notice after those requests. */
export function toldRows(work: RemoteWork, result: RemoteResult): ToldRow[] {
  const said = new Map<string, Told>();
  for (const call of result.done)
    for (const [notice, told] of tellsOf(call)) said.set(notice.id, told);
  const { quiet } = planRemote(work.channel, work.notices);
  for (const { id } of quiet) said.set(id, "closed");
  return work.notices.map((notice) => ({
    noticeId: notice.id,
    wanted: notice.wanted,
    told: said.get(notice.id) ?? null,
    remoteState: result.remoteState ?? notice.remoteState,
    done: result.problem === "",
  }));
}

function tellsOf(call: RemoteCall<ToldNotice>): [ToldNotice, Told][] {
  switch (call.do) {
    case "announce":
      return [
        ...call.notices.map((notice): [ToldNotice, Told] => [notice, "open"]),
        ...call.dropped.map((notice): [ToldNotice, Told] => [notice, "closed"]),
      ];
    case "mark-paid":
      return [[call.notice, "closed"]];
    case "withdraw":
      return call.notices.map((notice): [ToldNotice, Told] => [notice, "closed"]);
  }
}
