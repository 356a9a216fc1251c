// SPDX-License-Identifier: EUPL-1.2
import { type Day, sameDay } from "#kernel/dates.ts";
import { type AccountRef, accountKey } from "./account-key.ts";

/** Money that moves from `debit` to `credit`; one row, so it balances by construction. */
export interface Transfer {
  /** idempotency key: the same key is posted once, ever */
  key: string;
  debit: AccountRef;
  credit: AccountRef;
  /** above zero */
  amountCents: bigint;
  /** what it is: `meal`, `fixed-fee`, `credit`, `refund` … */
  kind: string;
  /** the day it belongs to; when it was written is `recordedAt` */
  happenedOn: Day;
  /** the transfer it undoes */
  reversesId?: string | null;
  /** ids and words that explain it; no codice fiscale, no names */
  reference?: Record<string, unknown>;
}

/** The same key came with other money: a bug of the caller, or a form sent twice with other values (409). */
export class LedgerKeyConflict extends Error {
  override readonly name = "LedgerKeyConflict";
  readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    const shown = keys.slice(0, 3).join(", ");
    super(`${keys.length} idempotency keys were used before with other content: ${shown}`);
    this.keys = keys;
  }
}

/** Throws on what can never be a transfer. */
export function assertTransfer(transfer: Transfer): void {
  if (transfer.amountCents <= 0n) throw new RangeError(`${transfer.key}: an amount is above zero`);
  if (transfer.key === "" || transfer.kind === "")
    throw new RangeError("a transfer has a key and a kind");
  const { debit, credit } = transfer;
  if (debit.kind === credit.kind && accountKey(debit) === accountKey(credit)) {
    throw new RangeError(`${transfer.key}: debit and credit are the same account`);
  }
}

/** The money is the same: accounts, amount, kind, day, what it reverses. The reference may differ. */
export function sameMoney(a: Transfer, b: Transfer): boolean {
  return (
    a.amountCents === b.amountCents &&
    a.kind === b.kind &&
    sameDay(a.happenedOn, b.happenedOn) &&
    (a.reversesId ?? null) === (b.reversesId ?? null) &&
    accountKey(a.debit) === accountKey(b.debit) &&
    accountKey(a.credit) === accountKey(b.credit)
  );
}

/** Each key once; the same key with other money throws `LedgerKeyConflict`. */
export function distinctTransfers(transfers: readonly Transfer[]): Transfer[] {
  const byKey = new Map<string, Transfer>();
  const conflicts: string[] = [];
  for (const transfer of transfers) {
    assertTransfer(transfer);
    const present = byKey.get(transfer.key);
    if (!present) byKey.set(transfer.key, transfer);
    else if (!sameMoney(present, transfer)) conflicts.push(transfer.key);
  }
  if (conflicts.length > 0) throw new LedgerKeyConflict(conflicts);
  return [...byKey.values()];
}
