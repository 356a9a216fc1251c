// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { accountKey, type AccountRef } from "../rules/account-key.ts";
import {
  assertTransfer,
  distinctTransfers,
  LedgerKeyConflict,
  type Transfer,
} from "../rules/transfer.ts";
import { accountId, openAccounts } from "../sql/accounts.ts";
import {
  conflictingKeys,
  insertNewTransfers,
  insertTransfers,
  type TransferRow,
} from "../sql/transfers.ts";

/**
 * Posts transfers in two statements (three when accounts are new), whatever their number (callers pass batches of ≤ 5,000). Repeatable: a
 * key that stands already is left alone. The same key with other money throws `LedgerKeyConflict`; let it end
 * the transaction, and nothing is posted.
 */
export async function postMany(
  tx: WriteTx,
  transfers: readonly Transfer[],
  recordedAt: Moment,
): Promise<{ posted: number; alreadyThere: number }> {
  if (transfers.length === 0) return { posted: 0, alreadyThere: 0 };
  const rows = await readyToPost(tx, distinctTransfers(transfers), recordedAt);
  const posted = await insertTransfers(tx, rows, recordedAt);
  if (posted < rows.length) {
    const conflicts = await conflictingKeys(tx, rows);
    if (conflicts.length > 0) throw new LedgerKeyConflict(conflicts);
  }
  return { posted, alreadyThere: transfers.length - posted };
}

/**
 * Posts transfers whose keys cannot stand yet, because what they are made from was written in this very transaction.
 * Cheaper than `postMany`; a key that stands all the same throws and ends the transaction.
 */
export async function postNew(
  tx: WriteTx,
  transfers: readonly Transfer[],
  recordedAt: Moment,
): Promise<void> {
  if (transfers.length === 0) return;
  for (const transfer of transfers) assertTransfer(transfer);
  await insertNewTransfers(tx, await readyToPost(tx, transfers, recordedAt), recordedAt);
}

/** Transfers as rows; opens the accounts that are missing. */
async function readyToPost(
  tx: WriteTx,
  transfers: readonly Transfer[],
  recordedAt: Moment,
): Promise<TransferRow[]> {
  const accounts = new Map<string, { id: string; key: string; account: AccountRef }>();
  const idOf = (account: AccountRef): string => {
    const key = accountKey(account);
    const known = accounts.get(key);
    if (known) return known.id;
    const id = accountId(tx.tenantId, key);
    accounts.set(key, { id, key, account });
    return id;
  };
  const rows = transfers.map((transfer) => ({
    id: newId(),
    key: transfer.key,
    debitId: idOf(transfer.debit),
    creditId: idOf(transfer.credit),
    amountCents: transfer.amountCents,
    kind: transfer.kind,
    happenedOn: transfer.happenedOn,
    reversesId: transfer.reversesId ?? null,
    reference: transfer.reference ?? {},
  }));
  await openAccounts(tx, [...accounts.values()], recordedAt);
  return rows;
}

/** One transfer; see `postMany`. */
export async function post(
  tx: WriteTx,
  transfer: Transfer,
  recordedAt: Moment,
): Promise<"posted" | "already-there"> {
  const { posted } = await postMany(tx, [transfer], recordedAt);
  return posted === 1 ? "posted" : "already-there";
}
