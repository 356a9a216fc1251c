// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { LONGEST_WITHDRAWAL_REASON, newsAuthor, tidyLine } from "../rules/news.ts";
import { newsById, putWithdrawn } from "../sql/news.ts";

export interface WithdrawnNews {
  outcome: "withdrawn" | "already-withdrawn" | "reason-missing" | "not-found" | "forbidden";
}

/**
 * Nobody reads it any more; it stays in the list of who works here. The catering company takes back its own, the
 * office anything: of what the company wrote it says why.
 */
export async function withdrawNews(
  tx: WriteTx,
  of: { actor: Actor; id: string; reason: string; now: Moment },
): Promise<WithdrawnNews> {
  const { actor, id, now } = of;
  const side = newsAuthor(actor.role);
  if (!side) return { outcome: "forbidden" };
  const news = await newsById(tx, id);
  if (!news || (side === "caterer" && news.author !== "caterer")) return { outcome: "not-found" };
  const reason = tidyLine([...tidyLine(of.reason)].slice(0, LONGEST_WITHDRAWAL_REASON).join(""));
  if (news.author !== side && reason === "") return { outcome: "reason-missing" };
  if (!(await putWithdrawn(tx, { id, at: now, by: actor.name })))
    return { outcome: "already-withdrawn" };
  await recordAudit(tx, {
    ...{ actor, at: now, action: "messaging.withdraw-news", reason: reason || null },
    details: { newsId: id, author: news.author, title: news.title },
  });
  return { outcome: "withdrawn" };
}
