// SPDX-License-Identifier: EUPL-1.2
/**
 * The codice fiscale of an institution or company: 11 digits, the last one the check digit of the first ten (DM 23
 * December 1976: every second digit doubled, tens and units summed).
 */
export function isCompanyCode(text: string): boolean {
  if (!/^\d{11}$/.test(text)) return false;
  let sum = 0;
  for (const [index, sign] of [...text].entries()) {
    const digit = Number(sign);
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
