// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import {
  type LedgerMovement,
  movementsOf,
  paidUses,
  type PaymentFacts,
  paymentsOfYear,
  type YearPayments,
} from "#ledger";
import { paidMoments } from "../sql/payments-paid.ts";

/** Of what the office credited by hand; paper and cash are not, nor what nobody can tell (cash or card). */
const TRACEABLE = new Set(["pagopa", "pagopa-other-portal", "bank-transfer", "pos"]);

/** Of a posting that a receipt of pagoPA made, by itself or by the office's decision. */
const receiptOrCase = ({ key }: LedgerMovement): string =>
  /^(?:pagopa-receipt|payment-case):([0-9a-f-]{36})/.exec(key)?.[1] ?? "";

/** What one payer paid for each child, the newest year first; only years in which something was paid (X-12, PE-07). */
export async function yearPayments(tx: ReadTx, holderId: string): Promise<YearPayments[]> {
  const uses = paidUses(await movementsOf(tx, { holderId }));
  const payments = [...new Set(uses.map(({ payment }) => payment))];
  const ids = payments.map(receiptOrCase).filter(Boolean);
  const receipts = new Map((await paidMoments(tx, ids)).map((row) => [row.id, row]));
  const factsOf = (payment: LedgerMovement): PaymentFacts => {
    const receipt = receipts.get(receiptOrCase(payment));
    const { method, traceable } = payment.reference;
    const how = typeof method === "string" ? method : "";
    return {
      paidOn: receipt ? dayOf(receipt.paidAt) : payment.happenedOn,
      method: how,
      isTraceable:
        receipt?.traceable ?? (typeof traceable === "boolean" ? traceable : TRACEABLE.has(how)),
    };
  };
  const years = new Set(payments.map((payment) => factsOf(payment).paidOn.year));
  return [...years]
    .toSorted((a, b) => b - a)
    .map((year) => paymentsOfYear(uses, { year, factsOf }));
}
