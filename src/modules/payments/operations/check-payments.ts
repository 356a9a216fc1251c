// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import { balanceOf } from "#ledger";
import {
  checkNotices,
  checkReceipts,
  openSums,
  type PaymentViolation,
} from "../sql/check-payments.ts";
import { receiptPiles } from "../sql/reconciliation.ts";
import { checkReconciliation } from "./read-reconciliation.ts";

/**
 * The invariants of payments, computed anew from the rows: every applied receipt was posted once and whole, every paid
 * notice has its proof, what is undone is on record, flows stand in the ledger as they are remembered, suspense is what
 * the open cases say. Run by `campanella check` and in tests; empty = sound. At most 100 rows per rule.
 */
export async function checkPayments(tx: ReadTx): Promise<PaymentViolation[]> {
  const rows = [...(await checkReceipts(tx)), ...(await checkNotices(tx))];
  const { waitingCount, suspenseCents, refundCents } = await openSums(tx);
  const { waiting } = await receiptPiles(tx);
  const differences: [rule: string, difference: bigint][] = [
    ["suspense-differs", (await balanceOf(tx, { kind: "suspense" })) - suspenseCents],
    ["refunds-payable-differs", (await balanceOf(tx, { kind: "refunds-payable" })) - refundCents],
    ["waiting-differs", BigInt(waitingCount - waiting.count)],
  ];
  return [
    ...rows,
    ...differences
      .filter(([, difference]) => difference !== 0n)
      .map(([rule, difference]) => ({ rule, subject: difference.toString() })),
    ...(await checkReconciliation(tx)),
  ];
}
