// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { type Day, dayOf, isWithin, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { nationalHoliday } from "#calendar";
import { chargeById } from "../sql/charges.ts";
import {
  answerDisputeRow,
  type Dispute,
  disputesOf,
  insertDispute,
  lockDisputes,
} from "../sql/disputes.ts";

const WORKING_DAYS_TO_ANSWER = 10;

/** The office answers within ten working days: Saturdays, Sundays and holidays do not count. */
export function answerDueOn(today: Day): Day {
  let date = today;
  for (let left = WORKING_DAYS_TO_ANSWER; left > 0;) {
    date = date.add({ days: 1 });
    if (date.dayOfWeek < 6 && nationalHoliday(date) === null) left -= 1;
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

/** The office's answer, which the family reads under the charge. */
export async function answerDispute(
  tx: WriteTx,
  of: { actor: Actor; id: string; answer: string; now: Moment },
): Promise<{ outcome: "answered" | "not-open" | "text-missing" }> {
  const answer = of.answer.trim();
  if (answer === "") return { outcome: "text-missing" };
  const open = (await disputesOf(tx, { onlyOpen: true })).find(({ id }) => id === of.id);
  if (!open) return { outcome: "not-open" };
  await answerDisputeRow(tx, { id: of.id, answer, by: of.actor.name, at: of.now });
  await recordAudit(tx, {
    actor: of.actor,
    at: of.now,
    action: "billing.answer-dispute",
    holderId: open.holderId,
    details: { number: open.number },
  });
  return { outcome: "answered" };
}

/** Is the promised date of an open dispute behind us? */
export const isOverdue = (dispute: Dispute, today: Day): boolean =>
  dispute.answeredAt === null && !isWithin(today, dayOf(dispute.openedAt), dispute.answerDueOn);
