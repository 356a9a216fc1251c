// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day, moment } from "#kernel/dates.ts";
import { NOTICE_TEXTS as TEXTS } from "../../src/documents/fixed-texts.ts";
import { dataMatrixText, inFours, qrText } from "#documents";
import { noticePdf } from "#documents";
import type { Instalment, PaperNotice } from "#documents";
import {
  fontsOf,
  infoOf,
  measuresOf,
  pageCodes,
  pageTexts,
  popplerMissing,
  readersMissing,
  structureOf,
  wordsOf,
} from "./read-back.ts";
import { LONG_CHANGES, notice, noticeNumber, parts, POSTAL } from "./samples.ts";

const madeAt = moment("2026-11-20T08:00:00Z");
const make = (source: PaperNotice) => noticePdf(source, { madeAt });
const MAX_BYTES = 60 * 1024;

const everyPart = (source: PaperNotice): Instalment[] => [
  ...(source.single ? [source.single] : []),
  ...(source.instalments ?? []),
];
const coded = (source: PaperNotice, part: Instalment) => ({
  noticeNumber: part.noticeNumber,
  creditorCode: source.creditor.fiscalCode,
  amountCents: part.amountCents,
});

const CASES: Record<string, PaperNotice> = {
  "one amount": notice({}),
  "one amount with a postal slip": notice({ postal: POSTAL }),
  "no due date": notice({
    single: { noticeNumber: noticeNumber(2), amountCents: 5000n, dueOn: null },
  }),
  "two instalments": notice({ instalments: parts(2) }),
  "three instalments with slips": notice({ instalments: parts(3), postal: POSTAL }),
  "instalments only": notice({ single: undefined, instalments: parts(5) }),
  "nine instalments": notice({ instalments: parts(9) }),
  "the longest names": notice({ ...LONG_CHANGES, postal: POSTAL }),
  "the highest amount": notice({
    single: { noticeNumber: noticeNumber(3), amountCents: 99_999_999_999n, dueOn: null },
  }),
};

const close = (one: number, other: number): boolean => Math.abs(one - other) <= 0.3;

describe("the paper notice, read back", () => {
  it(
    "MC-03 ten millimetres are left at the edges, the QR code is 25 wide",
    { skip: popplerMissing },
    async () => {
      for (const source of [
        notice({}),
        notice({ postal: POSTAL }),
        notice({ instalments: parts(3) }),
      ]) {
        const { top, left, right, codeSides } = measuresOf(await make(source), 33);
        for (const edge of [top, left, right]) assert.ok(close(edge, 10), `${edge} mm`);
        assert.ok(
          codeSides.length > 0 && codeSides.every((side) => close(side, 25)),
          codeSides.join(),
        );
      }
    },
  );

  for (const [name, source] of Object.entries(CASES)) {
    it(`MC-03 codes equal the notice: ${name}`, { skip: readersMissing }, async () => {
      const { postal } = source;
      const counts = source.instalments === undefined ? [1] : [1, source.instalments.length];
      const pages = pageCodes(await make(source), postal === undefined ? [] : counts);
      assert.deepEqual(
        pages.flatMap((page) => page.qr).sort(),
        everyPart(source)
          .map((part) => qrText(coded(source, part)))
          .sort(),
      );
      const slips = postal === undefined ? [] : everyPart(source);
      assert.deepEqual(
        pages.flatMap((page) => page.matrix).sort(),
        slips
          .map((part) =>
            dataMatrixText({
              ...coded(source, part),
              account: POSTAL.account,
              debtorCode: source.debtor.fiscalCode,
              debtorName: source.debtor.name,
              subject: source.subject,
            }),
          )
          .sort(),
      );
    });
  }

  it(
    "PE-11 every number, amount and date stands on it as people copy them",
    { skip: popplerMissing },
    async () => {
      const source = notice({ instalments: parts(3), postal: POSTAL });
      const text = (await pageTexts(await make(source))).join(" ");
      for (const part of everyPart(source)) assert.ok(text.includes(inFours(part.noticeNumber)));
      for (const expected of [
        "64,10 Euro",
        "Rata unica entro il 31/12/2026",
        "Rata 3 entro il 28/02/2027",
        "Euro 33,35",
        "Puoi pagare per intero o in 3 rate",
        "Codice CBILL A0EDT",
        "sul C/C n. 12345678",
        "Tipo P1",
        POSTAL.authorisation,
        "Mario Rossi Via dei Tigli 4, 61032 Montelago (PU)",
        "oppure sul sito di Comune di Montelago, dal tuo Home Banking",
      ]) {
        assert.ok(text.includes(expected), expected);
      }
    },
  );

  it("fixed texts are printed whole", { skip: popplerMissing }, async () => {
    const site = { ...notice({}).creditor, payableOnSite: false };
    const source = notice({ creditor: site, instalments: parts(9) });
    const [first = "", second = ""] = pageTexts(await make(source));
    for (const text of [
      TEXTS.title,
      TEXTS.howMuchAndWhen,
      TEXTS.legal,
      TEXTS.where,
      TEXTS.goTo,
      TEXTS.onlineTitle,
      TEXTS.online,
      TEXTS.nearbyTitle,
      TEXTS.nearby,
      TEXTS.manyInstalments,
      TEXTS.scanBeside,
      TEXTS.scanAbove,
    ]) {
      assert.ok(first.includes(text), text);
    }
    assert.ok(second.startsWith(`${TEXTS.title} ${source.subject}`), "a heading on every page");
  });

  it("no line begins with the dot that parts two contacts", { skip: popplerMissing }, async () => {
    let dots = 0;
    for (const length of [30, 44, 46, 48, 50]) {
      const address = "Via ".padEnd(length, "lunga ");
      const creditor = { ...notice({}).creditor, address, contacts: "0721 000000, a@b.example.it" };
      for (const { word, x } of wordsOf(await make(notice({ creditor })))) {
        if (word !== "·") continue;
        dots += 1;
        assert.ok(x > 12, `at ${x} mm with an address of ${length} signs`);
      }
    }
    assert.ok(dots >= 5, `${dots} dots`);
  });

  it("without a due date the words about it are gone", { skip: popplerMissing }, async () => {
    const [text = ""] = pageTexts(await make(CASES["no due date"] as PaperNotice));
    assert.ok(text.includes("Quanto pagare?"));
    assert.doesNotMatch(text, /entro il|e quando/);
  });

  it(
    "an unknown codice fiscale and CBILL leave no empty label",
    { skip: popplerMissing },
    async () => {
      const { creditor, debtor } = notice({});
      const source = notice({
        creditor: { ...creditor, cbill: undefined, logo: undefined },
        debtor: { ...debtor, fiscalCode: null },
      });
      const [text = ""] = pageTexts(await make(source));
      assert.doesNotMatch(text, /CBILL/);
      assert.equal(text.match(/Cod. Fiscale/g)?.length, 1);
    },
  );

  it(
    "long names are cut at a word and say so; nothing leaves the page",
    { skip: popplerMissing },
    async () => {
      const texts = pageTexts(await make(CASES["the longest names"] as PaperNotice));
      assert.equal(texts.length, 1);
      const [text = ""] = texts;
      assert.match(text, /refezione, trasporto e doposcuola…/);
      assert.match(text, /San Bartolomeo al Mare…/);
      assert.match(text, /Castelvecchio di…/);
    },
  );

  it("modules of two or of three, never both in one notice", { skip: popplerMissing }, async () => {
    for (const [count, pages] of [
      [2, 1],
      [4, 1],
      [5, 1],
      [6, 1],
      [8, 2],
      [9, 1],
      [24, 3],
    ] as const) {
      const source = notice({ single: undefined, instalments: parts(count) });
      const texts = pageTexts(await make(source));
      assert.ok(texts.length <= pages + 1, `${count} instalments on ${texts.length} pages`);
      assert.equal(texts.join(" ").match(/Rata \d+ entro/g)?.length, count);
    }
    await assert.rejects(make(notice({ instalments: parts(1) })), RangeError);
    await assert.rejects(make(notice({ single: undefined })), RangeError);
  });

  it(
    "accents and letters of other languages are printed; what no font has becomes a question mark",
    { skip: popplerMissing },
    async () => {
      const source = notice({
        debtor: { name: "Zoë D’Àlò Čepič Şahin Łucja \u{1F600}\u0007 旭", fiscalCode: null },
      });
      const [text = ""] = pageTexts(await make(source));
      assert.ok(text.includes("Zoë D’Àlò Čepič Şahin Łucja ? ?"), text.slice(0, 300));
    },
  );

  it(
    "PDF/UA: tagged, with a title, Italian, every font embedded, every picture with words",
    { skip: popplerMissing },
    async () => {
      const pdf = await make(notice({ instalments: parts(9), postal: POSTAL }));
      const info = infoOf(pdf);
      assert.match(info, /Title: +Avviso di pagamento: Refezione scolastica ottobre 2026/);
      assert.match(info, /Tagged: +yes/);
      assert.match(info, /CreationDate: .*2026/);
      const raw = Buffer.from(pdf).toString("latin1");
      assert.match(raw, /\/Lang \(it-IT\)/);
      assert.match(raw, /pdfuaid:part>1</);
      assert.match(raw, /DisplayDocTitle true/);
      for (const font of fontsOf(pdf)) assert.match(font, /yes yes yes/);
      const structure = structureOf(pdf);
      // What a screen reader says: the heading once, the words of a line apart from the next line's.
      assert.equal(structure.match(/"Avviso di pagamento ?"/g)?.length, 1);
      assert.match(structure, /"Codice Avviso 3122 6000 0001 2345 23 ?"/);
      assert.equal(raw.match(/\/S \/Figure/g)?.length, raw.match(/\/Alt \(/g)?.length);
    },
  );

  it("the same data make the same bytes, within 60 KB", async () => {
    for (const name of ["one amount with a postal slip", "three instalments with slips"]) {
      const source = CASES[name] as PaperNotice;
      const [one, two] = [await make(source), await make(source)];
      assert.ok(one.length <= MAX_BYTES, `${name}: ${one.length} bytes`);
      assert.equal(Buffer.compare(one, two), 0);
    }
  });

  it("whatever the words are, a notice is printed: nothing hostile in a name stops a print file", async () => {
    const words = fc.string({ unit: "binary", maxLength: 300 });
    const property = fc.asyncProperty(words, words, words, async (name, address, subject) => {
      const { creditor } = notice({});
      const pdf = await make(
        notice({
          creditor: { ...creditor, name, officeName: address, contacts: subject },
          debtor: { name, fiscalCode: name, address },
          subject,
          postal: { ...POSTAL, holder: name, authorisation: address },
        }),
      );
      assert.equal(Buffer.from(pdf.subarray(0, 8)).toString("latin1"), "%PDF-1.7");
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it("a number that is none is refused, not printed", async () => {
    const single = { noticeNumber: "123", amountCents: 100n, dueOn: day("2026-12-31") };
    await assert.rejects(make(notice({ single })), RangeError);
  });
});
