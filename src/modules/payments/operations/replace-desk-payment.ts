// SPDX-License-Identifier: EUPL-1.2
import { type Actor, systemActor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { reverse } from "#ledger";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import { deskPaymentOfReceipt } from "../sql/desk-payments.ts";
import * as notices from "../sql/notices.ts";

/** A payment that the desk registered from the paper of a receipt which pagoPA sends only now. */
export interface ByHand {
  readonly id: string;
  readonly noticeId: string | null;
  readonly paidOn: Day;
  /** the notice as the receipt would have found it, had nobody written it by hand */
  readonly asBefore: notices.Notice;
}

/** Was this very receipt registered by hand: for this notice, by mistake for another, or straight on an account (BI-09)? */
export async function writtenByHand(
  tx: ReadTx,
  of: { receipt: ReceivedReceipt; notice: notices.Notice },
): Promise<ByHand | null> {
  const { receipt, notice } = of;
  const found = await deskPaymentOfReceipt(tx, receipt.receiptId);
  if (!found) return null;
  const isItsState = found.noticeId === notice.id && notice.state === "paid-elsewhere";
  return { ...found, asBefore: isItsState ? { ...notice, state: "issued" } : notice };
}

/**
 * The receipt credits the family itself, or the office has decided where its money goes: what was written by hand is
 * undone, on the day on which it stood. A notice that the desk had marked as paid by it and that it was not for is
 * cancelled: pagoPA never opens a number again, and what it asked for is asked for anew.
 */
export async function replaceDeskPayment(
  tx: WriteTx,
  of: {
    byHand: Pick<ByHand, "id" | "noticeId" | "paidOn">;
    /** the receipt's own */
    noticeNumber: string;
    holderId: string | null;
    actor?: Actor;
    now: Moment;
  },
): Promise<void> {
  const { byHand, noticeNumber, holderId, now } = of;
  const { id, noticeId, paidOn } = byHand;
  const lines = noticeId === null ? 1 : (await notices.linesOf(tx, [noticeId])).length;
  await reverse(tx, {
    keys: Array.from({ length: lines }, (_, index) => `desk-payment:${id}:${index + 1}`),
    keyPrefix: "desk-payment-undone",
    happenedOn: paidOn,
    recordedAt: now,
    reason: "la ricevuta è arrivata da pagoPA",
  });
  const [marked] = noticeId === null ? [] : await notices.noticesById(tx, [noticeId], "lock");
  if (marked && marked.noticeNumber !== noticeNumber && marked.state === "paid-elsewhere") {
    const ids = [marked.id];
    await notices.moveNotices(tx, { ids, from: marked.state, to: "cancelled", at: now });
    // What it excluded (the whole, or the instalments) pagoPA closed with it.
    const position = await notices.noticesOfPositions(tx, [marked.positionId]);
    const excluded = position
      .filter(({ instalment }) => (instalment === null) !== (marked.instalment === null))
      .filter(({ state }) => state === "issued")
      .map((one) => one.id);
    await notices.moveNotices(tx, { ids: excluded, from: "issued", to: "cancelled", at: now });
    const details = { reason: "la ricevuta registrata era di un altro avviso", by: noticeNumber };
    await notices.insertEvents(
      tx,
      [...ids, ...excluded].map((id) => ({
        ...{ id: newId(), noticeId: id, kind: "cancelled" as const, details },
      })),
      { name: (of.actor ?? systemActor).name, at: now },
    );
  }
  await recordAudit(tx, {
    actor: of.actor ?? systemActor,
    at: now,
    action: "payments.replace-desk-payment",
    holderId,
    details: { payment: id, noticeNumber },
  });
}
