// SPDX-License-Identifier: EUPL-1.2
import { writeZip } from "#kernel/zip.ts";

/** A cell: text, a number as XML writes it, or a day stored as Excel does (serial with a date format). */
export type XlsxCell = string | number | null | { serial: number };

/** A small workbook, one sheet per entry, for tests of the importer. */
export function xlsxFile(sheets: Record<string, readonly (readonly XlsxCell[])[]>): Buffer {
  const names = Object.keys(sheets);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packageRelations = "http://schemas.openxmlformats.org/package/2006/relationships";
  const files: Record<string, string> = {
    "[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${names
      .map(
        (name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
      )
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packageRelations}">${names
      .map(
        (_, at) =>
          `<Relationship Id="rId${at + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
      )
      .join(
        "",
      )}<Relationship Id="rId0" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `<styleSheet xmlns="${main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  };
  names.forEach((name, at) => {
    const rows = (sheets[name] ?? []).map((cells, row) => rowXml(cells, row + 1)).join("");
    files[`xl/worksheets/sheet${at + 1}.xml`] =
      `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`;
  });
  const header = `<?xml version="1.0" encoding="UTF-8"?>`;
  return writeZip(
    new Map(Object.entries(files).map(([name, xml]) => [name, Buffer.from(header + xml)])),
  );
}

function rowXml(cells: readonly XlsxCell[], row: number): string {
  const xml = cells.map((cell, at) => {
    const address = `${columnName(at)}${row}`;
    if (cell === null || cell === "") return "";
    if (typeof cell === "number") return `<c r="${address}"><v>${cell}</v></c>`;
    if (typeof cell === "object") return `<c r="${address}" s="1"><v>${cell.serial}</v></c>`;
    return `<c r="${address}" t="inlineStr"><is><t>${escapeXml(cell)}</t></is></c>`;
  });
  return `<row r="${row}">${xml.join("")}</row>`;
}

const columnName = (at: number): string =>
  at < 26
    ? String.fromCharCode(65 + at)
    : columnName(Math.floor(at / 26) - 1) + columnName(at % 26);

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
