// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { words } from "../words/index.ts";
import { icon } from "./icon.ts";

export interface Row {
  readonly label: Content;
  readonly value: Content;
  /** e.g. a `Modifica` link */
  readonly action?: Content;
}

/** Label and value pairs, one column on the phone. */
export function definitionList(rows: readonly Row[]): Html {
  return html`<dl class="facts">
    ${rows.map(
      (row) =>
        html`<div class="fact">
          <dt>${row.label}</dt>
          <dd>
            ${row.value}${row.action && html` <span class="fact-action">${row.action}</span>`}
          </dd>
        </div>`,
    )}
  </dl>`;
}

export interface CardOptions {
  readonly title: Content;
  /** after the title, quieter: `3A primaria` */
  readonly subtitle?: Content;
  /** heading level; the page's h1 is 1 */
  readonly level?: 2 | 3 | undefined;
  readonly badge?: Content;
  readonly body?: Content;
  /** buttons and links at the foot */
  readonly actions?: Content;
  readonly id?: string | undefined;
  /** makes the title a link */
  readonly href?: string | undefined;
}

export function card(options: CardOptions): Html {
  const title =
    options.href === undefined
      ? options.title
      : html`<a href="${options.href}">${options.title}</a>`;
  const inner = [
    title,
    options.subtitle && html` <span class="card-subtitle">${options.subtitle}</span>`,
  ];
  const heading =
    options.level === 3
      ? html`<h3 class="card-heading">${inner}</h3>`
      : html`<h2 class="card-heading">${inner}</h2>`;
  return html`<section ${attributes({ class: "panel", id: options.id })}>
    <div class="panel-head">${heading}${options.badge}</div>
    ${options.body}${options.actions && html`<div class="button-row">${options.actions}</div>`}
  </section>`;
}

export interface ServiceRowOptions {
  /** `stateBadge(…, { size: "large" })` */
  readonly badge: Content;
  /** sentences: money first, then what can still change */
  readonly lines: readonly Content[];
  /** the one-tap act, an `actionForm` with `wide` */
  readonly primary?: Content;
  /** smaller ways: links and quiet acts */
  readonly links?: readonly Content[] | undefined;
  /** when the child has more than one service: `Mensa` */
  readonly service?: Content;
}

/** One service of one child inside a card: state, money, act. */
export function serviceRow(options: ServiceRowOptions): Html {
  return html`<div class="service-row">
    ${options.service && html`<p class="service-name">${options.service}</p>`}
    <p class="service-state">${options.badge}</p>
    ${options.lines.map(
      (line) => line && html`<p class="service-line">${line}</p>`,
    )}${options.primary}${options.links && linkRow(options.links)}
  </div>`;
}

/** `Pasto in bianco · Più giorni`: secondary links side by side, each a full target. */
export function linkRow(links: readonly Content[]): Html {
  return html`<ul class="link-row">
    ${links.map((link) => link && html`<li>${link}</li>`)}
  </ul>`;
}

export interface ReceiptOptions {
  readonly outcome: "accepted" | "refused" | "reversed";
  /** `Pasto disdetto` */
  readonly title: Content;
  /** `Giulia, mensa` and the day, one line each */
  readonly subject: readonly Content[];
  /** the sentence about money */
  readonly money: Content;
  readonly code: string;
  /** arrival to the second, channel and person, cut-off */
  readonly rows: readonly Row[];
  readonly primary?: Content;
  /** what follows: `La cucina lo sa.` */
  readonly note?: Content;
  readonly links?: readonly Content[] | undefined;
  readonly lang?: Lang | undefined;
}

/** The receipt of an act (X-01): outcome, child, day, money, code, arrival to the second. */
export function receiptCard(options: ReceiptOptions): Html {
  const mark =
    options.outcome === "accepted"
      ? "it-check-circle"
      : options.outcome === "refused"
        ? "it-close-circle"
        : "it-restore";
  return html`<section class="receipt receipt-${options.outcome}" aria-labelledby="receipt-title">
    <div class="receipt-head">
      ${icon(mark, "large")}
      <h2 id="receipt-title">${options.title}</h2>
    </div>
    <div class="receipt-subject">${options.subject.map((line) => html`<p>${line}</p>`)}</div>
    <p class="receipt-money">${options.money}</p>
    <p class="receipt-code">
      <span class="receipt-code-label">${words(options.lang ?? "it").receipt}</span>
      <strong>${options.code}</strong>
    </p>
    ${definitionList(options.rows)}${options.primary && html`<div class="button-row">${options.primary}</div>`}${
      options.note && html`<p class="receipt-note">${options.note}</p>`
    }${options.links && linkRow(options.links)}
  </section>`;
}

/** `Chi e quando`: what happened, newest first. */
export function history(
  entries: readonly { readonly when: Content; readonly who: Content; readonly what: Content }[],
): Html {
  return html`<ol class="history">
    ${entries.map(
      (entry) =>
        html`<li>
          <span class="history-what">${entry.what}</span>
          <span class="quiet">${entry.when} · ${entry.who}</span>
        </li>`,
    )}
  </ol>`;
}

export interface Figure {
  readonly label: Content;
  readonly value: Content;
  readonly note?: Content;
  readonly tone?: "plain" | "strong" | "warning" | undefined;
}

/** Big numbers of a board: `Totale 192`, `In bianco 6`. */
export function figures(items: readonly Figure[]): Html {
  return html`<dl class="figures">
    ${items.map(
      (item) =>
        html`<div class="figure figure-${item.tone ?? "plain"}">
          <dt>${item.label}</dt>
          <dd>${item.value}${item.note && html`<span class="figure-note">${item.note}</span>`}</dd>
        </div>`,
    )}
  </dl>`;
}

export interface TaskRow {
  readonly urgent?: boolean | undefined;
  readonly text: Content;
  /** a fold under the line */
  readonly more?: Content;
  readonly action?: Content;
}

/** The office's `Da fare adesso`: one line, one action each. */
export function taskList(rows: readonly TaskRow[]): Html {
  return html`<ul class="tasks">
    ${rows.map(
      (row) =>
        html`<li class="task${row.urgent ? " task-urgent" : ""}">
          ${icon(row.urgent ? "it-warning-circle" : "it-chevron-right")}<span class="task-text"
            >${row.text}</span
          >${row.action}${row.more}
        </li>`,
    )}
  </ul>`;
}
