// SPDX-License-Identifier: EUPL-1.2
import { type Actor, OFFICE_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { idFromContent, newId } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { allocatePayments, type FamilyAccount, movementsOf, postMany } from "#ledger";
import { schoolYearBegan, townCalendar } from "#calendar";
import {
  checkDeskPayment,
  type DeskDraft,
  type DeskFault,
  type DeskMethod,
  type FileType,
  isForOldDebtsOnly,
  isTraceable,
  LEDGER_METHOD,
  MOST_FILE_BYTES,
  SOURCE_OF,
} from "../rules/desk-payment.ts";
import { isPending, mayMove } from "../rules/notice-state.ts";
import * as desk from "../sql/desk-payments.ts";
import { lockMoneyDesk } from "../sql/money-requests.ts";
import * as notices from "../sql/notices.ts";
import { tellMoney } from "./tell-money-desk.ts";

/** What it credits: an account for a child and service, or whatever a notice of ours is for. */
export type DeskTarget =
  | { kind: "account"; account: FamilyAccount; childId: string | null; serviceId: string | null }
  | { kind: "notice"; noticeId: string };

export type RegisteredDeskPayment =
  | { outcome: "registered" | "already-registered"; payment: desk.DeskPayment }
  | { outcome: "refused"; faults: DeskFault[] }
  /** the receipt was registered before, or came from pagoPA by itself */
  | { outcome: "known-receipt"; payment: desk.DeskPayment | null; noticeNumber: string | null }
  | { outcome: "file-too-large" | "forbidden" }
  | { outcome: "unknown-notice" }
  | { outcome: "payment-pending" }
  | { outcome: "not-payable"; state: notices.Notice["state"] }
  /** the money is not what the notice asks: it can be registered on an account instead */
  | { outcome: "other-amount"; noticeCents: Cents }
  /** cash and card only up to what was owed before this school year (BO-08) */
  | { outcome: "no-old-debt"; oldDebtCents: Cents };

const MAY = new Set<Actor["role"]>(OFFICE_ROLES);

/** What an account still owes from before the school year in course. */
export async function oldDebtOf(
  tx: ReadTx,
  of: { account: FamilyAccount; today: Day },
): Promise<Cents> {
  const { account, today } = of;
  const { years } = await townCalendar(tx);
  const began = schoolYearBegan(today, years);
  const rows = (await movementsOf(tx, { holderId: account.holderId })).filter(
    (row) =>
      row.childId === (account.childId ?? null) && row.serviceId === (account.serviceId ?? null),
  );
  const { openCents } = allocatePayments(rows);
  return rows.reduce(
    (sum, row) =>
      isBefore(row.happenedOn, began) ? sum + (openCents.get(row.transferId) ?? 0n) : sum,
    0n,
  );
}

/**
 * Registers money that came without a payment of ours (BI-09, BO-08, MC-05) and credits the family: once per form, once
 * per receipt. A notice that it pays is `paid-elsewhere` from then on.
 */
export async function registerDeskPayment(
  tx: WriteTx,
  of: {
    actor: Actor;
    draft: DeskDraft & { payerFiscalCode: string };
    target: DeskTarget;
    file: { name: string; type: FileType; bytes: Uint8Array } | null;
    key: string;
    now: Moment;
  },
): Promise<RegisteredDeskPayment> {
  const { actor, draft, target, file, key, now } = of;
  if (!MAY.has(actor.role)) return { outcome: "forbidden" };
  const faults = checkDeskPayment(draft, dayOf(now));
  if (faults.length > 0) return { outcome: "refused", faults };
  if (file && file.bytes.length > MOST_FILE_BYTES) return { outcome: "file-too-large" };
  await lockMoneyDesk(tx);
  const [again] = await desk.deskPayments(tx, { key });
  if (again) return { outcome: "already-registered", payment: again };
  const known = await knownReceipt(tx, draft);
  if (known) return known;
  const found = await linesFor(tx, { draft, target, now });
  if (found.outcome !== "ready") return found;
  const { lines, notice } = found;
  const [first] = lines;
  if (!first) throw new Error("a notice without lines");
  const id = idFromContent(`desk-payment\n${tx.tenantId}\n${key}`);
  const text = (value: string): string => value.trim();
  await desk.insertDeskPayment(tx, {
    id,
    key,
    method: draft.method,
    traceable: isTraceable(draft.method),
    holderId: first.account.holderId,
    // A notice for several children is of none of them alone.
    ...(lines.length === 1
      ? {
          accountChildId: first.account.childId ?? null,
          accountServiceId: first.account.serviceId ?? null,
          childId: first.childId,
          serviceId: first.serviceId,
        }
      : { accountChildId: null, accountServiceId: null, childId: null, serviceId: null }),
    noticeId: notice?.id ?? null,
    amountCents: draft.amountCents,
    paidOn: draft.paidOn,
    payerName: text(draft.payerName),
    payerFiscalCode: text(draft.payerFiscalCode).toUpperCase(),
    receiptRef: text(draft.receiptRef),
    place: text(draft.place),
    note: text(draft.note),
    voucherCount: draft.vouchers?.count ?? null,
    voucherCents: draft.vouchers?.cents ?? null,
    recordedAt: now,
    recordedBy: actor.name,
  });
  if (file) await desk.insertDeskFile(tx, { paymentId: id, ...file });
  await postLines(tx, { id, draft, lines, now });
  if (notice) await markPaidElsewhere(tx, { notice, paymentId: id, by: actor.name, now });
  const [payment] = await desk.deskPayments(tx, { id });
  if (!payment) throw new Error("the payment just registered is not there");
  await tellMoney(tx, {
    told: [
      {
        holderIds: lines.map(({ account }) => account.holderId),
        event: { kind: "registered", amountCents: draft.amountCents, paidOn: draft.paidOn },
        key: `desk-payment:${id}`,
      },
    ],
    now,
  });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.register-desk-payment",
    holderId: payment.holderId,
    childId: payment.childId,
    reason: payment.note || null,
    details: {
      payment: payment.number,
      method: draft.method,
      amountCents: draft.amountCents.toString(),
      receiptRef: payment.receiptRef,
    },
  });
  return { outcome: "registered", payment };
}

async function knownReceipt(
  tx: ReadTx,
  { method, receiptRef }: { method: DeskMethod; receiptRef: string },
): Promise<Extract<RegisteredDeskPayment, { outcome: "known-receipt" }> | null> {
  const ref = receiptRef.trim();
  if (ref === "") return null;
  const [payment] = await desk.deskPayments(tx, { receipt: { method, ref } });
  if (payment) return { outcome: "known-receipt", payment, noticeNumber: null };
  const noticeNumber = await desk.isReceivedFromPagopa(tx, ref);
  return noticeNumber ? { outcome: "known-receipt", payment: null, noticeNumber } : null;
}

interface CreditLine {
  account: FamilyAccount;
  childId: string | null;
  serviceId: string | null;
  amountCents: Cents;
}

type FoundLines =
  | { outcome: "ready"; lines: CreditLine[]; notice: notices.Notice | null }
  | Extract<
      RegisteredDeskPayment,
      {
        outcome:
          | "unknown-notice"
          | "payment-pending"
          | "not-payable"
          | "other-amount"
          | "no-old-debt";
      }
    >;

async function linesFor(
  tx: WriteTx,
  of: { draft: DeskDraft; target: DeskTarget; now: Moment },
): Promise<FoundLines> {
  const { draft, target, now } = of;
  const { amountCents, method } = draft;
  if (target.kind === "account") {
    const { account, childId, serviceId } = target;
    if (isForOldDebtsOnly(method)) {
      const oldDebtCents = await oldDebtOf(tx, { account, today: dayOf(now) });
      if (amountCents > oldDebtCents) return { outcome: "no-old-debt", oldDebtCents };
    }
    return {
      outcome: "ready",
      lines: [{ account, childId, serviceId, amountCents }],
      notice: null,
    };
  }
  const [notice] = await notices.noticesById(tx, [target.noticeId], "lock");
  if (!notice) return { outcome: "unknown-notice" };
  if (!mayMove(notice.state, "paid-elsewhere"))
    return { outcome: "not-payable", state: notice.state };
  if (isPending(notice.lastAttemptAt, now)) return { outcome: "payment-pending" };
  if (notice.amountCents !== amountCents)
    return { outcome: "other-amount", noticeCents: notice.amountCents };
  // Of notices only those that ask for an old debt are paid in cash.
  if (isForOldDebtsOnly(method) && notice.kind !== "old-debt")
    return { outcome: "no-old-debt", oldDebtCents: 0n };
  const lines = (await notices.linesOf(tx, [notice.id])).map((line) => ({
    account: {
      kind: "family" as const,
      holderId: line.holderId,
      childId: line.accountChildId,
      serviceId: line.accountServiceId,
    },
    childId: line.childId,
    serviceId: line.serviceId,
    amountCents: line.amountCents,
  }));
  return { outcome: "ready", lines, notice };
}

async function postLines(
  tx: WriteTx,
  of: { id: string; draft: DeskDraft; lines: readonly CreditLine[]; now: Moment },
): Promise<void> {
  const { id, draft, now } = of;
  const { method, receiptRef, note, vouchers } = draft;
  const reason = vouchers ? `${vouchers.count} buoni` : note.trim();
  await postMany(
    tx,
    of.lines.map((line, index) => ({
      key: `desk-payment:${id}:${index + 1}`,
      debit: { kind: SOURCE_OF[method] },
      credit: line.account,
      amountCents: line.amountCents,
      kind: "credit",
      happenedOn: draft.paidOn,
      reference: {
        method: LEDGER_METHOD[method],
        deskPayment: id,
        traceable: isTraceable(method),
        childId: line.childId,
        serviceId: line.serviceId,
        ...(receiptRef.trim() === "" ? {} : { receiptId: receiptRef.trim() }),
        ...(reason === "" ? {} : { reason }),
      },
    })),
    now,
  );
}

async function markPaidElsewhere(
  tx: WriteTx,
  of: { notice: notices.Notice; paymentId: string; by: string; now: Moment },
): Promise<void> {
  const { notice, now } = of;
  const move = { ids: [notice.id], from: notice.state, to: "paid-elsewhere", at: now } as const;
  await notices.moveNotices(tx, move);
  await notices.insertEvents(
    tx,
    [
      {
        id: newId(),
        noticeId: notice.id,
        kind: "paid-elsewhere",
        details: { deskPayment: of.paymentId },
      },
    ],
    { name: of.by, at: now },
  );
}
