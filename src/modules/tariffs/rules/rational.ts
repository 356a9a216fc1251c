// SPDX-License-Identifier: EUPL-1.2
/** An exact amount of cents: prices keep their fractions until the one rounding at the end. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

/** In lowest terms, denominator above zero. */
export function ratio(n: bigint, d: bigint): Rational {
  if (d === 0n) throw new RangeError("denominator zero");
  const sign = d < 0n ? -1n : 1n;
  const common = gcd(n, d * sign) || 1n;
  return { n: (sign * n) / common, d: (sign * d) / common };
}

export const whole = (cents: number | bigint): Rational => ({ n: BigInt(cents), d: 1n });
export const add = (a: Rational, b: Rational): Rational => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
export const multiply = (a: Rational, b: Rational): Rational => ratio(a.n * b.n, a.d * b.d);
export const compare = (a: Rational, b: Rational): number => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
export const atLeast = (a: Rational, floor: Rational): Rational =>
  compare(a, floor) < 0 ? floor : a;
export const atMost = (a: Rational, cap: Rational): Rational => (compare(a, cap) > 0 ? cap : a);

/** `460` → `"460"`, 13830/31 → `"13830/31"`: how exact cents are stored in an explanation. */
export const toText = (value: Rational): string =>
  value.d === 1n ? value.n.toString() : `${value.n}/${value.d}`;

export function fromText(text: string): Rational {
  const [n = "", d = "1"] = text.split("/");
  return ratio(BigInt(n), BigInt(d));
}

export type RoundingMode = "half-up" | "down" | "up";

/** To a multiple of `stepCents`; amounts are never negative here, so "down" is toward zero. */
export function roundToStep(value: Rational, mode: RoundingMode, stepCents: number): bigint {
  const step = BigInt(stepCents);
  const unit = value.d * step;
  const down = value.n / unit;
  const rest = value.n - down * unit;
  const up = mode === "up" ? rest > 0n : mode === "half-up" ? rest * 2n >= unit : false;
  return (down + (up ? 1n : 0n)) * step;
}
