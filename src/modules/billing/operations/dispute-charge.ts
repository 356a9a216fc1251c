// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, isWithin, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isWorkingDay } from "#calendar";
import { type Charge, chargeById, chargesOf } from "../sql/charges.ts";
import {
  answerDisputeRow,
  type Decision,
  type Dispute,
  disputesOf,
  insertDispute,
  lockDisputes,
} from "../sql/disputes.ts";
import { sumByHolder, tellAnswer } from "./tell-money.ts";

const WORKING_DAYS_TO_ANSWER = 10;

/** The office answers within ten working days: Saturdays, Sundays and holidays do not count. */
export function answerDueOn(today: Day): Day {
  let date = today;
  for (let left = WORKING_DAYS_TO_ANSWER; left > 0;) {
    date = date.add({ days: 1 });
    if (isWorkingDay(date)) left -= 1;
  }
  return date;
}

export type DisputedCharge =
  | { outcome: "opened" | "already-open"; dispute: Dispute }
  | { outcome: "not-found" | "text-missing" | "reversed" };

/** A family says that a charge is not right, in its own words. One open dispute per charge. */
export async function disputeCharge(
  tx: WriteTx,
  of: { actor: Actor; holderIds: readonly string[]; chargeId: string; text: string; now: Moment },
): Promise<DisputedCharge> {
  await lockDisputes(tx);
  const charge = await chargeById(tx, of.chargeId);
  if (!charge || !of.holderIds.includes(charge.holderId)) return { outcome: "not-found" };
  if (charge.reversed || charge.kind === "reversal") return { outcome: "reversed" };
  const [open] = await disputesOf(tx, { chargeId: charge.id, onlyOpen: true });
  if (open) return { outcome: "already-open", dispute: open };
  const text = of.text.trim();
  if (text === "") return { outcome: "text-missing" };
  const dispute = await insertDispute(tx, {
    id: newId(),
    chargeId: charge.id,
    holderId: charge.holderId,
    text: text.slice(0, 2000),
    openedAt: of.now,
    openedBy: of.actor.name,
    answerDueOn: answerDueOn(dayOf(of.now)),
  });
  return { outcome: "opened", dispute };
}

export type AnsweredDispute =
  | { outcome: "answered" | "not-open" | "text-missing" }
  /** accepted, but the charge still stands: presence or price are corrected first */
  | { outcome: "not-reversed" };

/**
 * The office's answer, which the family reads under the charge and in a message; so do the others who pay that meal. It
 * is accepted when the charge has been taken back: the answer alone moves no money.
 */
export async function answerDispute(
  tx: WriteTx,
  of: { actor: Actor; id: string; decision: Decision; answer: string; now: Moment },
): Promise<AnsweredDispute> {
  const { decision, now } = of;
  const answer = of.answer.trim();
  if (answer === "") return { outcome: "text-missing" };
  const dispute = (await disputesOf(tx, { onlyOpen: true })).find(({ id }) => id === of.id);
  if (!dispute) return { outcome: "not-open" };
  const charge = (await chargeById(tx, dispute.chargeId))!;
  if (decision === "accepted" && !charge.reversed) return { outcome: "not-reversed" };
  const answered = await answerDisputeRow(tx, { ...of, answer, by: of.actor.name, at: now });
  if (answered === 0) return { outcome: "not-open" };
  const { parts, standing } = await partsOf(tx, charge);
  await tellAnswer(tx, { dispute, charge, parts, standing, decision, answer, now });
  await recordAudit(tx, {
    actor: of.actor,
    at: now,
    action: "billing.answer-dispute",
    holderId: dispute.holderId,
    details: { number: dispute.number, decision },
  });
  return { outcome: "answered" };
}

/** Each payer's part of the same meal at the same closing, and what each is charged for that meal now. */
async function partsOf(tx: WriteTx, charge: Charge) {
  const { childId, serviceId, date } = charge;
  if (charge.kind !== "meal" || childId === null)
    return { parts: [charge], standing: sumByHolder(charge.reversed ? [] : [charge]) };
  const ofDay = await chargesOf(tx, { childIds: [childId], kind: "meal", from: date, to: date });
  const ofMeal = ofDay.filter((one) => one.serviceId === serviceId);
  const closing = charge.chargeKey.slice(0, charge.chargeKey.lastIndexOf(":") + 1);
  return {
    parts: ofMeal.filter(({ chargeKey }) => chargeKey.startsWith(closing)),
    standing: sumByHolder(ofMeal.filter(({ reversed }) => !reversed)),
  };
}

/** Is the promised date of an open dispute behind us? */
export const isOverdue = (dispute: Dispute, today: Day): boolean =>
  dispute.answeredAt === null && !isWithin(today, dayOf(dispute.openedAt), dispute.answerDueOn);
