// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { holdersCredited, reverse } from "#ledger";
import { creditsFamily } from "../rules/match-receipt.ts";
import { insertNote } from "../sql/bank-movements.ts";
import * as notices from "../sql/notices.ts";
import { closeCase } from "../sql/receipts.ts";
import * as revocations from "../sql/revocations.ts";
import * as flows from "../sql/settlement-flows.ts";
import { tellRevoked } from "./tell-paid.ts";

const MAY_UNDO = new Set<Actor["role"]>(["office-manager", "administrator"]);
const LONGEST_REASON = 500;

export type UndoneRevoked =
  | { outcome: "undone" }
  | { outcome: "already-undone" }
  /** there is no receipt of it: nobody was credited */
  | { outcome: "never-credited" }
  /** another sum than the receipt's: only a person can tell what it means */
  | { outcome: "amount-differs" }
  /** its money is on the way back to the payer: the request is stopped first */
  | { outcome: "refund-ordered" }
  | { outcome: "not-revoked" | "unknown" | "forbidden" | "reason-missing" };

/**
 * A flow says that the PSP took a payment back (outcome REVOKED): what its receipt credited is undone, by reversals of
 * the receipt's own postings, and whoever was credited is told. The notice stays paid to pagoPA (states go forward
 * only); what is owed is owed again. Once per transfer of a receipt, whoever asks and however often.
 */
export async function undoRevoked(
  tx: WriteTx,
  of: { actor: Actor; flowId: string; line: number; reason: string; now: Moment },
): Promise<UndoneRevoked> {
  const { actor, now } = of;
  if (!MAY_UNDO.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason === "") return { outcome: "reason-missing" };
  const found = await whatStands(tx, of, "lock");
  if ("outcome" in found) return found;
  const { flow, receipt, standing, amountCents } = found;
  const { iur, iuv, transfer } = found.payment;
  const isNew = await revocations.insertRevocation(tx, {
    id: newId(),
    receiptId: receipt.id,
    transfer,
    noticeId: receipt.noticeId,
    flowId: flow.id,
    amountCents,
    reason,
    at: now,
    by: actor.name,
  });
  if (!isNew) return { outcome: "already-undone" };
  const done = await reverse(tx, {
    keys: standing.keys,
    keyPrefix: "receipt-revoked",
    happenedOn: dayOf(now),
    recordedAt: now,
    reason,
  });
  if (done.reversed.length !== standing.keys.length)
    throw new Error(`postings of receipt ${receipt.id} are not as they should be`);
  const { caseId } = standing;
  if (caseId !== null)
    await closeCase(tx, { id: caseId, at: now, by: actor.name, resolution: "revoked", reason });
  await insertNote(tx, {
    id: newId(),
    subject: `payment:${flow.id}:${iur}:${iuv}:${transfer}`,
    reason: `pagamento stornato. ${reason}`,
    at: now,
    by: actor.name,
  });
  if (receipt.noticeId !== null) {
    const event = { id: newId(), noticeId: receipt.noticeId, kind: "revoked" as const };
    await notices.insertEvents(tx, [{ ...event, details: { reason, receipt: receipt.id } }], {
      name: actor.name,
      at: now,
    });
  }
  const holderIds = await holdersCredited(tx, standing.keys);
  await tellRevoked(tx, { receipt, transfer, amountCents, holderIds, now });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.undo-revoked",
    holderId: holderIds[0] ?? null,
    reason,
    details: {
      flowCode: flow.flowCode,
      receiptId: receipt.receiptId,
      amountCents: `${amountCents}`,
    },
  });
  return { outcome: "undone" };
}

type WhyNot = {
  outcome:
    | "already-undone"
    | "never-credited"
    | "amount-differs"
    | "refund-ordered"
    | "not-revoked"
    | "unknown";
};

/** What undoing it would take off, and whose account it would lower; nothing is written. */
export async function previewRevoked(
  tx: ReadTx,
  of: { flowId: string; line: number },
): Promise<{ outcome: "possible"; amountCents: Cents; holderIds: string[] } | WhyNot> {
  const found = await whatStands(tx, of);
  if ("outcome" in found) return found;
  const { amountCents, standing } = found;
  const holderIds = await holdersCredited(tx, standing.keys);
  return { outcome: "possible", amountCents, holderIds };
}

interface Found {
  readonly flow: flows.Flow;
  readonly payment: flows.FlowPayment;
  readonly receipt: revocations.RevocableReceipt;
  readonly amountCents: Cents;
  readonly standing: Standing;
}

async function whatStands(
  tx: ReadTx,
  of: { flowId: string; line: number },
  lock: "" | "lock" = "",
): Promise<Found | WhyNot> {
  const flow = await flows.flowById(tx, of.flowId);
  const payment = (await flows.paymentsOfFlow(tx, of.flowId)).find(({ line }) => line === of.line);
  if (!flow || !payment) return { outcome: "unknown" };
  if (payment.standing !== "revoked") return { outcome: "not-revoked" };
  const { iur, iuv, transfer } = payment;
  const { creditorFiscalCode } = flow;
  const receipt = await revocations.receiptOfLine(tx, { creditorFiscalCode, iur, iuv });
  if (!receipt) return { outcome: "never-credited" };
  if (await revocations.isUndone(tx, { receiptId: receipt.id, transfer }))
    return { outcome: "already-undone" };
  const amountCents = payment.amountCents < 0n ? -payment.amountCents : payment.amountCents;
  const standing = await postingsOf(tx, { receipt, transfer, amountCents, lock });
  return "outcome" in standing ? standing : { flow, payment, receipt, amountCents, standing };
}

interface Standing {
  /** of the ledger */
  readonly keys: readonly string[];
  /** still in suspense: the case is over */
  readonly caseId: string | null;
}

/** What stands in the ledger for one transfer of a receipt. */
async function postingsOf(
  tx: ReadTx,
  of: {
    receipt: revocations.RevocableReceipt;
    transfer: number;
    amountCents: bigint;
    lock: "" | "lock";
  },
): Promise<Standing | WhyNot> {
  const { receipt, transfer, amountCents } = of;
  const key = `pagopa-receipt:${receipt.id}`;
  if (creditsFamily(receipt.verdict) && receipt.noticeId !== null) {
    const lines = (await notices.linesOf(tx, [receipt.noticeId])).filter(
      (line) => line.transfer === transfer,
    );
    if (lines.reduce((sum, line) => sum + line.amountCents, 0n) !== amountCents)
      return { outcome: "amount-differs" };
    return {
      keys: lines.map(({ line }) => `${key}:${line}`),
      caseId: null,
    };
  }
  const found = await revocations.caseOfReceipt(tx, receipt.id, of.lock);
  if (!found || found.resolution === "revoked") return { outcome: "already-undone" };
  if (found.resolution === "to-refund") return { outcome: "refund-ordered" };
  // In suspense it lies as one sum, whatever its transfers are.
  if (found.amountCents !== amountCents) return { outcome: "amount-differs" };
  return found.resolution === null
    ? { keys: [`${key}:suspense`], caseId: found.id }
    : { keys: [`${key}:suspense`, `payment-case:${found.id}`], caseId: null };
}
