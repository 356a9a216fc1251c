// SPDX-License-Identifier: EUPL-1.2
const DIGITS = 9;

/**
 * The code a family reads out or types to pay (OS-08): nine digits, the last one a Luhn check digit, so a
 * single wrong or swapped digit is noticed. `random` = a whole number in [0, limit) for a limit.
 */
export function paymentCode(random: (limit: number) => number): string {
  const first = 1 + random(9);
  const rest = Array.from({ length: DIGITS - 2 }, () => random(10));
  const body = [first, ...rest].join("");
  return body + luhnDigit(body);
}

export const isPaymentCode = (text: string): boolean =>
  /^[1-9]\d{8}$/.test(text) && luhnDigit(text.slice(0, -1)) === text.slice(-1);

function luhnDigit(body: string): string {
  let sum = 0;
  [...body].reverse().forEach((character, index) => {
    const value = Number(character) * (index % 2 === 0 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return String((10 - (sum % 10)) % 10);
}
