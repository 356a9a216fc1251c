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
 * alternatives; a row counts only when it has every column of one of them. `learned` (heading key → column, `null` =
 * leave alone) comes before the headings known to everybody.
 */
export function findColumns<Column extends string>(
  sheets: readonly Sheet[],
  headings: Headings<Column>,
  required: readonly (readonly Column[])[],
  learned: Learned<Column> = new Map(),
): FoundColumns<Column> | null {
  const known = knownKeys(headings);
  let best: FoundColumns<Column> | null = null;
  for (const sheet of sheets) {
    for (const [position, row] of sheet.rows.slice(0, ROWS_TO_LOOK_AT).entries()) {
      const { index, unknown } = columnsOf(row, known, learned);
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

export type Learned<Column extends string> = ReadonlyMap<string, Column | null>;

function knownKeys<Column extends string>(headings: Headings<Column>): Map<string, Column> {
  const known = new Map<string, Column>();
  for (const column of Object.keys(headings) as Column[]) {
    for (const heading of headings[column]) known.set(headingKey(heading), column);
  }
  return known;
}

/**
 * The row that looks most like headings when none is understood: nearly as wide as the widest, most known headings,
 * then the highest up. `null` = a table without any row of two cells.
 */
export function likelyHeader<Column extends string>(
  sheets: readonly Sheet[],
  headings: Headings<Column>,
  learned: Learned<Column> = new Map(),
): { sheet: Sheet; row: TableRow; index: ReadonlyMap<Column, number> } | null {
  const known = knownKeys(headings);
  const widthOf = (row: TableRow): number => row.cells.filter((cell) => cell !== "").length;
  const rows = sheets.flatMap((sheet) =>
    sheet.rows.slice(0, ROWS_TO_LOOK_AT).map((row) => ({ sheet, row })),
  );
  const widest = Math.max(2, ...rows.map(({ row }) => widthOf(row)));
  let best: ReturnType<typeof likelyHeader<Column>> = null;
  for (const { sheet, row } of rows) {
    if (widthOf(row) < Math.max(2, widest * 0.8)) continue;
    const { index } = columnsOf(row, known, learned);
    if (!best || index.size > best.index.size) best = { sheet, row, index };
  }
  return best;
}

function columnsOf<Column extends string>(
  row: TableRow,
  known: ReadonlyMap<string, Column>,
  learned: Learned<Column>,
) {
  const index = new Map<Column, number>();
  const unknown: string[] = [];
  const keys = row.cells.map(headingKey);
  keys.forEach((key, at) => {
    const column = learned.get(key);
    if (column && !index.has(column)) index.set(column, at);
  });
  row.cells.forEach((cell, at) => {
    const key = keys[at] ?? "";
    if (cell === "" || (learned.get(key) && index.get(learned.get(key)!) === at)) return;
    const column = learned.has(key) ? undefined : known.get(key);
    // The first of two columns with the same meaning counts.
    if (column === undefined || index.has(column)) unknown.push(cell);
    else index.set(column, at);
  });
  return { index, unknown };
}
