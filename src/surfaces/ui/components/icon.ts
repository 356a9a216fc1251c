// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { asset } from "../assets.ts";

/** A symbol of bootstrap-italia's sprite, or one of our own (`images/symbols.svg`). */
export type IconName = `it-${string}` | "plate" | "campanella";

/**
 * An icon beside its word: hidden from screen readers, the word is the name.
 * Write the name as a literal: the build keeps only the symbols it finds in the sources.
 */
export function icon(name: IconName, size: "small" | "medium" | "large" = "medium"): Html {
  return html`<svg class="ico ico-${size}" aria-hidden="true" focusable="false">
    <use href="${asset("sprite.svg")}#${name}"></use>
  </svg>`;
}
