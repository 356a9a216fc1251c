// SPDX-License-Identifier: EUPL-1.2
import { dayOf, isMomentAfter, type Moment, momentAt } from "#kernel/dates.ts";
import type { ReadTx, TenantDb, WriteTx } from "#kernel/db/index.ts";
import { keepIdsAbove } from "#kernel/ids.ts";
import { digestOf, genesisOf, headOf } from "../rules/seal-batch.ts";
import {
  forgetOldestSealed,
  holdSeals,
  insertSeal,
  lastSeal,
  logRows,
  type LogSeal,
  nextSeal,
  SEALED_LOGS,
  type SealedLog,
} from "../sql/log-seals.ts";

const MOST_ROWS = 2000;
/** A transaction ends within a minute: what is older than this, and than any still open, has all its neighbours. */
const SETTLED_MINUTES = 10;

/** The smallest id (UUID version 7) that a row of that moment could have. */
function firstIdOf(moment: Moment): string {
  const hex = Math.max(0, moment.epochMilliseconds).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/**
 * Seals what a town's logs hold and has settled, batch by batch. `now`: the system's clock, which ids are made by; a
 * demonstration's own clock may show another day. `openSince`: the oldest transaction still open; the rows it wrote are not
 * there yet, and their ids are of then. Returns how many rows were sealed.
 */
export async function sealLogs(
  town: TenantDb,
  { now, openSince }: { now: Moment; openSince: Moment | null },
): Promise<number> {
  const until = openSince && Temporal.Instant.compare(openSince, now) < 0 ? openSince : now;
  const below = firstIdOf(until.subtract({ minutes: SETTLED_MINUTES }));
  const counts = await Promise.all(
    SEALED_LOGS.map((log) => sealLog(town, { log, below, at: now })),
  );
  // A clock that was set back would make ids of times that are sealed: they look slipped in.
  for (const { lastId } of await town.read((tx) => logHeads(tx))) keepIdsAbove(lastId);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function sealLog(
  town: TenantDb,
  of: { log: SealedLog; below: string; at: Moment },
): Promise<number> {
  let sealed = 0;
  let rows = MOST_ROWS;
  while (rows === MOST_ROWS) {
    rows = await town.write((tx) => sealBatch(tx, of));
    sealed += rows;
  }
  return sealed;
}

async function sealBatch(
  tx: WriteTx,
  of: { log: SealedLog; below: string; at: Moment },
): Promise<number> {
  const { log } = of;
  await holdSeals(tx, log);
  const before = await lastSeal(tx, log);
  const afterId = before?.lastId ?? null;
  const rows = await logRows(tx, { log, afterId, below: of.below, limit: MOST_ROWS });
  const last = rows.at(-1);
  if (!last) return 0;
  const number = (before?.number ?? 0n) + 1n;
  const digest = digestOf(rows);
  const head = headOf(before?.head ?? genesisOf(log), number, digest);
  const seal = { log, number, afterId, lastId: last.id, rows: rows.length, digest, head };
  await insertSeal(tx, { ...seal, sealedAt: of.at });
  return rows.length;
}

/**
 * Security events older than the town keeps them go, seal by seal, the oldest first. `wallNow`: seals and ids bear the
 * system's time, and the database holds younger rows back by its own. Returns how many rows went; 0: nothing is that old any more.
 */
export function forgetSecurityEvents(
  tx: WriteTx,
  of: { keepMonths: number; wallNow: Moment },
): Promise<number> {
  const today = dayOf(of.wallNow);
  const sealedBefore = momentAt(today.subtract({ months: of.keepMonths }), "00:00");
  const idsBelow = firstIdOf(sealedBefore);
  return forgetOldestSealed(tx, { log: "security_event", sealedBefore, idsBelow, at: of.wallNow });
}

export type VerifiedLog =
  /** `gone`: rows that went when their time was over, under seals that still stand */
  | {
      outcome: "whole";
      log: SealedLog;
      seals: number;
      rows: number;
      gone: number;
      head: string | null;
    }
  /** `changed`: rows of the batch are not what was sealed; `chain`: the seals themselves do not follow each other */
  | { outcome: "broken"; log: SealedLog; number: bigint; fault: "changed" | "chain" }
  /** a head that was written down outside is not the one that stands here, or stands no longer */
  | { outcome: "broken"; log: SealedLog; number: bigint; fault: "exported-head" }
  /** rows are said to have served their time, and it is not over: somebody took them away */
  | { outcome: "broken"; log: SealedLog; number: bigint; fault: "gone-early" };

/** A head that was kept elsewhere; without a time in files of before. */
export interface ExportedHead {
  readonly head: string;
  readonly sealedAt?: Moment | undefined;
}

/** No town keeps them for less (`log_seal_rows_kept`). */
const LEAST_KEPT_HOURS = 180 * 24;

/**
 * Recomputes every seal of a log, one batch at a time. `exported`: heads that were kept elsewhere, by the number of their
 * seal: a chain that was made anew as a whole, or dated back, is found by them alone. `wallNow`: seals bear the system's time.
 */
export async function verifyLog(
  town: TenantDb,
  of: { log: SealedLog; wallNow: Moment; exported?: ReadonlyMap<bigint, ExportedHead> },
): Promise<VerifiedLog> {
  const { log, wallNow, exported = new Map<bigint, ExportedHead>() } = of;
  // Seals follow each other in time: none is older than one before it that was written down.
  let sealedAfter: Moment | undefined;
  const verifyNext = (before: LogSeal | null) =>
    town.read(async (tx) => {
      const seal = await nextSeal(tx, { log, after: before?.number ?? 0n });
      if (!seal) return undefined;
      const kept = exported.get(seal.number);
      sealedAfter = kept?.sealedAt ?? sealedAfter;
      const fault = await faultOf(tx, seal, before, kept?.head);
      const isEarly = isGoneEarly(seal, sealedAfter, wallNow);
      return { seal, fault: fault ?? (isEarly ? ("gone-early" as const) : null) };
    });
  let rows = 0;
  let gone = 0;
  let last: LogSeal | null = null;
  let next = await verifyNext(last);
  while (next) {
    const { seal, fault } = next;
    if (fault) return { outcome: "broken", log, number: seal.number, fault };
    if (seal.rowsGoneAt) gone += seal.rows;
    else rows += seal.rows;
    last = seal;
    next = await verifyNext(last);
  }
  const number = last?.number ?? 0n;
  const missing = [...exported.keys()].find((one) => one > number);
  if (missing !== undefined)
    return { outcome: "broken", log, number: missing, fault: "exported-head" };
  return { outcome: "whole", log, seals: Number(number), rows, gone, head: last?.head ?? null };
}

/** The application's role may say that a seal's rows are gone, but not when it was made; who may say that, not what was written down. */
function isGoneEarly(seal: LogSeal, sealedAfter: Moment | undefined, wallNow: Moment): boolean {
  if (seal.rowsGoneAt === null) return false;
  const isYoung = (at: Moment): boolean =>
    isMomentAfter(at.add({ hours: LEAST_KEPT_HOURS }), wallNow);
  return isYoung(seal.sealedAt) || (sealedAfter !== undefined && isYoung(sealedAfter));
}

async function faultOf(
  tx: ReadTx,
  seal: LogSeal,
  before: LogSeal | null,
  exported: string | undefined,
): Promise<"changed" | "chain" | "exported-head" | null> {
  const isNext = seal.number === (before?.number ?? 0n) + 1n;
  if (!isNext || seal.afterId !== (before?.lastId ?? null)) return "chain";
  const { log, afterId, lastId } = seal;
  const isGone = seal.rowsGoneAt !== null;
  // The oldest go first: a hole in the middle was made by somebody else.
  if (isGone && before && before.rowsGoneAt === null) return "changed";
  // One more than there should be shows a row that was slipped in.
  const rows = await logRows(tx, { log, afterId, lastId, limit: seal.rows + 1 });
  const isAsSealed = isGone
    ? rows.length === 0
    : rows.length === seal.rows && digestOf(rows) === seal.digest;
  if (!isAsSealed) return "changed";
  if (headOf(before?.head ?? genesisOf(log), seal.number, seal.digest) !== seal.head)
    return "chain";
  return exported !== undefined && exported !== seal.head ? "exported-head" : null;
}

/** The newest seal of each log: what is written down outside. */
export async function logHeads(
  tx: ReadTx,
): Promise<Pick<LogSeal, "log" | "number" | "lastId" | "head" | "sealedAt">[]> {
  const newest = await Promise.all(SEALED_LOGS.map((log) => lastSeal(tx, log)));
  return newest.flatMap((seal) => (seal ? [seal] : []));
}
