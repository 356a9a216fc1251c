// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { LedgerKeyConflict } from "../rules/transfer.ts";
import { insertReversals, transfersByKey } from "../sql/transfers.ts";

export interface ReversedTransfers {
  /** keys whose opposite was posted now */
  reversed: string[];
  alreadyReversed: string[];
  /** reversals themselves: post anew instead */
  notReversible: string[];
  unknown: string[];
}

/**
 * Undoes transfers, by their keys: posts the opposite of each under `<keyPrefix>:<key>`, at most once per
 * transfer whoever asks. The reversal keeps the reference of what it undoes and adds the reason.
 */
export async function reverse(
  tx: WriteTx,
  of: {
    keys: readonly string[];
    keyPrefix: string;
    happenedOn: Day;
    recordedAt: Moment;
    reason: string;
  },
): Promise<ReversedTransfers> {
  const keys = [...new Set(of.keys)];
  const done: ReversedTransfers = {
    reversed: [],
    alreadyReversed: [],
    notReversible: [],
    unknown: [],
  };
  if (keys.length === 0) return done;
  const found = new Map((await transfersByKey(tx, keys)).map((row) => [row.key, row]));
  const rows: { id: string; key: string; reversesId: string; of: string }[] = [];
  for (const key of keys) {
    const row = found.get(key);
    if (!row) done.unknown.push(key);
    else if (row.isReversal) done.notReversible.push(key);
    else if (row.isReversed) done.alreadyReversed.push(key);
    else rows.push({ id: newId(), key: `${of.keyPrefix}:${key}`, reversesId: row.id, of: key });
  }
  if (rows.length === 0) return done;
  const { happenedOn, recordedAt, reason } = of;
  const posted = await insertReversals(tx, { rows, happenedOn, recordedAt, reference: { reason } });
  done.reversed = rows.filter((row) => posted.has(row.reversesId)).map((row) => row.of);
  const others = rows.filter((row) => !posted.has(row.reversesId)).map((row) => row.of);
  await assertReversed(tx, others);
  done.alreadyReversed.push(...others);
  return done;
}

/** What was not posted must have been reversed by someone else meanwhile; else its key was taken. */
async function assertReversed(tx: WriteTx, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const rows = await transfersByKey(tx, keys);
  const taken = rows.filter((row) => !row.isReversed).map((row) => row.key);
  if (taken.length > 0) throw new LedgerKeyConflict(taken);
}
