// SPDX-License-Identifier: EUPL-1.2
export type { BusLine } from "./rules/rows.ts";
export { linesFrom } from "./sql/lines.ts";
