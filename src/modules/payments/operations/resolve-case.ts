// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { type FamilyAccount, post } from "#ledger";
import type { CaseEvent } from "../rules/case-messages.ts";
import { deskPayments } from "../sql/desk-payments.ts";
import { lockMoneyDesk } from "../sql/money-requests.ts";
import { type Notice, noticesById } from "../sql/notices.ts";
import { caseById, closeCase, type Receipt, receiptById } from "../sql/receipts.ts";
import { askInstalmentRest } from "./ask-instalment-rest.ts";
import { promisedDay } from "./promised-day.ts";
import { replaceDeskPayment } from "./replace-desk-payment.ts";
import { tellCase } from "./tell-case.ts";

export type ResolvedCase =
  /** `rest`: what asks for the missing part of an instalment that came short */
  | { outcome: "resolved"; rest?: Notice }
  | { outcome: "already-resolved" }
  | { outcome: "unknown" | "forbidden" | "reason-missing" };

const MAY_RESOLVE = new Set<Actor["role"]>(["office-manager", "administrator"]);

interface Decision {
  actor: Actor;
  caseId: string;
  reason: string;
  now: Moment;
}

/** Money in suspense becomes credit of a family's account. What goes back to the payer is `refundCase`'s. */
export const resolveCase = (
  tx: WriteTx,
  of: Decision & { account: FamilyAccount },
): Promise<ResolvedCase> => decideCase(tx, of);

/**
 * The office says where money in suspense belongs: a family's account, or `null`: back to the payer, out of
 * `refunds-payable`. The whole sum, once, with a reason, on the record; the families concerned are told. Where the
 * desk had registered the same receipt from its paper, that payment is undone with it: one decision for one payment.
 * Of an instalment that came short the rest is asked for. For this room alone: a refund without its request would be
 * money that nobody sends.
 */
export async function decideCase(
  tx: WriteTx,
  of: Decision & { account: FamilyAccount | null },
): Promise<ResolvedCase> {
  const { actor, caseId, account, now } = of;
  if (!MAY_RESOLVE.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim();
  if (reason === "") return { outcome: "reason-missing" };
  // What is asked for of the same account, and what a plan takes the place of, stands still meanwhile.
  await lockMoneyDesk(tx);
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
      credit: account ?? { kind: "refunds-payable" },
      amountCents: found.amountCents,
      kind: account ? "credit" : "to-refund",
      happenedOn: dayOf(now),
      reference: { method: "pagopa", paymentCase: caseId, reason },
    },
    now,
  );
  await closeCase(tx, {
    id: caseId,
    at: now,
    by: actor.name,
    resolution: account ? "credited" : "to-refund",
    reason,
  });
  const [notice] = receipt.noticeId ? await noticesById(tx, [receipt.noticeId]) : [];
  const rest =
    notice &&
    (await askInstalmentRest(tx, { receipt, notice, credited: account, by: actor.name, now }));
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.resolve-case",
    holderId: account?.holderId ?? null,
    reason,
    details: {
      caseId,
      amountCents: found.amountCents.toString(),
      to: account ? "credit" : "refund",
      ...(rest ? { restAskedBy: rest.noticeNumber } : {}),
    },
  });
  const told = whoIsTold(account, {
    receipt,
    promisedOn: await promisedDay(tx, dayOf(now)),
    owner: notice?.holderId ?? null,
    rest: rest ?? null,
    registered: registered?.holderId ?? null,
  });
  await tellCase(tx, { caseId, told, now });
  return { outcome: "resolved", ...(rest ? { rest } : {}) };
}

/** Under which the desk registers the paper of a receipt of pagoPA. */
const paperOf = ({ receiptId: ref }: Receipt) => ({ method: "other-portal" as const, ref });

/** Whose notice it was, who has the money now, and who had it from the desk. */
function whoIsTold(
  account: FamilyAccount | null,
  of: {
    receipt: Receipt;
    owner: string | null;
    registered: string | null;
    promisedOn: Day;
    rest: Notice | null;
  },
): { holderId: string; event: CaseEvent }[] {
  const { receipt, owner, registered, promisedOn, rest } = of;
  const { amountCents, noticeNumber } = receipt;
  const payment = { amountCents, noticeNumber, paidOn: dayOf(receipt.paidAt) };
  const credited = account?.holderId ?? null;
  const holders = new Set([owner, registered, credited].filter((id) => id !== null));
  return [...holders].map((holderId) => {
    const paid = rest?.holderId === holderId ? { ...payment, rest } : payment;
    return {
      holderId,
      event:
        credited === null
          ? { ...paid, what: "to-refund", promisedOn }
          : credited === holderId
            ? { ...paid, what: "credited", asRegistered: registered === holderId }
            : { ...paid, what: "credited-elsewhere" },
    };
  });
}
