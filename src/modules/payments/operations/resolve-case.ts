// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { type FamilyAccount, post } from "#ledger";
import type { CaseEvent } from "../rules/case-messages.ts";
import { deskPayments } from "../sql/desk-payments.ts";
import { noticesById } from "../sql/notices.ts";
import { caseById, closeCase, type Receipt, receiptById } from "../sql/receipts.ts";
import { promisedDay } from "./promised-day.ts";
import { replaceDeskPayment } from "./replace-desk-payment.ts";
import { tellCase } from "./tell-case.ts";

export type ResolvedCase =
  | { outcome: "resolved" }
  | { outcome: "already-resolved" }
  | { outcome: "unknown" | "forbidden" | "reason-missing" };

const MAY_RESOLVE = new Set<Actor["role"]>(["office-manager", "administrator"]);

/**
 * The office says where money in suspense belongs: a family's account, or back to the payer (a refund is then made
 * out of `refunds-payable`). The whole sum, once, with a reason, on the record; the families concerned are told. Where the
 * desk had registered the same receipt from its paper, that payment is undone with it: one decision for one payment.
 * A refund is ordered by `refundCase`, which writes the request too: this alone would leave money that nobody sends.
 */
export async function resolveCase(
  tx: WriteTx,
  of: {
    actor: Actor;
    caseId: string;
    to: { kind: "credit"; account: FamilyAccount } | { kind: "refund" };
    reason: string;
    now: Moment;
  },
): Promise<ResolvedCase> {
  const { actor, caseId, to, now } = of;
  if (!MAY_RESOLVE.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim();
  if (reason === "") return { outcome: "reason-missing" };
  const found = await caseById(tx, caseId);
  if (!found) return { outcome: "unknown" };
  if (found.resolvedAt) return { outcome: "already-resolved" };
  const receipt = await receiptById(tx, found.receiptId);
  if (!receipt) throw new Error(`case ${caseId} is of no receipt`);
  const [registered] = await deskPayments(tx, { receipt: paperOf(receipt) });
  if (registered) {
    const { noticeNumber } = receipt;
    const { holderId } = registered;
    await replaceDeskPayment(tx, { byHand: registered, noticeNumber, holderId, actor, now });
  }
  await post(
    tx,
    {
      key: `payment-case:${caseId}`,
      debit: { kind: "suspense" },
      credit: to.kind === "credit" ? to.account : { kind: "refunds-payable" },
      amountCents: found.amountCents,
      kind: to.kind === "credit" ? "credit" : "to-refund",
      happenedOn: dayOf(now),
      reference: { method: "pagopa", paymentCase: caseId, reason },
    },
    now,
  );
  await closeCase(tx, {
    id: caseId,
    at: now,
    by: actor.name,
    resolution: to.kind === "credit" ? "credited" : "to-refund",
    reason,
  });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.resolve-case",
    holderId: to.kind === "credit" ? to.account.holderId : null,
    reason,
    details: { caseId, amountCents: found.amountCents.toString(), to: to.kind },
  });
  const [notice] = receipt.noticeId ? await noticesById(tx, [receipt.noticeId]) : [];
  const told = whoIsTold(to, {
    receipt,
    promisedOn: await promisedDay(tx, dayOf(now)),
    owner: notice?.holderId ?? null,
    registered: registered?.holderId ?? null,
  });
  await tellCase(tx, { caseId, told, now });
  return { outcome: "resolved" };
}

/** Under which the desk registers the paper of a receipt of pagoPA. */
const paperOf = ({ receiptId: ref }: Receipt) => ({ method: "other-portal" as const, ref });

/** Whose notice it was, who has the money now, and who had it from the desk. */
function whoIsTold(
  to: Parameters<typeof resolveCase>[1]["to"],
  of: { receipt: Receipt; owner: string | null; registered: string | null; promisedOn: Day },
): { holderId: string; event: CaseEvent }[] {
  const { receipt, owner, registered, promisedOn } = of;
  const { amountCents, noticeNumber } = receipt;
  const payment = { amountCents, noticeNumber, paidOn: dayOf(receipt.paidAt) };
  const credited = to.kind === "credit" ? to.account.holderId : null;
  const holders = new Set([owner, registered, credited].filter((id) => id !== null));
  return [...holders].map((holderId) => ({
    holderId,
    event:
      credited === null
        ? { ...payment, what: "to-refund", promisedOn }
        : credited === holderId
          ? { ...payment, what: "credited", asRegistered: registered === holderId }
          : { ...payment, what: "credited-elsewhere" },
  }));
}
