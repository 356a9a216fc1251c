// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { words } from "../words/index.ts";
import { icon, type IconName } from "./icon.ts";

/** Names of the hidden fields that every POST form carries. */
export const CSRF_FIELD = "csrf";
export const KEY_FIELD = "key";

/** primary: the page's one act; secondary: outlined; quiet: looks like a link; danger: closes or removes. */
export type ButtonKind = "primary" | "secondary" | "quiet" | "danger";

const BUTTON_CLASS: Readonly<Record<ButtonKind, string>> = {
  primary: "btn btn-primary",
  secondary: "btn btn-outline-primary",
  quiet: "btn btn-quiet",
  danger: "btn btn-danger",
};

export interface ButtonOptions {
  readonly label: Content;
  readonly kind?: ButtonKind | undefined;
  readonly icon?: IconName | undefined;
  /** submit button with a name: which of several was pressed */
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  /** longer accessible name, must begin with the visible label */
  readonly ariaLabel?: string | undefined;
  /** whole width of its card or column */
  readonly wide?: boolean | undefined;
}

export function button(options: ButtonOptions): Html {
  const set = attributes({
    type: "submit",
    class: BUTTON_CLASS[options.kind ?? "primary"] + (options.wide ? " btn-wide" : ""),
    name: options.name,
    value: options.value,
    "aria-label": options.ariaLabel,
  });
  return html`<button ${set}>
    ${options.icon && icon(options.icon)}<span>${options.label}</span>
  </button>`;
}

/** A link that looks like a button: for going somewhere (GET); acts are forms. */
export function linkButton(
  options: ButtonOptions & { readonly href: string; readonly sheet?: boolean },
): Html {
  const set = attributes({
    href: options.href,
    class: BUTTON_CLASS[options.kind ?? "secondary"] + (options.wide ? " btn-wide" : ""),
    "aria-label": options.ariaLabel,
    "data-sheet": options.sheet === true,
  });
  return html`<a ${set}>${options.icon && icon(options.icon)}<span>${options.label}</span></a>`;
}

export interface Protection {
  readonly csrf: string;
  /** idempotency key: same key and input give the same receipt */
  readonly key?: string | undefined;
}

export interface ActionFormOptions extends Protection, ButtonOptions {
  readonly action: string;
  /** hidden fields */
  readonly fields?: Readonly<Record<string, string | number | null>> | undefined;
  /** visible sentence under the button, e.g. `Nessun addebito.` */
  readonly note?: Content;
}

/** One act, one button: a POST form that works without JavaScript and survives a double tap. */
export function actionForm(options: ActionFormOptions): Html {
  return html`<form method="post" action="${options.action}" class="action-form" data-once>
    ${hiddenFields(options, options.fields)}${button(options)}${options.note && html`<p class="action-note">${options.note}</p>`}
  </form>`;
}

export interface FormOptions extends Partial<Protection> {
  readonly action: string;
  readonly method?: "get" | "post" | undefined;
  /** with files */
  readonly multipart?: boolean | undefined;
  readonly fields?: Readonly<Record<string, string | number | null>> | undefined;
  readonly body: Content;
  readonly submit: ButtonOptions;
  /** another act with the same fields: a button with a name */
  readonly also?: ButtonOptions | undefined;
  /** the way out, a link beside the button */
  readonly cancel?: { readonly href: string; readonly label?: string } | undefined;
  readonly lang?: Lang | undefined;
  readonly id?: string | undefined;
}

/** A form with visible fields. Server-side validation only (`novalidate`): the words are ours, in every browser. */
export function form(options: FormOptions): Html {
  const set = attributes({
    id: options.id,
    method: options.method ?? "post",
    action: options.action,
    enctype: options.multipart ? "multipart/form-data" : null,
    class: "form",
    novalidate: true,
    "data-once": options.method !== "get",
  });
  return html`<form ${set}>
    ${hiddenFields(options, options.fields)}${options.body}
    <div class="form-actions">
      ${button(options.submit)}${options.also && button(options.also)}${
        options.cancel &&
        html`<a class="btn btn-quiet" href="${options.cancel.href}"
          ><span>${options.cancel.label ?? words(options.lang ?? "it").cancel}</span></a
        >`
      }
    </div>
  </form>`;
}

function hiddenFields(
  protection: Partial<Protection>,
  fields: ActionFormOptions["fields"] = {},
): Content {
  const all = {
    [CSRF_FIELD]: protection.csrf ?? null,
    [KEY_FIELD]: protection.key ?? null,
    ...fields,
  };
  return Object.entries(all).map(
    ([name, value]) =>
      value !== null && html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

export interface SearchBoxOptions {
  readonly action: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value?: string | undefined;
  readonly name?: string | undefined;
  /** id of the element on the answering page that holds the results: fetched as one types, when JavaScript is there */
  readonly resultsId?: string | undefined;
  /** answers `?q=` with a list of suggestions, on pages that have no such element; see `client/search.js` */
  readonly suggestPath?: string | undefined;
  readonly lang?: Lang | undefined;
}

/** A GET search; as-you-type is an enhancement (`client/search.js`), key `/` puts the cursor in it. */
export function searchBox(options: SearchBoxOptions): Html {
  const w = words(options.lang ?? "it");
  const name = options.name ?? "q";
  const set = attributes({
    id: `search-${name}`,
    type: "search",
    name,
    value: options.value ?? "",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": options.hint ? `search-${name}-hint` : null,
  });
  const live = attributes({
    "data-search": options.resultsId,
    "data-suggest": options.suggestPath,
  });
  return html`<form method="get" action="${options.action}" role="search" class="search" ${live}>
    <label class="search-label" for="search-${name}">${options.label}</label>
    <div class="search-row">
      ${icon("it-search")}<input ${set} /><button type="submit" class="btn btn-primary">
        <span>${w.search}</span>
      </button>
    </div>
    ${options.hint && html`<p class="field-hint" id="search-${name}-hint">${options.hint}</p>`}
  </form>`;
}
