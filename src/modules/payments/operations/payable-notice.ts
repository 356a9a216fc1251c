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

/**
 * The same for who begins to pay (paGetPayment): that somebody did is noted, so that pages and reminders know;
 * the notice's state does not change.
 */
export async function beginPayment(
  tx: WriteTx,
  of: { creditorFiscalCode: string; noticeNumber: string; station: string; now: Moment },
): Promise<PayableNotice> {
  const answer = await payableNotice(tx, of);
  if (answer.outcome !== "payable") return answer;
  const event = { id: newId(), noticeId: answer.notice.id, kind: "asked" as const };
  await notices.insertEvents(tx, [event], { name: of.station, at: of.now });
  return answer;
}
