// SPDX-License-Identifier: EUPL-1.2
import { dayOf, isBefore, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import type { Lang } from "#kernel/i18n.ts";
import type { MessageText } from "#messaging";
import { inFours, noticePapers } from "#payments";
import { reminderMessage } from "../rules/reminder-messages.ts";
import { askedFor } from "../sql/reminders.ts";
import { openDebts } from "./unpaid-debts.ts";

const PREFIX = "reminder";

/** One message and one e-mail for each account and round. */
export const reminderKey = (roundId: string, holderId: string): string =>
  `${PREFIX}:${roundId}:${holderId}`;

/** What an e-mail of a round says when it leaves. */
export interface ReminderLeft extends MessageText {
  readonly noticeIds: string[];
}

/**
 * Reminders that were planned a while ago, as they are true now: only what is still unpaid and nobody began to pay since
 * . By `dedupeKey`; nothing is left of one that is not in the answer. A fixed number of statements.
 */
export async function remindersLeft(
  tx: ReadTx,
  of: {
    emails: readonly { dedupeKey: string; lang: Lang; plannedAt: Moment }[];
    now: Moment;
  },
): Promise<Map<string, ReminderLeft>> {
  const { now } = of;
  const rounds = of.emails.flatMap((email) => {
    const [prefix, roundId = "", holderId = ""] = email.dedupeKey.split(":");
    return prefix === PREFIX && isUuid(roundId) && isUuid(holderId)
      ? [{ ...email, roundId, holderId }]
      : [];
  });
  if (rounds.length === 0) return new Map();
  const asked = await askedFor(tx, rounds);
  const noticeIds = [...new Set(asked.flatMap(({ noticeId }) => noticeId ?? []))];
  const papers = await noticePapers(tx, { noticeIds, now });
  const notices = [...papers.values()].flatMap(({ notice }) =>
    notice.standing === "to-pay" ? [{ notice, touchedAt: notice.lastAttemptAt }] : [],
  );
  const billIds = asked.flatMap(({ key }) => (key.startsWith("bill:") ? [key.slice(5)] : []));
  const open = new Map(
    (await openDebts(tx, { notices, billIds: [...new Set(billIds)], now })).map((debt) => [
      debt.key,
      debt,
    ]),
  );
  const ofRound = Map.groupBy(asked, ({ roundId, holderId }) => reminderKey(roundId, holderId));
  const left = new Map<string, ReminderLeft>();
  for (const { dedupeKey, lang, plannedAt } of rounds) {
    const debts = (ofRound.get(dedupeKey) ?? [])
      .flatMap(({ key }) => open.get(key) ?? [])
      .filter(({ touchedAt }) => touchedAt === null || isMomentAfter(plannedAt, touchedAt))
      .toSorted((a, b) => (isBefore(a.dueOn, b.dueOn) ? -1 : 1));
    if (debts.length === 0) continue;
    left.set(dedupeKey, {
      ...reminderMessage({ debts, today: dayOf(now), inFours }, lang),
      noticeIds: debts.flatMap(({ noticeId }) => noticeId ?? []),
    });
  }
  return left;
}
