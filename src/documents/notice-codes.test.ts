// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  dataMatrixModules,
  dataMatrixText,
  foldToAscii,
  inFours,
  qrModules,
  qrSvg,
  qrText,
} from "./notice-codes.ts";

const NOTICE = {
  noticeNumber: "312260000001234523",
  creditorCode: "77777777777",
  amountCents: 6410n,
};
const POSTAL = {
  ...NOTICE,
  account: "12345678",
  debtorCode: "RSSMRA85T10A562S",
  debtorName: "Mario Rossi",
  subject: "Refezione scolastica ottobre 2026",
};

describe("codes of the paper notice", () => {
  it("the QR text has five parts and cents of 2 to 11 digits", () => {
    assert.equal(qrText(NOTICE), "PAGOPA|002|312260000001234523|77777777777|6410");
    assert.match(qrText({ ...NOTICE, amountCents: 5n }), /[|]05$/);
    assert.match(qrText({ ...NOTICE, amountCents: 99_999_999_999n }), /[|]99999999999$/);
  });

  it("numbers that are none are refused before anything is printed", () => {
    for (const wrong of [
      { noticeNumber: "31226000000123452" },
      { noticeNumber: "31226000000123452a" },
      { creditorCode: "RSSMRA85T10A562S" },
      { amountCents: 0n },
      { amountCents: -1n },
      { amountCents: 100_000_000_000n },
    ]) {
      assert.throws(() => qrText({ ...NOTICE, ...wrong }), RangeError);
    }
    assert.throws(() => dataMatrixText({ ...POSTAL, account: "1234567890123" }), RangeError);
    assert.throws(() => dataMatrixText({ ...POSTAL, account: "IT60" }), RangeError);
    assert.throws(() => dataMatrixText({ ...POSTAL, amountCents: 10_000_000_000n }), RangeError);
  });

  it("the DataMatrix text is 256 characters: numbers from the right, words from the left", () => {
    const text = dataMatrixText(POSTAL);
    assert.equal(text.length, 256);
    assert.equal(
      text.slice(0, 77),
      "codfase=NBPA;183122600000012345231200001234567810000000641038961P177777777777",
    );
    assert.equal(text.slice(77, 93), "RSSMRA85T10A562S");
    assert.equal(text.slice(93, 133), "MARIO ROSSI".padEnd(40));
    assert.equal(text.slice(133, 243), "REFEZIONE SCOLASTICA OTTOBRE 2026".padEnd(110));
    assert.equal(text.slice(243), `${" ".repeat(12)}A`);
    assert.equal(dataMatrixText({ ...POSTAL, debtorCode: null }).slice(77, 93), " ".repeat(16));
  });

  it("words become upper-case ASCII: accents fall, ligatures are written out", () => {
    assert.equal(foldToAscii("Nicolò D’Alò-Čepič"), "NICOLO D'ALO-CEPIC");
    assert.equal(foldToAscii("Straße Łódź Ærø ñ 10 €"), "STRASSE LODZ AERO N 10 EUR");
    assert.equal(foldToAscii("Мария  旭\n\tA"), "A");
  });

  it("whatever the names are, the DataMatrix text has 256 printable ASCII characters", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.bigInt(1n, 9_999_999_999n),
        (debtorName, subject, amountCents) => {
          const text = dataMatrixText({ ...POSTAL, debtorName, subject, amountCents });
          assert.match(text, /^codfase=[\x20-\x7e]{247}A$/);
        },
      ),
    );
  });

  it("the QR symbol is always version 4 (33 × 33), three finders in its corners", () => {
    const finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]{0,62}$/), (text) => {
        const rows = qrModules(text).map((row) => row.map((dark) => (dark ? "1" : "0")).join(""));
        assert.equal(rows.length, 33);
        assert.ok(rows.every((row) => row.length === 33));
        assert.deepEqual(
          rows.slice(0, 7).map((row) => row.slice(0, 7)),
          finder,
        );
        assert.deepEqual(
          rows.slice(0, 7).map((row) => row.slice(26)),
          finder,
        );
        assert.deepEqual(
          rows.slice(26).map((row) => row.slice(0, 7)),
          finder,
        );
      }),
      { numRuns: 50 },
    );
    assert.throws(() => qrModules("x".repeat(63)), RangeError);
  });

  it("the DataMatrix symbol is square", () => {
    const modules = dataMatrixModules(dataMatrixText(POSTAL));
    assert.equal(modules.length, modules[0]?.length);
  });

  it("MC-03 the QR code of a page is an image with words, black on white, without script", () => {
    const svg = qrSvg(qrText(NOTICE), `Codice QR di "Rossi" <b> & C.`);
    assert.match(
      svg,
      /^<svg [^>]*role="img" aria-label="Codice QR di &#34;Rossi&#34; &#60;b&#62; /,
    );
    assert.match(svg, /viewBox="0 0 41 41"/);
    assert.doesNotMatch(svg, /<script|<b>|style=/);
  });

  it("people copy the number in groups of four", () => {
    assert.equal(inFours("312260000001234523"), "3122 6000 0001 2345 23");
  });
});
