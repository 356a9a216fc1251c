// SPDX-License-Identifier: EUPL-1.2
import { dayOf, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { overdueRows } from "../sql/overdue.ts";
import { type NoticePaper, noticePapers } from "./read-papers.ts";

/** A notice that nobody paid by its day. */
export interface OverdueNotice {
  readonly notice: NoticePaper["notice"];
  /** a payment begun or a receipt that names it, the latest: the money may be on its way */
  readonly touchedAt: Moment | null;
}

/** Debts (not top-ups) whose day is past, the oldest first. */
export async function overdueNotices(tx: ReadTx, now: Moment): Promise<OverdueNotice[]> {
  const rows = await overdueRows(tx, dayOf(now));
  const papers = await noticePapers(tx, { noticeIds: rows.map(({ id }) => id), now });
  return rows.flatMap(({ id, receiptAt }) => {
    const notice = papers.get(id)?.notice;
    return notice ? [{ notice, touchedAt: latest(notice.lastAttemptAt, receiptAt) }] : [];
  });
}

function latest(a: Moment | null, b: Moment | null): Moment | null {
  if (a === null || b === null) return a ?? b;
  return isMomentAfter(a, b) ? a : b;
}
