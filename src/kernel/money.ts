// SPDX-License-Identifier: EUPL-1.2
/** Money is a whole number of euro cents, never a float. */
export type Cents = bigint;

const EURO_TEXT = /^\s*([+-])?\s*(\d{1,9}|\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?\s*(?:€|euro)?\s*$/i;

/** Between number and sign: an amount never breaks over two lines. */
const NO_BREAK_SPACE = "\u00a0";

/**
 * `460n` → `4,60 €`; `-1240n` → `-12,40 €` (design/pages: no space after the sign, comma, euro sign last).
 * The space is a no-break space, which `parseEuro` reads too.
 */
export function formatEuro(cents: Cents): string {
  const sign = cents < 0n ? "-" : "";
  const absolute = cents < 0n ? -cents : cents;
  const whole = (absolute / 100n).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  return `${sign}${whole},${(absolute % 100n).toString().padStart(2, "0")}${NO_BREAK_SPACE}€`;
}

/** Reads an amount as people type it in Italy (`1.234,50`, `4,6`, `10 €`). `null` when it is not one. */
export function parseEuro(text: string): Cents | null {
  const found = EURO_TEXT.exec(text);
  if (!found) return null;
  const whole = BigInt((found[2] ?? "").replaceAll(".", ""));
  const cents = whole * 100n + BigInt((found[3] ?? "").padEnd(2, "0") || "0");
  return found[1] === "-" ? -cents : cents;
}

/** Splits cents by shares in basis points that sum to 10,000: largest remainder, ties to the earlier share. */
export function splitByShares(amount: Cents, basisPoints: readonly number[]): Cents[] {
  const total = basisPoints.reduce((sum, share) => sum + share, 0);
  if (total !== 10_000) throw new RangeError(`shares sum to ${total}, not 10000`);
  const exact = basisPoints.map((share) => amount * BigInt(share));
  const parts = exact.map((value) => value / 10_000n);
  const rest = Number(amount - parts.reduce((sum, part) => sum + part, 0n));
  const order = exact
    .map((value, index) => ({ index, remainder: value % 10_000n }))
    .sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index);
  for (const { index } of order.slice(0, rest)) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts;
}
