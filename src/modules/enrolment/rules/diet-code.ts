// SPDX-License-Identifier: EUPL-1.2
/** `D-07`, `NO-GLU 2`: up to 12 capitals, digits, dashes, at least one digit, so that it is no diagnosis. */
export const isDietCode = (text: string): boolean =>
  /^(?=.*\d)[A-Z0-9][A-Z0-9./ -]{0,11}$/.test(text);

/** Whether the town's kitchen knows the code; a town without a list takes any. */
export const isKnownDiet = (code: string, known: readonly string[]): boolean =>
  known.length === 0 || known.includes(code);

/** `D-99; in uso: D-01, D-02` */
export const unknownDiet = (code: string, known: readonly string[]): string =>
  `${code}; in uso: ${known.join(", ")}`;
