// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { xlsxFile } from "../../../tests/support/xlsx-file.ts";
import { cellOf, findColumns } from "./find-columns.ts";
import { readTable } from "./read-table.ts";
import { readZip, writeZip } from "../zip.ts";

const TEXT = `Elenco alunni;;\r\n\r\nCognome;Nome;Città\r\nD'Angelo;"Nicolò\r\ndetto Nico";Forlì\r\nRossi;Anna;"a ""b"""\r\n`;

async function csv(bytes: Buffer) {
  const table = await readTable(bytes);
  assert.ok(table.outcome === "read" && table.format === "csv", JSON.stringify(table));
  return { ...table, rows: table.sheets[0]?.rows ?? [] };
}

const utf16 = (text: string, bigEndian: boolean): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return bigEndian ? bytes.swap16() : bytes;
};

describe("CSV", () => {
  it("reads the same rows in every encoding, with the file's line numbers", async () => {
    const files = {
      "utf-8": [Buffer.from(TEXT), Buffer.from(`\uFEFF${TEXT}`)],
      "windows-1252": [Buffer.from(TEXT, "latin1")],
      "utf-16le": [utf16(TEXT, false), utf16(TEXT, false).subarray(2)],
      "utf-16be": [utf16(TEXT, true)],
    };
    for (const [encoding, variants] of Object.entries(files)) {
      for (const bytes of variants) {
        const { rows, encoding: found, delimiter } = await csv(bytes);
        assert.equal(found, encoding);
        assert.equal(delimiter, ";");
        assert.deepEqual(rows, [
          { line: 1, cells: ["Elenco alunni", "", ""] },
          { line: 3, cells: ["Cognome", "Nome", "Città"] },
          { line: 4, cells: ["D'Angelo", "Nicolò\r\ndetto Nico", "Forlì"] },
          { line: 6, cells: ["Rossi", "Anna", 'a "b"'] },
        ]);
      }
    }
  });

  it("detects the delimiter, also a declared one", async () => {
    const lines = [
      "Cognome|Nome|Via",
      'Rossi|Anna|"Via Roma, 1; int. 2"',
      "Verdi|Ugo|Via Po; 3, 4",
    ];
    for (const delimiter of [";", ",", "\t", "|"]) {
      const quoted = lines.map((line, at) =>
        at === 2 ? line.replace(/[^|]*$/, '"Via Po"') : line,
      );
      const text = quoted.join("\n").replaceAll("|", delimiter);
      assert.equal((await csv(Buffer.from(text))).delimiter, delimiter);
    }
    const declared = await csv(Buffer.from("sep=,\nCognome,Nome\nRossi,Anna\n"));
    assert.deepEqual(declared.rows[0], { line: 2, cells: ["Cognome", "Nome"] });
  });

  it("says what is wrong with a broken file", async () => {
    const fault = async (bytes: Buffer) => {
      const table = await readTable(bytes);
      return table.outcome === "unreadable" ? table.fault : table.outcome;
    };
    assert.equal(await fault(Buffer.alloc(0)), "empty");
    assert.equal(await fault(Buffer.from(";;\r\n;;\r\n")), "empty");
    assert.equal(await fault(Buffer.alloc(20_000_001, 65)), "too-large");
    assert.equal(
      await fault(Buffer.from('Cognome;Nome\n"Rossi;Anna\nVerdi;Ugo\n')),
      "unclosed-quote",
    );
    assert.equal(await fault(Buffer.from("a\n".repeat(60_001))), "too-many-rows");
    assert.equal(await fault(Buffer.from(";".repeat(500))), "too-many-columns");
    assert.equal(await fault(Buffer.from("d0cf11e0a1b11ae1", "hex")), "old-excel");
    assert.equal(await fault(Buffer.from("<html><table><tr><td>Cognome")), "web-page");
    assert.equal(await fault(Buffer.from("PK\x03\x04 not really")), "unreadable");
  });

  it("never throws on hostile bytes", async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bytes, async (raw) => void (await readTable(Buffer.from(raw)))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (raw) => {
        await readTable(Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.from(raw)]));
      }),
    );
  });
});

describe("XLSX", () => {
  it("reads text, exact numbers and dates of every sheet", async () => {
    const table = await readTable(
      xlsxFile({
        Note: [["Da segreteria"]],
        Alunni: [
          ["Elenco"],
          [],
          ["Cognome", "Nato il", "Cellulare", "CAP"],
          ["D'Àngelo & Figli <3", { serial: 43171 }, 3331234567, 8020],
          ["Rossi", 43171, "0733123456", null],
        ],
      }),
    );
    assert.equal(table.outcome, "read");
    assert.deepEqual(table.outcome === "read" && table.sheets[1], {
      name: "Alunni",
      rows: [
        { line: 1, cells: ["Elenco", "", "", ""] },
        { line: 3, cells: ["Cognome", "Nato il", "Cellulare", "CAP"] },
        { line: 4, cells: ["D'Àngelo & Figli <3", "2018-03-12", "3331234567", "8020"] },
        { line: 5, cells: ["Rossi", "43171", "0733123456", ""] },
      ],
    });
  });

  it("refuses bombs: unpacked size, entities, far-away cells", async () => {
    const sheet = (xml: string) =>
      changed((entries) => entries.set("xl/worksheets/sheet1.xml", Buffer.from(xml)));
    async function changed(change: (entries: Map<string, Buffer>) => void) {
      const entries = await readZip(xlsxFile({ A: [["x"]] }), () => true, 1e6);
      change(entries);
      const table = await readTable(writeZip(entries));
      return table.outcome === "unreadable" ? table.fault : table.outcome;
    }
    assert.equal(await sheet(`<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>`), "unreadable");
    const cell = (address: string) =>
      `<worksheet><sheetData><row><c r="${address}"><v>1</v></c></row></sheetData></worksheet>`;
    assert.equal(await sheet(cell("A60001")), "too-many-rows");
    assert.equal(await sheet(cell("XFD1")), "too-many-columns");
    assert.equal(await sheet(cell("&#65;1")), "unreadable");
    assert.equal(await changed((entries) => entries.delete("xl/workbook.xml")), "unreadable");
    assert.equal(
      await changed((entries) => entries.set("xl/workbook.xml", Buffer.from("<a><b>"))),
      "unreadable",
    );
  });

  it("stops unpacking at the limit, whatever the file claims", async () => {
    const packed = deflateRawSync(Buffer.alloc(30_000_000));
    const zip = writeZip(new Map([["xl/workbook.xml", packed]]));
    const directory = zip.lastIndexOf(Buffer.from("PK\x01\x02", "latin1"));
    zip.writeUInt16LE(8, directory + 10);
    await assert.rejects(
      readZip(zip, () => true, 1_000_000),
      { kind: "too-large" },
    );
    assert.equal(
      (await readZip(zip, () => true, 30_000_000)).get("xl/workbook.xml")?.length,
      30_000_000,
    );
  });
});

describe("header row", () => {
  const headings = {
    surname: ["Cognome", "Cognome alunno"],
    name: ["Nome"],
    city: ["Città", "Comune"],
  };

  it("is found under titles, on any sheet, whatever its spelling", async () => {
    const file = xlsxFile({
      Copertina: [["Nome"], ["Istituto comprensivo"]],
      Dati: [
        ["Cognome e nome dei bambini"],
        ["COGNOME ALUNNO *", "nome", "Citta'", "Note"],
        ["Rossi", "Anna"],
      ],
    });
    const table = await readTable(file);
    assert.ok(table.outcome === "read");
    const found = findColumns(table.sheets, headings, [["surname", "name"]]);
    assert.ok(found);
    assert.equal(found.sheet.name, "Dati");
    assert.equal(found.headerLine, 2);
    assert.deepEqual(found.unknown, ["Note"]);
    const row = found.rows[0];
    assert.ok(row);
    assert.deepEqual(
      [cellOf(found, row, "surname"), cellOf(found, row, "name"), cellOf(found, row, "city")],
      ["Rossi", "Anna", ""],
    );
    assert.equal(
      findColumns(table.sheets, headings, [["surname", "city", "name"], ["city"]])?.headerLine,
      2,
    );
    assert.equal(findColumns(table.sheets.slice(0, 1), headings, [["surname", "name"]]), null);
  });
});
