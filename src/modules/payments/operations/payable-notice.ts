// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type NotPayable, payability } from "../rules/notice-state.ts";
import * as notices from "../sql/notices.ts";

export type PayableNotice =
  | { outcome: "payable"; notice: notices.Notice; transfers: notices.TransferRow[] }
  | { outcome: NotPayable };

/** What the Node asks: may this notice be paid now, how much, to whom? Changes nothing (paVerifyPaymentNotice). */
export async function payableNotice(
  tx: ReadTx,
  of: { creditorFiscalCode: string; noticeNumber: string; now: Moment },
): Promise<PayableNotice> {
  const notice = await notices.noticeByNumber(tx, of);
  if (!notice) return { outcome: "unknown" };
  const [position, transfers] = await Promise.all([
    notices.noticesOfPositions(tx, [notice.positionId]),
    notices.transfersOf(tx, [notice.id]),
  ]);
  // The whole excludes the instalments; instalments stand beside each other.
  const excluding = position
    .filter(({ instalment }) => (instalment === null) !== (notice.instalment === null))
    .map(({ state }) => state);
  const answer = payability(notice, excluding, dayOf(of.now));
  return answer.outcome === "payable" ? { ...answer, notice, transfers } : answer;
}

/** Somebody began to pay it elsewhere (paGetPayment was answered): pages and reminders know. */
export function noteAsked(
  tx: WriteTx,
  of: { noticeId: string; station: string; now: Moment },
): Promise<void> {
  return notices.insertEvents(
    tx,
    [{ id: newId(), noticeId: of.noticeId, kind: "asked", details: {} }],
    { name: of.station, at: of.now },
  );
}
