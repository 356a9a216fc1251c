// SPDX-License-Identifier: EUPL-1.2
/** Where news are written and taken back: the same pages for the office and for the catering company (BO-21). */
import type { Role } from "#kernel/actor.ts";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  allNews,
  LONGEST_NEWS,
  LONGEST_TITLE,
  LONGEST_WITHDRAWAL_REASON,
  type News,
  type NewsAuthor,
  newsById,
  type NewsFault,
  type NewsField,
  newsState,
  publishNews,
  withdrawNews,
} from "#messaging";
import {
  dataTable,
  dateField,
  emptyState,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  linkButton,
  pagination,
  textArea,
  textField,
} from "#ui/components.ts";
import type { visitPage } from "./frame.ts";
import { newsAuthorWord, newsPageAsked, newsText } from "./news-article.ts";
import { type Answer, forbidden, notFound, type Route, seeOther, withStatus } from "./route.ts";
import type { Visit } from "./visit.ts";

const f = formats("it");

export interface NewsDesk {
  /** `/ufficio/novita` */
  readonly home: string;
  readonly access: readonly Role[];
  /** for whom one writes here */
  readonly author: NewsAuthor;
  /** a page of this surface, its place in the navigation marked */
  frame(visit: Visit, options: Omit<Parameters<typeof visitPage>[1], "surface" | "nav">): Html;
}

export function newsRoutes(desk: NewsDesk): Route[] {
  const { access, home } = desk;
  const get = (path: string, handle: Route["handle"]): Route => ({
    ...{ method: "GET", path: home + path, access, handle },
  });
  const post = (path: string, handle: Route["handle"]): Route => ({
    ...{ method: "POST", path: home + path, access, handle },
  });
  return [
    get("", (visit) => listPage(desk, visit)),
    get("/nuova", (visit) => writePage(desk, visit, [])),
    post("/nuova", (visit) => publishNow(desk, visit)),
    get("/:id", (visit) => onePage(desk, visit, [])),
    post("/:id/ritira", (visit) => withdrawNow(desk, visit)),
  ];
}

async function listPage(desk: NewsDesk, visit: Visit): Promise<Answer> {
  const of = { page: newsPageAsked(visit) };
  const isOffice = desk.author === "municipality";
  const { news, page, pages } = await visit.town.read((tx) =>
    allNews(tx, isOffice ? of : { ...of, author: desk.author }),
  );
  return desk.frame(visit, {
    h1: "Novità",
    lead: html`Le legge chiunque, anche senza accesso, alla pagina <a href="/novita">Novità</a> del
      Comune.`,
    headActions: linkButton({
      ...{ href: `${desk.home}/nuova`, label: "Scrivi una novità", kind: "primary" },
    }),
    body:
      news.length === 0
        ? emptyState({ text: "Nessuna novità.", icon: "it-mail" })
        : html`${dataTable({
            caption: "Novità",
            captionHidden: true,
            columns: [
              { label: "Titolo", header: true },
              ...(isOffice ? [{ label: "Di chi" }] : []),
              { label: "Pubblicata" },
              { label: "Stato" },
            ],
            rows: news.map((one) => [
              html`<a href="${desk.home}/${one.id}">${one.title}</a>`,
              ...(isOffice ? [newsAuthorWord(visit, one.author, "it")] : []),
              f.shortDay(dayOf(one.publishedAt)),
              stateWord(visit, one),
            ]),
          })}${pagination({ page, pages, href: (to) => `${desk.home}?pagina=${to}` })}`,
  });
}

/** `Visibile fino al 4 dicembre`, `Finita il …`, `Ritirata il …, M. Conti` */
function stateWord(visit: Visit, news: News): string {
  const { shownUntil, withdrawnAt, withdrawnBy } = news;
  if (withdrawnAt) return `Ritirata il ${f.shortDay(dayOf(withdrawnAt))}, ${withdrawnBy ?? ""}`;
  if (!shownUntil) return "Visibile";
  return newsState(news, visit.today) === "over"
    ? `Finita il ${f.shortDay(shownUntil)}`
    : `Visibile fino al ${f.shortDay(shownUntil)}`;
}

const FIELDS: Readonly<Record<NewsField, string>> = {
  ...{ title: "titolo", body: "testo", shownUntil: "fino" },
};

const FAULTS: Readonly<Record<NewsField, Partial<Record<NewsFault, string>>>> = {
  title: {
    missing: "Scrivere il titolo.",
    "too-short": "Il titolo ha meno di 3 caratteri.",
    "too-long": `Il titolo ha più di ${LONGEST_TITLE} caratteri.`,
  },
  body: {
    missing: "Scrivere il testo.",
    "too-short": "Il testo ha meno di 3 caratteri.",
    "too-long": `Il testo ha più di ${LONGEST_NEWS} caratteri.`,
  },
  shownUntil: { "in-past": "L'ultimo giorno è già passato." },
};

function writePage(desk: NewsDesk, visit: Visit, errors: readonly FieldError[]): Html {
  const { fields } = visit;
  const common = (field: NewsField) => {
    const name = FIELDS[field];
    return { name, value: fields.text(name), error: errorFor(errors, name) };
  };
  return desk.frame(visit, {
    h1: "Scrivi una novità",
    back: { href: desk.home, label: "Novità" },
    wide: false,
    errors,
    lead: `Esce come «${newsAuthorWord(visit, desk.author, "it")}». La legge chiunque: niente nomi di bambini o di famiglie.`,
    body: form({
      action: `${desk.home}/nuova`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${textField({ ...common("title"), label: "Titolo", maxlength: LONGEST_TITLE })}
      ${textArea({
        ...common("body"),
        label: "Testo",
        hint: "Si legge come è scritto, con i suoi a capo. Gli indirizzi restano testo e non diventano collegamenti: i collegamenti falsi sono la truffa più comune.",
        rows: 8,
        maxlength: LONGEST_NEWS,
      })}
      ${dateField({
        ...common("shownUntil"),
        label: "Ultimo giorno in cui si vede",
        hint: "Senza data si vede finché non è ritirata.",
        min: visit.today,
        optional: true,
      })}`,
      submit: { label: "Pubblica la novità" },
      cancel: { href: desk.home },
    }),
  });
}

async function publishNow(desk: NewsDesk, visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return forbidden;
  const wrong = (errors: readonly FieldError[]): Answer =>
    withStatus(422, writePage(desk, visit, errors));
  const shownUntil = fields.day(FIELDS.shownUntil);
  if (fields.text(FIELDS.shownUntil) !== "" && !shownUntil)
    return wrong([{ field: FIELDS.shownUntil, message: "La data non esiste." }]);
  const words = { title: fields.text(FIELDS.title), body: fields.text(FIELDS.body), shownUntil };
  const key = fields.text(KEY_FIELD);
  const done = await visit.town.write((tx) => publishNews(tx, { actor, key, words, now }));
  switch (done.outcome) {
    case "published":
      return seeOther(desk.home, "Novità pubblicata.");
    case "invalid":
      return wrong(
        (Object.keys(FIELDS) as NewsField[]).flatMap((field) => {
          const fault = done.faults[field];
          return fault ? [{ field: FIELDS[field], message: FAULTS[field][fault] ?? "" }] : [];
        }),
      );
    case "forbidden":
      return forbidden;
  }
}

async function load(desk: NewsDesk, visit: Visit): Promise<News | null> {
  const id = visit.params["id"] ?? "";
  const news = isUuid(id) ? await visit.town.read((tx) => newsById(tx, id)) : undefined;
  const isReadable = desk.author === "municipality" || news?.author === desk.author;
  return news && isReadable ? news : null;
}

async function onePage(
  desk: NewsDesk,
  visit: Visit,
  errors: readonly FieldError[],
): Promise<Answer> {
  const news = await load(desk, visit);
  if (!news) return notFound;
  const author = newsAuthorWord(visit, news.author, "it");
  const page = desk.frame(visit, {
    h1: news.title,
    back: { href: desk.home, label: "Novità" },
    wide: false,
    errors,
    lead: `${author}, ${news.publishedBy}, ${f.dayAndTime(news.publishedAt)}. ${stateWord(visit, news)}.`,
    body: html`${newsText(news)}
    ${newsState(news, visit.today) === "shown" && withdrawForm(desk, visit, news, errors)}`,
  });
  return errors.length > 0 ? withStatus(422, page) : page;
}

function withdrawForm(
  desk: NewsDesk,
  visit: Visit,
  { id, author }: News,
  errors: readonly FieldError[],
): Html {
  return html`<h2 class="section-title">Ritirare la novità</h2>
    <p>Le famiglie non la leggono più; qui resta nell'elenco.</p>
    ${form({
      action: `${desk.home}/${id}/ritira`,
      csrf: visit.csrf,
      body:
        author !== desk.author &&
        textField({
          name: "motivo",
          label: "Motivo",
          hint: "La novità è del gestore: il motivo resta nel registro.",
          value: visit.fields.text("motivo"),
          maxlength: LONGEST_WITHDRAWAL_REASON,
          error: errorFor(errors, "motivo"),
        }),
      submit: { label: "Ritira la novità", kind: "danger" },
    })}`;
}

async function withdrawNow(desk: NewsDesk, visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const id = visit.params["id"] ?? "";
  if (!actor) return forbidden;
  if (!isUuid(id)) return notFound;
  const reason = visit.fields.text("motivo");
  const done = await visit.town.write((tx) => withdrawNews(tx, { actor, id, reason, now }));
  switch (done.outcome) {
    case "withdrawn":
      return seeOther(desk.home, "Novità ritirata.");
    case "already-withdrawn":
      return seeOther(desk.home, "La novità era già ritirata.");
    case "reason-missing":
      return onePage(desk, visit, [{ field: "motivo", message: "Scrivere il motivo." }]);
    case "not-found":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}
