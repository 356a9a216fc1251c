// SPDX-License-Identifier: EUPL-1.2
import { isDash, isFormula, isUnprintable } from "#kernel/name-fault.ts";
import { parseName } from "#kernel/tabular/index.ts";
import type { WarningReason } from "./pupil-record.ts";

/** The most characters kept of what a file says beside names; the family's own form has the same limits. */
export const LONGEST_TEXT = { address: 120, city: 60, birthPlace: 100, site: 100, className: 40 };

/** Part of a cell to show with its reason: short, without what cannot be printed. */
export const plainDetail = (text: string): string =>
  text
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, 40);

/** An address, a place: too long is cut, a formula or what cannot be printed is left out, both with a warning. */
export function plainText(
  text: string,
  longest: number,
  warn: (reason: WarningReason, detail: string) => void,
): string {
  const flat = text.replace(/[\t\r\n]+/g, " ");
  if (isDash(flat)) return "";
  if (isFormula(flat) || isUnprintable(flat)) {
    warn("text-not-plain", plainDetail(flat));
    return "";
  }
  const tidy = parseName(flat);
  if (tidy.length <= longest) return tidy;
  warn("text-too-long", plainDetail(tidy));
  return tidy.slice(0, longest).trim();
}
