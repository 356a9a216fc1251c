// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { type FamilyAccount, post } from "#ledger";
import { caseById, closeCase } from "../sql/receipts.ts";

export type ResolvedCase =
  | { outcome: "resolved" }
  | { outcome: "already-resolved" }
  | { outcome: "unknown" | "forbidden" | "reason-missing" };

const MAY_RESOLVE = new Set<Actor["role"]>(["office-manager", "administrator"]);

/**
 * The office says where money in suspense belongs: a family's account, or back to the payer (a refund is then made
 * out of `refunds-payable`). The whole sum, once, with a reason, on the record.
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
  return { outcome: "resolved" };
}
