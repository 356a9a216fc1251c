// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { accountKey } from "../rules/account-key.ts";
import { distinctTransfers, LedgerKeyConflict, type Transfer } from "../rules/transfer.ts";
import { accountId, accountsOf, openAccounts } from "../sql/accounts.ts";
import { conflictingKeys, insertTransfers } from "../sql/transfers.ts";

/**
 * Posts transfers in two statements, whatever their number (callers pass batches of ≤ 5,000). Repeatable: a
 * key that stands already is left alone. The same key with other money throws `LedgerKeyConflict`; let it end
 * the transaction, and nothing is posted.
 */
export async function postMany(
  tx: WriteTx,
  transfers: readonly Transfer[],
  recordedAt: Moment,
): Promise<{ posted: number; alreadyThere: number }> {
  if (transfers.length === 0) return { posted: 0, alreadyThere: 0 };
  const distinct = distinctTransfers(transfers);
  const accounts = accountsOf(distinct);
  const idOf = new Map([...accounts.keys()].map((key) => [key, accountId(tx.tenantId, key)]));
  const rows = distinct.map((transfer) => ({
    id: newId(),
    key: transfer.key,
    debitId: idOf.get(accountKey(transfer.debit)) ?? "",
    creditId: idOf.get(accountKey(transfer.credit)) ?? "",
    amountCents: transfer.amountCents,
    kind: transfer.kind,
    happenedOn: transfer.happenedOn,
    reversesId: transfer.reversesId ?? null,
    reference: transfer.reference ?? {},
  }));
  await openAccounts(tx, accounts, recordedAt);
  const posted = await insertTransfers(tx, rows, recordedAt);
  if (posted < rows.length) {
    const conflicts = await conflictingKeys(tx, rows);
    if (conflicts.length > 0) throw new LedgerKeyConflict(conflicts);
  }
  return { posted, alreadyThere: transfers.length - posted };
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
