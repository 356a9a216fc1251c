// SPDX-License-Identifier: EUPL-1.2
import { bankDaysBefore } from "#kernel/bank-days.ts";
import { type Day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

/** Something that a family was asked to pay by a day, and has not. */
export interface Debt {
  /** `bill:<id>` or `notice:<id>` */
  readonly key: string;
  readonly holderId: string;
  readonly noticeId: string | null;
  readonly noticeNumber: string | null;
  /** in public words, no child's name: `Mensa di ottobre 2026` */
  readonly subject: string;
  readonly amountCents: Cents;
  readonly dueOn: Day;
  /** is a payment under way? */
  readonly pending: boolean;
  /** a payment begun or a receipt, the latest */
  readonly touchedAt: Moment | null;
  /** its notice was made when its day was past: it took another's place, or the family made it then */
  readonly askedLateOn: Day | null;
  /** days on which it was asked for before */
  readonly remindedOn: readonly Day[];
}

export type WhyNot =
  | "not-due"
  /** somebody is paying it now */
  | "pending"
  /** begun or paid in the last two bank days: the money may be on its way */
  | "touched"
  | "reminded"
  /** its notice is as new as a reminder would be */
  | "asked-late"
  | "often-enough";

export interface ReminderRule {
  /** how long a debt must have been due, in days */
  readonly afterDays: number;
  /** days between two reminders of one debt */
  readonly apartDays: number;
  /** reminders of one debt; null: as many as the office wants */
  readonly most: number | null;
}

/** The office decides when; but nobody is asked twice in a week. */
export const OFFICE_RULE: ReminderRule = { afterDays: 1, apartDays: 7, most: null };
/** By themselves: after a week, then every three, three times; then a person decides. */
export const AUTOMATIC_RULE: ReminderRule = { afterDays: 7, apartDays: 21, most: 3 };

const QUIET_BANK_DAYS = 2;

/** whom a round of reminders reaches, and why it leaves the others alone. Each debt is in one of the two. */
export function decideReminders(
  debts: readonly Debt[],
  of: { now: Moment; rule: ReminderRule },
): { remind: Debt[]; leave: { debt: Debt; why: WhyNot }[] } {
  const today = dayOf(of.now);
  const quietFrom = bankDaysBefore(today, QUIET_BANK_DAYS);
  const remind: Debt[] = [];
  const leave: { debt: Debt; why: WhyNot }[] = [];
  for (const debt of debts) {
    const why = whyNot(debt, { today, quietFrom, rule: of.rule });
    if (why === null) remind.push(debt);
    else leave.push({ debt, why });
  }
  return { remind, leave };
}

function whyNot(
  debt: Debt,
  { today, quietFrom, rule }: { today: Day; quietFrom: Day; rule: ReminderRule },
): WhyNot | null {
  if (debt.pending) return "pending";
  if (debt.touchedAt !== null && !isBefore(dayOf(debt.touchedAt), quietFrom)) return "touched";
  if (isBefore(today, debt.dueOn.add({ days: rule.afterDays }))) return "not-due";
  if (rule.most !== null && debt.remindedOn.length >= rule.most) return "often-enough";
  const again = today.subtract({ days: rule.apartDays });
  if (debt.remindedOn.some((date) => isBefore(again, date))) return "reminded";
  return debt.askedLateOn !== null && isBefore(again, debt.askedLateOn) ? "asked-late" : null;
}
