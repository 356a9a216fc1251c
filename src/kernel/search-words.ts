// SPDX-License-Identifier: EUPL-1.2
/** `D'Angelo Nicolò` → `dangelo nicolo`: lower case, no accents, no apostrophes, single spaces. */
export function searchWords(text: string): string[] {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\p{M}'’`´]/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
