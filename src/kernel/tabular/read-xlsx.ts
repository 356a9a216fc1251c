// SPDX-License-Identifier: EUPL-1.2
import readXlsxFile, { type CellValue } from "read-excel-file/node";
import { MAX_COLUMNS, MAX_ROWS, type Sheet, TableFault } from "./table.ts";
import { readZip, writeZip, ZipFault } from "../zip.ts";

const MAX_UNPACKED_BYTES = 200_000_000;
/** What the reader needs; macros, pictures and links to elsewhere never reach it. */
const WANTED =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/(workbook|styles|sharedStrings)\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/worksheets\/[^/]+\.xml)$/;

/** Every sheet of a workbook as text. The reader gets a new archive of what was checked here. */
export async function readXlsx(bytes: Buffer): Promise<Sheet[]> {
  const entries = await unpacked(bytes);
  if (!entries.has("xl/workbook.xml")) throw new TableFault("unreadable");
  for (const [name, content] of entries) {
    checkXml(content.toString("utf8"), name.startsWith("xl/worksheets/"));
  }
  const sheets = await readXlsxFile<string>(writeZip(entries), {
    parseNumber: (text) => text,
  }).catch((cause: unknown) => {
    // The reader throws plain errors at malformed XML: for us they all mean a file that cannot be read.
    throw new TableFault("unreadable", null, { cause });
  });
  return sheets.map(({ sheet, data }) => ({
    name: sheet,
    rows: data
      .map((cells, index) => ({ line: index + 1, cells: cells.map(textOfCell) }))
      .filter(({ cells }) => cells.some((cell) => cell !== "")),
  }));
}

async function unpacked(bytes: Buffer): Promise<Map<string, Buffer>> {
  try {
    return await readZip(bytes, (name) => WANTED.test(name), MAX_UNPACKED_BYTES);
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    throw new TableFault(error.kind === "too-large" ? "too-large" : "unreadable");
  }
}

/** No DTD (entity bombs), and no cell address that would make the reader fill millions of empty cells. */
function checkXml(xml: string, isSheet: boolean): void {
  if (/<!DOCTYPE/i.test(xml)) throw new TableFault("unreadable");
  if (!isSheet) return;
  for (const [, address = ""] of xml.matchAll(/\sr\s*=\s*["']([^"']*)["']/g)) {
    const found = /^([A-Z]{0,3})(\d{1,8})$/.exec(address);
    if (!found) throw new TableFault("unreadable");
    if (Number(found[2]) > MAX_ROWS) throw new TableFault("too-many-rows");
    if (columnNumber(found[1] ?? "") > MAX_COLUMNS) throw new TableFault("too-many-columns");
  }
}

const columnNumber = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

/** Dates as ISO text, numbers as the file writes them, so that nothing is rounded. */
function textOfCell(value: CellValue<string> | null): string {
  if (value === null) return "";
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? "" : value.toISOString().slice(0, 10);
  }
  if (typeof value === "boolean") return value ? "SI" : "NO";
  return String(value).trim();
}
