// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { PlatformTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import { type InboxRow, insertInbox } from "../sql/inbox.ts";
import { stationFor } from "../rules/station-for.ts";
import { stations } from "../sql/stations.ts";

export type StoredReceipt =
  | { outcome: "stored"; inboxId: string; tenantId: string | null }
  | { outcome: "already-there" }
  /** not addressed to any creditor of ours: the only receipt that may be refused */
  | { outcome: "not-our-creditor" };

/**
 * Keeps a receipt as it came. After the commit pagoPA may be told OK, and not before: an answer KO would be final,
 * no answer is repeated 48 times (GUIDE § 1). Whose notice it is follows from creditor and segregation code, also for
 * a retired station; a receipt of somebody else's notice of the same creditor (broadcast) is kept and left alone.
 */
export async function receiveReceipt(
  tx: PlatformTx,
  of: {
    recipientFiscalCode: string;
    stationId: string;
    operation: InboxRow["operation"];
    receipt: ReceivedReceipt;
    raw: string;
    receivedAt: Moment;
  },
): Promise<StoredReceipt> {
  const { receipt, recipientFiscalCode } = of;
  const all = await stations(tx);
  const isOurs = (fiscalCode: string): boolean =>
    all.some(({ creditorFiscalCode }) => creditorFiscalCode === fiscalCode);
  const addressed = [recipientFiscalCode, receipt.fiscalCode];
  for (const { fiscalCodePA } of receipt.transfers) addressed.push(fiscalCodePA);
  if (!addressed.some(isOurs)) return { outcome: "not-our-creditor" };
  const station = stationFor(all, receipt);
  const tenantId = receipt.outcome === "OK" ? (station?.tenantId ?? null) : null;
  const inboxId = newId();
  const isNew = await insertInbox(tx, {
    id: inboxId,
    recipientFiscalCode,
    receiptId: receipt.receiptId,
    operation: of.operation,
    stationId: of.stationId,
    tenantId,
    noticeNumber: receipt.noticeNumber,
    amountCents: receipt.paymentAmountCents,
    raw: of.raw,
    receivedAt: of.receivedAt,
  });
  return isNew ? { outcome: "stored", inboxId, tenantId } : { outcome: "already-there" };
}
