// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { auditOfThing, recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { postMany, reverse } from "#ledger";
import { isSepaIban, plainIban } from "../rules/iban.ts";
import { isPayeeName, mayBecome } from "../rules/money-request.ts";
import * as requests from "../sql/money-requests.ts";
import * as batches from "../sql/refund-batches.ts";
import { collectionAccounts, stationsOfTown } from "../sql/stations.ts";
import { MAY_DECIDE_MONEY } from "./answer-money-request.ts";
import { tellMoney } from "./tell-money-desk.ts";

export type OrderedRefunds =
  | { outcome: "ordered"; batchId: string }
  | { outcome: "nothing-to-order" | "date-past" | "no-bank-account" | "forbidden" };

/**
 * Gathers approved refunds with an IBAN into one file for the treasurer. Each is in one file at a time: two presses
 * find nothing the second time.
 */
export async function orderRefunds(
  tx: WriteTx,
  of: { actor: Actor; ids: readonly string[]; executionOn: Day; now: Moment },
): Promise<OrderedRefunds> {
  const { actor, executionOn, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  if (isBefore(executionOn, dayOf(now))) return { outcome: "date-past" };
  // The town's own: a company that collects for one of its services pays nobody's refunds.
  const station = (await stationsOfTown(tx)).find(({ retiredAt }) => retiredAt === null);
  const account = (await collectionAccounts(tx)).find(
    ({ kind, retiredAt, creditorFiscalCode }) =>
      kind === "bank" && retiredAt === null && creditorFiscalCode === station?.creditorFiscalCode,
  );
  if (!account) return { outcome: "no-bank-account" };
  const ready = (await requests.lockRequests(tx, [...new Set(of.ids)])).filter(
    ({ kind, state, iban, beneficiary }) =>
      kind === "refund" && state === "approved" && iban !== "" && isPayeeName(beneficiary),
  );
  if (ready.length === 0) return { outcome: "nothing-to-order" };
  const batchId = newId();
  const messageId = `RIMBORSI-${dayOf(now).toString().replaceAll("-", "")}-${batchId.slice(-12)}`;
  await batches.insertBatch(tx, {
    id: batchId,
    messageId,
    executionOn,
    debtorName: account.creditorName,
    debtorIban: account.iban,
    madeAt: now,
    madeBy: actor.name,
  });
  await batches.insertBatchLines(
    tx,
    batchId,
    ready.map(({ id, number, attempt, amountCents, beneficiary, iban }) => ({
      requestId: id,
      number,
      attempt: attempt + 1,
      amountCents,
      beneficiary,
      iban,
    })),
  );
  await move(tx, { rows: ready, to: "ordered", actor, note: messageId, now, batchId });
  return { outcome: "ordered", batchId };
}

/** One move of several requests in the same state, with its event and its line in the diary. */
async function move(
  tx: WriteTx,
  of: {
    rows: readonly requests.MoneyRequest[];
    to: requests.MoneyRequest["state"];
    actor: Actor;
    note: string;
    now: Moment;
    batchId?: string;
    payee?: { iban: string; beneficiary: string };
    told?: "paid" | "returned" | "given-back";
  },
): Promise<void> {
  const { rows, to, actor, note, now } = of;
  const [first] = rows;
  if (!first) return;
  const moved = await requests.moveRequests(tx, {
    ids: rows.map(({ id }) => id),
    from: first.state,
    to,
    at: now,
    batchId: of.batchId,
    payee: of.payee,
  });
  if (moved !== rows.length) throw new Error(`${rows.length} requests were locked, ${moved} moved`);
  const by = actor.name;
  await requests.insertRequestEvents(
    tx,
    rows.map(({ id }) => ({ id: newId(), requestId: id, state: to, at: now, by, note })),
  );
  await recordAudit(
    tx,
    ...rows.map((request) => ({
      actor,
      at: now,
      action: `payments.money-request-${to}`,
      holderId: request.holderId,
      childId: request.fromChildId,
      reason: note || null,
      details: { request: request.number, amountCents: request.amountCents.toString() },
    })),
  );
  const { told } = of;
  if (!told) return;
  await tellMoney(tx, {
    told: rows.flatMap(({ id, number, amountCents, holderId, attempt }) =>
      holderId
        ? [
            {
              holderIds: [holderId],
              event: { kind: told, number, amountCents },
              key: `money-request:${id}:${told}:${attempt}`,
            },
          ]
        : [],
    ),
    now,
  });
}

export type BatchFile = {
  batch: batches.RefundBatch;
  /** as the file says; `state` is what became of it since */
  refunds: (batches.BatchLine & { state: requests.MoneyRequest["state"]; isHere: boolean })[];
  /** who has a copy that a bank would pay */
  downloads: { at: Moment; name: string }[];
};

const DOWNLOADED = "payments.download-transfer";

/** What a file contains. `isHere`: the request has not gone into a later file. */
export async function batchFile(tx: ReadTx, id: string): Promise<BatchFile | null> {
  const batch = await batches.refundBatch(tx, id);
  if (!batch) return null;
  const lines = await batches.batchLines(tx, id);
  const ids = lines.map(({ requestId }) => requestId);
  const found = await requests.moneyRequests(tx, { ids });
  const byId = new Map(found.map((request) => [request.id, request]));
  const refunds = lines.map((line) => {
    const request = byId.get(line.requestId);
    const isHere = request?.batchId === id && request.attempt === line.attempt;
    return { ...line, isHere, state: isHere ? request.state : ("returned" as const) };
  });
  const asked = { action: DOWNLOADED, details: { batch: id }, from: batch.madeAt };
  return { batch, refunds, downloads: await auditOfThing(tx, asked) };
}

/** A copy leaves: whoever would discard the file reads it. */
export const noteDownload = (
  tx: WriteTx,
  { actor, id, now }: { actor: Actor; id: string; now: Moment },
): Promise<void> => recordAudit(tx, { actor, at: now, action: DOWNLOADED, details: { batch: id } });

export async function markBatchSent(
  tx: WriteTx,
  of: { actor: Actor; id: string; now: Moment },
): Promise<{ outcome: "sent" | "already-sent" | "discarded" | "unknown" | "forbidden" }> {
  const { actor, id, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const sent = await batches.sendBatch(tx, { id, at: now, by: actor.name });
  if (sent === 1) return { outcome: "sent" };
  const batch = await batches.refundBatch(tx, id);
  if (!batch) return { outcome: "unknown" };
  return { outcome: batch.discardedAt ? "discarded" : "already-sent" };
}

export type DiscardedBatch = {
  outcome: "discarded" | "already-sent" | "already-discarded" | "unknown";
};

/**
 * A file that never went to the bank is given up, with a reason; what it says stays to be read. Its refunds are approved
 * as before and go into the next one.
 */
export async function discardBatch(
  tx: WriteTx,
  of: { actor: Actor; id: string; reason: string; now: Moment },
): Promise<DiscardedBatch | { outcome: "reason-missing" | "forbidden" }> {
  const { actor, id, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, 500);
  if (reason === "") return { outcome: "reason-missing" };
  const discarded = await batches.discardBatch(tx, { id, at: now, by: actor.name, reason });
  const batch = await batches.refundBatch(tx, id);
  if (!batch) return { outcome: "unknown" };
  if (discarded === 0) return { outcome: batch.sentAt ? "already-sent" : "already-discarded" };
  const lines = await batches.batchLines(tx, id);
  const ids = lines.map(({ requestId }) => requestId);
  const rows = (await requests.lockRequests(tx, ids)).filter(
    ({ state, batchId }) => state === "ordered" && batchId === id,
  );
  const note = `distinta ${batch.messageId} scartata: ${reason}`;
  await move(tx, { rows, to: "approved", actor, note, now });
  return { outcome: "discarded" };
}

export type SettledRefunds = {
  outcome: "done" | "nothing-to-do" | "not-sent" | "forbidden" | "day-in-the-future";
};

const paidKey = ({ id, attempt }: requests.MoneyRequest): string =>
  `money-request:${id}:paid:${attempt}`;

/** The bank has paid these: `refunds-payable` → bank, once per order. */
export async function confirmRefunds(
  tx: WriteTx,
  of: {
    actor: Actor;
    ids: readonly string[];
    /** of the file looked at: what went into a later one is left alone */
    batchId?: string;
    paidOn: Day;
    now: Moment;
  },
): Promise<SettledRefunds> {
  const { actor, paidOn, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  if (isBefore(dayOf(now), paidOn)) return { outcome: "day-in-the-future" };
  const rows = (await requests.lockRequests(tx, [...new Set(of.ids)])).filter(
    ({ state, batchId }) => state === "ordered" && batchId === (of.batchId ?? batchId),
  );
  const [first] = rows;
  if (!first?.batchId) return { outcome: "nothing-to-do" };
  const sentOf = await batches.refundBatch(tx, first.batchId);
  if (!sentOf?.sentAt || rows.some(({ batchId }) => batchId !== first.batchId))
    return { outcome: "not-sent" };
  await postMany(
    tx,
    rows.map((request) => ({
      key: paidKey(request),
      debit: { kind: "refunds-payable" as const },
      credit: { kind: "bank" as const },
      amountCents: request.amountCents,
      kind: "refund-paid",
      happenedOn: paidOn,
      reference: { request: request.number, batch: sentOf.messageId },
    })),
    now,
  );
  await move(tx, { rows, to: "paid", actor, note: "", now, told: "paid" });
  return { outcome: "done" };
}

/** The bank sent one back, before or after it had been confirmed: the money is the town's to pay again. */
export async function returnRefund(
  tx: WriteTx,
  of: { actor: Actor; id: string; batchId?: string; reason: string; now: Moment },
): Promise<SettledRefunds | { outcome: "reason-missing" }> {
  const { actor, id, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim();
  if (reason === "") return { outcome: "reason-missing" };
  const [request] = await requests.lockRequests(tx, [id]);
  if (!request || !mayBecome(request.state, "returned")) return { outcome: "nothing-to-do" };
  if (request.batchId !== (of.batchId ?? request.batchId)) return { outcome: "nothing-to-do" };
  if (request.state === "paid")
    await reverse(tx, {
      keys: [paidKey(request)],
      keyPrefix: "returned",
      happenedOn: dayOf(now),
      recordedAt: now,
      reason,
    });
  await move(tx, {
    rows: [request],
    to: "returned",
    actor,
    note: reason,
    now,
    told: "returned",
  });
  return { outcome: "done" };
}

/** Where a refund is to go: an IBAN that was missing, or another one after a return. It may be ordered then. */
export async function correctPayee(
  tx: WriteTx,
  of: { actor: Actor; id: string; iban: string; beneficiary: string; now: Moment },
): Promise<{ outcome: "corrected" | "iban" | "beneficiary" | "nothing-to-do" | "forbidden" }> {
  const { actor, id, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const iban = plainIban(of.iban);
  const beneficiary = of.beneficiary.trim();
  if (!isSepaIban(iban)) return { outcome: "iban" };
  if (!isPayeeName(beneficiary)) return { outcome: "beneficiary" };
  const [request] = await requests.lockRequests(tx, [id]);
  const payee = { iban, beneficiary };
  if (request?.state === "returned") {
    await move(tx, { rows: [request], to: "approved", actor, note: "IBAN corretto", now, payee });
    return { outcome: "corrected" };
  }
  if (request?.state !== "approved" && request?.state !== "received")
    return { outcome: "nothing-to-do" };
  await requests.setPayee(tx, { id, ...payee });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.money-request-payee",
    holderId: request.holderId,
    details: { request: request.number },
  });
  return { outcome: "corrected" };
}

/** It will not be paid out after all: the credit goes back to the account it came from. */
export async function giveBack(
  tx: WriteTx,
  of: { actor: Actor; id: string; reason: string; now: Moment },
): Promise<{ outcome: "given-back" | "nothing-to-do" | "reason-missing" | "forbidden" }> {
  const { actor, id, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim();
  if (reason === "") return { outcome: "reason-missing" };
  const [request] = await requests.lockRequests(tx, [id]);
  // Money of a payment case came from no account: it is placed on the case's page.
  if (!request?.holderId || !mayBecome(request.state, "given-back"))
    return { outcome: "nothing-to-do" };
  await reverse(tx, {
    keys: [`money-request:${id}`],
    keyPrefix: "given-back",
    happenedOn: dayOf(now),
    recordedAt: now,
    reason,
  });
  await move(tx, {
    rows: [request],
    to: "given-back",
    actor,
    note: reason,
    now,
    told: "given-back",
  });
  return { outcome: "given-back" };
}
