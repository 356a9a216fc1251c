// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Moment, momentAt } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import * as bank from "../sql/bank-movements.ts";
import * as notices from "../sql/notices.ts";
import * as flows from "../sql/settlement-flows.ts";
import { stationsOfTown } from "../sql/stations.ts";
import { reconcile } from "./reconcile.ts";

const MAY_EXPLAIN = new Set<Actor["role"]>(["office-manager", "administrator"]);
const LONGEST_REASON = 500;
/** pagoPA's name for a debtor nobody knows. */
const ANONYMOUS = "ANONIMO";

export type MoneySubject =
  | { readonly kind: "movement"; readonly movementId: string }
  | { readonly kind: "payment"; readonly flowId: string; readonly line: number };

export type ExplainedMoney =
  | { outcome: "explained" }
  /** it has found its place meanwhile */
  | { outcome: "already-matched" }
  | { outcome: "unknown" | "forbidden" | "reason-missing" };

/** Somebody says why money that matches nothing is right all the same; the ledger is not touched. On the record. */
export async function explainMoney(
  tx: WriteTx,
  of: { actor: Actor; subject: MoneySubject; reason: string; now: Moment },
): Promise<ExplainedMoney> {
  const { actor, now } = of;
  if (!MAY_EXPLAIN.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason === "") return { outcome: "reason-missing" };
  const found = await find(tx, of.subject);
  if (!found) return { outcome: "unknown" };
  if (found.standing === "matched") return { outcome: "already-matched" };
  const { subject } = found;
  await bank.insertNote(tx, { id: newId(), subject, reason, at: now, by: actor.name });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.explain-money",
    reason,
    details: { subject },
  });
  return { outcome: "explained" };
}

async function find(
  tx: ReadTx,
  subject: MoneySubject,
): Promise<{ subject: string; standing: string } | null> {
  if (subject.kind === "movement") {
    const movement = await bank.movementById(tx, subject.movementId);
    return movement ? { subject: `movement:${movement.id}`, standing: movement.standing } : null;
  }
  const payments = await flows.paymentsOfFlow(tx, subject.flowId);
  const payment = payments.find(({ line }) => line === subject.line);
  if (!payment) return null;
  const { flowId, iur, iuv, transfer, standing } = payment;
  return { subject: `payment:${flowId}:${iur}:${iuv}:${transfer}`, standing };
}

export type ChosenFlow =
  | { outcome: "matched" }
  | { outcome: "already-matched" | "amount-differs" | "unknown" | "forbidden" | "reason-missing" };

/** The causale says nothing usable: somebody says which flow of the same amount the movement pays. */
export async function chooseFlow(
  tx: WriteTx,
  of: { actor: Actor; movementId: string; flowId: string; reason: string; now: Moment },
): Promise<ChosenFlow> {
  const { actor, movementId, flowId, now } = of;
  if (!MAY_EXPLAIN.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason === "") return { outcome: "reason-missing" };
  const movement = await bank.movementById(tx, movementId);
  const flow = await flows.flowById(tx, flowId);
  if (!movement || flow?.creditorFiscalCode !== movement.creditorFiscalCode)
    return { outcome: "unknown" };
  if (movement.standing === "matched" || flow.state === "settled")
    return { outcome: "already-matched" };
  if (movement.amountCents !== flow.totalCents) return { outcome: "amount-differs" };
  await bank.chooseFlow(tx, { movementId, flowId });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.choose-flow",
    reason,
    details: { movementId, flowCode: flow.flowCode },
  });
  await reconcile(tx, now);
  return { outcome: "matched" };
}

export type FlowReceipt =
  | { outcome: "ready"; receipt: ReceivedReceipt; stationId: string }
  /** a receipt is there, or the bank has not paid the flow: nothing is proven */
  | { outcome: "not-needed" | "not-banked" }
  | { outcome: "unknown" | "forbidden" | "reason-missing" };

/**
 * pagoPA has no receipt, but the flow names the payment and the bank has the money: that proves it too. Gives a
 * receipt as the flow tells it, to be received like any other (the same number: should the true one come, it is there
 * already). On the record.
 */
export async function receiptFromFlow(
  tx: WriteTx,
  of: { actor: Actor; flowId: string; line: number; reason: string; now: Moment },
): Promise<FlowReceipt> {
  const { actor, now } = of;
  if (!MAY_EXPLAIN.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason === "") return { outcome: "reason-missing" };
  const flow = await flows.flowById(tx, of.flowId);
  const payment = (await flows.paymentsOfFlow(tx, of.flowId)).find(({ line }) => line === of.line);
  if (!flow || !payment) return { outcome: "unknown" };
  if (payment.standing !== "receipt-missing") return { outcome: "not-needed" };
  if (flow.state !== "settled") return { outcome: "not-banked" };
  const receipt = await asReceipt(tx, flow, payment);
  const stations = await stationsOfTown(tx);
  const station = stations.find((one) => one.creditorFiscalCode === flow.creditorFiscalCode);
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.receipt-from-flow",
    reason,
    details: { flowCode: flow.flowCode, noticeNumber: receipt.noticeNumber, iur: payment.iur },
  });
  return { outcome: "ready", receipt, stationId: station?.stationId ?? "" };
}

/** The notice says what the flow does not; a flow that pays a whole transfer of it has paid it whole. */
async function asReceipt(
  tx: ReadTx,
  flow: flows.Flow,
  payment: flows.FlowPayment,
): Promise<ReceivedReceipt> {
  const { creditorFiscalCode } = flow;
  const noticeNumber = `3${payment.iuv}`;
  const notice = await notices.noticeByNumber(tx, { creditorFiscalCode, noticeNumber });
  const transfers = notice ? await notices.transfersOf(tx, [notice.id]) : [];
  const own = transfers.find(({ transfer }) => transfer === payment.transfer);
  const isWhole = own?.amountCents === payment.amountCents;
  const paid = isWhole
    ? transfers.map((one) => ({
        id: one.transfer,
        amountCents: one.amountCents,
        fiscalCodePA: one.fiscalCode,
        iban: one.iban,
        remittanceInformation: one.remittance,
        transferCategory: one.category,
      }))
    : [
        {
          id: payment.transfer,
          amountCents: payment.amountCents,
          fiscalCodePA: creditorFiscalCode,
          remittanceInformation: "",
          transferCategory: own?.category ?? "",
        },
      ];
  return {
    receiptId: payment.iur,
    outcome: "OK",
    noticeNumber,
    fiscalCode: creditorFiscalCode,
    creditorReferenceId: payment.iuv,
    paymentAmountCents: paid.reduce((sum, { amountCents }) => sum + amountCents, 0n),
    description: notice?.subject ?? `Flusso ${flow.flowCode}`,
    companyName: own?.name ?? creditorFiscalCode,
    debtor: {
      kind: "F",
      code: notice?.debtorFiscalCode ?? ANONYMOUS,
      fullName: notice?.debtorName ?? ANONYMOUS,
    },
    transfers: paid,
    idPSP: flow.pspId,
    pspCompanyName: flow.pspName,
    idChannel: flow.pspId,
    channelDescription: "flusso di rendicontazione",
    // The flow knows the day alone.
    paidAt: momentAt(payment.paidOn, "12:00"),
    transferDate: flow.settledOn,
  };
}
