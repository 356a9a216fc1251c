// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Moment } from "#kernel/dates.ts";
import { dayOf } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { words } from "../words/index.ts";
import { icon } from "./icon.ts";
import { stateBadge, stateIcon, stateWord } from "./states.ts";

export interface RollRow {
  /** value sent when the child is absent */
  readonly id: string;
  /** surname first */
  readonly name: string;
  readonly absent?: boolean | undefined;
  /** not expected: `Disdetto`, greyed, no box to tick */
  readonly cancelled?: { readonly at?: string } | undefined;
  /** `tag("In bianco")`, `tag("Dieta D-07")`: codes only, never a diagnosis or money */
  readonly tags?: Content;
}

/**
 * Rows of a roll call, 64 px each: a ticked box means absent, so it works without JavaScript.
 * All expected start present; the word beside the box follows it.
 */
export function rollCall(options: {
  readonly name: string;
  readonly rows: readonly RollRow[];
  readonly legend: string;
  readonly lang?: Lang;
}): Html {
  const lang = options.lang ?? "it";
  return html`<fieldset class="roll">
    <legend class="visually-hidden">${options.legend}</legend>
    <ul>
      ${options.rows.map((row) =>
        row.cancelled
          ? html`<li class="roll-row roll-out">
              <span class="roll-mark">${stateBadge("cancelled", { lang })}</span
              ><span class="roll-name">${row.name}</span
              >${row.tags}${row.cancelled.at && html`<span class="quiet">${row.cancelled.at}</span>`}
            </li>`
          : html`<li class="roll-row">
              <label class="roll-label"
                ><input
                  ${attributes({ type: "checkbox", name: options.name, value: row.id, checked: row.absent === true, class: "roll-box", "aria-label": `${row.name}: ${stateWord("absent", lang).toLowerCase()}` })}
                /><span class="roll-mark" aria-hidden="true"
                  ><span class="roll-present"
                    >${stateIcon("present")}${stateWord("present", lang)}</span
                  ><span class="roll-absent"
                    >${stateIcon("absent")}${stateWord("absent", lang)}</span
                  ></span
                ><span class="roll-name" aria-hidden="true">${row.name}</span>${row.tags}</label
              >
            </li>`,
      )}
    </ul>
  </fieldset>`;
}

/**
 * A part of a page that follows the server: `client/live.js` asks `versionUrl` (plain text, changes when the
 * content does) every few seconds and swaps the part for the one of the same id in the page fetched anew.
 */
export function liveRegion(options: {
  readonly id: string;
  readonly versionUrl: string;
  readonly version: string;
  readonly body: Content;
  readonly lang?: Lang | undefined;
}): Html {
  const set = attributes({
    id: options.id,
    "data-live": options.versionUrl,
    "data-version": options.version,
    "data-stopped": words(options.lang ?? "it").liveStopped,
  });
  return html`<div ${set}>${options.body}</div>`;
}

/** A button that prints: only shown when JavaScript is there; the browser's own menu prints too. */
export function printButton(lang: Lang = "it"): Html {
  return html`<button type="button" class="btn btn-outline-primary needs-script" data-print>
    ${icon("it-print")}<span>${words(lang).print}</span>
  </button>`;
}

/** Letterhead of a printed sheet; not shown on the screen. */
export function printHeader(options: {
  readonly town: string;
  readonly office?: string;
  readonly title?: Content;
}): Html {
  return html`<div class="print-head print-only">
    <p class="print-town">${options.town}</p>
    ${options.office && html`<p>${options.office}</p>`}${options.title && html`<p class="print-title">${options.title}</p>`}
  </div>`;
}

/** `Stampato martedì 24 novembre 2026, 9:12`; page numbers are added by the print style. */
export function printFooter(now: Moment, lang: Lang = "it"): Html {
  const f = formats(lang);
  return html`<p class="print-foot print-only">
    ${words(lang).printedAt(f.dayWithYear(dayOf(now)), f.time(now))}
  </p>`;
}

/** One A4 sheet: the next one starts on a new page. */
export const printSheet = (body: Content): Html => html`<div class="print-sheet">${body}</div>`;
