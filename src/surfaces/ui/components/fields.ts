// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { words } from "../words/index.ts";

/** What every field has. The id is the name unless told: the error summary links to it. */
export interface FieldOptions {
  readonly name: string;
  readonly label: Content;
  readonly id?: string | undefined;
  readonly hint?: Content;
  /** what is wrong, in the same words as the error summary */
  readonly error?: string | null | undefined;
  /** fields are required unless optional, and say `facoltativo` when they are */
  readonly optional?: boolean | undefined;
  readonly lang?: Lang | undefined;
}

export interface Choice {
  readonly value: string;
  readonly label: Content;
  readonly hint?: Content;
  readonly checked?: boolean | undefined;
  readonly disabled?: boolean | undefined;
}

const idOf = (options: FieldOptions): string => options.id ?? options.name;

function described(options: FieldOptions): string | null {
  const ids = [options.hint && `${idOf(options)}-hint`, options.error && `${idOf(options)}-error`];
  return ids.filter(Boolean).join(" ") || null;
}

function hintAndError(options: FieldOptions): Content {
  const w = words(options.lang ?? "it");
  return [
    options.hint && html`<p class="field-hint" id="${idOf(options)}-hint">${options.hint}</p>`,
    options.error &&
      html`<p class="field-error" id="${idOf(options)}-error">
        <span class="visually-hidden">${w.errorPrefix} </span>${options.error}
      </p>`,
  ];
}

const labelText = (options: FieldOptions): Content => [
  options.label,
  options.optional &&
    html` <span class="field-optional">(${words(options.lang ?? "it").optional})</span>`,
];

function field(options: FieldOptions, control: Content): Html {
  return html`<div class="field${options.error ? " field-wrong" : ""}">
    <label class="field-label" for="${idOf(options)}">${labelText(options)}</label
    >${hintAndError(options)}${control}
  </div>`;
}

function common(options: FieldOptions): Record<string, string | boolean | null> {
  return {
    id: idOf(options),
    name: options.name,
    required: !options.optional,
    "aria-describedby": described(options),
    "aria-invalid": options.error ? "true" : null,
  };
}

export interface TextFieldOptions extends FieldOptions {
  readonly value?: string | null | undefined;
  readonly type?: "text" | "email" | "tel" | "password" | "search" | "time" | undefined;
  readonly autocomplete?: string | undefined;
  readonly inputmode?: "text" | "numeric" | "decimal" | "tel" | "email" | undefined;
  readonly maxlength?: number | undefined;
  /** how wide the answer is: short = a code or an amount */
  readonly width?: "short" | "medium" | "full" | undefined;
  /** unit after the box, e.g. `€` */
  readonly suffix?: string | undefined;
}

export function textField(options: TextFieldOptions): Html {
  const set = attributes({
    ...common(options),
    type: options.type ?? "text",
    value: options.value ?? "",
    autocomplete: options.autocomplete,
    inputmode: options.inputmode,
    maxlength: options.maxlength,
    class: `control control-${options.width ?? "full"}`,
  });
  const input = html`<input ${set} />`;
  return field(
    options,
    options.suffix
      ? html`<div class="control-group">
          ${input}<span class="control-suffix" aria-hidden="true">${options.suffix}</span>
        </div>`
      : input,
  );
}

/** An amount as it is typed, `12,50`. */
export const euroField = (
  options: Omit<TextFieldOptions, "inputmode" | "suffix" | "width">,
): Html => textField({ ...options, inputmode: "decimal", suffix: "€", width: "short" });

/** The browser's own date field: ISO text, keyboard and pickers for free, no JavaScript. */
export function dateField(
  options: FieldOptions & {
    readonly value?: Temporal.PlainDate | string | null | undefined;
    readonly min?: Temporal.PlainDate | undefined;
    readonly max?: Temporal.PlainDate | undefined;
  },
): Html {
  const set = attributes({
    ...common(options),
    type: "date",
    value: options.value?.toString() ?? "",
    min: options.min?.toString(),
    max: options.max?.toString(),
    class: "control control-medium",
  });
  return field(options, html`<input ${set} />`);
}

export function textArea(
  options: FieldOptions & {
    readonly value?: string | null;
    readonly rows?: number;
    readonly maxlength?: number;
  },
): Html {
  const set = attributes({
    ...common(options),
    rows: options.rows ?? 4,
    maxlength: options.maxlength,
    class: "control control-full",
  });
  return field(options, html`<textarea ${set}>${options.value}</textarea>`);
}

export function selectField(
  options: FieldOptions & {
    readonly choices: readonly { readonly value: string; readonly label: string }[];
    readonly value?: string | null | undefined;
    /** first, empty choice, e.g. `Scegliere la scuola` */
    readonly empty?: string | undefined;
  },
): Html {
  const set = attributes({ ...common(options), class: "control control-full" });
  return field(
    options,
    html`<select ${set}>
      ${options.empty !== undefined && html`<option value="">${options.empty}</option>`}${options.choices.map(
        (choice) =>
          html`<option
            ${attributes({ value: choice.value, selected: choice.value === options.value })}
          >
            ${choice.label}
          </option>`,
      )}
    </select>`,
  );
}

export function fileField(options: FieldOptions & { readonly accept?: string }): Html {
  const set = attributes({
    ...common(options),
    type: "file",
    accept: options.accept,
    class: "control control-file",
  });
  return field(options, html`<input ${set} />`);
}

/** One choice among few: radios in a fieldset, each row a 48 px target. The first radio has the field's id. */
export function radios(
  options: FieldOptions & { readonly choices: readonly Choice[]; readonly value?: string | null },
): Html {
  return choiceGroup(
    "radio",
    options,
    (choice) => choice.checked ?? choice.value === options.value,
  );
}

/** Several choices: the same name repeated. */
export function checkboxes(
  options: FieldOptions & {
    readonly choices: readonly Choice[];
    readonly values?: readonly string[];
  },
): Html {
  return choiceGroup(
    "checkbox",
    options,
    (choice) => choice.checked ?? options.values?.includes(choice.value) ?? false,
  );
}

function choiceGroup(
  type: "radio" | "checkbox",
  options: FieldOptions & { readonly choices: readonly Choice[] },
  isChecked: (choice: Choice) => boolean,
): Html {
  const id = idOf(options);
  const set = attributes({
    class: `field${options.error ? " field-wrong" : ""}`,
    "aria-describedby": described(options),
  });
  return html`<fieldset ${set}>
    <legend class="field-label">${labelText(options)}</legend>
    ${hintAndError(options)}
    <div class="choices">
      ${options.choices.map((choice, index) => {
        const own = index === 0 ? id : `${id}-${index + 1}`;
        const input = attributes({
          type,
          id: own,
          name: options.name,
          value: choice.value,
          checked: isChecked(choice),
          disabled: choice.disabled === true,
          "aria-describedby": choice.hint ? `${own}-note` : null,
        });
        return html`<div class="choice">
          <input ${input} /><label for="${own}">${choice.label}</label>${
            choice.hint && html`<p class="choice-hint" id="${own}-note">${choice.hint}</p>`
          }
        </div>`;
      })}
    </div>
  </fieldset>`;
}

/** One yes or no, e.g. `Non si sa ancora`. */
export function checkbox(
  options: FieldOptions & { readonly checked?: boolean; readonly value?: string },
): Html {
  const set = attributes({
    ...common({ ...options, optional: true }),
    type: "checkbox",
    value: options.value ?? "1",
    checked: options.checked === true,
  });
  return html`<div class="field${options.error ? " field-wrong" : ""}">
    ${options.error && hintAndError({ ...options, hint: null })}
    <div class="choice">
      <input ${set} /><label for="${idOf(options)}">${options.label}</label>${
        options.hint && html`<p class="choice-hint" id="${idOf(options)}-hint">${options.hint}</p>`
      }
    </div>
  </div>`;
}
