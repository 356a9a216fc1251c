// SPDX-License-Identifier: EUPL-1.2
import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { MAX_COLUMNS, MAX_ROWS, type Sheet, TableFault } from "./table.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
export type Delimiter = ";" | "," | "\t" | "|";
const DELIMITERS: readonly Delimiter[] = [";", ",", "\t", "|"];
const LINES_TO_LOOK_AT = 60;

export interface Csv {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly sheet: Sheet;
}

/** Text with separators, as Excel, LibreOffice and school portals save it. */
export function readCsv(bytes: Buffer): Csv {
  const { text: whole, encoding } = decode(bytes);
  const declared = /^sep=(.)\r?\n/i.exec(whole);
  const text = declared ? whole.slice(declared[0].length) : whole;
  const delimiter =
    DELIMITERS.find((candidate) => candidate === declared?.[1]) ?? detectDelimiter(text);
  const firstLine = declared ? 2 : 1;
  return { encoding, delimiter, sheet: { name: "", rows: rowsOf(text, delimiter, firstLine) } };
}

function rowsOf(text: string, delimiter: Delimiter, firstLine: number): Sheet["rows"] {
  try {
    let line = firstLine;
    const records = parse(text, {
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: false,
      max_record_size: 200_000,
      to: MAX_ROWS + 1,
      raw: true,
    }) as unknown as { record: string[]; raw: string }[];
    if (records.length > MAX_ROWS) throw new TableFault("too-many-rows");
    const rows: { line: number; cells: string[] }[] = [];
    for (const { record, raw } of records) {
      const cells = record.map((cell) => cell.trim());
      if (cells.length > MAX_COLUMNS) throw new TableFault("too-many-columns", line);
      if (cells.some((cell) => cell !== "")) rows.push({ line, cells });
      line += raw.match(/\r\n|\r|\n/g)?.length ?? 0;
    }
    return rows;
  } catch (error) {
    if (error instanceof CsvError) {
      const line = "lines" in error && typeof error.lines === "number" ? error.lines : null;
      throw new TableFault(
        error.code === "CSV_QUOTE_NOT_CLOSED" ? "unclosed-quote" : "unreadable",
        line,
      );
    }
    throw error;
  }
}

/** A byte order mark decides; then strict UTF-8; what is not valid UTF-8 comes from an old Windows program. */
function decode(bytes: Buffer): { text: string; encoding: Encoding } {
  const encoding = encodingOf(bytes);
  // TextDecoder drops the byte order mark
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes("\0")) throw new TableFault("unreadable");
  return { text, encoding };
}

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const start = bytes.subarray(0, 200);
  if (start.length >= 20 && start.every((byte, index) => index % 2 === 0 || byte === 0)) {
    return "utf-16le";
  }
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return "utf-8";
  } catch (error) {
    if (error instanceof TypeError) return "windows-1252";
    throw error;
  }
}

/** The character that cuts most lines into the same number of columns (title rows do not matter). */
function detectDelimiter(text: string): Delimiter {
  const lines = linesOutsideQuotes(text);
  let best: { delimiter: Delimiter; score: number } = { delimiter: ";", score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = new Map<number, number>();
    for (const line of lines) {
      const count = line.split(delimiter).length - 1;
      if (count > 0) counts.set(count, (counts.get(count) ?? 0) + 1);
    }
    const score = Math.max(
      0,
      ...[...counts].map(([count, same]) => same * (1 + Math.min(count, 40) / 100)),
    );
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function linesOutsideQuotes(text: string): string[] {
  return text
    .slice(0, 100_000)
    .replace(/"(?:[^"]|"")*"/g, "")
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, LINES_TO_LOOK_AT);
}
