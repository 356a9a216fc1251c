// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { NewsAuthor } from "../rules/news.ts";

export interface News {
  readonly id: string;
  readonly author: NewsAuthor;
  readonly title: string;
  readonly body: string;
  readonly publishedAt: Moment;
  /** name of who wrote it: for those who work here, families read the side it speaks for */
  readonly publishedBy: string;
  readonly shownUntil: Day | null;
  readonly withdrawnAt: Moment | null;
  readonly withdrawnBy: string | null;
}

const COLUMNS = sql`id, author, title, body, published_at as "publishedAt", published_by as "publishedBy",
  shown_until as "shownUntil", withdrawn_at as "withdrawnAt", withdrawn_by as "withdrawnBy"`;

/** Which piece of a long list: `page` counts from 1. */
export interface NewsPage {
  readonly news: News[];
  readonly page: number;
  readonly pages: number;
}

const MOST_ON_A_PAGE = 50;

/** What everybody reads on a day, newest first. */
export const newsOn = (tx: ReadTx, of: { today: Day; page: number }): Promise<NewsPage> =>
  pageOf(
    tx,
    of.page,
    sql`and withdrawn_at is null and (shown_until is null or shown_until >= ${of.today}::date)`,
  );

/** Everything there ever was, newest first; with `author`, of that side alone. */
export const allNews = (tx: ReadTx, of: { author?: NewsAuthor; page: number }): Promise<NewsPage> =>
  pageOf(tx, of.page, of.author === undefined ? sql`` : sql`and author = ${of.author}::text`);

async function pageOf(tx: ReadTx, asked: number, which: ReturnType<typeof sql>): Promise<NewsPage> {
  const { count } = await tx.one<{ count: number }>(sql`
    select count(*)::int as count from news where tenant_id = ${tx.tenantId} ${which}`);
  const pages = Math.max(1, Math.ceil(count / MOST_ON_A_PAGE));
  const page = Math.min(Math.max(1, asked), pages);
  const news = await tx.rows<News>(sql`
    select ${COLUMNS} from news where tenant_id = ${tx.tenantId} ${which}
    order by published_at desc, id limit ${MOST_ON_A_PAGE} offset ${(page - 1) * MOST_ON_A_PAGE}`);
  return { news, page, pages };
}

export function newsById(tx: ReadTx, id: string): Promise<News | undefined> {
  return tx.maybe<News>(sql`
    select ${COLUMNS} from news where tenant_id = ${tx.tenantId} and id = ${id}::uuid`);
}

/** Its id comes from the form's key: `false` when it was written before. */
export async function insertNews(
  tx: WriteTx,
  row: Omit<News, "withdrawnAt" | "withdrawnBy"> & { accountId: string },
): Promise<boolean> {
  const written = await tx.run(sql`
    insert into news (tenant_id, id, author, title, body, published_at, published_by, account_id, shown_until)
    values (${tx.tenantId}, ${row.id}::uuid, ${row.author}, ${row.title}, ${row.body}, ${row.publishedAt},
      ${row.publishedBy}, ${row.accountId}::uuid, ${row.shownUntil}::date)
    on conflict (tenant_id, id) do nothing`);
  return written > 0;
}

export async function putWithdrawn(
  tx: WriteTx,
  of: { id: string; at: Moment; by: string },
): Promise<boolean> {
  const written = await tx.run(sql`
    update news set withdrawn_at = ${of.at}, withdrawn_by = ${of.by}
    where tenant_id = ${tx.tenantId} and id = ${of.id}::uuid and withdrawn_at is null`);
  return written > 0;
}
