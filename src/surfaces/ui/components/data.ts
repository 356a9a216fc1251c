// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { words } from "../words/index.ts";
import { icon } from "./icon.ts";

export interface Column {
  readonly label: string;
  /** numbers and money stand at the end */
  readonly align?: "start" | "end" | undefined;
  /** the row's name: a header cell */
  readonly header?: boolean | undefined;
}

export interface TableOptions {
  readonly caption: Content;
  /** the caption is read by screen readers only, when a heading above says the same */
  readonly captionHidden?: boolean | undefined;
  readonly columns: readonly Column[];
  /** cells in the order of the columns; markup or text */
  readonly rows: readonly (readonly Content[])[];
  /** total row */
  readonly foot?: readonly Content[] | undefined;
  /**
   * on the phone each row becomes a card (default), or two lines (day, what, amount, balance: many rows alike), or the
   * table scrolls in its own box
   */
  readonly phone?: "cards" | "lines" | "scroll" | undefined;
}

/** A table on the desktop, cards on the phone; heads repeat in print. */
export function dataTable(options: TableOptions): Html {
  const { columns } = options;
  const phone = options.phone ?? "cards";
  const cell = (content: Content, index: number): Html => {
    const column = columns[index]!;
    const nothing =
      content === "" || content === null || content === undefined || content === false;
    const classes = [column.align === "end" && "cell-end", nothing && "cell-none"]
      .filter(Boolean)
      .join(" ");
    const set = attributes({ class: classes || null, "data-label": column.label });
    return column.header
      ? html`<th scope="row" role="rowheader" ${set}>${content}</th>`
      : html`<td role="cell" ${set}><div>${content}</div></td>`;
  };
  // explicit roles: `display: block` on the phone would take the table's meaning away in some browsers
  const table = html`<table
    class="data ${phone === "lines" ? "data-cards data-lines" : `data-${phone}`}"
    role="table"
  >
    <caption class="${options.captionHidden ? "visually-hidden" : "data-caption"}">
      ${options.caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          (column) =>
            html`<th
              scope="col"
              role="columnheader"
              ${attributes({ class: column.align === "end" ? "cell-end" : null })}
            >
              ${column.label}
            </th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${options.rows.map(
        (row) =>
          html`<tr role="row">
            ${row.map(cell)}
          </tr>`,
      )}
    </tbody>
    ${
      options.foot &&
      html`<tfoot role="rowgroup">
        <tr role="row">
          ${options.foot.map(cell)}
        </tr>
      </tfoot>`
    }
  </table>`;
  return phone === "scroll"
    ? html`<section class="data-box" aria-label="${columns[0]?.label}" tabindex="0">
        ${table}
      </section>`
    : table;
}

export interface LinkItem {
  readonly label: Content;
  readonly href: string;
  readonly current?: boolean | undefined;
  readonly count?: number | undefined;
}

/** Views of one thing as links (`Nuovi · Cambiati · Errori`): each has its own address. */
export function tabs(label: string, items: readonly LinkItem[]): Html {
  return html`<nav class="tabs" aria-label="${label}">
    <ul>
      ${items.map(
        (item) =>
          html`<li>
            <a href="${item.href}" ${attributes({ "aria-current": item.current ? "page" : null })}
              >${item.label}${item.count !== undefined && html` <span class="tab-count">${item.count}</span>`}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** Filters and children as links: `[Giulia] Tommaso`. */
export function chips(label: string, items: readonly LinkItem[]): Html {
  return html`<nav class="chips" aria-label="${label}">
    <ul>
      ${items.map(
        (item) =>
          html`<li>
            <a
              class="chip-link"
              href="${item.href}"
              ${attributes({ "aria-current": item.current ? "true" : null })}
              >${item.current && icon("it-check", "small")}${item.label}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** A mark beside a name: `Dieta D-07`, `In bianco`. */
export const tag = (text: Content, tone: "plain" | "info" | "warning" = "plain"): Html =>
  html`<span class="tag tag-${tone}">${text}</span>`;

/** A list of ways to go on, each row a whole target. */
export function linkList(
  items: readonly { readonly href: string; readonly label: Content; readonly note?: Content }[],
): Html {
  return html`<ul class="link-list">
    ${items.map(
      (item) =>
        html`<li>
          <a href="${item.href}"
            ><span
              ><span class="link-list-label">${item.label}</span
              >${item.note && html`<span class="link-list-note">${item.note}</span>`}</span
            >${icon("it-chevron-right")}</a
          >
        </li>`,
    )}
  </ul>`;
}

export function pagination(options: {
  readonly page: number;
  readonly pages: number;
  readonly href: (page: number) => string;
  readonly lang?: Lang | undefined;
}): Html | null {
  const { page, pages, href } = options;
  if (pages <= 1) return null;
  const w = words(options.lang ?? "it");
  return html`<nav class="pages" aria-label="${w.pages}">
    ${
      page > 1 &&
      html`<a class="btn btn-quiet" href="${href(page - 1)}" rel="prev"
        >${icon("it-chevron-left")}<span>${w.previousPage}</span></a
      >`
    }<span class="pages-now">${w.page(page, pages)}</span>${
      page < pages &&
      html`<a class="btn btn-quiet" href="${href(page + 1)}" rel="next"
        ><span>${w.nextPage}</span>${icon("it-chevron-right")}</a
      >`
    }
  </nav>`;
}

/** `Per chi?` → `Da quando a quando?` → `Riepilogo`: where one is. `current` counts from 1. */
export function stepper(steps: readonly string[], current: number, lang: Lang = "it"): Html {
  const w = words(lang);
  return html`<div class="steps">
    <p class="steps-now">${w.step(current, steps.length)}</p>
    <ol>
      ${steps.map((step, index) => {
        const place = index + 1 < current ? "done" : index + 1 === current ? "current" : "next";
        const set = attributes({
          class: `step step-${place}`,
          "aria-current": place === "current" ? "step" : null,
        });
        return html`<li ${set}>
          <span class="step-mark">${place === "done" ? icon("it-check", "small") : index + 1}</span
          ><span
            >${step}${place === "done" && html`<span class="visually-hidden"> (${w.stepDone})</span>`}</span
          >
        </li>`;
      })}
    </ol>
  </div>`;
}

/** How much of a known whole is done; the sentence says it too. */
export function progress(label: string, done: number, total: number): Html {
  return html`<div class="progress-line">
    <p>${label}</p>
    <progress max="${total}" value="${done}" aria-label="${label}"></progress>
  </div>`;
}
