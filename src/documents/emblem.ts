// SPDX-License-Identifier: EUPL-1.2
/** What stands in the place of a logo that the municipality has not given: a shield that is nobody's. */
import type { Logo } from "./paper-notice.ts";

const SHIELD = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="18 6 64 92">
<g fill="#ededed" stroke="#5c6f82" stroke-width="2">
<path d="M24 26V10h8v6h6v-6h8v6h8v-6h8v6h6v-6h8v16Z"/><path d="M22 30h56v26q0 27-28 38q-28-11-28-38Z"/></g></svg>`;

export const NEUTRAL_EMBLEM: Logo = { kind: "svg", bytes: new TextEncoder().encode(SHIELD) };

/** The municipality's logo as it is stored (`checkLogo` accepted it), or the neutral shield. */
export const logoFrom = (png: Uint8Array | null): Logo =>
  png === null ? NEUTRAL_EMBLEM : { kind: "png", bytes: png };
