// SPDX-License-Identifier: EUPL-1.2
import { type Debtor, debtors } from "#families";
import { dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { inEveryLanguage, planEmails, planMessages } from "#messaging";
import { inFours } from "#payments";
import { datedSettings } from "#tenancy";
import {
  AUTOMATIC_RULE,
  type Debt,
  decideReminders,
  OFFICE_RULE,
  type ReminderRule,
} from "../rules/decide-reminders.ts";
import { reminderMessage } from "../rules/reminder-messages.ts";
import { lockBilling } from "../sql/bills.ts";
import { insertReminders, insertRound, roundExists } from "../sql/reminders.ts";
import { reminderKey } from "./reminders-left.ts";
import { unpaidDebts } from "./unpaid-debts.ts";

const BY = "Campanella";

/** Whom a round would reach now, and why it would leave others alone. */
export interface ReminderPreview extends ReturnType<typeof decideReminders> {
  /** account → who holds it, of all debts shown */
  debtors: ReadonlyMap<string, Debtor>;
}

/** the office's dry run. `afterDays`: how long a debt must have been due. */
export async function previewReminders(
  tx: ReadTx,
  of: { now: Moment; afterDays?: number },
): Promise<ReminderPreview> {
  const afterDays = Math.max(OFFICE_RULE.afterDays, of.afterDays ?? 0);
  return decide(tx, { now: of.now, rule: { ...OFFICE_RULE, afterDays } });
}

async function decide(
  tx: ReadTx,
  of: { now: Moment; rule: ReminderRule },
): Promise<ReminderPreview> {
  const debts = await unpaidDebts(tx, of.now);
  const holderIds = [...new Set(debts.map(({ holderId }) => holderId))];
  return { ...decideReminders(debts, of), debtors: await debtors(tx, holderIds) };
}

export type StartedReminders =
  | { outcome: "started"; families: number; emails: number; totalCents: bigint }
  /** the same form was sent before */
  | { outcome: "already-started" }
  /** since the preview somebody paid, or began to: look again */
  | { outcome: "changed" }
  | { outcome: "nobody" };

/**
 * One round (OS-10, MC-11): a message in the portal and an e-mail to each account with something unpaid, once per debt
 * and round. `expected`: what the preview showed; `roundId`: the form's key.
 */
export async function startReminders(
  tx: WriteTx,
  of: {
    roundId: string;
    afterDays: number;
    expected: { debts: number; totalCents: bigint };
    by: string;
    now: Moment;
  },
): Promise<StartedReminders> {
  const { roundId: id, now: at, by, expected } = of;
  await lockBilling(tx);
  if (await roundExists(tx, id)) return { outcome: "already-started" };
  const preview = await previewReminders(tx, of);
  const { remind } = preview;
  const totalCents = sumOf(remind);
  if (remind.length !== expected.debts || totalCents !== expected.totalCents)
    return { outcome: "changed" };
  if (remind.length === 0) return { outcome: "nobody" };
  await insertRound(tx, { id, at, by, automatic: false });
  return { outcome: "started", ...(await send(tx, preview, of)), totalCents };
}

/** The tick's round, where the town lets reminders go by themselves (`notices.reminders.start`). */
export async function remindAutomatically(tx: WriteTx, now: Moment): Promise<number> {
  const { reminders } = (await datedSettings(tx)).town("notices", dayOf(now));
  if (reminders.start !== "automatic") return 0;
  await lockBilling(tx);
  const preview = await decide(tx, { now, rule: AUTOMATIC_RULE });
  if (preview.remind.length === 0) return 0;
  const roundId = newId();
  await insertRound(tx, { id: roundId, at: now, by: BY, automatic: true });
  await send(tx, preview, { roundId, now });
  return preview.remind.length;
}

async function send(
  tx: WriteTx,
  { remind, debtors: people }: ReminderPreview,
  of: { roundId: string; now: Moment },
): Promise<{ families: number; emails: number }> {
  const { roundId, now } = of;
  const today = dayOf(now);
  const byHolder = [...Map.groupBy(remind, ({ holderId }) => holderId)].map(
    ([holderId, debts]) => ({
      holderId,
      debts: debts.toSorted((a, b) => (isBefore(a.dueOn, b.dueOn) ? -1 : 1)),
    }),
  );
  await insertReminders(
    tx,
    roundId,
    remind.map((debt) => ({ ...debt, emailed: Boolean(people.get(debt.holderId)?.email) })),
  );
  await planMessages(
    tx,
    byHolder.map(({ holderId, debts }) => ({
      holderId,
      kind: "reminder",
      dedupeKey: reminderKey(roundId, holderId),
      ...inEveryLanguage((lang) => reminderMessage({ debts, today, inFours }, lang)),
    })),
    now,
  );
  const emails = byHolder.flatMap(({ holderId, debts }) => {
    const debtor = people.get(holderId);
    if (!debtor?.email) return [];
    const { personId, email: address, language: lang } = debtor;
    return [
      {
        holderId,
        personId,
        address,
        lang,
        kind: "reminder" as const,
        ...reminderMessage({ debts, today, inFours }, lang),
        path: "/pagamenti",
        noticeIds: debts.flatMap(({ noticeId }) => noticeId ?? []),
        dedupeKey: reminderKey(roundId, holderId),
      },
    ];
  });
  await planEmails(tx, emails, now);
  return { families: byHolder.length, emails: emails.length };
}

const sumOf = (debts: readonly Debt[]): bigint =>
  debts.reduce((sum, { amountCents }) => sum + amountCents, 0n);
