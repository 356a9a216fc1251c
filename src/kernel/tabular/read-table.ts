// SPDX-License-Identifier: EUPL-1.2
import { type Delimiter, type Encoding, readCsv } from "./read-csv.ts";
import { readXlsx } from "./read-xlsx.ts";
import { MAX_BYTES, type Sheet, TableFault, type TableFaultKind } from "./table.ts";

export type ReadTable =
  | { outcome: "read"; format: "xlsx"; sheets: readonly Sheet[] }
  | {
      outcome: "read";
      format: "csv";
      encoding: Encoding;
      delimiter: Delimiter;
      sheets: readonly Sheet[];
    }
  | { outcome: "unreadable"; fault: TableFaultKind; line: number | null };

/**
 * Reads an uploaded table, whatever its name says: the content decides between XLSX and CSV. Limits: 20 MB,
 * 60,000 rows, 120 columns, 200 MB unpacked. A hostile or broken file is an outcome, not an exception.
 */
export async function readTable(bytes: Buffer): Promise<ReadTable> {
  try {
    if (bytes.length === 0) throw new TableFault("empty");
    if (bytes.length > MAX_BYTES) throw new TableFault("too-large");
    if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw new TableFault("old-excel");
    if (startsWith(bytes, [0x50, 0x4b])) {
      return { outcome: "read", format: "xlsx", sheets: notEmpty(await readXlsx(bytes)) };
    }
    if (/^\W*<(!doctype\s+html|html|table|\?xml)/i.test(bytes.toString("latin1", 0, 200))) {
      throw new TableFault("web-page");
    }
    const { encoding, delimiter, sheet } = readCsv(bytes);
    return { outcome: "read", format: "csv", encoding, delimiter, sheets: notEmpty([sheet]) };
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    return { outcome: "unreadable", fault: error.kind, line: error.line };
  }
}

function notEmpty(sheets: readonly Sheet[]): readonly Sheet[] {
  if (sheets.every((sheet) => sheet.rows.length === 0)) throw new TableFault("empty");
  return sheets;
}

const startsWith = (bytes: Buffer, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);
