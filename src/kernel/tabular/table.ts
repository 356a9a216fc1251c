// SPDX-License-Identifier: EUPL-1.2
export const MAX_BYTES = 20_000_000;
export const MAX_ROWS = 60_000;
export const MAX_COLUMNS = 120;

export interface TableRow {
  /** as an editor or Excel counts it, from 1 */
  readonly line: number;
  /** trimmed; dates of a workbook as ISO text */
  readonly cells: readonly string[];
}

/** Rows that are empty are left out; their numbers stay. */
export interface Sheet {
  readonly name: string;
  readonly rows: readonly TableRow[];
}

export type TableFaultKind =
  | "empty"
  | "too-large"
  | "too-many-rows"
  | "too-many-columns"
  | "unclosed-quote"
  /** .xls, the format before 2007 */
  | "old-excel"
  /** a web page that a school portal named .xls */
  | "web-page"
  | "unreadable";

export class TableFault extends Error {
  readonly kind: TableFaultKind;
  readonly line: number | null;
  constructor(kind: TableFaultKind, line: number | null = null, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
    this.line = line;
  }
}
