// SPDX-License-Identifier: EUPL-1.2

/**
 * How long an IBAN is in each country and territory a SEPA credit transfer reaches (EPC 409-09, list of SEPA scheme
 * countries; lengths: ISO 13616 registry). Overseas parts of France and the Crown Dependencies write FR and GB, or
 * their own code with the same length.
 */
const SEPA_LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AL: 28,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GI: 23,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  RS: 22,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  VA: 22,
};

/** As people type it: blanks and small letters are no fault. */
export const plainIban = (text: string): string => text.replaceAll(/\s/g, "").toUpperCase();

/** An IBAN of the SEPA area: the country's length and right check digits (ISO 13616, ISO 7064); Italian ones also CIN. */
export function isSepaIban(iban: string): boolean {
  if (SEPA_LENGTHS[iban.slice(0, 2)] !== iban.length) return false;
  return iban.startsWith("IT") ? isItalianIban(iban) : hasRightDigits(iban);
}

/** `IT`, two check digits, CIN, ABI (5), CAB (5), account (12): modulus 97 (ISO 13616) and the Italian CIN. */
export function isItalianIban(iban: string): boolean {
  const found = /^IT\d{2}([A-Z])(\d{10}[0-9A-Z]{12})$/.exec(iban);
  return found !== null && hasRightDigits(iban) && cinOf(found[2]!) === found[1];
}

/** Modulus 97. 00, 01 and 99 would pass for 97, 98 and 02, and are never given. */
function hasRightDigits(iban: string): boolean {
  if (!/^[A-Z]{2}(?!00|01|99)\d{2}[A-Z0-9]+$/.test(iban)) return false;
  const moved = iban.slice(4) + iban.slice(0, 4);
  const digits = moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}

const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/** The control letter over ABI, CAB and account: odd places by table, even ones as they are, modulo 26. */
function cinOf(bban: string): string {
  let sum = 0;
  for (const [index, sign] of [...bban].entries()) {
    const value = /\d/.test(sign) ? Number(sign) : sign.charCodeAt(0) - 65;
    sum += index % 2 === 0 ? ODD_VALUES[value]! : value;
  }
  return String.fromCharCode(65 + (sum % 26));
}
