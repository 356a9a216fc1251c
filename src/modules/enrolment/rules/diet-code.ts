// SPDX-License-Identifier: EUPL-1.2
/** `D-07`, `NO-GLU 2`: up to 12 capitals, digits, dashes, at least one digit, so that it is no diagnosis. */
export const isDietCode = (text: string): boolean =>
  /^(?=.*\d)[A-Z0-9][A-Z0-9./ -]{0,11}$/.test(text);
