// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, TenantDb, WriteTx } from "#kernel/db/index.ts";
import { digestOf, genesisOf, headOf } from "../rules/seal-batch.ts";
import {
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
/** A transaction ends within a minute: what is older than this has all its neighbours. */
const SETTLED_MINUTES = 10;

/** The smallest id (UUID version 7) that a row of that moment could have. */
function firstIdOf(moment: Moment): string {
  const hex = Math.max(0, moment.epochMilliseconds).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/**
 * Seals what a town's logs hold and has settled, batch by batch. `wallNow`: the system's clock, which ids are made by; a
 * demonstration's own clock may show another day. Returns how many rows were sealed.
 */
export async function sealLogs(town: TenantDb, wallNow: Moment): Promise<number> {
  const below = firstIdOf(wallNow.subtract({ minutes: SETTLED_MINUTES }));
  const counts = await Promise.all(
    SEALED_LOGS.map((log) => sealLog(town, { log, below, at: wallNow })),
  );
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

export type VerifiedLog =
  | { outcome: "whole"; log: SealedLog; seals: number; rows: number; head: string | null }
  /** `changed`: rows of the batch are not what was sealed; `chain`: the seals themselves do not follow each other */
  | { outcome: "broken"; log: SealedLog; number: bigint; fault: "changed" | "chain" }
  /** a head that was written down outside is not the one that stands here, or stands no longer */
  | { outcome: "broken"; log: SealedLog; number: bigint; fault: "exported-head" };

/**
 * Recomputes every seal of a log, one batch at a time. `exported`: heads that were kept elsewhere (seal number → head): a
 * chain that was made anew as a whole is found by them alone.
 */
export async function verifyLog(
  town: TenantDb,
  of: { log: SealedLog; exported?: ReadonlyMap<bigint, string> },
): Promise<VerifiedLog> {
  const { log, exported = new Map<bigint, string>() } = of;
  const verifyNext = (before: LogSeal | null) =>
    town.read(async (tx) => {
      const seal = await nextSeal(tx, { log, after: before?.number ?? 0n });
      return seal && { seal, fault: await faultOf(tx, seal, before, exported.get(seal.number)) };
    });
  let rows = 0;
  let last: LogSeal | null = null;
  let next = await verifyNext(last);
  while (next) {
    const { seal, fault } = next;
    if (fault) return { outcome: "broken", log, number: seal.number, fault };
    rows += seal.rows;
    last = seal;
    next = await verifyNext(last);
  }
  const number = last?.number ?? 0n;
  const missing = [...exported.keys()].find((one) => one > number);
  if (missing !== undefined)
    return { outcome: "broken", log, number: missing, fault: "exported-head" };
  return { outcome: "whole", log, seals: Number(number), rows, head: last?.head ?? null };
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
  // One more than there should be shows a row that was slipped in.
  const rows = await logRows(tx, { log, afterId, lastId, limit: seal.rows + 1 });
  if (rows.length !== seal.rows || digestOf(rows) !== seal.digest) return "changed";
  if (headOf(before?.head ?? genesisOf(log), seal.number, seal.digest) !== seal.head)
    return "chain";
  return exported !== undefined && exported !== seal.head ? "exported-head" : null;
}

/** The newest seal of each log: what is written down outside. */
export async function logHeads(
  tx: ReadTx,
): Promise<{ log: SealedLog; number: bigint; head: string; sealedAt: Moment }[]> {
  const newest = await Promise.all(SEALED_LOGS.map((log) => lastSeal(tx, log)));
  return newest.flatMap((seal) => (seal ? [seal] : []));
}
