// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isUnderWay, mayMove, type NoticeState } from "../rules/notice-state.ts";
import * as notices from "../sql/notices.ts";
import { accountsOf } from "./authorise.ts";

export type CancelledNotice =
  | { outcome: "cancelled" }
  | { outcome: "already-cancelled" }
  /** paid, replaced, settled: it cannot be taken back any more */
  | { outcome: "too-late"; state: NoticeState }
  /** somebody is paying it this very moment */
  | { outcome: "payment-pending" }
  /** a bill is asked for by its notice: only the office takes it back, with the bill */
  | { outcome: "not-by-the-family" }
  | { outcome: "forbidden" };

const OFFICE = new Set<Actor["role"]>(["office-manager", "administrator", "system"]);

/**
 * Deletes an unpaid notice (BO-06): its number is never used again, and a payment that arrives all the same credits
 * the wallets it names. A family deletes its own top-ups; the office anything unpaid, with a reason.
 */
export async function cancelNotice(
  tx: WriteTx,
  of: { actor: Actor; noticeId: string; reason: string; now: Moment },
): Promise<CancelledNotice> {
  const { actor, now } = of;
  const [notice] = await notices.noticesById(tx, [of.noticeId], "lock");
  if (!notice) return { outcome: "forbidden" };
  const isOffice = OFFICE.has(actor.role) && actor.desk === null;
  const accounts = isOffice ? [] : await accountsOf(tx, actor, dayOf(now));
  if (!isOffice && !accounts.includes(notice.holderId)) return { outcome: "forbidden" };
  if (notice.state === "cancelled") return { outcome: "already-cancelled" };
  // Registered as paid elsewhere: only the receipt that says otherwise takes that back.
  if (notice.state === "paid-elsewhere" || !mayMove(notice.state, "cancelled"))
    return { outcome: "too-late", state: notice.state };
  const isOwnMoney = notice.kind === "top-up" || notice.kind === "first-notice";
  if (!isOffice && !isOwnMoney) return { outcome: "not-by-the-family" };
  if (isUnderWay(notice, now)) return { outcome: "payment-pending" };
  await notices.moveNotices(tx, { ids: [notice.id], from: notice.state, to: "cancelled", at: now });
  await notices.insertEvents(
    tx,
    [{ id: newId(), noticeId: notice.id, kind: "cancelled", details: { reason: of.reason } }],
    { name: actor.name, at: now },
  );
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.cancel-notice",
    holderId: notice.holderId,
    reason: of.reason || null,
    details: { noticeNumber: notice.noticeNumber, amountCents: notice.amountCents.toString() },
  });
  return { outcome: "cancelled" };
}
