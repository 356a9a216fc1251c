// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "../dates.ts";
import { parseClass, parseDay, parseName, parsePhone, parsePostalCode } from "./fields.ts";
import { writeCsv } from "./write-csv.ts";

const REFERENCE = day("2026-11-20");

describe("dates in school files", () => {
  it("reads every way of writing them", () => {
    const dates = {
      "12/03/2018": "2018-03-12",
      "1-3-18": "2018-03-01",
      "01.03.2018": "2018-03-01",
      "2018-03-12": "2018-03-12",
      "2018-03-12T00:00:00": "2018-03-12",
      "12/03/2018 00:00": "2018-03-12",
      "43171": "2018-03-12",
      "43171.0": "2018-03-12",
      "12/03/85": "1985-03-12",
      "20/11/26": "2026-11-20",
      "21/11/26": "1926-11-21",
      "29/02/2020": "2020-02-29",
    };
    for (const [text, date] of Object.entries(dates)) {
      assert.equal(parseDay(text, REFERENCE)?.toString(), date, text);
    }
    for (const text of [
      "",
      "31/02/2018",
      "12/13/2018",
      "marzo 2018",
      "0",
      "99999",
      "2018",
      "29/02/2019",
    ]) {
      assert.equal(parseDay(text, REFERENCE), null, text);
    }
  });

  it("reads back any day in three ways", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 46_000 }), (serial) => {
        const date = day("1899-12-30").add({ days: serial });
        const italian = `${date.day}/${date.month}/${date.year}`;
        for (const text of [String(serial), date.toString(), italian]) {
          assert.equal(parseDay(text, REFERENCE)?.toString(), date.toString());
        }
      }),
    );
  });
});

describe("names in school files", () => {
  it("restores accents and capitals", () => {
    const names = {
      "NICOLO'": "Nicolò",
      "NICOLO`": "Nicolò",
      nicolò: "Nicolò",
      "D'ANGELO": "D'Angelo",
      "DE SANTIS": "De Santis",
      "D’ANGELO": "D'Angelo",
      "DALL'O'": "Dall'Ò",
      "DE' ROSSI": "De' Rossi",
      "ROSSI - BIANCHI": "Rossi-Bianchi",
      "Nicolo' McDonald": "Nicolò McDonald",
      " MARIA  ROSARIA ": "Maria Rosaria",
      "JOSE' MARIA": "Josè Maria",
      ÀLESSIA: "Àlessia",
    };
    for (const [text, name] of Object.entries(names)) assert.equal(parseName(text), name, text);
    fc.assert(fc.property(fc.string(), (text) => parseName(parseName(text)) === parseName(text)));
  });
});

describe("numbers that a spreadsheet spoilt", () => {
  it("gives leading zeros back and flags lost digits", () => {
    assert.equal(parsePostalCode("8020"), "08020");
    assert.equal(parsePostalCode("00184"), "00184");
    assert.equal(parsePostalCode("61121.0"), "61121");
    assert.equal(parsePostalCode("ABC"), null);
    const phones = {
      "3331234567": "3331234567",
      "733123456": "0733123456",
      "0733/123456": "0733123456",
      "+39 333 1234567": "3331234567",
      "0039733123456": "0733123456",
      "393331234567": "3331234567",
      "3.331234567E+09": "3331234567",
      "3,331234567E9": "3331234567",
      "3331234567.0": "3331234567",
      "+44 20 7946 0000": "+442079460000",
    };
    for (const [text, phone] of Object.entries(phones)) {
      assert.deepEqual(parsePhone(text), { outcome: "phone", phone }, text);
    }
    assert.deepEqual(parsePhone("3,33123E+09"), { outcome: "digits-lost" });
    assert.deepEqual(parsePhone("3E9"), { outcome: "digits-lost" });
    assert.deepEqual(parsePhone("mamma 333"), { outcome: "not-a-phone" });
    assert.deepEqual(parsePhone(""), { outcome: "empty" });
  });
});

describe("classes", () => {
  it("reads every way of writing them", () => {
    const third = { grade: 3, section: "A" };
    for (const text of [
      "3A",
      "3^ A",
      "3^A",
      "3ª A",
      "3ªA",
      "3°A",
      "3a A",
      "III A",
      "IIIA",
      "3 A",
      "3-A",
      "3/A",
      "3 sez. A",
      "3^ Sez. A",
      "Classe 3A",
      "CLASSE TERZA SEZIONE A",
      "terza a",
      "3a",
    ]) {
      assert.deepEqual(parseClass(text, "", false), third, text);
    }
    assert.deepEqual(parseClass("IV B", "", false), { grade: 4, section: "B" });
    assert.deepEqual(parseClass("VC", "", false), { grade: 5, section: "C" });
    assert.deepEqual(parseClass("3", "a", false), third);
    assert.deepEqual(parseClass("III", "A", false), third);
    assert.deepEqual(parseClass("2", "", false), { grade: 2, section: "U" });
    assert.deepEqual(parseClass("1A TP", "", false), { grade: 1, section: "A TP" });
  });

  it("reads the sections of nursery schools", () => {
    assert.deepEqual(parseClass("SEZ. A", "", false), { grade: 0, section: "A" });
    assert.deepEqual(parseClass("Sezione Girasoli", "", false), { grade: 0, section: "GIRASOLI" });
    assert.deepEqual(parseClass("3A", "", true), { grade: 0, section: "3A" });
    assert.deepEqual(parseClass("", "Girasoli", true), { grade: 0, section: "GIRASOLI" });
  });

  it("refuses what is no class", () => {
    for (const text of ["", "A", "6A", "33A", "0A", "<b>3A</b>", "XA"]) {
      assert.equal(parseClass(text, "", false), null, text);
    }
    assert.equal(parseClass("", "", true), null);
  });
});

describe("CSV that goes out", () => {
  it("quotes what needs it and disarms formulas", () => {
    assert.equal(
      writeCsv([["a;b", 'c"d', "=1+1", "@x", "-4,60", "+39 333"]]),
      `\uFEFF"a;b";"c""d";'=1+1;'@x;-4,60;+39 333\r\n`,
    );
  });
});
