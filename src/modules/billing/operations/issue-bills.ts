// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { BillableCharge, DrawnBill } from "../rules/draw-bills.ts";
import type { ReplacedBill } from "../rules/money-messages.ts";
import { type Bill, insertBills, lastBillNumber } from "../sql/bills.ts";
import { type BillNotice, issueBillNotices } from "./issue-bill-notices.ts";
import { tellBills } from "./tell-money.ts";

export type IssuedBill = Omit<Bill, "state"> & {
  notice: BillNotice | null;
};

/**
 * Writes bills that were drawn, with their numbers, their notices where the town can be paid through pagoPA (BO-02),
 * and what the families are told. Under `lockBilling`.
 */
export async function issueBills(
  tx: WriteTx,
  of: {
    serviceId: string;
    month: Day;
    dueOn: Day;
    bills: readonly DrawnBill[];
    charges: readonly BillableCharge[];
    /** as families read it: the one bill that this one takes the place of */
    replaces?: ReplacedBill;
    by: string;
    now: Moment;
  },
): Promise<IssuedBill[]> {
  const { serviceId, month, dueOn, charges, by, now } = of;
  const last = await lastBillNumber(tx, month.year);
  const rows = of.bills.map((bill, index) => {
    const id = newId();
    return {
      ...bill,
      id,
      number: `${month.year}/${String(last + index + 1).padStart(5, "0")}`,
      serviceId,
      month,
      drawnAt: now,
      dueOn,
      // A second run of the month finds only what came since: a new bill of its own.
      billKey: `${serviceId}/${month.toString()}/${bill.holderId}/${bill.childId ?? ""}/${id}`,
    };
  });
  await insertBills(tx, rows, by);
  const billIds = rows.map(({ id }) => id);
  const asked = await issueBillNotices(tx, { billIds, by, now });
  const noticeOf = new Map(
    asked.outcome === "issued" ? asked.notices.map((notice) => [notice.billId, notice]) : [],
  );
  const childOf = new Map(charges.map(({ id, childId }) => [id, childId]));
  const told = rows.map((bill) => ({
    ...bill,
    noticeNumber: noticeOf.get(bill.id)?.noticeNumber ?? null,
    noticeId: noticeOf.get(bill.id)?.noticeId ?? null,
    replaces: of.replaces ?? null,
    childIds: [...new Set(bill.chargeIds.flatMap((id) => childOf.get(id) ?? []))],
  }));
  await tellBills(tx, { serviceId, month, bills: told, now });
  return rows.map((row) => ({ ...row, notice: noticeOf.get(row.id) ?? null }));
}
