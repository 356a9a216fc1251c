// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { newsOn } from "#messaging";
import { emptyState, pagination } from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { newsArticle, newsPageAsked } from "../../web/news-article.ts";
import { newsWords } from "../../web/news-words.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { areasOf } from "../sign-in/areas.ts";

/** `/novita` (PE-08): what the municipality and its catering company tell everybody, newest first. */
export async function newsPage(visit: Visit): Promise<Answer> {
  const { lang, today } = visit;
  const w = newsWords(lang);
  const { news, page, pages } = await visit.town.read((tx) =>
    newsOn(tx, { today, page: newsPageAsked(visit) }),
  );
  const isFamily = areasOf(visit.session?.roles ?? []).some(({ role }) => role === "guardian");
  return publicPage(visit, {
    current: null,
    h1: w.news,
    ...(isFamily ? { back: { href: "/oggi", label: shared(lang).failure.backToToday } } : {}),
    lead: w.lead,
    body:
      news.length === 0
        ? emptyState({ text: w.none, icon: "it-mail" })
        : html`${news.map((one) => newsArticle(visit, one))}
          ${pagination({ page, pages, lang, href: (to) => `/novita?pagina=${to}` })}`,
  });
}
