// SPDX-License-Identifier: EUPL-1.2
/** Tables as schools and ministries send them: CSV and XLSX in, rows of text with line numbers out. */
export { parseClass, parseDay, parseName, parsePhone, parsePostalCode } from "./fields.ts";
export {
  cellOf,
  findColumns,
  headingKey,
  type Headings,
  type Learned,
  likelyHeader,
} from "./find-columns.ts";
export { readTable } from "./read-table.ts";
export type { Sheet, TableFaultKind, TableRow } from "./table.ts";
export { writeCsv } from "./write-csv.ts";
