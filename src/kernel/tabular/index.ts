// SPDX-License-Identifier: EUPL-1.2
/** Tables as schools and ministries send them: CSV and XLSX in, rows of text with line numbers out. */
export {
  type ParsedClass,
  parseClass,
  parseDay,
  parseName,
  parsePhone,
  parsePostalCode,
  type ReadPhone,
} from "./fields.ts";
export { cellOf, findColumns, type FoundColumns, type Headings } from "./find-columns.ts";
export type { Delimiter, Encoding } from "./read-csv.ts";
export { readTable, type ReadTable } from "./read-table.ts";
export type { Sheet, TableFaultKind, TableRow } from "./table.ts";
export { writeCsv } from "./write-csv.ts";
