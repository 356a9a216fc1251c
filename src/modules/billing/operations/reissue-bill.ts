// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, later, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { inFours, lockMoneyDesk, replaceNotices, unpaidNoticesOf } from "#payments";
import { datedSettings } from "#tenancy";
import {
  type BillableCharge,
  drawBills,
  type DrawnBill,
  dueOn,
  LEAST_DAYS_TO_PAY,
} from "../rules/draw-bills.ts";
import {
  billedCharges,
  cancelBill,
  lockBilling,
  nameSuccessor,
  unbilledCharges,
} from "../sql/bills.ts";
import { openDays } from "./draw-month.ts";
import { issueBills } from "./issue-bills.ts";
import { billByNumber, type SettledBill } from "./read-bills.ts";
import { tellCancelledBill } from "./tell-money.ts";

const MAY_REISSUE = new Set<Actor["role"]>(["office-manager", "administrator"]);
const LONGEST_REASON = 500;

export type WhyNotReissued =
  | "cancelled"
  /** paid, also in part or by a payment that the office is looking into: the difference goes to the next bill */
  | "paid"
  | "payment-pending"
  /** a day of its month was opened again and is not closed yet */
  | "days-open"
  /** nothing changed since it was drawn */
  | "nothing-to-correct";

export interface BillCorrection {
  bill: SettledBill;
  afterCents: Cents;
  afterMeals: number;
  /** null: too little for a bill of its own, nothing or credit: it is carried forward */
  dueOn: Day | null;
  /** null: it may be cancelled and drawn anew */
  whyNot: WhyNotReissued | null;
}

/** What would become of a bill that is cancelled and drawn anew: what was corrected since is on it. */
export async function previewReissue(
  tx: ReadTx,
  of: { number: string; now: Moment },
): Promise<BillCorrection | null> {
  const bill = await billByNumber(tx, of.number);
  if (!bill) return null;
  const { drawn, added, nextDueOn } = await drawAnew(tx, bill, of.now);
  const open = await unpaidNoticesOf(tx, { billId: bill.id, now: of.now });
  return {
    bill,
    afterCents: drawn.totalCents,
    afterMeals: drawn.meals,
    dueOn: nextDueOn,
    whyNot: await whyNot(tx, { bill, added, notices: open.outcome }),
  };
}

async function whyNot(
  tx: ReadTx,
  of: { bill: SettledBill; added: number; notices: "unpaid" | "paid" | "payment-pending" },
): Promise<WhyNotReissued | null> {
  const { bill } = of;
  if (bill.state === "cancelled") return "cancelled";
  if (bill.state === "paid" || bill.paidCents > 0n) return "paid";
  if (of.notices !== "unpaid") return of.notices;
  const to = bill.month.with({ day: bill.month.daysInMonth });
  const open = await openDays(tx, { serviceId: bill.serviceId, from: bill.month, to });
  if (open.length > 0) return "days-open";
  return of.added === 0 ? "nothing-to-correct" : null;
}

interface Anew {
  drawn: DrawnBill;
  charges: readonly BillableCharge[];
  /** charges that were not on it */
  added: number;
  nextDueOn: Day | null;
}

/** Its charges and those that came since, of the same holder (and child, where bills are drawn so). */
async function drawAnew(tx: ReadTx, bill: SettledBill, now: Moment): Promise<Anew> {
  const { serviceId, holderId, childId, month } = bill;
  const until = month.with({ day: month.daysInMonth });
  const since = (await unbilledCharges(tx, { serviceId, until, holderId })).filter(
    (charge) => childId === null || charge.childId === childId,
  );
  // Of a cancelled one they are among the unbilled, or stand on its successor.
  const own = bill.state === "cancelled" ? [] : await billedCharges(tx, bill.id);
  const charges = [...own, ...since];
  const { services } = await townCalendar(tx);
  const code = services.find(({ id }) => id === serviceId)?.code;
  if (code === undefined) throw new Error(`a bill of a service that is not there: ${serviceId}`);
  const rule = (await datedSettings(tx)).service(code, "bill", until);
  const grouping = childId === null ? "holder" : "child";
  const { bills, carriedForward } = drawBills(charges, { ...rule, grouping });
  const none = { holderId, childId, chargeIds: [], totalCents: 0n, meals: 0 };
  const soonest = dayOf(now).add({ days: LEAST_DAYS_TO_PAY });
  return {
    drawn: bills[0] ?? carriedForward[0] ?? none,
    charges,
    added: since.length,
    nextDueOn: bills.length > 0 ? later(dueOn(month, rule.dueDay), soonest) : null,
  };
}

export type ReissuedBill =
  /** `number`: of the bill that took its place; null: what is left is carried forward */
  | { outcome: "reissued"; number: string | null }
  | { outcome: "refused"; why: WhyNotReissued }
  /** not what the preview showed: something came meanwhile */
  | { outcome: "changed" }
  | { outcome: "unknown" | "forbidden" | "reason-missing" };

/**
 * Cancels an unpaid bill and draws it anew with what was corrected since (domain.md "Payments"): its notices are
 * replaced, a payment that comes for them all the same lies in suspense. What was shown is what is done, or nothing is.
 */
export async function reissueBill(
  tx: WriteTx,
  of: { actor: Actor; number: string; shownCents: Cents; reason: string; now: Moment },
): Promise<ReissuedBill> {
  const { actor, now } = of;
  if (!MAY_REISSUE.has(actor.role)) return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason === "") return { outcome: "reason-missing" };
  await lockBilling(tx);
  // Instalments planned at this moment would go on asking for the bill that is over.
  await lockMoneyDesk(tx);
  const bill = await billByNumber(tx, of.number);
  if (!bill) return { outcome: "unknown" };
  const asked = await unpaidNoticesOf(tx, { billId: bill.id, now, lock: "lock" });
  const { drawn, charges, added, nextDueOn } = await drawAnew(tx, bill, now);
  const why = await whyNot(tx, { bill, added, notices: asked.outcome });
  if (why) return { outcome: "refused", why };
  if (drawn.totalCents !== of.shownCents) return { outcome: "changed" };
  const old = asked.outcome === "unpaid" ? asked.notices : [];
  const former = old[0] ? inFours(old[0].noticeNumber) : bill.number;
  await cancelBill(tx, { id: bill.id, reason, by: actor.name, at: now });
  const [fresh] = nextDueOn
    ? await issueBills(tx, {
        serviceId: bill.serviceId,
        month: bill.month,
        dueOn: nextDueOn,
        bills: [drawn],
        charges,
        replaces: { number: former, reason },
        by: actor.name,
        now,
      })
    : [];
  if (fresh) await nameSuccessor(tx, { id: bill.id, replacedById: fresh.id });
  else await tellCancelledBill(tx, { bill, former, leftCents: drawn.totalCents, reason, now });
  const by = fresh?.notice && { id: fresh.notice.noticeId, ...fresh.notice };
  await replaceNotices(tx, { old, by: by ?? null, actor, reason, now });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "billing.reissue-bill",
    holderId: bill.holderId,
    childId: bill.childId,
    reason,
    details: {
      bill: bill.number,
      beforeCents: bill.totalCents.toString(),
      afterCents: drawn.totalCents.toString(),
      replacedBy: fresh?.number ?? null,
    },
  });
  return { outcome: "reissued", number: fresh?.number ?? null };
}
