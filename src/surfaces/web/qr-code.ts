// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { darkRuns, longQrModules } from "#documents";

const QUIET_MODULES = 4;

/** A QR code on the page, black on white in every colour scheme, with its quiet zone; `label` is what it is. */
export function qrFigure(modules: readonly (readonly boolean[])[], label: string): Html {
  const size = modules.length + 2 * QUIET_MODULES;
  const path = [...darkRuns(modules)]
    .map(([x, y, length]) => `M${x + QUIET_MODULES} ${y + QUIET_MODULES}h${length}v1h-${length}z`)
    .join("");
  return html`<svg
    class="qr-code"
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label="${label}"
    shape-rendering="crispEdges"
  >
    <path fill="#fff" d="M0 0h${size}v${size}H0z"></path>
    <path fill="#000" d="${path}"></path>
  </svg>`;
}

/** An address or anything else that is longer than a notice's text. */
export const longQrCode = (text: string, label: string): Html =>
  qrFigure(longQrModules(text), label);
