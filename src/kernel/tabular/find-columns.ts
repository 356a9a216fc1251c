// SPDX-License-Identifier: EUPL-1.2
import type { Sheet, TableRow } from "./table.ts";

/** Column → the headings under which it is known, in any case, with or without accents and `*`. */
export type Headings<Column extends string> = Readonly<Record<Column, readonly string[]>>;

export interface FoundColumns<Column extends string> {
  readonly sheet: Sheet;
  /** line of the header row */
  readonly headerLine: number;
  readonly index: ReadonlyMap<Column, number>;
  /** headings that nobody knows: shown, not used */
  readonly unknown: readonly string[];
  /** the rows below the header */
  readonly rows: readonly TableRow[];
}

const ROWS_TO_LOOK_AT = 40;

/**
 * Finds the header row under any title rows, on any sheet: the one with most known headings. `required` lists
 * alternatives; a row counts only when it has every column of one of them.
 */
export function findColumns<Column extends string>(
  sheets: readonly Sheet[],
  headings: Headings<Column>,
  required: readonly (readonly Column[])[],
): FoundColumns<Column> | null {
  const known = new Map<string, Column>();
  for (const column of Object.keys(headings) as Column[]) {
    for (const heading of headings[column]) known.set(headingKey(heading), column);
  }
  let best: FoundColumns<Column> | null = null;
  for (const sheet of sheets) {
    for (const [position, row] of sheet.rows.slice(0, ROWS_TO_LOOK_AT).entries()) {
      const { index, unknown } = columnsOf(row, known);
      if (!required.some((columns) => columns.every((column) => index.has(column)))) continue;
      if (best && best.index.size >= index.size) continue;
      const rows = sheet.rows.slice(position + 1);
      best = { sheet, headerLine: row.line, index, unknown, rows };
    }
  }
  return best;
}

/** The cell of a column, `""` when the row or the file lacks it. */
export function cellOf<Column extends string>(
  columns: FoundColumns<Column>,
  row: TableRow,
  column: Column,
): string {
  const at = columns.index.get(column);
  return at === undefined ? "" : (row.cells[at] ?? "");
}

export const headingKey = (heading: string): string =>
  heading
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]/g, "");

function columnsOf<Column extends string>(row: TableRow, known: ReadonlyMap<string, Column>) {
  const index = new Map<Column, number>();
  const unknown: string[] = [];
  row.cells.forEach((cell, at) => {
    if (cell === "") return;
    const column = known.get(headingKey(cell));
    // The first of two columns with the same meaning counts.
    if (column === undefined || index.has(column)) unknown.push(cell);
    else index.set(column, at);
  });
  return { index, unknown };
}
