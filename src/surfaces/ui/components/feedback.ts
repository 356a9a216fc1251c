// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { words } from "../words/index.ts";
import { icon, type IconName } from "./icon.ts";

export interface FieldError {
  /** id of the field: the summary links to it */
  readonly field: string;
  readonly message: string;
}

/** `Ci sono 2 dati da correggere`, each a link to its field; takes the focus when the page opens. */
export function errorSummary(errors: readonly FieldError[], lang: Lang = "it"): Html | null {
  if (errors.length === 0) return null;
  return html`<div
    class="error-summary"
    role="alert"
    aria-labelledby="error-summary-title"
    tabindex="-1"
    data-focus
  >
    <h2 id="error-summary-title">${icon("it-error")}${words(lang).errorsHeading(errors.length)}</h2>
    <ul>
      ${errors.map((error) => html`<li><a href="#${error.field}">${error.message}</a></li>`)}
    </ul>
  </div>`;
}

/** The message for one field, to pass as its `error`. */
export const errorFor = (
  errors: readonly FieldError[] | undefined,
  field: string,
): string | undefined => errors?.find((error) => error.field === field)?.message;

export type Tone = "info" | "success" | "warning" | "danger";

const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  info: "it-info-circle",
  success: "it-check-circle",
  warning: "it-warning-circle",
  danger: "it-error",
};

/** A message in the page: part of the text, not a toast. `live`: announced when a script changes it. */
export function alert(options: {
  readonly tone: Tone;
  readonly title?: Content;
  readonly body?: Content;
  readonly actions?: Content;
  readonly live?: boolean | undefined;
}): Html {
  const set = attributes({
    class: `notice notice-${options.tone}`,
    role: options.live ? "status" : null,
  });
  return html`<div ${set}>
    ${icon(TONE_ICONS[options.tone])}
    <div class="notice-text">
      ${
        options.title && html`<p class="notice-title">${options.title}</p>`
      }${options.body && html`<div>${options.body}</div>`}${
        options.actions && html`<div class="notice-actions">${options.actions}</div>`
      }
    </div>
  </div>`;
}

/** Nothing to show, and why; with the next step when there is one. */
export function emptyState(options: {
  readonly text: Content;
  readonly icon?: IconName;
  readonly action?: Content;
}): Html {
  return html`<div class="empty">
    ${icon(options.icon ?? "it-inbox", "large")}
    <p>${options.text}</p>
    ${options.action}
  </div>`;
}

/** Refused and broken pages: what happened, what did not, what to do, whom to call. */
export function problem(options: {
  readonly text: Content;
  readonly actions?: Content;
  readonly supportCode?: string | undefined;
  readonly phone?: string | null | undefined;
  readonly lang?: Lang | undefined;
}): Html {
  const w = words(options.lang ?? "it");
  return html`<div class="problem">
    <p class="lead-text">${options.text}</p>
    ${
      options.actions && html`<div class="button-row">${options.actions}</div>`
    }${options.supportCode && html`<p class="quiet">${w.failure.supportCode(options.supportCode)}</p>`}${
      options.phone &&
      html`<p class="quiet">
        ${w.phone}: <a href="tel:${options.phone.replace(/[^+\d]/g, "")}">${options.phone}</a>
      </p>`
    }
  </div>`;
}
