// SPDX-License-Identifier: EUPL-1.2
/**
 * The notice number (codice avviso, 18 digits) and its IUV. New ones carry aux digit 3: `3`, segregation code (2),
 * our own number (13), check digits (2); the IUV is what follows the aux digit. Source: pagoPA, SANP, "numero avviso".
 */
const CHECK_MODULUS = 93n;
const BASE_DIGITS = 13;

export const isNoticeNumber = (text: string): boolean => /^\d{18}$/.test(text);
export const isSegregationCode = (text: string): boolean => /^(?:[0-3]\d|4[0-5])$/.test(text);

/** Digits 17 and 18: the first sixteen modulo 93. */
export const checkDigits = (first16: string): string =>
  (BigInt(first16) % CHECK_MODULUS).toString().padStart(2, "0");

/** `segregation` 00–45, `sequence` from 1 on, at most 13 digits; throws RangeError otherwise. */
export function noticeNumberOf(segregation: string, sequence: bigint): string {
  if (!isSegregationCode(segregation)) throw new RangeError(`segregation code ${segregation}`);
  if (sequence < 1n || sequence >= 10n ** BigInt(BASE_DIGITS))
    throw new RangeError(`notice sequence ${sequence}`);
  const first16 = `3${segregation}${sequence.toString().padStart(BASE_DIGITS, "0")}`;
  return first16 + checkDigits(first16);
}

/** `creditorReferenceId`: 17 digits for aux digit 3. */
export const iuvOf = (noticeNumber: string): string => noticeNumber.slice(1);

/** Which part of the creditor's numbers it belongs to; null: not a number of aux digit 3, hence not one of ours. */
export const segregationOf = (noticeNumber: string): string | null =>
  isNoticeNumber(noticeNumber) && noticeNumber.startsWith("3") ? noticeNumber.slice(1, 3) : null;

/** As people read it aloud and as the paper notice prints it: `3122 6000 0001 2345 23`. */
export const inFours = (noticeNumber: string): string =>
  noticeNumber.replace(/(\d{4})(?=\d)/g, "$1 ");
