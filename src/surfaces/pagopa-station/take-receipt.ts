// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { receiveReceipt } from "#payments";
import {
  type ReceiptRequest,
  writeFault,
  writeReceiptResponse,
} from "../../integrations/pagopa/soap/index.ts";

/**
 * paSendRT and paSendRTV2. Stored and committed, then OK. A receipt that is there already is OK too: to pagoPA a KO
 * is the last word. The only KO is for a creditor that is none of ours.
 */
export async function takeReceipt(
  of: { db: Database; now: Moment },
  request: ReceiptRequest,
): Promise<{ answer: string; isNew: boolean }> {
  const stored = await of.db.platform((tx) =>
    receiveReceipt(tx, {
      recipientFiscalCode: request.idPA,
      stationId: request.idStation,
      operation: request.operation,
      receipt: request.receipt,
      raw: request.raw,
      receivedAt: of.now,
    }),
  );
  switch (stored.outcome) {
    case "stored":
      return { answer: writeReceiptResponse(request.operation), isNew: true };
    case "already-there":
      return { answer: writeReceiptResponse(request.operation), isNew: false };
    case "not-our-creditor":
      return {
        answer: writeFault(request.operation, "PAA_ID_DOMINIO_ERRATO", request.idPA),
        isNew: false,
      };
  }
}
