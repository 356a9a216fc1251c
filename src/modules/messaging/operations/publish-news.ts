// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { idFromContent, isUuid, newId } from "#kernel/ids.ts";
import {
  isSameNews,
  judgeNews,
  newsAuthor,
  type NewsFault,
  type NewsField,
  type NewsWords,
} from "../rules/news.ts";
import { insertNews, newsById } from "../sql/news.ts";

export type PublishedNews =
  | { outcome: "published"; id: string }
  | { outcome: "invalid"; faults: Partial<Record<NewsField, NewsFault>> }
  | { outcome: "forbidden" };

/**
 * PE-08, BO-21: the office tells for the municipality, the catering company for itself. Plain text: nothing in it
 * becomes a link. `key` is the form's: the same words sent twice are one piece of news.
 */
export async function publishNews(
  tx: WriteTx,
  of: { actor: Actor; key: string; words: NewsWords; now: Moment },
): Promise<PublishedNews> {
  const { actor, now } = of;
  const author = newsAuthor(actor.role);
  if (!author) return { outcome: "forbidden" };
  const judged = judgeNews(of.words, dayOf(now));
  if (judged.outcome === "invalid") return judged;
  const { words } = judged;
  const key = isUuid(of.key) ? of.key : newId();
  const before = await newsById(tx, key);
  const isOther = before && (before.author !== author || !isSameNews(before, words));
  // Back, and another text in the same form.
  const id = isOther ? idFromContent(JSON.stringify([key, author, words])) : key;
  const row = { id, author, ...words, publishedAt: now, publishedBy: actor.name };
  if (await insertNews(tx, { ...row, accountId: actor.id }))
    await recordAudit(tx, {
      ...{ actor, at: now, action: "messaging.publish-news" },
      details: { newsId: id, author, title: row.title },
    });
  return { outcome: "published", id };
}
