// SPDX-License-Identifier: EUPL-1.2
import { givenNamePart, surnamePart } from "#kernel/codice-fiscale.ts";
import { parseName } from "#kernel/tabular/index.ts";

/**
 * `DE SANTIS ANNA MARIA` → surname and given name. Two words need no help; more are split where the codice fiscale
 * agrees. `null` = it cannot be told.
 */
export function splitFullName(
  text: string,
  codiceFiscale: string | null,
): { surname: string; givenName: string } | null {
  const words = parseName(text)
    .split(" ")
    .filter((word) => word !== "");
  const splits = words.slice(1).map((_, at) => ({
    surname: words.slice(0, at + 1).join(" "),
    givenName: words.slice(at + 1).join(" "),
  }));
  if (codiceFiscale?.length === 16) {
    const agrees = splits.filter(
      ({ surname, givenName }) =>
        surnamePart(surname) === codiceFiscale.slice(0, 3) &&
        givenNamePart(givenName) === codiceFiscale.slice(3, 6),
    );
    if (agrees.length === 1) return agrees[0] ?? null;
  }
  return splits.length === 1 ? (splits[0] ?? null) : null;
}
