// SPDX-License-Identifier: EUPL-1.2
/**
 * CSV as Excel in Italy opens it: `;`, UTF-8 with byte order mark, CRLF. Text that a spreadsheet would run
 * as a formula gets an apostrophe before it (CSV injection).
 */
export function writeCsv(rows: readonly (readonly (string | number)[])[]): string {
  const lines = rows.map((row) => row.map((cell) => quoted(String(cell))).join(";"));
  return `\uFEFF${lines.join("\r\n")}\r\n`;
}

function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d\s.,]+$/.test(cell) ? `'${cell}` : cell;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
