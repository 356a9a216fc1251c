// SPDX-License-Identifier: EUPL-1.2
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { Database, WriteTx } from "#kernel/db/index.ts";
import { batches } from "#kernel/batches.ts";
import { idFromContent, newId } from "#kernel/ids.ts";
import { postMany } from "#ledger";
import type { CaseKind } from "../rules/case-messages.ts";
import { creditsFamily, matchReceipt, paysNotice, type Verdict } from "../rules/match-receipt.ts";
import { mayMove } from "../rules/notice-state.ts";
import { postReceipt } from "../rules/post-receipt.ts";
import { iuvOf } from "../rules/notice-number.ts";
import type { ReceivedReceipt } from "../rules/received-receipt.ts";
import * as inbox from "../sql/inbox.ts";
import * as notices from "../sql/notices.ts";
import { insertCase, insertReceipt } from "../sql/receipts.ts";
import { promisedDay } from "./promised-day.ts";
import { replaceDeskPayment, writtenByHand } from "./replace-desk-payment.ts";
import { tellCase } from "./tell-case.ts";
import { tellPaid } from "./tell-paid.ts";

const BATCH = 100;
/** Each on a connection of its own; the web keeps the rest. */
const AT_ONCE = 4;
/** The first try again after a minute, then twice as long, at most six hours. */
const FIRST_RETRY_SECONDS = 60;
const LAST_RETRY_SECONDS = 6 * 3600;

/** Reads a raw message: the format belongs to the integration, which the composition wires in. Throws on another. */
export type ReadReceipt = (
  raw: string,
  operation: inbox.DueReceipt["operation"],
) => ReceivedReceipt;

/**
 * Applies what the inbox holds, each receipt in a transaction of its own: stored receipt, notice, ledger, message and
 * the inbox's mark are one. Killed anywhere it is simply called again: every receipt posts once. One that
 * fails is postponed and stops no other; `onError` is told.
 */
export async function applyReceipts(
  db: Database,
  of: { now: Moment; read: ReadReceipt; onError: (inboxId: string, error: unknown) => void },
): Promise<{ applied: number; failed: number }> {
  const due = await db.platform((tx) => inbox.dueReceipts(tx, { now: of.now, limit: BATCH }));
  let applied = 0;
  for (const some of batches(due, AT_ONCE)) {
    const done = await Promise.all(some.map((one) => applyOne(db, one, of)));
    applied += done.filter(Boolean).length;
  }
  return { applied, failed: due.length - applied };
}

async function applyOne(
  db: Database,
  one: inbox.DueReceipt,
  of: Parameters<typeof applyReceipts>[1],
): Promise<boolean> {
  const { now } = of;
  try {
    const receipt = of.read(one.raw, one.operation);
    const town = db.forTenant(one.tenantId);
    await town.write((tx) => applyReceipt(tx, { inboxId: one.id, receipt, now }));
    return true;
  } catch (error) {
    of.onError(one.id, error);
    const seconds = Math.min(FIRST_RETRY_SECONDS * 2 ** one.attempts, LAST_RETRY_SECONDS);
    const problem = error instanceof Error ? error.name : "unknown";
    const nextAttemptAt = now.add({ seconds });
    await db.platform((tx) => inbox.postponeReceipt(tx, { id: one.id, problem, nextAttemptAt }));
    return false;
  }
}

export async function applyReceipt(
  tx: WriteTx,
  of: { inboxId: string; receipt: ReceivedReceipt; now: Moment },
): Promise<"applied" | "already-applied"> {
  const { inboxId, receipt, now } = of;
  if (!(await inbox.claimReceipt(tx, inboxId))) return "already-applied";
  const at = { creditorFiscalCode: receipt.fiscalCode, noticeNumber: receipt.noticeNumber };
  const notice = (await notices.noticeByNumber(tx, at, "lock")) ?? null;
  const byHand = notice && (await writtenByHand(tx, { receipt, notice }));
  const verdict = matchReceipt(receipt, byHand?.asBefore ?? notice);
  const id = receiptRowId(tx.tenantId, receipt);
  const paidAt = receipt.paidAt ?? now;
  const isNew = await insertReceipt(tx, {
    ...rowOf(receipt, { id, inboxId, verdict, noticeId: notice?.id ?? null, paidAt, now }),
  });
  if (isNew) {
    const credited = notice !== null && creditsFamily(verdict);
    if (credited && byHand) await replaceDeskPayment(tx, { byHand, ...notice, now });
    const [lines, transfers] = credited
      ? await Promise.all([notices.linesOf(tx, [notice.id]), notices.transfersOf(tx, [notice.id])])
      : [[], []];
    const isRegistered = byHand !== null;
    const posting = { id, receipt, verdict, notice, lines, transfers, isRegistered };
    await Promise.all([
      post(tx, { ...posting, paidOn: dayOf(paidAt), now }),
      notice && paysNotice(verdict) ? markPaid(tx, { notice, receiptId: id, now }) : null,
    ]);
    // Last: it waits for the other receipts of its cart, which must not wait for what this one holds.
    if (credited) await tellPaid(tx, { notice, lines, receipt, now });
  }
  await inbox.markApplied(tx, { id: inboxId, at: now });
  return isNew ? "applied" : "already-applied";
}

/** A receipt has one row per creditor, whichever way and however often it comes. */
const receiptRowId = (tenantId: string, { fiscalCode, receiptId }: ReceivedReceipt): string =>
  idFromContent(`payment-receipt\n${tenantId}\n${fiscalCode}\n${receiptId}`);

async function post(
  tx: WriteTx,
  of: {
    id: string;
    receipt: ReceivedReceipt;
    verdict: Verdict;
    notice: notices.Notice | null;
    lines: readonly notices.NoticeLine[];
    transfers: readonly notices.TransferRow[];
    paidOn: Day;
    /** the desk has credited its paper already: the family has heard of it */
    isRegistered: boolean;
    now: Moment;
  },
): Promise<void> {
  const { id, receipt, verdict, notice, now } = of;
  const collectedByOthers = new Set(
    of.transfers
      .filter(({ fiscalCode }) => fiscalCode !== notice?.creditorFiscalCode)
      .map(({ transfer }) => transfer),
  );
  const entries = postReceipt({
    id,
    receiptId: receipt.receiptId,
    noticeNumber: receipt.noticeNumber,
    verdict,
    amountCents: receipt.paymentAmountCents,
    othersCents: othersCents(receipt),
    paidOn: of.paidOn,
    lines: of.lines,
    collectedByOthers,
  });
  await postMany(tx, entries, now);
  if (creditsFamily(verdict)) return;
  // Every verdict that does not credit the family names its case.
  const kind = verdict as CaseKind;
  const { paymentAmountCents: amountCents, noticeNumber } = receipt;
  const caseId = newId();
  await insertCase(tx, { id: caseId, kind, receiptId: id, amountCents, openedAt: now });
  if (!notice || of.isRegistered) return;
  const askedCents = notice.amountCents;
  const { paidOn } = of;
  const promisedOn = await promisedDay(tx, dayOf(now));
  const payment = { amountCents, askedCents, paidOn, noticeNumber };
  const event = { what: "opened", kind, ...payment, promisedOn } as const;
  await tellCase(tx, { caseId, told: [{ holderId: notice.holderId, event }], now });
}

/** What of a receipt never comes to the creditor whose notice it is; never more than all of it. */
function othersCents({ fiscalCode, transfers, paymentAmountCents }: ReceivedReceipt): bigint {
  const sum = transfers.reduce(
    (all, one) => (one.fiscalCodePA === fiscalCode ? all : all + one.amountCents),
    0n,
  );
  return sum < paymentAmountCents ? sum : paymentAmountCents;
}

async function markPaid(
  tx: WriteTx,
  of: { notice: notices.Notice; receiptId: string; now: Moment },
): Promise<void> {
  const { notice, now } = of;
  if (!mayMove(notice.state, "paid")) return;
  const event = { id: newId(), noticeId: notice.id, kind: "paid" as const };
  await Promise.all([
    notices.moveNotices(tx, { ids: [notice.id], from: notice.state, to: "paid", at: now }),
    notices.insertEvents(tx, [{ ...event, details: { receipt: of.receiptId } }], {
      name: "pagoPA",
      at: now,
    }),
  ]);
}

function rowOf(
  receipt: ReceivedReceipt,
  of: {
    id: string;
    inboxId: string;
    verdict: Verdict;
    noticeId: string | null;
    paidAt: Moment;
    now: Moment;
  },
): Parameters<typeof insertReceipt>[1] {
  return {
    id: of.id,
    inboxId: of.inboxId,
    creditorFiscalCode: receipt.fiscalCode,
    receiptId: receipt.receiptId,
    noticeNumber: receipt.noticeNumber,
    iuv: receipt.creditorReferenceId || iuvOf(receipt.noticeNumber),
    noticeId: of.noticeId,
    verdict: of.verdict,
    amountCents: receipt.paymentAmountCents,
    feeCents: receipt.feeCents ?? null,
    paidAt: of.paidAt,
    appliedOn: receipt.applicationDate ?? null,
    transferredOn: receipt.transferDate ?? null,
    pspId: receipt.idPSP,
    pspName: receipt.pspCompanyName,
    pspFiscalCode: receipt.pspFiscalCode ?? "",
    channel: receipt.channelDescription,
    method: receipt.paymentMethod ?? "",
    traceable: true,
    payerFiscalCode: receipt.payer?.code ?? "",
    payerName: receipt.payer?.fullName ?? "",
    description: receipt.description,
    transfers: receipt.transfers.map(({ amountCents, ...transfer }) => ({
      ...transfer,
      amountCents: amountCents.toString(),
    })),
    ownCents: creditsFamily(of.verdict)
      ? receipt.transfers.reduce(
          (sum, one) => (one.fiscalCodePA === receipt.fiscalCode ? sum + one.amountCents : sum),
          0n,
        )
      : receipt.paymentAmountCents - othersCents(receipt),
    standIn: receipt.standIn ?? false,
    storedAt: of.now,
  };
}
