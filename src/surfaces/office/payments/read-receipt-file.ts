// SPDX-License-Identifier: EUPL-1.2
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import { noticeDetail, receiveReceipt, type ReceivedReceipt } from "#payments";
import { readStoredReceipt } from "../../../integrations/pagopa/soap/index.ts";
import type { Visit } from "../../web/visit.ts";

/** What an uploaded receipt says of itself. */
export interface ReceiptFacts {
  readonly amountCents: Cents;
  readonly paidOn: Day | null;
  readonly payerName: string;
  readonly receiptRef: string;
}

export type UploadedReceipt =
  /** a file that says nothing to a program: PDF, picture, other XML */
  | { outcome: "not-readable" }
  /** of another portal of the town: its facts fill the form */
  | { outcome: "facts"; facts: ReceiptFacts }
  /** of a notice of ours: it goes the way of every receipt */
  | { outcome: "landed"; noticeNumber: string };

/**
 * Reads a receipt that is pagoPA's own message (BI-09). One of our notices is not registered by hand: the message is
 * kept and applied like those that pagoPA sends, once.
 */
export async function readReceiptFile(visit: Visit, bytes: Uint8Array): Promise<UploadedReceipt> {
  const raw = new TextDecoder("utf-8").decode(bytes);
  const receipt = parsed(raw);
  if (!receipt || receipt.outcome !== "OK") return { outcome: "not-readable" };
  const { noticeNumber } = receipt;
  const isOurs = await visit.town.read(async (tx) => {
    const found = await noticeDetail(tx, { noticeNumber, holderIds: "any", now: visit.now });
    return found?.creditorFiscalCode === receipt.fiscalCode;
  });
  if (!isOurs) return { outcome: "facts", facts: factsOf(receipt) };
  const { app, actor, now } = visit;
  await app.db.platform((tx) =>
    receiveReceipt(tx, {
      recipientFiscalCode: receipt.fiscalCode,
      stationId: "ufficio",
      operation: "office",
      receipt,
      raw,
      receivedAt: now,
    }),
  );
  if (actor)
    await visit.town.write((tx) =>
      recordAudit(tx, {
        actor,
        at: now,
        action: "payments.upload-receipt",
        details: { noticeNumber, receiptId: receipt.receiptId },
      }),
    );
  app.receiptsArrived();
  return { outcome: "landed", noticeNumber };
}

function parsed(raw: string): ReceivedReceipt | null {
  try {
    return readStoredReceipt(raw);
  } catch {
    return null;
  }
}

const factsOf = (receipt: ReceivedReceipt): ReceiptFacts => ({
  amountCents: receipt.paymentAmountCents,
  paidOn: receipt.paidAt ? dayOf(receipt.paidAt) : (receipt.applicationDate ?? null),
  payerName: receipt.payer?.fullName ?? receipt.debtor.fullName,
  receiptRef: receipt.receiptId,
});
