// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import type { News, NewsAuthor } from "#messaging";
import { card } from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { newsWords } from "./news-words.ts";
import type { Visit } from "./visit.ts";

/** Which of the pages of a long list is asked for: `?pagina=2`. */
export const newsPageAsked = ({ query }: Visit): number =>
  Number(/^[1-9]\d{0,4}$/.exec(query["pagina"] ?? "")?.[0] ?? 1);

/** The municipality by its name, or `Gestore della ristorazione`. */
export const newsAuthorWord = (visit: Visit, author: NewsAuthor, lang: Lang): string =>
  author === "municipality"
    ? shared(lang).townTitle(visit.townSettings.town.shortName)
    : newsWords(lang).caterer;

/** As it was written: escaped, its line breaks kept, nothing made a link. */
export function newsText({ body }: Pick<News, "body">): Html[] {
  const withBreaks = (text: string): Content[] =>
    text.split("\n").map((line, index) => [index > 0 && html`<br />`, line]);
  return body.split("\n\n").map((text) => html`<p>${withBreaks(text)}</p>`);
}

/** One piece of news as everybody reads it. Only the labels are translated. */
export function newsArticle(visit: Visit, news: News): Html {
  const { lang } = visit;
  const on = formats(lang).dayWithYear(dayOf(news.publishedAt));
  return card({
    title: html`<span lang="it">${news.title}</span>`,
    body: html`<p class="quiet">${newsAuthorWord(visit, news.author, lang)} · ${on}</p>
      <div lang="it">${newsText(news)}</div>`,
  });
}
