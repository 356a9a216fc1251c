// SPDX-License-Identifier: EUPL-1.2
/** One measured figure beside its limit of the same run, as table and JSON. */

export interface Figure {
  readonly name: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: { readonly what: string; readonly value: number; readonly goal: string };
  /** value against limit; `null` where a ratio says nothing */
  readonly share: number | null;
  readonly met: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const shown = (value: number, unit: string): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(Number.isInteger(value) ? 0 : digits)}${unit ? ` ${unit}` : ""}`;
};

export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    shown(figure.value, figure.unit),
    `${shown(figure.limit.value, figure.unit)} (${figure.limit.what})`,
    figure.share === null ? "" : figure.share.toFixed(2),
    `${figure.limit.goal} ${figure.met ? "✓" : "✗"}`,
  ]);
  const head = ["figure", "measured", "limit", "ratio", "goal"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)].join(
    "\n",
  );
}
