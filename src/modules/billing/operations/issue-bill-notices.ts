// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { familyAccount } from "#ledger";
import { issueNotices, type Missing, noticesOfBills, type PositionDraft } from "#payments";
import { datedSettings } from "#tenancy";
import { planBillNotice } from "../rules/plan-bill-notice.ts";
import { type Bill, childPartsOf, lockBilling } from "../sql/bills.ts";
import { billsOf } from "./read-bills.ts";

/** A notice that asks for a bill, or has paid it. */
export interface BillNotice {
  billId: string;
  noticeId: string;
  noticeNumber: string;
}

export type IssuedBillNotices =
  | { outcome: "issued"; notices: BillNotice[] }
  /** the town cannot be paid through pagoPA yet: its bills stand as they are */
  | { outcome: "not-configured"; missing: Missing };

/** In these a notice does not ask any more, and was not paid either. */
const OVER = new Set(["cancelled", "replaced"]);

/**
 * One notice per bill for what is still to pay of it (BO-02), on the accounts its charges went to. Repeatable: a bill
 * with a notice that stands keeps it; one that is paid or covered by payments gets none. Of a bill that was paid with too
 * little, the rest is asked for once the office has decided about what came.
 */
export async function issueBillNotices(
  tx: WriteTx,
  of: { billIds: readonly string[]; by: string; now: Moment },
): Promise<IssuedBillNotices> {
  if (of.billIds.length === 0) return { outcome: "issued", notices: [] };
  // Two presses at once ask for one notice.
  await lockBilling(tx);
  const all = await noticesOfBills(tx, of.billIds);
  const standing = all.filter(
    ({ state, isRevoked, isDecided }) => !OVER.has(state) && !isRevoked && !isDecided,
  );
  const hasNotice = new Set(standing.map(({ billId }) => billId));
  const wanted = of.billIds.filter((id) => !hasNotice.has(id));
  const bills = (await billsOf(tx, { ids: wanted })).filter(
    ({ state }) => state === "drawn" || state === "issued",
  );
  const drafts = await draftsOf(tx, bills, (billId) =>
    all.reduce((count, notice) => (notice.billId === billId ? count + 1 : count), 0),
  );
  const issued = await issueNotices(tx, {
    drafts: drafts.map(({ draft }) => draft),
    by: of.by,
    now: of.now,
  });
  if (issued.outcome === "not-configured") return issued;
  if (issued.outcome !== "issued")
    throw new Error(`the notices of bills are refused: ${issued.outcome}`);
  const billOfKey = new Map(drafts.map(({ billId, draft }) => [draft.key, billId]));
  const fresh = issued.positions.flatMap(({ key, notices }) =>
    notices.map(({ id, noticeNumber }) => ({
      billId: billOfKey.get(key)!,
      noticeId: id,
      noticeNumber,
    })),
  );
  const kept = standing.filter(({ instalment }) => instalment === null);
  return {
    outcome: "issued",
    notices: [
      ...kept.map(({ billId, noticeId, noticeNumber }) => ({ billId, noticeId, noticeNumber })),
      ...fresh,
    ],
  };
}

async function draftsOf(
  tx: WriteTx,
  bills: readonly (Bill & { paidCents: bigint })[],
  noticesBefore: (billId: string) => number,
): Promise<{ billId: string; draft: PositionDraft }[]> {
  if (bills.length === 0) return [];
  const { services } = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const parts = Map.groupBy(
    await childPartsOf(
      tx,
      bills.map(({ id }) => id),
    ),
    ({ billId }) => billId,
  );
  return bills.flatMap((bill) => {
    const service = services.find(({ id }) => id === bill.serviceId);
    if (!service) throw new Error(`a bill of a service that is not there: ${bill.serviceId}`);
    const until = bill.month.with({ day: bill.month.daysInMonth });
    const { accountScope } = settings.service(service.code, "payment", until);
    const draft = planBillNotice({
      bill,
      openCents: bill.totalCents - bill.paidCents,
      parts: parts.get(bill.id) ?? [],
      accountOf: (childId) => familyAccount(accountScope, { ...bill, childId }),
      service,
      monthName: formats("it").month(bill.month),
      earlierNotices: noticesBefore(bill.id),
    });
    return draft ? [{ billId: bill.id, draft }] : [];
  });
}
