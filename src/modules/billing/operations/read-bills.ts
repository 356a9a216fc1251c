// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { paymentsInto } from "#ledger";
import { datedSettings } from "#tenancy";
import { settleBills } from "../rules/settle-bills.ts";
import { type Bill, billRowByNumber, billRowsOf } from "../sql/bills.ts";

/** A bill with what has been paid of it; `state` is `paid` when that is all of it. */
export interface SettledBill extends Bill {
  paidCents: Cents;
}

/** Bills of a holder, of a month, of a service, or named ones: newest month first. */
export async function billsOf(
  tx: ReadTx,
  of: { ids?: readonly string[]; holderId?: string; month?: Day; serviceId?: string },
): Promise<SettledBill[]> {
  return settled(tx, await billRowsOf(tx, of));
}

export async function billByNumber(tx: ReadTx, number: string): Promise<SettledBill | undefined> {
  const row = await billRowByNumber(tx, number);
  return row && (await settled(tx, [row]))[0];
}

/** A bill's place in the queue depends on all bills of its holder, so all of them are read. */
async function settled(tx: ReadTx, rows: readonly Bill[]): Promise<SettledBill[]> {
  if (rows.length === 0) return [];
  const holderIds = [...new Set(rows.map(({ holderId }) => holderId))];
  const all = await billRowsOf(tx, { holderIds });
  const poolOf = await pools(tx);
  const paidInto = new Map<string, Cents>();
  for (const payment of await paymentsInto(tx, holderIds)) {
    // A payment may settle the bills of its own account, and those of the whole holder.
    for (const pool of new Set([accountPool(payment), holderPool(payment.holderId)]))
      paidInto.set(pool, (paidInto.get(pool) ?? 0n) + payment.amountCents);
  }
  const oldestFirst = all
    .filter(({ state }) => state !== "cancelled")
    .toSorted(
      (a, b) => Temporal.PlainDate.compare(a.month, b.month) || (a.number < b.number ? -1 : 1),
    );
  const paid = settleBills(
    oldestFirst.map((bill) => ({ ...bill, pool: poolOf(bill) })),
    paidInto,
  );
  return rows.map((bill) => {
    const paidCents = paid.get(bill.id) ?? 0n;
    const isPaid = bill.state !== "cancelled" && paidCents >= bill.totalCents;
    return { ...bill, paidCents, state: isPaid ? "paid" : bill.state };
  });
}

const holderPool = (holderId: string): string => `holder:${holderId}`;
const accountPool = (of: {
  holderId: string;
  childId: string | null;
  serviceId: string | null;
}): string =>
  of.childId === null && of.serviceId === null
    ? holderPool(of.holderId)
    : `${of.holderId}/${of.childId ?? ""}/${of.serviceId ?? ""}`;

/** Which account a bill's charges went to, by the town's account scope of its month. */
async function pools(tx: ReadTx): Promise<(bill: Bill) => string> {
  const { services } = await townCalendar(tx);
  const settings = await datedSettings(tx);
  return ({ serviceId, holderId, childId, month }) => {
    const code = services.find(({ id }) => id === serviceId)?.code ?? "";
    const scope = settings.service(
      code,
      "payment",
      month.with({ day: month.daysInMonth }),
    ).accountScope;
    if (scope === "family" || childId === null) return holderPool(holderId);
    const ofService = scope === "child-service" ? serviceId : null;
    return accountPool({ holderId, childId, serviceId: ofService });
  };
}
