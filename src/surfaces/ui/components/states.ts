// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { words } from "../words/index.ts";
import { icon, type IconName } from "./icon.ts";

/** The states of a meal on a page (design/pages 5); colour, icon and word always go together. */
export const STATES = [
  "present",
  "served",
  "cancelled",
  "plain",
  "closed",
  "not-enrolled",
  "absent",
  "no-rientro",
  "pending",
  "not-booked",
  "roll-call",
] as const;
export type State = (typeof STATES)[number];

const ICONS: Readonly<Record<State, IconName | null>> = {
  present: "it-check-circle",
  served: "it-check-circle",
  cancelled: "it-minus-circle",
  plain: "plate",
  closed: "it-ban",
  "not-enrolled": "it-minus",
  absent: "it-close-circle",
  "no-rientro": null,
  pending: "it-clock",
  "not-booked": "it-minus",
  "roll-call": "it-clock",
};

export interface StateOptions {
  readonly lang?: Lang | undefined;
  /** instead of the table's word, e.g. `Disdetto alle 7:52` */
  readonly word?: string | undefined;
  readonly size?: "small" | "medium" | "large" | undefined;
}

export const stateWord = (state: State, lang: Lang = "it"): string => words(lang).states[state];

export function stateIcon(
  state: State,
  size: "small" | "medium" | "large" = "medium",
): Html | null {
  const name = ICONS[state];
  return name === null ? null : icon(name, size);
}

/** Icon + word + colour of a state, as a pill. */
export function stateBadge(state: State, options: StateOptions = {}): Html {
  const size = options.size ?? "medium";
  return html`<span class="state state-${state} state-size-${size}"
    >${stateIcon(state, size === "large" ? "medium" : "small")}<span class="state-word"
      >${options.word ?? stateWord(state, options.lang)}</span
    ></span
  >`;
}

/** The key of a calendar: the given states, icon and word. */
export function stateLegend(states: readonly State[], lang: Lang = "it"): Html {
  return html`<ul class="legend" aria-label="${words(lang).legend}">
    ${states.map((state) => html`<li>${stateBadge(state, { lang, size: "small" })}</li>`)}
  </ul>`;
}
